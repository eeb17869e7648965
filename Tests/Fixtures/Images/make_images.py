"""Makes the fixtures of ImagesTests with Pillow (and libturbojpeg for the JPEG kinds that Pillow cannot write).

    python3 Tests/Fixtures/Images/make_images.py

Needs: numpy, Pillow >= 11; libturbojpeg.so.0; cjpeg of Debian's libjpeg-turbo-progs. Written with Pillow 13.0.0 (libjpeg-turbo 3.2.0, libwebp 1.6.0).

formats/X     an image file; formats.json says its size and where in formats.rgb its pixels are
bad/X         a file that must be refused; the table of messages is in BadInputTests.swift
resize.json   source and target sizes, and where in resize.rgb the source and Pillow's result are
"""

import ctypes
import io
import json
import pathlib
import shutil
import struct
import subprocess
import zlib

import numpy as np
from PIL import Image

HERE = pathlib.Path(__file__).parent
FORMATS = HERE / "formats"
BAD = HERE / "bad"
SIGNATURE = b"\x89PNG\r\n\x1a\n"
rng = np.random.default_rng(20)


# PNG by hand: Pillow writes neither interlacing nor 16-bit colour.


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def packed_rows(samples, depth):
    """samples: height x width x channels. One bytes object for each row."""
    rows = []
    for row in samples.reshape(samples.shape[0], -1):
        if depth == 16:
            rows.append(row.astype(">u2").tobytes())
        elif depth == 8:
            rows.append(row.astype(np.uint8).tobytes())
        else:
            bits = "".join(format(int(v), f"0{depth}b") for v in row)
            bits += "0" * (-len(bits) % 8)
            rows.append(int(bits, 2).to_bytes(len(bits) // 8, "big"))
    return rows


def filtered(rows, step):
    """Every row with another of the five filters in turn."""
    out, above = b"", bytes(len(rows[0])) if rows else b""
    for number, row in enumerate(rows):
        kind = number % 5
        line = bytearray()
        for i, value in enumerate(row):
            a = row[i - step] if i >= step else 0
            b = above[i]
            c = above[i - step] if i >= step else 0
            p = a + b - c
            paeth = min((a, b, c), key=lambda v: abs(p - v))
            line.append((value - (0, a, b, (a + b) // 2, paeth)[kind]) & 255)
        out, above = out + bytes([kind]) + bytes(line), row
    return out


ADAM7 = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]


def png(samples, depth, kind, interlaced=False, before=b"", header_size=None):
    height, width, channels = samples.shape
    step = max(1, channels * depth // 8)
    parts = [samples[y::dy, x::dx] for x, y, dx, dy in ADAM7] if interlaced else [samples]
    data = b"".join(filtered(packed_rows(part, depth), step) for part in parts if part.size)
    w, h = header_size or (width, height)
    header = struct.pack(">IIBBBBB", w, h, depth, kind, 0, 0, int(interlaced))
    return (
        SIGNATURE + chunk(b"IHDR", header) + before + chunk(b"IDAT", zlib.compress(data, 9)) + chunk(b"IEND", b"")
    )


def pngs():
    gamma = chunk(b"gAMA", struct.pack(">I", 100000))
    kinds = {  # name: depth, PNG's colour type, channels, chunks before the data
        "grey1": (1, 0, 1, b""),
        "grey2": (2, 0, 1, b""),
        "grey4": (4, 0, 1, b""),
        "grey8": (8, 0, 1, b""),
        "grey16": (16, 0, 1, b""),
        "grey8-trns": (8, 0, 1, chunk(b"tRNS", b"\0\x07")),
        "grey16-gama": (16, 0, 1, gamma),
        "greyalpha8": (8, 4, 2, b""),
        "greyalpha16": (16, 4, 2, b""),
        "rgb8": (8, 2, 3, b""),
        "rgb8-trns": (8, 2, 3, chunk(b"tRNS", b"\0\x01\0\x02\0\x03")),
        "rgb8-gama": (8, 2, 3, gamma),
        "rgb16": (16, 2, 3, b""),
        "rgb16-gama": (16, 2, 3, gamma),
        "rgba8": (8, 6, 4, b""),
        "rgba16": (16, 6, 4, b""),
    }
    for depth in (1, 2, 4, 8):
        colours = rng.integers(0, 256, 3 << depth, dtype=np.uint8).tobytes()
        kinds[f"palette{depth}"] = (depth, 3, 1, chunk(b"PLTE", colours))
        kinds[f"palette{depth}-trns"] = (depth, 3, 1, chunk(b"PLTE", colours) + chunk(b"tRNS", b"\0\x80"))
    for name, (depth, kind, channels, before) in kinds.items():
        samples = rng.integers(0, 1 << depth, (7, 13, channels))
        yield f"{name}.png", png(samples, depth, kind, before=before)
        yield f"{name}-interlaced.png", png(samples, depth, kind, True, before)
    for w, h in ((1, 1), (1, 6), (6, 1), (3, 2)):
        samples = rng.integers(0, 256, (h, w, 3))
        yield f"{w}x{h}.png", png(samples, 8, 2)
        yield f"{w}x{h}-interlaced.png", png(samples, 8, 2, True)


# JPEG


def picture(width, height, mode="RGB"):
    """Smooth colours with an edge and a little noise."""
    y, x = np.mgrid[0:height, 0:width]
    channels = [127 + 120 * np.sin(x / (3 + c) + y / (5 - c) + c) for c in range(len(mode))]
    values = np.stack(channels, -1) + rng.normal(0, 6, (height, width, len(mode)))
    values[:, width // 2 :] = 255 - values[:, width // 2 :]
    values = np.clip(values, 0, 255).astype(np.uint8)
    return Image.fromarray(values[..., 0] if mode == "L" else values, mode)


def saved(image, format, **options):
    out = io.BytesIO()
    image.save(out, format, **options)
    return out.getvalue()


def turbojpeg(image, pixel_format, subsampling, flags=4096):
    library = ctypes.CDLL("libturbojpeg.so.0")
    library.tjInitCompress.restype = ctypes.c_void_p
    library.tjGetErrorStr2.restype = ctypes.c_char_p
    out, size = ctypes.c_void_p(), ctypes.c_ulong()
    handle = ctypes.c_void_p(library.tjInitCompress())
    status = library.tjCompress2(
        handle, image.tobytes(), image.width, 0, image.height, pixel_format,
        ctypes.byref(out), ctypes.byref(size), subsampling, 90, flags,
    )  # fmt: skip
    assert status == 0, library.tjGetErrorStr2(handle)
    return ctypes.string_at(out, size.value)


def jpegs():
    rgb = picture(37, 23)
    for name, subsampling in (("444", 0), ("422", 1), ("420", 2)):
        yield f"baseline-{name}.jpg", saved(rgb, "JPEG", quality=90, subsampling=subsampling)
        yield f"progressive-{name}.jpg", saved(rgb, "JPEG", quality=90, subsampling=subsampling, progressive=True)
    yield "turbo-440.jpg", turbojpeg(rgb, 0, 4)
    yield "turbo-411.jpg", turbojpeg(rgb, 0, 5)
    for factors in ("3x1", "2x2,1x2,2x1"):  # sampling that TurboJPEG has no name for
        command = ["cjpeg", "-quality", "90", "-sample", factors]
        data = subprocess.run(command, input=saved(rgb, "PPM"), capture_output=True, check=True).stdout
        yield f"sampling-{factors.replace(',', '-')}.jpg", data
    yield "grey.jpg", saved(picture(37, 23, "L"), "JPEG", quality=90)
    yield "grey-progressive.jpg", saved(picture(37, 23, "L"), "JPEG", quality=90, progressive=True)
    yield "adobe-rgb.jpg", saved(rgb, "JPEG", quality=90, keep_rgb=True)
    yield "restart.jpg", saved(rgb, "JPEG", quality=90, restart_marker_blocks=2)
    exif = Image.Exif()
    exif[0x0112] = 6
    yield "exif-rotated.jpg", saved(rgb, "JPEG", quality=90, exif=exif)
    cmyk = picture(37, 23, "CMYK")
    yield "cmyk.jpg", saved(cmyk, "JPEG", quality=90)
    yield "ycck.jpg", turbojpeg(cmyk, 11, 2)
    yield "1x1.jpg", saved(picture(1, 1), "JPEG")
    yield "1x9.jpg", saved(picture(1, 9), "JPEG")
    padded = saved(rgb, "JPEG", quality=90)
    yield "padded.jpg", padded[:-2] + b"\0\0\0" + padded[-2:]
    yield "trailing.jpg", padded + b"more"


def webps():
    rgb, rgba = picture(37, 23), picture(37, 23, "RGBA")
    yield "lossy.webp", saved(rgb, "WEBP", quality=80)
    yield "lossless.webp", saved(rgb, "WEBP", lossless=True)
    yield "lossy-alpha.webp", saved(rgba, "WEBP", quality=80, exact=True)
    yield "lossless-alpha.webp", saved(rgba, "WEBP", lossless=True, exact=True)
    yield "1x1.webp", saved(picture(1, 1), "WEBP", lossless=True)
    yield "7x1.webp", saved(picture(7, 1), "WEBP", quality=80)


def expected(name, data):
    image = Image.open(io.BytesIO(data))
    if image.mode.startswith("I"):
        # Pillow clips 16-bit grey to 255 here; the high byte is what is wanted.
        clipped = np.asarray(image.convert("RGB"))[..., 0]
        high = (np.asarray(image) >> 8).astype(np.uint8)
        assert (clipped != high).any()
        return image.size, np.repeat(high[..., None], 3, -1)
    return image.size, np.asarray(image.convert("RGB"))


def formats():
    FORMATS.mkdir()
    entries, pixels = [], b""
    for name, data in [*pngs(), *jpegs(), *webps()]:
        (FORMATS / name).write_bytes(data)
        (width, height), values = expected(name, data)
        entries.append({"name": name, "width": width, "height": height, "offset": len(pixels)})
        pixels += values.tobytes()
    (HERE / "formats.json").write_text(json.dumps(entries, indent=0) + "\n")
    (HERE / "formats.rgb").write_bytes(pixels)


# Files to refuse


def with_jpeg_size(data, width, height):
    at = data.index(b"\xff\xc0")
    return data[: at + 5] + struct.pack(">HH", height, width) + data[at + 9 :]


def bad():
    BAD.mkdir()
    samples = rng.integers(0, 256, (7, 13, 3))
    whole, rgb = png(samples, 8, 2), picture(37, 23)
    wrong_crc = bytearray(whole)
    wrong_crc[-14] ^= 1
    jpeg = saved(rgb, "JPEG", quality=90)
    files = {
        "empty.png": b"",
        "text.png": b"not an image\n",
        "binary.png": bytes(range(40)),
        "truncated.png": whole[:-60],
        "lying-size.png": png(samples, 8, 2, header_size=(130, 70)),
        "huge.png": png(samples, 8, 2, header_size=(20000, 20000)),
        "enormous.png": png(samples, 8, 2, header_size=(2147483647, 2147483647)),
        "zero.png": png(samples, 8, 2, header_size=(0, 7)),
        "wrong-checksum.png": bytes(wrong_crc),
        "truncated.jpg": jpeg[:-100],
        "lying-size.jpg": with_jpeg_size(jpeg, 370, 230),
        "huge.jpg": with_jpeg_size(jpeg, 20000, 20000),
        "damaged.jpg": jpeg[:700] + b"\xff\xd9",
        "truncated.webp": saved(rgb, "WEBP", quality=80)[:-200],
        "huge.webp": b"RIFF\x24\0\0\0WEBPVP8L\x18\0\0\0\x2f" + struct.pack("<I", 16383 | 16383 << 14) + bytes(19),
        "gif.png": saved(rgb, "GIF")[:64],
        "tiff.png": saved(rgb, "TIFF")[:64],
        "bmp.png": saved(rgb, "BMP")[:64],
        "avif.png": saved(rgb, "AVIF")[:64],
        "heic.png": b"\0\0\0\x18ftypheic\0\0\0\0mif1heic",
    }
    for name, data in files.items():
        (BAD / name).write_bytes(data)


# Resizing


def bilinear(image, width, height):
    """Two calls, one axis each. Every Pillow before 13 resizes horizontally first; 13 vertically where the height shrinks
    and by more than twice the pixels of the width (measured on 13.0.0), which changes a sample by at most 1."""
    resized = image.resize((width, image.height), Image.BILINEAR).resize((width, height), Image.BILINEAR)
    at_once = image.resize((width, height), Image.BILINEAR)
    assert np.abs(np.asarray(resized).astype(int) - np.asarray(at_once)).max() <= 1
    return resized


def resize():
    sizes = [  # from width x height to width x height
        (37, 23, 16, 11), (37, 23, 64, 50), (37, 23, 36, 24), (41, 59, 13, 8), (1, 9, 5, 3), (9, 1, 3, 5),
        (1, 1, 3, 4), (2, 2, 33, 31), (300, 3, 7, 8), (3, 300, 8, 7), (640, 2, 3, 3), (5, 5, 5, 9),
        (31, 17, 15, 17), (19, 19, 19, 19), (129, 65, 1, 1), (64, 64, 32, 32),
    ]  # fmt: skip
    entries, pixels = [], b""
    for w, h, width, height in sizes:
        image = Image.fromarray(rng.integers(0, 256, (h, w, 3), dtype=np.uint8))
        entries.append({"from": [w, h], "to": [width, height], "offset": len(pixels)})
        resized = bilinear(image, width, height)
        pixels += image.tobytes() + resized.tobytes()
    (HERE / "resize.json").write_text(json.dumps(entries, indent=0) + "\n")
    (HERE / "resize.rgb").write_bytes(pixels)


def fit():
    """torchvision's Resize(S) and CenterCrop(S) on a PIL image, written out; for other targets the same rule per side."""
    cases = [  # width x height, target width x height
        (37, 23, 16, 16), (23, 37, 16, 16), (37, 23, 15, 15), (21, 22, 48, 48), (22, 21, 47, 47), (16, 16, 16, 16),
        (16, 40, 16, 16), (16, 41, 16, 16), (41, 16, 16, 16), (1, 50, 4, 4), (50, 1, 4, 4), (37, 23, 24, 8),
        (37, 23, 8, 24), (37, 23, 37, 11), (5, 7, 9, 6), (22, 47, 9, 9),
    ]  # fmt: skip
    entries, pixels = [], b""
    for w, h, width, height in cases:
        image = Image.fromarray(rng.integers(0, 256, (h, w, 3), dtype=np.uint8))
        if w * height <= h * width:
            cover = (width, max(int(width * h / w), height))
        else:
            cover = (max(int(height * w / h), width), height)
        resized = bilinear(image, *cover)
        left, top = int(round((cover[0] - width) / 2.0)), int(round((cover[1] - height) / 2.0))
        fitted = resized.crop((left, top, left + width, top + height))
        entries.append({"from": [w, h], "to": [width, height], "offset": len(pixels)})
        pixels += image.tobytes() + fitted.tobytes()
    (HERE / "fit.json").write_text(json.dumps(entries, indent=0) + "\n")
    (HERE / "fit.rgb").write_bytes(pixels)


def encode():
    """A picture and what is left of it after Pillow's JPEG."""
    image = picture(53, 39)
    qualities = [(30, 2, "yuv420"), (75, 2, "yuv420"), (75, 1, "yuv422"), (75, 0, "yuv444"), (95, 2, "yuv420")]
    entries, pixels = [], image.tobytes()
    for quality, subsampling, name in qualities:
        data = saved(image, "JPEG", quality=quality, subsampling=subsampling)
        entries.append({"quality": quality, "subsampling": name, "offset": len(pixels)})
        pixels += np.asarray(Image.open(io.BytesIO(data)).convert("RGB")).tobytes()
    (HERE / "encode.json").write_text(json.dumps(entries, indent=0) + "\n")
    (HERE / "encode.rgb").write_bytes(pixels)


if __name__ == "__main__":
    shutil.rmtree(FORMATS, ignore_errors=True)
    shutil.rmtree(BAD, ignore_errors=True)
    formats()
    bad()
    resize()
    fit()
    encode()
