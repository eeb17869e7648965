#!/bin/sh
# How well marks of each kind of key come back from images of grove: a table of docs/science.md.
#
#     benchmarks/recovered_marks.sh RINGKEY WORK [COUNT]
#
# Marks COUNT (16) images with one key of each kind (guidance 3, 50 steps) and measures with `ringkey calibrate --marked`, on 32
# unmarked images, what signal-to-noise ratio 19 of 20 of them have or pass, plain and as JPEG of quality 50. The reference's keys
# are those of Tests/Fixtures/RingKeys. Needs Pillow. What was made is kept in WORK.
set -eu
ringkey=$1 work=$2 count=${3:-16} root=$(cd "$(dirname "$0")/.." && pwd)
common="--model $root/samples/grove --quiet"
mkdir -p "$work"
for terrain in mountains hills dunes sea; do
    for time in dawn "noon with sun" "dusk with clouds" "night with moon"; do echo "$terrain at $time"; done
done >"$work/prompts.txt"
head -n "$count" "$work/prompts.txt" >"$work/marked.txt"
test -d "$work/clean" || "$ringkey" generate $common --prompt-file "$work/prompts.txt" --count 2 --seed 81000 --steps 12 -o "$work/clean"

key() {
    case $1 in
    spread-4) "$ringkey" keygen --latent 4x32x32 --quiet -o "$2" >/dev/null ;;
    ring-4) "$ringkey" keygen --latent 4x32x32 --pattern ring --quiet -o "$2" >/dev/null ;;
    ring-1) "$ringkey" keygen --latent 4x32x32 --pattern ring --channels 3 --quiet -o "$2" >/dev/null ;;
    reference-ring) "$ringkey" key import "$root/Tests/Fixtures/RingKeys/Reach/999999_3_10_ring.npy" --quiet -o "$2" >/dev/null ;;
    esac
}

for kind in spread-4 ring-4 ring-1 reference-ring; do
    folder=$work/$kind
    mkdir -p "$folder/jpeg"
    test -e "$folder/key.json" || key $kind "$folder/key.json"
    test -d "$folder/png" || "$ringkey" generate $common --prompt-file "$work/marked.txt" --seed 71000 --key "$folder/key.json" -o "$folder/png"
    python3 - "$folder" <<'PYTHON'
import pathlib, sys
from PIL import Image
folder = pathlib.Path(sys.argv[1])
for path in (folder / "png").glob("*.png"):
    Image.open(path).convert("RGB").save(folder / "jpeg" / f"{path.stem}.jpg", quality=50)
PYTHON
    for state in png jpeg; do
        "$ringkey" calibrate "$work/clean" --marked "$folder/$state" --key "$folder/key.json" $common --force --json \
            -o "$work/calibration.safetensors" >"$folder/$state.json"
    done
done
python3 "$root/benchmarks/recovered_marks.py" "$work"
