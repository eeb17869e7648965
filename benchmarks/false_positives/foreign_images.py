"""Makes 280 unmarked pictures that grove did not make: 120 procedural landscapes, 120 crops of photographs that come with
Python packages, 40 of noise, text, flat colour and patterns. PNG, 128 × 128 or larger; every number is fixed by seeds.

    pip install --no-deps --target PACKAGES scikit-image matplotlib   # only their pictures are read
    PYTHONPATH=PACKAGES python3 benchmarks/false_positives/foreign_images.py OUT

Needs NumPy, Pillow and scikit-learn.
"""

import importlib.util
import pathlib
import sys

import numpy as np
from PIL import Image, ImageDraw

SIZE = 128
PHOTOGRAPHS = {
    "sklearn": ["datasets/images/china.jpg", "datasets/images/flower.jpg"],
    "matplotlib": ["mpl-data/sample_data/grace_hopper.jpg"],
    "skimage": [
        f"data/{name}"
        for name in (
            "astronaut.png brick.png camera.png cell.png chelsea.png clock_motion.png coffee.png coins.png color.png"
            " grass.png gravel.png hubble_deep_field.jpg ihc.png moon.png motorcycle_left.png page.png retina.jpg"
            " rocket.jpg"
        ).split()
    ],
}
CROPS = 6


def smooth_noise(rng, shape, slope):
    """Gaussian noise whose spectrum falls as frequency to the power -slope, of standard deviation 1."""
    frequency = np.sqrt(sum(np.square(axis) for axis in np.meshgrid(*map(np.fft.fftfreq, shape), indexing="ij")))
    frequency[(0,) * len(shape)] = np.inf
    noise = np.fft.ifftn(np.fft.fftn(rng.standard_normal(shape)) * frequency**-slope).real
    return noise / noise.std()


def landscape(rng):
    """A sky that brightens towards the horizon, a sun, and two to five ridges that darken towards the viewer."""
    y, x = np.mgrid[0:SIZE, 0:SIZE] / SIZE
    top, low, far, near = rng.uniform(0, 1, (4, 3)) * np.array([[0.7], [1.0], [0.7], [0.35]])
    horizon = rng.uniform(0.35, 0.7)
    mix = np.clip(y / horizon, 0, 1)[..., None] ** 1.5
    picture = top * (1 - mix) + low * mix
    if rng.random() < 0.6:
        distance = np.hypot(x - rng.uniform(0.1, 0.9), y - rng.uniform(0.05, 0.4))
        disc = 1 / (1 + np.exp((distance - rng.uniform(0.03, 0.09)) * 150))
        picture += (np.array([1, 0.95, 0.8]) - picture) * disc[..., None]
    if rng.random() < 0.5:
        clouds = 0.6 / (1 + np.exp(-3 * (smooth_noise(rng, (SIZE, SIZE), 1.8) - 0.6)))
        picture += (0.9 - picture) * clouds[..., None]
    ridges = rng.integers(2, 6)
    for ridge in range(ridges):
        part = (ridge + 1) / ridges
        line = horizon + 0.35 * part - 0.15 + rng.uniform(0.01, 0.07) * smooth_noise(rng, (SIZE,), rng.uniform(1, 2.2))
        ground = 1 / (1 + np.exp((line[None, :] - y) * SIZE))
        texture = 1 + 0.12 * smooth_noise(rng, (SIZE, SIZE), 1.2)
        colour = (far * (1 - part) + near * part) * texture[..., None]
        picture += (colour - picture) * ground[..., None]
    return Image.fromarray((np.clip(picture, 0, 1) * 255).astype(np.uint8))


def photographs(rng):
    """Square crops of different sizes and places, the first of each photograph as large as it gets."""
    for package, names in PHOTOGRAPHS.items():
        folder = pathlib.Path(importlib.util.find_spec(package).origin).parent
        for name in names:
            photograph = Image.open(folder / name).convert("RGB")
            width, height = photograph.size
            for crop in range(CROPS):
                side = min(width, height)
                if crop > 0:
                    side = int(rng.integers(min(SIZE, side), side + 1))
                left, top = int(rng.integers(0, width - side + 1)), int(rng.integers(0, height - side + 1))
                yield f"photo-{pathlib.Path(name).stem}-{crop}", photograph.crop((left, top, left + side, top + side))


def oddities(rng):
    """Noise, text, flat colour, chequers and gradients, eight of each."""
    y, x = np.mgrid[0:SIZE, 0:SIZE]
    for index in range(8):
        yield f"noise-{index}", Image.fromarray(rng.integers(0, 256, (SIZE, SIZE, 3), dtype=np.uint8))
        yield f"flat-{index}", Image.new("RGB", (SIZE, SIZE), tuple(int(c) for c in rng.integers(0, 256, 3)))
        colours = rng.integers(0, 256, (2, 3), dtype=np.uint8)
        yield f"chequers-{index}", Image.fromarray(colours[(y // (index + 4) + x // (index + 4)) % 2])
        slope = np.clip(0.5 + (x - 64) / SIZE * rng.uniform(-1, 1) + (y - 64) / SIZE * rng.uniform(-1, 1), 0, 1)
        ends = rng.uniform(0, 255, (2, 3))
        yield f"gradient-{index}", Image.fromarray((ends[0] + slope[..., None] * (ends[1] - ends[0])).astype(np.uint8))
        text = Image.new("RGB", (SIZE, SIZE), "white" if index % 2 else "black")
        draw = ImageDraw.Draw(text)
        for line in range(12):
            letters = "".join(chr(c) for c in rng.integers(97, 123, 24))
            draw.text((3, 10 * line), letters, fill="black" if index % 2 else "white")
        yield f"text-{index}", text


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    out = pathlib.Path(sys.argv[1])
    rng = np.random.default_rng(20)
    groups = {
        "scenes": [(f"scene-{index}", landscape(rng)) for index in range(120)],
        "photographs": list(photographs(rng)),
        "oddities": list(oddities(rng)),
    }
    for group, pictures in groups.items():
        (out / group).mkdir(parents=True, exist_ok=True)
        for name, picture in pictures:
            picture.save(out / group / f"{name}.png")
        print(f"{len(pictures)} in {out / group}")


main()
