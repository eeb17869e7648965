#!/usr/bin/env bash
# make demo: verifies the sample images with the sample key, prints the table, and fails if one verdict is wrong; then
# audits them and writes the report .build/demo/report.html.
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

# The same images as an audit, and its report.
out=.build/demo
rm -rf "$out"
mkdir -p "$out"
echo
"$ringkey" audit samples/images --key "$key" --model samples/grove -o "$out/results.jsonl" || exit 1
{
    echo path,label
    for image in samples/images/*.png samples/images/hard/*; do
        [[ $image == */marked-* ]] && echo "$image,watermarked" || echo "$image,clean"
    done
} > "$out/labels.csv"
"$ringkey" report "$out/results.jsonl" --labels "$out/labels.csv" -o "$out/report.html" || exit 1
echo "$out/report.html: the report of the audit"
