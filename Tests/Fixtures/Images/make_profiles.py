"""Makes files with colour profiles, written from the ICC's specification, and says which of them are not sRGB.

    python3 Tests/Fixtures/Images/make_profiles.py

Needs: numpy, Pillow (with LittleCMS for its own sRGB profile). Written with Pillow 13.0.0.

profiles/       the files
profiles.json   of each the profile that has to be named, or null
"""

import io
import json
import pathlib
import shutil
import struct
import zlib

import numpy as np
from PIL import Image, ImageCms

HERE = pathlib.Path(__file__).parent
OUT = HERE / "profiles"
SRGB = [(0.43607, 0.22249, 0.01392), (0.38515, 0.71687, 0.09708), (0.14307, 0.06061, 0.7141)]
P3 = [(0.51512, 0.2412, -0.00105), (0.29198, 0.69225, 0.04189), (0.1571, 0.06657, 0.78407)]
ADOBE = [(0.60974, 0.31111, 0.01947), (0.20528, 0.62567, 0.06087), (0.14919, 0.06322, 0.74457)]
SRGB_CURVE = (2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)


def fixed(number):
    return struct.pack(">i", round(number * 65536))


def xyz(values):
    return b"XYZ \0\0\0\0" + b"".join(fixed(v) for v in values)


def para(kind, numbers):
    return b"para\0\0\0\0" + struct.pack(">HH", kind, 0) + b"".join(fixed(n) for n in numbers)


def curv(values):
    return b"curv\0\0\0\0" + struct.pack(">I", len(values)) + b"".join(struct.pack(">H", v) for v in values)


def desc(text):
    data = text.encode() + b"\0"
    return b"desc\0\0\0\0" + struct.pack(">I", len(data)) + data + bytes(78)


def mluc(text):
    data = text.encode("utf-16-be")
    return b"mluc\0\0\0\0" + struct.pack(">II", 1, 12) + b"enUS" + struct.pack(">II", len(data), 28) + data


def profile(space, tags):
    table, data = struct.pack(">I", len(tags)), b""
    start = 128 + 4 + 12 * len(tags)
    for name, content in tags.items():
        content += b"\0" * (-len(content) % 4)
        table += name.encode() + struct.pack(">II", start + len(data), len(content))
        data += content
    size = start + len(data)
    head = struct.pack(">I4sI4s4s4s", size, b"test", 0x02400000, b"mntr", space, b"XYZ ")
    head += bytes(12) + b"acsp"
    return head.ljust(128, b"\0") + table + data


def rgb(description, primaries, curve):
    tags = {"desc": description}
    tags |= {name: xyz(values) for name, values in zip(("rXYZ", "gXYZ", "bXYZ"), primaries)}
    return profile(b"RGB ", tags | {name: curve for name in ("rTRC", "gTRC", "bTRC")})


def table(function, count):
    return curv([round(65535 * function(i / (count - 1))) for i in range(count)])


def srgb_curve(x):
    return x / 12.92 if x <= 0.04045 else ((x + 0.055) / 1.055) ** 2.4


def profiles():
    own = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    yield "pillow-srgb", own, None
    yield "srgb-para", rgb(mluc("c2"), SRGB, para(3, SRGB_CURVE)), None
    yield "srgb-table", rgb(desc("sRGB IEC61966-2.1"), SRGB, table(srgb_curve, 1024)), None
    yield "srgb-gamma", rgb(desc("like sRGB"), SRGB, curv([round(2.2 * 256)])), None
    yield "srgb-para4", rgb(desc("sRGB"), SRGB, para(4, (*SRGB_CURVE, 0, 0))), None
    yield "p3", rgb(mluc("Display P3"), P3, para(3, SRGB_CURVE)), "Display P3"
    yield "adobe", rgb(desc("Adobe RGB (1998)"), ADOBE, curv([563])), "Adobe RGB (1998)"
    yield "linear", rgb(desc("linear"), SRGB, curv([])), "linear"
    yield "gamma-18", rgb(desc("Apple"), SRGB, para(0, (1.8,))), "Apple"
    yield "tables-srgb", profile(b"RGB ", {"desc": desc("sRGB v4 ICC preference")}), None
    yield "tables", profile(b"RGB ", {"desc": desc("Printer")}), "Printer"
    yield "nameless", profile(b"RGB ", {}), "of RGB without a name"
    yield "escapes", rgb(desc("\x1b[2J\nred\u202e"), P3, curv([])), "[2Jred"
    yield "long", rgb(desc("x" * 200), P3, curv([])), "x" * 64
    yield "dot-gain", profile(b"GRAY", {"desc": desc("Dot Gain 20%"), "kTRC": table(lambda x: x**1.5, 64)}), "Dot Gain 20%"
    yield "grey-22", profile(b"GRAY", {"desc": desc("Grey"), "kTRC": curv([563])}), None
    yield "cmyk", profile(b"CMYK", {"desc": desc("Coated FOGRA39")}), "Coated FOGRA39"
    yield "no-profile", b"none" * 40, None
    yield "torn", rgb(desc("torn"), P3, curv([]))[:150], "of RGB without a name"


def split(data, content):
    """A JPEG whose profile lies in two parts, the second before the first."""

    def part(number, piece):
        body = b"ICC_PROFILE\0" + bytes([number, 2]) + piece
        return b"\xff\xe2" + struct.pack(">H", 2 + len(body)) + body

    return data[:2] + part(2, content[300:]) + part(1, content[:300]) + data[2:]


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def main():
    shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir()
    image = Image.fromarray(np.random.default_rng(8).integers(0, 256, (3, 5, 3), dtype=np.uint8))
    expected = {}

    def put(name, data, wanted):
        (OUT / name).write_bytes(data)
        expected[name] = wanted

    def saved(kind, **options):
        out = io.BytesIO()
        image.save(out, kind, **options)
        return out.getvalue()

    for name, data, wanted in profiles():
        put(name + ".jpg", saved("JPEG", icc_profile=data), wanted)
    p3 = rgb(mluc("Display P3"), P3, para(3, SRGB_CURVE))
    put("p3.png", saved("PNG", icc_profile=p3), "Display P3")
    put("p3.webp", saved("WEBP", lossless=True, icc_profile=p3), "Display P3")
    put("split.jpg", split(saved("JPEG"), p3), "Display P3")
    plain = saved("PNG")
    put("none.png", plain, None)
    put("pq.png", plain[:33] + chunk(b"cICP", bytes([9, 16, 0, 1])) + plain[33:], "H.273 9/16")
    put("srgb.png", plain[:33] + chunk(b"cICP", bytes([1, 13, 0, 1])) + plain[33:], None)
    (HERE / "profiles.json").write_text(json.dumps(expected, indent=0) + "\n")


if __name__ == "__main__":
    main()
