#!/usr/bin/env bash
# make demo: verifies the sample images with the sample key, prints the table, and fails if one verdict is wrong.
set -uo pipefail
cd "$(dirname "$0")/.."
ringkey=${1:-.build/release/ringkey}
key=samples/demo.key.json
# A fresh clone has the umask's mode; ringkey refuses a key that others can write to.
chmod 600 "$key"

"$ringkey" verify samples/images/*.png samples/images/hard/* --key "$key" --model samples/grove
status=$?
if ((status != 0)); then
    echo "demo: ringkey verify ended with $status instead of 0" >&2
    exit 1
fi

wrong=$("$ringkey" verify samples/images/*.png samples/images/hard/* --key "$key" --model samples/grove --json --quiet |
    awk '{
        match($0, /"path":"[^"]*"/); path = substr($0, RSTART + 8, RLENGTH - 9)
        match($0, /"verdict":"[^"]*"/); verdict = substr($0, RSTART + 11, RLENGTH - 12)
        expected = path ~ /\/marked-/ ? "watermarked" : "not_watermarked"
        if (verdict != expected) print "demo: " path " is " verdict ", should be " expected
    }')
if [[ -n $wrong ]]; then
    echo "$wrong" >&2
    exit 1
fi
echo
echo "Every verdict is right."
