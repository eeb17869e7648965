"""Makes GIF, BMP and TIFF files, and what Pillow shows of them.

    python3 Tests/Fixtures/Images/make_other_formats.py

Needs: numpy, Pillow; tiffcp and tiffset of Debian's libtiff-tools. Written with Pillow 13.0.0 (libtiff 4.7.2).

other/        the files
other.json    their sizes as shown, frames, orientations and bits of a sample, and where in other.rgb Pillow's pixels are
"""

import io
import json
import pathlib
import shutil
import struct
import subprocess
import tempfile

import numpy as np
from PIL import Image

HERE = pathlib.Path(__file__).parent
OUT = HERE / "other"
rng = np.random.default_rng(9)


def picture(width, height, mode="RGB"):
    if mode == "P":
        image = Image.fromarray(rng.integers(0, 16, (height, width), dtype=np.uint8), "P")
        image.putpalette(rng.integers(0, 256, 48, dtype=np.uint8).tobytes())
        return image
    if mode == "1":
        return Image.fromarray(rng.integers(0, 2, (height, width), dtype=np.uint8) * 255).convert("1")
    if mode == "I;16":
        return Image.fromarray(rng.integers(0, 65536, (height, width), dtype=np.uint16))
    return Image.fromarray(rng.integers(0, 256, (height, width, len(mode)), dtype=np.uint8).squeeze(), mode)


def saved(image, kind, **options):
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


# GIF by hand: frames that do not cover their screen, and palettes that lack colours.


def codes(pixels, size):
    """Literal codes alone, the table emptied before it grows a bit."""
    clear, buffer, bits, out = 1 << size, 0, 0, bytearray()
    for at, pixel in enumerate([*pixels, clear + 1]):
        for code in [clear, pixel] if at % ((1 << size) - 2) == 0 else [pixel]:
            buffer |= code << bits
            bits += size + 1
            while bits >= 8:
                out.append(buffer & 255)
                buffer >>= 8
                bits -= 8
    if bits:
        out.append(buffer)
    return bytes(out)


def gif(screen, palette, frames):
    data = b"GIF89a" + struct.pack("<HHBBB", *screen, 0x81 if palette else 1, 3, 0) + palette
    for left, top, width, height, transparent, own in frames:
        if transparent is not None:
            data += b"\x21\xf9\x04" + struct.pack("<BHB", 1, 5, transparent) + b"\0"
        data += b"\x2c" + struct.pack("<HHHHB", left, top, width, height, 0x80 if own else 0) + own
        packed = codes(rng.integers(0, 4, width * height).tolist(), 2)
        data += b"\x02" + b"".join(bytes([len(packed[i : i + 255])]) + packed[i : i + 255] for i in range(0, len(packed), 255))
        data += b"\0"
    return data + b"\x21\xfe\x02hi\0;"


def gifs():
    palette = bytes(range(40, 52))
    yield "palette.gif", saved(picture(37, 23, "P"), "GIF", interlace=0)
    yield "interlaced.gif", saved(picture(37, 23, "P"), "GIF", interlace=1)
    yield "long.gif", saved(Image.fromarray(rng.integers(0, 256, (150, 97), dtype=np.uint8), "L"), "GIF")
    yield "even.gif", saved(Image.new("P", (90, 60), 3), "GIF")
    yield "colours.gif", saved(picture(37, 23), "GIF")
    yield "transparent.gif", saved(picture(37, 23, "P"), "GIF", transparency=2)
    yield "bilevel.gif", saved(picture(37, 23, "1"), "GIF")
    frames = [picture(37, 23, "P") for _ in range(3)]
    yield "frames.gif", saved(frames[0], "GIF", save_all=True, append_images=frames[1:], duration=50)
    yield "placed.gif", gif((9, 8), palette, [(2, 3, 5, 4, None, b"")])
    yield "placed-transparent.gif", gif((9, 8), palette, [(2, 3, 5, 4, 2, b""), (0, 0, 2, 2, None, b"")])
    yield "larger-than-screen.gif", gif((2, 2), palette, [(1, 1, 5, 4, None, b"")])
    yield "own-palette.gif", gif((9, 8), palette, [(0, 0, 9, 8, None, bytes(range(90, 96)))])
    yield "no-palette.gif", gif((9, 8), b"", [(0, 0, 9, 8, None, b"")])


# BMP by hand: all but what Pillow writes.


def bmp(width, height, bits, data, compression=0, palette=b"", masks=b"", length=40):
    if length == 12:
        head = struct.pack("<IHHHH", 12, width, height, 1, bits)
    else:
        colours = len(palette) // 4
        head = struct.pack("<IiiHHIIiiII", length, width, height, 1, bits, compression, len(data), 0, 0, colours, 0)
        if length > 40:
            head = (head + masks).ljust(length, b"\0")
            masks = b""
    start = 14 + len(head) + len(masks) + len(palette)
    return struct.pack("<2sIHHI", b"BM", start + len(data), 0, 0, start) + head + masks + palette + data


def rows(width, height, bits):
    return rng.integers(0, 256, ((width * bits + 31) // 32 * 4) * height, dtype=np.uint8).tobytes()


def bmps():
    for mode in ("1", "L", "P", "RGB", "RGBA"):
        yield f"{mode.lower()}.bmp", saved(picture(37, 23, mode), "BMP")
    palette = rng.integers(0, 256, 64, dtype=np.uint8).tobytes()
    yield "four-bits.bmp", bmp(13, 7, 4, rows(13, 7, 4), palette=palette)
    yield "one-bit.bmp", bmp(13, 7, 1, rows(13, 7, 1), palette=palette[:8])
    yield "top-down.bmp", bmp(13, -7, 24, rows(13, 7, 24))
    yield "top-down-palette.bmp", bmp(13, -7, 4, rows(13, 7, 4), palette=palette)
    yield "555.bmp", bmp(13, 7, 16, rows(13, 7, 16))
    masks = struct.pack("<III", 0xF800, 0x7E0, 0x1F)
    yield "565.bmp", bmp(13, 7, 16, rows(13, 7, 16), 3, masks=masks)
    masks = struct.pack("<IIII", 0xFF, 0xFF00, 0xFF0000, 0xFF000000)
    yield "fields.bmp", bmp(13, 7, 32, rows(13, 7, 32), 3, masks=masks, length=108)
    masks = struct.pack("<IIII", 0xFF0000, 0xFF00, 0xFF, 0xFF000000)
    yield "v5.bmp", bmp(13, 7, 32, rows(13, 7, 32), 3, masks=masks, length=124)
    yield "x.bmp", bmp(13, 7, 32, rows(13, 7, 32))
    old = b"".join(palette[i : i + 3] for i in range(0, 64, 4))
    yield "os2.bmp", bmp(13, 7, 4, rows(13, 7, 4), palette=old, length=12)
    yield "os2-24.bmp", bmp(13, 7, 24, rows(13, 7, 24), length=12)
    runs = b"\x05\x01\x00\x03\x02\x03\x04\x00\x03\x06\x00\x00" + b"\x00\x02\x03\x01" + b"\x04\x07\x00\x00\x0d\x09\x00\x00"
    yield "runs-8.bmp", bmp(13, 4, 8, runs + b"\x00\x01", 1, palette=palette)
    runs = b"\x07\x12\x00\x05\x34\x56\x70\x00\x00\x00" + b"\x00\x02\x03\x01" + b"\x04\x75\x00\x00\x0d\x9a\x00\x00"
    yield "runs-4.bmp", bmp(13, 4, 4, runs + b"\x00\x01", 2, palette=palette)
    yield "runs-end.bmp", bmp(13, 3, 8, b"\x0d\x01\x00\x00\x0d\x02\x00\x00\x0d\x03", 1, palette=palette)


# TIFF


def copied(data, *options):
    """Rewritten by tiffcp."""
    with tempfile.TemporaryDirectory() as folder:
        source, target = pathlib.Path(folder) / "a.tif", pathlib.Path(folder) / "b.tif"
        source.write_bytes(data)
        subprocess.run(["tiffcp", *options, source, target], check=True)
        return target.read_bytes()


def tiffs():
    for mode in ("1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "I;16"):
        yield f"{mode.lower().replace(';', '')}.tif", saved(picture(37, 23, mode), "TIFF")
    rgb = picture(37, 23)
    for compression in ("tiff_lzw", "tiff_adobe_deflate", "packbits", "jpeg"):
        yield f"{compression}.tif", saved(rgb, "TIFF", compression=compression)
    yield "group4.tif", saved(picture(37, 23, "1"), "TIFF", compression="group4")
    yield "big.tif", saved(rgb, "TIFF", big_tiff=True)
    yield "big-endian.tif", copied(saved(rgb, "TIFF"), "-B")
    yield "planar.tif", copied(saved(rgb, "TIFF"), "-p", "separate")
    yield "tiles.tif", copied(saved(picture(70, 40), "TIFF"), "-t", "-w", "32", "-l", "16")
    yield "tiles-lzw.tif", copied(saved(picture(70, 40, "L"), "TIFF"), "-t", "-w", "32", "-l", "16", "-c", "lzw")
    yield "strips.tif", copied(saved(picture(37, 23, "RGBA"), "TIFF"), "-s", "-r", "4", "-c", "lzw")
    yield "white-is-zero.tif", saved(picture(37, 23, "L"), "TIFF", tiffinfo={262: 0})
    kind = [struct.pack("<HHIHH", 338, 3, 1, value, 0) for value in (2, 1)]
    yield "premultiplied.tif", saved(picture(37, 23, "RGBA"), "TIFF").replace(*kind)
    pages = [picture(37, 23), picture(5, 4), picture(6, 3, "L")]
    yield "pages.tif", saved(pages[0], "TIFF", save_all=True, append_images=pages[1:])
    for value in range(2, 9):
        yield f"orientation-{value}.tif", saved(picture(5, 3), "TIFF", tiffinfo={274: value})


def shown(image):
    if image.mode == "I;16":
        # The high byte, as libtiff reduces grey; Pillow clips it to 255.
        high = (np.asarray(image) >> 8).astype(np.uint8)
        return np.repeat(high[..., None], 3, -1).tobytes()
    return image.convert("RGB").tobytes()


def main():
    shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir()
    entries, pixels = [], b""
    for name, data in [*gifs(), *bmps(), *tiffs()]:
        (OUT / name).write_bytes(data)
        image = Image.open(io.BytesIO(data))
        frames = getattr(image, "n_frames", 1)
        image.seek(0)
        tags = getattr(image, "tag_v2", {})
        orientation, bits = tags.get(274, 1), 16 if image.mode == "I;16" else 8
        image.load()
        entries.append(
            {"name": name, "frames": frames, "orientation": orientation, "bits": bits}
            | {"width": image.width, "height": image.height, "offset": len(pixels)}
        )
        pixels += shown(image)
    (HERE / "other.json").write_text(json.dumps(entries, indent=0) + "\n")
    (HERE / "other.rgb").write_bytes(pixels)


if __name__ == "__main__":
    main()
