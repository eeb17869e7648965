"""Gathers photographs from Debian's packages and from the sample images of Python packages, and cuts squares of them.

    python3 benchmarks/fixed_keys/photographs.py OUT

Fetches the packages (0.4 GB, unpacked in OUT/packages; nothing is installed) and writes PNG files of 256 × 256: the middle
square of each photograph in OUT/whole, and its four quarters in OUT/quarters where they have 256 pixels a side. A file's name
begins with its photograph's, so that photographs can be kept apart. Pictures that resemble an earlier one are left out.

Needs NumPy, Pillow, apt-get, dpkg-deb and pip.
"""

import pathlib
import re
import subprocess
import sys

import numpy as np
from PIL import Image

SIDE = 256
DEBIAN = ["gcompris-qt-data", "lomiri-wallpapers-16.04", "lomiri-wallpapers-20.04", "mate-backgrounds", "opencv-doc",
          "plasma-workspace-wallpapers", "ukui-wallpapers"]
PYTHON = ["scikit-image", "scikit-learn", "matplotlib", "mahotas", "ultralytics", "imgaug", "insightface"]

# Within the packages; what is there besides is drawings, diagrams and screens.
WALLPAPERS = ["usr/share/backgrounds/*.jpg", "usr/share/backgrounds/mate/nature/*.jpg",
              "usr/share/wallpapers/*/contents/images/*"]
OPENCV = ("aero1 aloeL apple baboon basketball1 board building butterfly ela_original fruits graf1 HappyFish home leuvenA"
          " licenseplate_motion messi5 orange rubberwhale1 smarties squirrel_cls stuff").split()
PYTHON_NAMES = re.compile(
    r"(astronaut|brick|camera|cell|chelsea|clock_motion|coffee|coins|grass|gravel|hubble_deep_field|ihc|moon"
    r"|motorcycle_left|retina|rocket|china|flower|grace_hopper|luispedro|lena|dsb|bus|zidane|quokka|t1|Tom_Hanks_54745)\.")
# GCompris keeps its pictures as WebP in Qt's resource files, uncompressed. Photographs are in these.
RESOURCES = ("categorization clickgame details erase explore_farm_animals explore_monuments explore_world_animals"
             " explore_world_music").split()


def fetch(packages):
    """Unpacks all packages under one folder."""
    packages.mkdir(parents=True, exist_ok=True)
    for name in DEBIAN:
        if (packages / name).exists():
            continue
        subprocess.run(["apt-get", "download", "-q", name], cwd=packages, check=True)
        (archive,) = packages.glob(f"{name}_*.deb")
        subprocess.run(["dpkg-deb", "-x", archive.name, name], cwd=packages, check=True)
        archive.unlink()
    if not (packages / "python").exists():
        subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target",
                        str(packages / "python"), *PYTHON], check=True)


def resource_pictures(packages, out):
    """Cuts the WebP files out of GCompris's resources: each begins with RIFF and its length."""
    out.mkdir(exist_ok=True)
    for resource in RESOURCES:
        (path,) = (packages / "gcompris-qt-data").rglob(f"{resource}.rcc")
        content = path.read_bytes()
        for match in re.finditer(rb"RIFF(....)WEBP", content, re.DOTALL):
            end = match.start() + 8 + int.from_bytes(match[1], "little")
            (out / f"{resource}-{match.start()}.webp").write_bytes(content[match.start():end])
    return sorted(out.iterdir())


def candidates(packages):
    yield from resource_pictures(packages, packages / "resources")
    for name in DEBIAN:
        for pattern in WALLPAPERS:
            # Of one wallpaper's sizes the first that is large enough.
            yield from sorted((packages / name).glob(pattern))
    examples = packages / "opencv-doc/usr/share/doc/opencv-doc/examples/data"
    yield from (path for path in sorted(examples.iterdir()) if path.stem in OPENCV)
    yield from (path for path in sorted((packages / "python").rglob("*")) if PYTHON_NAMES.fullmatch(path.name[:-3])
                and path.suffix in (".jpg", ".png"))


def photograph(path):
    """RGB; None for what is smaller than 240 pixels or has transparent parts."""
    picture = Image.open(path)
    if min(picture.size) < 240 or picture.mode in ("RGBA", "LA"):
        return None
    picture.draft("RGB", (4 * SIDE, 4 * SIDE))
    return picture.convert("RGB")


def signature(picture):
    """A thumbnail of length 1 about its mean; None where there is hardly anything in it."""
    small = np.asarray(picture.resize((24, 24), Image.BOX), float).ravel()
    small -= small.mean()
    length = np.linalg.norm(small)
    return small / length if length > 8 * small.size**0.5 else None


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    Image.MAX_IMAGE_PIXELS = None
    out = pathlib.Path(sys.argv[1])
    fetch(out / "packages")
    for name in ("whole", "quarters"):
        (out / name).mkdir(exist_ok=True)
    seen, counts = [], {"whole": 0, "quarters": 0}
    for path in candidates(out / "packages"):
        picture = photograph(path)
        if picture is None or (own := signature(picture)) is None or any(other @ own > 0.9 for other in seen):
            continue
        name = f"{len(seen):04}"
        seen.append(own)
        side = min(picture.size)
        left, top = (picture.width - side) // 2, (picture.height - side) // 2
        square = picture.crop((left, top, left + side, top + side))
        square.resize((SIDE, SIDE), Image.LANCZOS).save(out / "whole" / f"{name}.png")
        counts["whole"] += 1
        half = side // 2
        if half >= SIDE:
            for quarter in range(4):
                x, y = quarter % 2 * half, quarter // 2 * half
                square.crop((x, y, x + half, y + half)).resize((SIDE, SIDE), Image.LANCZOS).save(
                    out / "quarters" / f"{name}-{quarter}.png")
                counts["quarters"] += 1
    print(f"{counts['whole']} photographs, {counts['quarters']} quarters")


main()
