"""Makes files with each EXIF orientation, and what Pillow shows of them.

    python3 Tests/Fixtures/Images/make_orientations.py

Needs: numpy, Pillow. Written with Pillow 13.0.0.

orientation/       a PNG, a JPEG and a WebP of each orientation, 1 ... 8
orientation.json   their sizes as shown, and where in orientation.rgb ImageOps.exif_transpose puts their pixels
orientation/odd/   blocks of EXIF that hold no orientation; late.png has one after its pixels
../CLI/turned.jpg  a marked sample whose pixels were turned to the left and tagged to be turned to the right
"""

import io
import json
import pathlib
import shutil
import struct
import zlib

import numpy as np
from PIL import Image, ImageOps

HERE = pathlib.Path(__file__).parent
OUT = HERE / "orientation"
TAG = 0x0112


def exif(value):
    block = Image.Exif()
    block[TAG] = value
    return block


def block(order, count, kind, value):
    """A header and a directory of one entry, in one byte order, that may lie."""
    mark = b"II" if order == "<" else b"MM"
    entry = struct.pack(order + "HHI", TAG, kind, 1) + value.ljust(4, b"\0")
    return mark + struct.pack(order + "HIH", 42, 8, count) + entry + bytes(4)


def png(image, data, late=False):
    out = io.BytesIO()
    image.save(out, "PNG")
    whole = out.getvalue()
    chunk = struct.pack(">I", len(data)) + b"eXIf" + data + struct.pack(">I", zlib.crc32(b"eXIf" + data))
    at = len(whole) - 12 if late else 33
    return whole[:at] + chunk + whole[at:]


def main():
    rng = np.random.default_rng(6)
    image = Image.fromarray(rng.integers(0, 256, (3, 5, 3), dtype=np.uint8))
    shutil.rmtree(OUT, ignore_errors=True)
    (OUT / "odd").mkdir(parents=True)
    entries, pixels = [], b""
    for value in range(1, 9):
        options = {"png": {}, "jpg": {"quality": 90}, "webp": {"lossless": True}}
        for ending, kind in (("png", "PNG"), ("jpg", "JPEG"), ("webp", "WEBP")):
            path = OUT / f"{value}.{ending}"
            image.save(path, kind, exif=exif(value), **options[ending])
            shown = ImageOps.exif_transpose(Image.open(path)).convert("RGB")
            entries.append(
                {"name": path.name, "value": value, "width": shown.width, "height": shown.height, "offset": len(pixels)}
            )
            pixels += shown.tobytes()
    (HERE / "orientation.json").write_text(json.dumps(entries, indent=0) + "\n")
    (HERE / "orientation.rgb").write_bytes(pixels)
    odd = {
        "zero.png": block("<", 1, 3, b"\0\0"),
        "nine.png": block("<", 1, 3, b"\x09\0"),
        "text.png": block("<", 1, 2, b"6\0"),
        "torn.png": block(">", 1, 3, b"\0\6")[:12],
        "short.png": block(">", 9, 3, b"\0\6")[:18],
        "far.png": b"MM\0*\xff\xff\xff\xf0" + bytes(20),
        "nothing.png": b"",
    }
    for name, data in odd.items():
        (OUT / "odd" / name).write_bytes(png(image, data))
    (OUT / "late.png").write_bytes(png(image, block(">", 1, 3, b"\0\6"), late=True))
    (OUT / "long.png").write_bytes(png(image, block("<", 1, 4, b"\6\0\0\0")))
    marked = Image.open(HERE / "../../../samples/images/marked-6.png").convert("RGB")
    marked.transpose(Image.Transpose.ROTATE_90).save(HERE / "../CLI/turned.jpg", quality=95, exif=exif(6))


if __name__ == "__main__":
    main()
