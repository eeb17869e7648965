"""Makes the fixtures of DistortionTests with Pillow and torchvision.

    python3 Tests/Fixtures/Distortions/make_distortions.py

Needs: numpy, Pillow, torchvision. Written with Pillow 13.0.0 and torchvision 0.29.2.

distortions.json   for each case: spelling, size, seed, and where in distortions.rgb source and result are
crops.json         the same for windows that are given by their place

Noise, random factors, angles and corners come from the tool's generator (xoshiro256** seeded through SplitMix64), written
here once more; numpy, Pillow and torchvision do the rest.
"""

import io
import json
import math
import pathlib
from fractions import Fraction

import numpy as np
import torchvision.transforms as T
import torchvision.transforms.functional as F
from PIL import Image, ImageFilter, ImageOps

HERE = pathlib.Path(__file__).parent
MASK = (1 << 64) - 1
rng = np.random.default_rng(5)


class Generator:
    def __init__(self, seed):
        self.s = []
        for _ in range(4):
            seed = (seed + 0x9E3779B97F4A7C15) & MASK
            z = seed
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9 & MASK
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB & MASK
            self.s.append(z ^ (z >> 31))

    @staticmethod
    def rotl(x, k):
        return (x << k | x >> (64 - k)) & MASK

    def next(self):
        s = self.s
        result = self.rotl(s[1] * 5 & MASK, 7) * 9 & MASK
        t = s[1] << 17 & MASK
        s[2] ^= s[0]
        s[3] ^= s[1]
        s[1] ^= s[2]
        s[0] ^= s[3]
        s[2] ^= t
        s[3] = self.rotl(s[3], 45)
        return result

    def uniform(self):
        return ((self.next() >> 11) + 1) / 2**53

    def place(self, slack):
        return min(slack, int((1 - self.uniform()) * (slack + 1)))

    def normals(self, count):
        out = []
        while len(out) < count:
            radius, angle = math.sqrt(-2 * math.log(self.uniform())), 2 * math.pi * self.uniform()
            out += [radius * math.cos(angle), radius * math.sin(angle)]
        return np.array(out[:count])


def picture(width, height):
    """Smooth shades with edges and some noise, from black to white."""
    y, x = np.mgrid[0:height, 0:width]
    planes = [128 + 120 * np.sin(x / a + y / b + c) for a, b, c in ((5, 9, 0), (11, -4, 1), (-7, 6, 2))]
    pixels = np.stack(planes, -1) + rng.normal(0, 25, (height, width, 3))
    pixels[height // 3 : height // 2, width // 4 : width // 2] = (255, 0, 30)
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))


def jpeg(image, quality):
    file = io.BytesIO()
    image.save(file, "JPEG", quality=quality)
    return Image.open(io.BytesIO(file.getvalue())).convert("RGB")


def noise(image, deviation, seed):
    pixels = np.array(image)
    drawn = Generator(seed).normals(pixels.size).reshape(pixels.shape)
    return Image.fromarray(np.clip(np.rint(pixels + 255 * deviation * drawn), 0, 255).astype(np.uint8))


def jitter(image, strength, seed):
    low, high = T.ColorJitter(brightness=strength).brightness
    return F.adjust_brightness(image, low + (high - low) * Generator(seed).uniform())


def resize(image, percent):
    size = tuple(max(1, round(side * percent / 100)) for side in image.size)
    return image.resize(size, Image.BILINEAR).resize(image.size, Image.BILINEAR)


def scaled(image, across, down):
    size = (max(1, round(image.width * across)), max(1, round(image.height * down)))
    return image.resize(size, Image.BILINEAR)


def turn(image, most, seed):
    return image.rotate(most * (2 * Generator(seed).uniform() - 1), Image.BILINEAR)


def straighten(image, degrees):
    (w, h), angle = image.size, math.radians(degrees)
    c, s = abs(math.cos(angle)), abs(math.sin(angle))
    share = min(w / (w * c + h * s), h / (w * s + h * c))
    return F.center_crop(image.rotate(degrees, Image.BILINEAR), [int(h * share), int(w * share)])


def centre(image, percent):
    share = math.sqrt(percent / 100)
    return F.center_crop(image, [max(1, round(image.height * share)), max(1, round(image.width * share))])


def letterbox(image, proportion):
    (w, h) = image.size
    size = (round(h * proportion), h) if proportion > w / h else (w, round(w / proportion))
    return ImageOps.pad(image, size, Image.BILINEAR, color=(0, 0, 0))


def perspective(image, percent, seed):
    """The corners that RandomPerspective(percent / 100) would draw, had it our generator.

    torchvision solves for the coefficients in floating point, and misses a pixel's middle by a last bit: 161 for 162 where
    nothing moves. Here they are exact.
    """
    (w, h), generator = image.size, Generator(seed)
    start = [(0, 0), (w - 1, 0), (w - 1, h - 1), (0, h - 1)]
    reach = int(percent / 100 * (w // 2)), int(percent / 100 * (h // 2))
    rows = []
    for x, y in start:
        dx, dy = generator.place(reach[0]), generator.place(reach[1])
        u, v = (x - dx if x else dx), (y - dy if y else dy)
        rows.append([u, v, 1, 0, 0, 0, -x * u, -x * v, x])
        rows.append([0, 0, 0, u, v, 1, -y * u, -y * v, y])
    return image.transform(image.size, Image.PERSPECTIVE, solved(rows), Image.BILINEAR)


def solved(rows):
    """The solution of linear equations, exact, then rounded to doubles."""
    rows = [[Fraction(value) for value in row] for row in rows]
    for i in range(len(rows)):
        pivot = next(k for k in range(i, len(rows)) if rows[k][i])
        rows[i], rows[pivot] = rows[pivot], rows[i]
        rows[i] = [value / rows[i][i] for value in rows[i]]
        for k in range(len(rows)):
            if k != i:
                rows[k] = [a - rows[k][i] * b for a, b in zip(rows[k], rows[i])]
    return [float(row[-1]) for row in rows]


def shift(image, percent):
    dx, dy = (math.floor(side * percent / 100 + 0.5) for side in image.size)
    return image.transform(image.size, Image.AFFINE, (1, 0, -dx, 0, 1, -dy), fillcolor=(0, 0, 0))


APPLY = {
    "none": lambda i, s, seed: i,
    "rotation": lambda i, s, seed: F.rotate(i, s),
    "jpeg": lambda i, s, seed: jpeg(i, int(s)),
    "blur": lambda i, s, seed: i.filter(ImageFilter.GaussianBlur(s)),
    "noise": noise,
    "brightness": jitter,
    "brighten": lambda i, s, seed: F.adjust_brightness(i, s),
    "contrast": lambda i, s, seed: F.adjust_contrast(i, s),
    "saturation": lambda i, s, seed: F.adjust_saturation(i, s),
    "gamma": lambda i, s, seed: F.adjust_gamma(i, s),
    "median": lambda i, s, seed: i.filter(ImageFilter.MedianFilter(int(s))),
    "resize": lambda i, s, seed: resize(i, s),
    "shift": lambda i, s, seed: shift(i, s),
    "flip": lambda i, s, seed: ImageOps.mirror(i),
    "vflip": lambda i, s, seed: ImageOps.flip(i),
    "quarter": lambda i, s, seed: i.transpose(getattr(Image, f"ROTATE_{int(s)}")),
    "turn": turn,
    "expand": lambda i, s, seed: i.rotate(s, Image.BILINEAR, expand=True),
    "straighten": lambda i, s, seed: straighten(i, s),
    "centrecrop": lambda i, s, seed: centre(i, s),
    "aspect": lambda i, s, seed: scaled(i, math.sqrt(s), 1 / math.sqrt(s)),
    "scale": lambda i, s, seed: scaled(i, s / 100, s / 100),
    "letterbox": lambda i, s, seed: letterbox(i, s),
    "perspective": perspective,
}
CASES = """none flip rotation:75 rotation:-10.5 rotation:0 rotation:90 rotation:180 rotation:270 rotation:360 rotation:3
jpeg:25 jpeg:75 jpeg:1 jpeg:95 blur:4 blur:8 blur:0 blur:0.5 blur:1.3 blur:20 noise:0.1 noise:0.02 noise:1
brightness:6 brightness:0.3 brighten:0 brighten:1 brighten:1.7 brighten:0.4 contrast:0.5 contrast:2 contrast:0
saturation:0 saturation:0.6 saturation:1.8 gamma:1.5 gamma:0.45 median:3 median:5 median:1 resize:50 resize:200
resize:33 resize:7 shift:5 shift:-8 shift:100 vflip quarter:90 quarter:180 quarter:270 turn:180 turn:10 turn:0 expand:30
expand:90 expand:-100.5 expand:0 straighten:30 straighten:-7 straighten:45 centrecrop:25 centrecrop:50 centrecrop:100
aspect:1.6 aspect:0.5 aspect:1 scale:50 scale:200 scale:137 letterbox:1.78 letterbox:0.5 letterbox:1 perspective:10
perspective:60 perspective:0""".split()

pictures = [picture(31, 23), picture(16, 29), picture(24, 24)]
entries, crops, pixels = [], [], b""


def put(image):
    global pixels
    offset = len(pixels)
    pixels += np.array(image).tobytes()
    return offset


sources = [put(image) for image in pictures]
for index, case in enumerate(CASES):
    name, _, strength = case.partition(":")
    for number, image in enumerate(pictures):
        seed = 100 * index + number
        result = APPLY[name](image, float(strength or 0), seed)
        entries.append(
            dict(
                spelling=case, size=image.size, seed=seed, source=sources[number], result=put(result),
                resultSize=result.size)
        )

for number, image in enumerate(pictures):
    width, height = image.size
    ratio = width / height
    for share in (0.75, 0.3, 0.04):
        top, left, h, w = T.RandomResizedCrop.get_params(image, (share, share), (ratio, ratio))
        result = F.resized_crop(image, top, left, h, w, (height, width))
        window = dict(left=left, top=top, width=w, height=h)
        crops.append(
            dict(size=image.size, share=share, window=window, source=sources[number], result=put(result))
        )


def lines(values):
    return "[\n" + ",\n".join(json.dumps(value) for value in values) + "\n]\n"


(HERE / "distortions.json").write_text(lines(entries))
(HERE / "crops.json").write_text(lines(crops))
(HERE / "distortions.rgb").write_bytes(pixels)
print(len(entries), "cases,", len(crops), "crops,", len(pixels), "bytes")
