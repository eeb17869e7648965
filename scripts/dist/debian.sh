#!/usr/bin/env bash
# Makes the Debian packages: ringkey from a binary, ringkey-samples from a folder of samples.
# scripts/dist/debian.sh BINARY SAMPLES FOLDER
#
# What the binary needs is found by dpkg-shlibdeps; what it loads when it can is in recommends.txt.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
binary=$(realpath "$1")
samples=$(realpath "$2")
output=$(realpath "$3")
version=$("$binary" --version)
maintainer='The ringkey authors <ringkey@packages.invalid>'
temporary=$(mktemp -d)
trap 'rm -rf "$temporary"' EXIT

# fields PACKAGE ARCHITECTURE FOLDER: the first lines of a control file.
fields() {
    echo "Package: $1"
    echo "Version: $version"
    echo "Architecture: $2"
    echo "Maintainer: $maintainer"
    echo "Installed-Size: $(du -k -s --apparent-size "$3" | cut -f 1)"
    echo "Section: graphics"
    echo "Priority: optional"
}

# pack FOLDER FILE COMPRESSION: md5sums, one time for all files, one owner, and the archive.
pack() {
    local folder=$1
    (cd "$folder" && find usr -type f -print0 | LC_ALL=C sort -z | xargs -0 md5sum > DEBIAN/md5sums)
    find "$folder" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
    dpkg-deb --root-owner-group "-Z$3" --build "$folder" "$2" > /dev/null
}

root=$temporary/ringkey
mkdir -p "$root/DEBIAN" "$temporary/source/debian"
"$here/stage.sh" "$binary" "$root/usr" debian
documents=$root/usr/share/doc/ringkey
{ cat LICENSE; "$here/notices.sh" debian; } > "$documents/copyright"
rm "$documents/LICENSE"
# dpkg-shlibdeps wants a source package around it.
printf 'Source: ringkey\n\nPackage: ringkey\nArchitecture: any\n' > "$temporary/source/debian/control"
depends=$(cd "$temporary/source" &&
    dpkg-shlibdeps --warnings=0 -O -e "$root/usr/bin/ringkey" -e "$root"/usr/lib/ringkey/libonnxruntime.so.* |
    sed 's/^shlibs:Depends=//')
recommends=$(grep -v '^#' "$here/recommends.txt" | paste -s -d , | sed 's/,/, /g')
{
    fields ringkey "$(dpkg --print-architecture)" "$root/usr"
    echo "Depends: $depends"
    echo "Recommends: $recommends"
    echo "Suggests: ringkey-samples"
    echo "Description: verify noise-space (tree-ring) watermarks in images"
    echo " Takes an image back to the noise that a diffusion model made it from, and"
    echo " says how likely its agreement with a key would be by chance: an exact p-value."
    echo " ONNX Runtime is inside; no Python and no GPU are needed."
} > "$root/DEBIAN/control"
pack "$root" "$output/ringkey_${version}_$(dpkg --print-architecture).deb" xz

root=$temporary/ringkey-samples
mkdir -p "$root/DEBIAN" "$root/usr/share/ringkey"
cp -r "$samples" "$root/usr/share/ringkey/samples"
# Everyone may read these keys: they are public.
chmod 644 "$root"/usr/share/ringkey/samples/*.key.json
install -D -m 644 "$here/samples-copyright.txt" "$root/usr/share/doc/ringkey-samples/copyright"
{
    fields ringkey-samples all "$root/usr"
    echo "Enhances: ringkey"
    echo "Description: sample model, keys and images for ringkey"
    echo " A small diffusion model, two public keys, and images with and without their"
    echo " marks: what the commands in ringkey's documentation run on."
} > "$root/DEBIAN/control"
pack "$root" "$output/ringkey-samples_${version}_all.deb" gzip # weights hardly get smaller
