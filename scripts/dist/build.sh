#!/usr/bin/env bash
# Builds the binary that is passed on and prints its path: Swift's runtime is linked into it, and it looks for libraries in
# ../lib/ringkey before the system's. A build of its own beside .build, because every target is compiled for it anew.
set -euo pipefail
cd "$(dirname "$0")/../.."

options=(
    -c release --product ringkey --scratch-path .build-dist --static-swift-stdlib --disable-local-rpath
    -Xlinker -rpath -Xlinker '$ORIGIN/../lib/ringkey'
)
swift build "${options[@]}" >&2
folder=$(swift build "${options[@]}" --show-bin-path)
strip -s -o "$folder/ringkey-stripped" "$folder/ringkey"
echo "$folder/ringkey-stripped"
