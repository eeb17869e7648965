#!/usr/bin/env bash
# Lays an installed ringkey out below a folder: bin, lib/ringkey, share.
# scripts/dist/stage.sh BINARY FOLDER [LAYOUT]
#
# LAYOUT is debian where completions go where Debian's packages put them, not where a local installation does.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
repository=$(cd "$here/../.." && pwd)
binary=$(realpath "$1")
folder=$2
layout=${3:-local}
case $layout in
local) zsh=site-functions ;;
debian) zsh=vendor-completions ;;
*)
    echo "stage.sh: expected local or debian, found $layout" >&2
    exit 64
    ;;
esac

# release is the date of what is built, so that the same sources give the same page.
version=$("$binary" --version)
release=${SOURCE_DATE_EPOCH:-$(git -C "$repository" log -1 --format=%ct 2>/dev/null || date +%s)}
temporary=$(mktemp -d)
trap 'rm -rf "$temporary"' EXIT

install -D -m 755 "$binary" "$folder/bin/ringkey"
install -D -m 644 "$repository"/.deps/onnxruntime/capi/libonnxruntime.so.* -t "$folder/lib/ringkey"

"$binary" --experimental-dump-help |
    python3 "$here/man_page.py" "$version" "$(date -u -d "@$release" +%F)" | gzip -9n > "$temporary/ringkey.1.gz"
for shell in bash zsh fish; do "$here/completions.sh" "$binary" "$shell" > "$temporary/$shell"; done
install -D -m 644 "$temporary/ringkey.1.gz" "$folder/share/man/man1/ringkey.1.gz"
install -D -m 644 "$temporary/bash" "$folder/share/bash-completion/completions/ringkey"
install -D -m 644 "$temporary/zsh" "$folder/share/zsh/$zsh/_ringkey"
install -D -m 644 "$temporary/fish" "$folder/share/fish/vendor_completions.d/ringkey.fish"

documents=$folder/share/doc/ringkey
install -D -m 644 "$repository"/{LICENSE,README.md,CHANGELOG.md} -t "$documents"
install -D -m 644 "$repository"/docs/*.md -t "$documents/docs"
install -D -m 644 "$repository"/docs/schemas/* -t "$documents/docs/schemas"

# The licences of what is inside the binary and beside it.
toolchain=$(dirname "$(readlink -f "$(command -v swift)")")/..
install -D -m 644 "$toolchain/share/swift/LICENSE.txt" "$documents/third-party/swift/LICENSE.txt"
install -D -m 644 "$repository/.build-dist/checkouts/swift-argument-parser/LICENSE.txt" \
    -t "$documents/third-party/swift-argument-parser"
install -D -m 644 "$repository"/.deps/onnxruntime/{LICENSE,ThirdPartyNotices.txt} -t "$documents/third-party/onnxruntime"
