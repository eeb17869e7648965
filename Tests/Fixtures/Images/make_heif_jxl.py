"""Makes HEIC, AVIF and JPEG XL files, and what Pillow and its plug-ins show of them.

    python3 Tests/Fixtures/Images/make_heif_jxl.py

Needs: numpy, Pillow, pillow-heif, pillow-jxl-plugin. Written with Pillow 13.0.0 (libavif 1.4.2), pillow-heif 1.8.1 (libheif
1.23.6), pillow-jxl-plugin 1.3.8; animated.jxl by cjxl of Debian's libjxl-tools 0.7;
exif-6.heic by `heif-enc -L orientation/6.jpg -o modern/exif-6.heic` of Debian's libheif-examples 1.15.

modern/        the files
modern.json    their sizes as shown, frames, orientations and bits of a sample, by how much a decoder may differ, and where in
               modern.rgb the pixels are
"""

import io
import json
import pathlib
import shutil
import subprocess
import tempfile

import numpy as np
import pillow_heif
import pillow_jxl  # noqa: F401
from PIL import Image, ImageOps

HERE = pathlib.Path(__file__).parent
OUT = HERE / "modern"
rng = np.random.default_rng(10)
pillow_heif.register_heif_opener()


def picture(width, height, mode="RGB"):
    """Smooth colours with an edge and a little noise."""
    y, x = np.mgrid[0:height, 0:width]
    values = np.stack([127 + 100 * np.sin(x / (3 + c) + y / (5 + c) + c) for c in range(len(mode))], -1)
    values = np.clip(values + rng.normal(0, 6, values.shape), 0, 255).astype(np.uint8)
    return Image.fromarray(values.squeeze(), mode)


def saved(image, kind, **options):
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def exif(value):
    block = Image.Exif()
    block[0x0112] = value
    return block


def cjxl(source):
    with tempfile.TemporaryDirectory() as folder:
        target = pathlib.Path(folder) / "a.jxl"
        subprocess.run(["cjxl", "--quiet", "-d", "0", source, target], check=True)
        return target.read_bytes()


def by_other_tools():
    """Name, content, first frame as shown, frames, orientation, bits of a sample, and by how much a sample may differ."""
    with tempfile.TemporaryDirectory() as folder:
        source = pathlib.Path(folder) / "a.gif"
        frames = [picture(16, 12), picture(16, 12)]
        frames[0].save(source, save_all=True, append_images=frames[1:], duration=100)
        yield "animated.jxl", cjxl(source), Image.open(source).convert("RGB"), 2, 1, 8, 0
    deep = HERE / "formats" / "rgb16.png"
    yield "sixteen-bits.jxl", cjxl(deep), Image.open(deep).convert("RGB"), 1, 1, 16, 1
    for value in (5, 6):
        source = HERE / "orientation" / f"{value}.png"
        image = ImageOps.exif_transpose(Image.open(source)).convert("RGB")
        yield f"orientation-{value}.jxl", cjxl(source), image, 1, value, 8, 0
    image = picture(37, 23)
    samples = np.asarray(image).astype(np.uint16) * 257
    pillow_heif.options.SAVE_HDR_TO_12_BIT = False
    out = io.BytesIO()
    pillow_heif.encode(
        "RGB;16", image.size, samples.tobytes(), out, quality=-1, chroma=444, matrix_coefficients=0
    )
    yield "ten-bits.heic", out.getvalue(), image, 1, 1, 10, 1


def files():
    """Name, content, by how much a sample may differ."""
    rgb, grey, rgba = picture(37, 23), picture(37, 23, "L"), picture(37, 23, "RGBA")
    yield "444.avif", saved(rgb, "AVIF", subsampling="4:4:4"), 1
    yield "grey.avif", saved(grey, "AVIF", subsampling="4:0:0"), 0
    yield "alpha.avif", saved(rgba, "AVIF", subsampling="4:4:4"), 1
    for value in range(2, 9):
        yield f"orientation-{value}.avif", saved(picture(9, 6), "AVIF", subsampling="4:4:4", exif=exif(value)), 1
    frames = [picture(16, 12) for _ in range(3)]
    data = saved(frames[0], "AVIF", subsampling="4:4:4", save_all=True, append_images=frames[1:], duration=100)
    yield "frames.avif", data, 1
    yield "444.heic", saved(rgb, "HEIF", quality=90, chroma=444), 0
    yield "420.heic", saved(rgb, "HEIF", quality=90), 1
    yield "lossless.heic", saved(rgb, "HEIF", quality=-1, chroma=444, matrix_coefficients=0), 0
    yield "grey.heic", saved(grey, "HEIF", quality=90), 0
    yield "two-images.heic", saved(grey, "HEIF", quality=90, save_all=True, append_images=[picture(9, 6)]), 0
    yield "lossless.jxl", saved(rgb, "JXL", lossless=True), 0
    yield "lossy.jxl", saved(rgb, "JXL", quality=90), 1
    yield "grey.jxl", saved(grey, "JXL", lossless=True), 0
    yield "alpha.jxl", saved(rgba, "JXL", lossless=True), 0


def main():
    shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir()
    entries, pixels = [], b""
    for name, data, tolerance in files():
        (OUT / name).write_bytes(data)
        image = Image.open(io.BytesIO(data))
        frames, orientation = getattr(image, "n_frames", 1), image.getexif().get(0x0112, 1)
        image.seek(0)
        image = ImageOps.exif_transpose(image).convert("RGB")
        entries.append(
            {"name": name, "frames": frames, "orientation": orientation, "bits": 8, "tolerance": tolerance}
            | {"width": image.width, "height": image.height, "offset": len(pixels)}
        )
        pixels += image.tobytes()
    for name, data, image, frames, orientation, bits, tolerance in by_other_tools():
        (OUT / name).write_bytes(data)
        entries.append(
            {"name": name, "frames": frames, "orientation": orientation, "bits": bits, "tolerance": tolerance}
            | {"width": image.width, "height": image.height, "offset": len(pixels)}
        )
        pixels += image.tobytes()
    (HERE / "modern.json").write_text(json.dumps(entries, indent=0) + "\n")
    (HERE / "modern.rgb").write_bytes(pixels)


if __name__ == "__main__":
    main()
