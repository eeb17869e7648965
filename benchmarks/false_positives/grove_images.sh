#!/usr/bin/env bash
# Makes 320 unmarked images with the grove model: 64 prompts at each of five guidances, 25 steps, seeds fixed.
#   benchmarks/false_positives/grove_images.sh .build/release/ringkey OUT
set -euo pipefail
if [[ $# -ne 2 ]]; then
    echo "usage: $0 RINGKEY OUT" >&2
    exit 64
fi
ringkey=$(realpath "$1")
out=$2
mkdir -p "$out"
out=$(realpath "$out")
cd "$(dirname "$0")/../.."
for ground in mountains hills dunes sea; do
    for time in dawn noon dusk night; do
        light=sun
        if [[ $time == night ]]; then light=moon; fi
        echo "$ground at $time"
        echo "$ground at $time with $light"
        echo "$ground at $time with clouds"
        echo "$ground at $time with $light and clouds"
    done
done >"$out/prompts.txt"
for guidance in 1 2 3 5 7.5; do
    folder=$out/guidance-$guidance
    if [[ $(find "$folder" -name '*.png' 2>/dev/null | wc -l) -eq 64 ]]; then continue; fi
    "$ringkey" generate --model samples/grove --prompt-file "$out/prompts.txt" --guidance "$guidance" --steps 25 \
        --seed "$((10000 + ${guidance/./} * 100))" --threads "${THREADS:-1}" --quiet --force -o "$folder"
done
