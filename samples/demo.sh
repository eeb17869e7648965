#!/usr/bin/env bash
# make demo: verifies the sample images with the sample key, prints the table, and fails if one verdict is wrong.
set -uo pipefail
cd "$(dirname "$0")/.."
ringkey=${1:-.build/release/ringkey}
key=samples/demo.key.json

table=$(mktemp)
trap 'rm -f "$table"' EXIT
"$ringkey" verify samples/images/*.png samples/images/hard/* --key "$key" --model samples/grove | tee "$table"
status=${PIPESTATUS[0]}
if ((status != 0)); then
    echo "demo: ringkey verify ended with $status instead of 0" >&2
    exit 1
fi

wrong=$(awk '/^samples\// {
    expected = $1 ~ /\/marked-/ ? "watermarked" : "not_watermarked"
    if ($2 != expected) print "demo: " $1 " is " $2 ", should be " expected
    count++
}
END { if (count != 19) print "demo: " count " verdicts, should be 19" }' "$table")
if [[ -n $wrong ]]; then
    echo "$wrong" >&2
    exit 1
fi
echo
echo "Every verdict is right."
