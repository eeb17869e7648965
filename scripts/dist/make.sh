#!/usr/bin/env bash
# make dist: everything that is passed on, in dist/. Packing a build again gives the same files.
set -euo pipefail
cd "$(dirname "$0")/../.."
here=scripts/dist
export SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)}
export LC_ALL=C.UTF-8
umask 022

for tool in dpkg-deb dpkg-shlibdeps python3 git; do
    command -v "$tool" > /dev/null || {
        echo "dist: expected $tool, found none; on Debian: apt-get install dpkg-dev python3 git" >&2
        exit 1
    }
done

binary=$($here/build.sh)
version=$("$binary" --version)
name=ringkey-$version-linux-$(uname -m)
rm -rf dist
mkdir -p dist
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# archive FOLDER: a tarball of a folder in the work folder, the same bytes every time.
archive() {
    tar -C "$work" --sort=name --mtime="@$SOURCE_DATE_EPOCH" --owner=0 --group=0 --numeric-owner -cf - "$1" |
        gzip -9n > "dist/$1.tar.gz"
}

# The program, with the libraries that a machine may not have.
root=$work/$name
$here/stage.sh "$binary" "$root"
documents=$root/share/doc/ringkey
$here/notices.sh tarball >> "$documents/LICENSE"
$here/libraries.sh "$binary" | while IFS=$'\t' read -r package _ place _ file; do
    [[ $place == inside ]] || continue
    install -D -m 644 "$(readlink -f "$file")" "$root/lib/ringkey/$(basename "$file")"
    install -D -m 644 "/usr/share/doc/$package/copyright" "$documents/third-party/$package/copyright"
done
python3 $here/sbom.py "$binary" "$root" > "dist/$name.cdx.json"
install -m 644 "dist/$name.cdx.json" "$documents/ringkey.cdx.json"
archive "$name"

# The samples, as the commands in the documentation name them.
samples=$work/ringkey-samples-$version/samples
mkdir -p "$samples"
cp -r samples/grove samples/images samples/README.md samples/*.key.json "$samples"
chmod 600 "$samples"/*.key.json
archive "ringkey-samples-$version"

$here/debian.sh "$binary" "$samples" dist
git diff --quiet HEAD || echo "dist: note: files differ from the last commit; the source archive has the commit" >&2
git archive --format=tar --prefix="ringkey-$version/" HEAD | gzip -9n > "dist/ringkey-$version-source.tar.gz"
(cd dist && sha256sum -- * > "$work/SHA256SUMS" && mv "$work/SHA256SUMS" .)
(cd dist && du -h -- *)
