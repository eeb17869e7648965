#!/usr/bin/env bash
# Makes samples/images/ and samples/images/hard/ with ringkey and the grove model, and the keys demo and other where they
# are missing. Every number is fixed by seeds: with the same keys the same files come out again on the same machine.
#   make samples
set -euo pipefail
cd "$(dirname "$0")/.."
ringkey=${1:-.build/release/ringkey}
export RINGKEY_MODEL=samples/grove
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT

for name in demo other; do
    [[ -f samples/$name.key.json ]] || "$ringkey" keygen -o "samples/$name.key.json" --name "$name"
    chmod 600 "samples/$name.key.json"
done

prompts=(
    "mountains at dusk with sun" "sea at night with moon" "hills at dawn with pines" "dunes at noon"
    "mountains at noon with pines and clouds" "sea at dusk with sun" "hills at night with moon" "dunes at dusk with clouds"
)
guidance=(1 2 3 4 5 3 2 4)
mkdir -p samples/images/hard
for i in "${!prompts[@]}"; do
    n=$((i + 1))
    "$ringkey" generate --prompt "${prompts[i]}" --guidance "${guidance[i]}" --steps 50 --seed $((100 + n)) \
        --key samples/demo.key.json -o "samples/images/marked-$n.png" --force
    "$ringkey" generate --prompt "${prompts[i]}" --guidance "${guidance[i]}" --steps 50 --seed $((200 + n)) \
        -o "samples/images/clean-$n.png" --force
done

"$ringkey" generate --prompt "mountains at dawn with sun" --guidance 3 --steps 50 --seed 301 \
    --key samples/demo.key.json -o "$out/plain.png"
"$ringkey" generate --prompt "sea at dawn with sun" --guidance 3 --steps 50 --seed 302 \
    --key samples/other.key.json -o samples/images/hard/other-key.png --force
python=$(scripts/python-env.sh)
"$python" - "$out/plain.png" samples/images/hard <<'PYTHON'
import sys
from PIL import Image, ImageFilter
image = Image.open(sys.argv[1]).convert("RGB")
image.save(f"{sys.argv[2]}/marked-jpeg75.jpg", quality=75)
image.filter(ImageFilter.GaussianBlur(radius=1)).save(f"{sys.argv[2]}/marked-blurred.png")
PYTHON
