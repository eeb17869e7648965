"""Makes files of several frames, and their first frame as Pillow shows it.

    python3 Tests/Fixtures/Images/make_animations.py

Needs: numpy, Pillow. Written with Pillow 13.0.0.

animated/       the files
animated.json   their sizes and numbers of frames, and where in animated.rgb their first frame is
"""

import io
import json
import pathlib
import shutil
import struct

import numpy as np
from PIL import Image

HERE = pathlib.Path(__file__).parent
OUT = HERE / "animated"
rng = np.random.default_rng(7)


def picture(width, height, mode="RGB"):
    return Image.fromarray(rng.integers(0, 256, (height, width, len(mode)), dtype=np.uint8), mode)


def saved(frames, kind, **options):
    out = io.BytesIO()
    frames[0].save(out, kind, save_all=True, append_images=frames[1:], **options)
    return out.getvalue()


def chunk(name, content):
    return name + struct.pack("<I", len(content)) + content + b"\0" * (len(content) & 1)


def placed(frame, canvas, left, top, frames):
    """An animation whose first frame covers a part of its canvas: Pillow writes none."""

    def three(number):
        return struct.pack("<I", number)[:3]

    out = io.BytesIO()
    frame.save(out, "WEBP", lossless=True, exact=True)
    data = out.getvalue()
    image = data[12:]
    if image[:4] == b"VP8X":
        image = image[18:]
    place = three(left // 2) + three(top // 2) + three(frame.width - 1) + three(frame.height - 1) + three(100) + b"\0"
    body = chunk(b"VP8X", b"\x12\0\0\0" + three(canvas[0] - 1) + three(canvas[1] - 1))
    body += chunk(b"ANIM", bytes([90, 80, 70, 255, 0, 0])) + chunk(b"ANMF", place + image) * frames
    return b"RIFF" + struct.pack("<I", 4 + len(body)) + b"WEBP" + body


def files():
    rgb = [picture(9, 7) for _ in range(3)]
    rgba = [picture(9, 7, "RGBA") for _ in range(2)]
    yield "lossless.webp", saved(rgb, "WEBP", lossless=True)
    yield "lossy.webp", saved(rgb, "WEBP", quality=80)
    yield "alpha.webp", saved(rgba, "WEBP", lossless=True, exact=True)
    yield "lossy-alpha.webp", saved(rgba, "WEBP", quality=70, exact=True)
    yield "placed.webp", placed(rgb[0], (16, 13), 4, 6, 2)
    yield "placed-alpha.webp", placed(rgba[0], (9, 9), 0, 2, 2)
    yield "one-frame.webp", placed(rgb[0], (9, 7), 0, 0, 1)
    yield "frames.png", saved(rgb, "PNG")
    yield "alpha.png", saved(rgba, "PNG")
    yield "default-image.png", saved(rgb, "PNG", default_image=True)


def main():
    shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir()
    entries, pixels = [], b""
    for name, data in files():
        (OUT / name).write_bytes(data)
        image = Image.open(io.BytesIO(data))
        frames = getattr(image, "n_frames", 1)
        image.seek(0)
        entries.append(
            {"name": name, "frames": frames, "width": image.width, "height": image.height, "offset": len(pixels)}
        )
        pixels += image.convert("RGB").tobytes()
    (HERE / "animated.json").write_text(json.dumps(entries, indent=0) + "\n")
    (HERE / "animated.rgb").write_bytes(pixels)


if __name__ == "__main__":
    main()
