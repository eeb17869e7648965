#!/usr/bin/env bash
# make dist-test: installs what make dist made in a bare Debian 12, once as the tarball and once as the packages, runs it
# there, and compares its verdicts with those of the binary in .build (or of the one in dist/, if there is no other).
#
# Needs root, for debootstrap and chroot; says so and ends with 0 where it is not root. Debian comes from the mirror that apt
# is set up with, or from DIST_TEST_MIRROR. The bare system is kept in .build-dist/debian-12.tar and made once.
set -euo pipefail
cd "$(dirname "$0")/.."
export LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive

if ((EUID != 0)); then
    echo "dist-test: skipped: needs root, for debootstrap and chroot" >&2
    exit 0
fi
# Mounts of this script are its own, and go with it.
if [[ -z ${DIST_TEST_INSIDE:-} ]]; then
    DIST_TEST_INSIDE=1 exec unshare --mount --propagation private "$0" "$@"
fi

fail() {
    echo "dist-test: $*" >&2
    exit 1
}
tarballs=(dist/ringkey-*-linux-"$(uname -m)".tar.gz)
tarball=${tarballs[0]}
[[ -f $tarball ]] || fail "expected what make dist makes in dist/, found no ${tarball}"
name=$(basename "$tarball" .tar.gz)
version=${name#ringkey-}
version=${version%%-linux-*}

temporary=$(mktemp -d)
trap 'umount "$temporary/root/proc" 2> /dev/null; rm -rf --one-file-system "$temporary"' EXIT
root=$temporary/root
bare=.build-dist/debian-12.tar
if [[ ! -f $bare ]]; then
    command -v debootstrap > /dev/null || { apt-get update -qq && apt-get install -y -qq debootstrap > /dev/null; }
    mirror=${DIST_TEST_MIRROR:-$(apt-get indextargets --format '$(SITE) $(CODENAME)' 'Created-By: Packages' |
        awk '$2 == "bookworm" { print $1; exit }')}
    [[ -n $mirror ]] || fail "expected a mirror of Debian 12 in apt's sources, found none: name one in DIST_TEST_MIRROR"
    echo "dist-test: making a bare Debian 12"
    debootstrap --variant=minbase bookworm "$root" "$mirror" > "$temporary/debootstrap.log" 2>&1 ||
        fail "debootstrap failed: $(tail -3 "$temporary/debootstrap.log")"
    rm -f "$root"/var/cache/apt/archives/*.deb
    mkdir -p .build-dist
    tar -C "$root" -cf "$bare.new" . && mv "$bare.new" "$bare"
else
    mkdir "$root"
    tar -C "$root" -xf "$bare"
fi
cp /etc/resolv.conf "$root/etc/resolv.conf"
mount -t proc proc "$root/proc" || fail "cannot mount /proc in the bare system: more rights are needed"
inside() { chroot "$root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root "$@"; }

# answers SAMPLES COMMAND…: the exit code and the verdict on each image, without what the place and the time change.
images=(marked-6.png clean-1.png hard/marked-jpeg75.jpg hard/other-key.png)
answers() {
    local samples=$1 image line status
    shift
    for image in "${images[@]}"; do
        status=0
        line=$("$@" "$samples/images/$image" --key "$samples/demo.key.json" --json --threads 1) || status=$?
        echo "$status $(python3 scripts/dist/members.py <<< "$line")"
    done
}
reference=.build/release/ringkey
[[ -x $reference ]] || reference=.build-dist/release/ringkey-stripped
expected=$temporary/expected
answers samples "$reference" verify --model samples/grove > "$expected"

# checked NAME RINGKEY SAMPLES MODEL…: the tool of the bare system gives the same codes and numbers, without being told where
# its libraries are.
checked() {
    local what=$1 ringkey=$2 samples=$3
    shift 3
    [[ $(inside "$ringkey" --version) == "$version" ]] || fail "$what: --version is not $version"
    if inside ldd "$ringkey" | grep 'not found'; then fail "$what: a library is missing"; fi
    answers "$samples" inside "$ringkey" verify "$@" > "$temporary/found"
    diff -u "$expected" "$temporary/found" || fail "$what: verdicts differ from those of $reference"
    inside "$ringkey" audit "$samples/images/hard" --key "$samples/demo.key.json" -o /tmp/r.jsonl --quiet "$@" > /dev/null
    inside "$ringkey" report /tmp/r.jsonl -o /tmp/r.html --quiet > /dev/null
    inside "$ringkey" keygen --latent 4x32x32 -o /tmp/k.json > /dev/null
    rm -f "$root"/tmp/{r.jsonl,r.html,k.json}
    echo "dist-test: $what: $(wc -l < "$expected") verdicts are those of $reference"
}

echo "dist-test: checksums and bill of materials"
(cd dist && sha256sum --quiet -c SHA256SUMS)

tar -C "$root/opt" -xf "$tarball"
tar -C "$root/opt" -xf "dist/ringkey-samples-$version.tar.gz"
python3 scripts/dist/check_bill.py "dist/$name.cdx.json" "$root/opt/$name"
checked tarball "/opt/$name/bin/ringkey" "/opt/ringkey-samples-$version/samples" \
    --model "/opt/ringkey-samples-$version/samples/grove"
rm -rf "$root/opt/$name" "$root/opt/ringkey-samples-$version"

cp dist/*.deb "$root/tmp"
inside DEBIAN_FRONTEND=noninteractive apt-get update -qq
inside DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
    "/tmp/ringkey_${version}_$(dpkg --print-architecture).deb" "/tmp/ringkey-samples_${version}_all.deb" \
    > "$temporary/apt.log" 2>&1 || fail "apt-get install failed: $(tail -5 "$temporary/apt.log")"
# The samples' model is found without being named.
checked packages /usr/bin/ringkey /usr/share/ringkey/samples
scripts/dist/check_manual.sh "$root/usr"
inside apt-get purge -y -qq ringkey ringkey-samples > /dev/null 2>&1
left=$(find "$root/usr" -path '*ringkey*' -print)
[[ -z $left ]] || fail "left after the packages are removed: $left"
echo "dist-test: everything is right"
