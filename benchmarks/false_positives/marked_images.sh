#!/usr/bin/env bash
# Makes 48 images marked with the sample key demo (16 prompts at guidance 1, 3 and 5, 50 steps, seeds fixed), and of each a
# JPEG of quality 75, one of quality 50, and a blurred copy. Pillow is needed for the copies.
#   benchmarks/false_positives/marked_images.sh .build/release/ringkey OUT
set -euo pipefail
if [[ $# -ne 2 ]]; then
    echo "usage: $0 RINGKEY OUT" >&2
    exit 64
fi
ringkey=$(realpath "$1")
mkdir -p "$2"
out=$(realpath "$2")
cd "$(dirname "$0")/../.."
for ground in mountains hills dunes sea; do
    for time in "dawn" "noon with sun" "dusk with clouds" "night with moon and clouds"; do
        echo "$ground at $time"
    done
done >"$out/prompts.txt"
for guidance in 1 3 5; do
    "$ringkey" generate --model samples/grove --prompt-file "$out/prompts.txt" --guidance "$guidance" --steps 50 \
        --seed "$((30000 + guidance * 100))" --key samples/demo.key.json --threads "${THREADS:-1}" --quiet --force \
        -o "$out/plain/"
done
"${RINGKEY_PYTHON:-python3}" - "$out" <<'PYTHON'
import pathlib
import sys
from PIL import Image, ImageFilter

out = pathlib.Path(sys.argv[1])
for name in ("jpeg-75", "jpeg-50", "blurred"):
    (out / name).mkdir(exist_ok=True)
for path in sorted((out / "plain").glob("*.png")):
    image = Image.open(path).convert("RGB")
    image.save(out / "jpeg-75" / f"{path.stem}.jpg", quality=75)
    image.save(out / "jpeg-50" / f"{path.stem}.jpg", quality=50)
    image.filter(ImageFilter.GaussianBlur(radius=1)).save(out / "blurred" / path.name)
PYTHON
