#!/usr/bin/env bash
# Installs what ringkey needs and is missing: Debian packages by apt, libonnxruntime into .deps/.
# Does nothing, quickly, when everything is there.
set -euo pipefail
cd "$(dirname "$0")/.."

fail() {
    echo "deps: $*" >&2
    exit 1
}

command -v swift >/dev/null || fail "no swift found; install Swift 6 from https://www.swift.org/install/linux/ first"

# pkg-config name -> Debian package
declare -A packages=(
    [fftw3f]=libfftw3-dev [libpng]=libpng-dev [libturbojpeg]=libturbojpeg0-dev
    [libwebp]=libwebp-dev [libsodium]=libsodium-dev
)
missing=()
command -v pkg-config >/dev/null || missing+=(pkg-config)
command -v unzip >/dev/null || missing+=(unzip)
for name in "${!packages[@]}"; do
    pkg-config --exists "$name" 2>/dev/null || missing+=("${packages[$name]}")
done
# Pictures as PNG: librsvg is loaded when one is drawn, and needs a font. No headers.
ldconfig=$(PATH=$PATH:/sbin:/usr/sbin command -v ldconfig || true)
[[ -n $ldconfig && $("$ldconfig" -p) == *librsvg-2.so.2* ]] || missing+=(librsvg2-2)
[[ -n $(find /usr/share/fonts /usr/local/share/fonts -name DejaVuSans.ttf -print -quit 2>/dev/null) ]] ||
    missing+=(fonts-dejavu-core)
# Further image formats: their libraries are loaded when such a file is met. No headers.
[[ -n $ldconfig && $("$ldconfig" -p) == *libtiff.so.[56]* ]] || missing+=('^libtiff[56]$')
[[ -n $ldconfig && $("$ldconfig" -p) == *libheif.so.1* ]] || missing+=(libheif1)
[[ -n $ldconfig && $("$ldconfig" -p) == *libjxl.so.0.* ]] || missing+=('^libjxl0[.][0-9]+$')
python=""
for candidate in python3 python; do
    if "$candidate" -m pip --version >/dev/null 2>&1; then
        python=$candidate
        break
    fi
done
library=.deps/onnxruntime/capi/libonnxruntime.so.1.31.1
if [[ ! -f $library && -z $python ]]; then missing+=(python3-pip); fi

if ((${#missing[@]})); then
    command -v apt-get >/dev/null ||
        fail "missing ${missing[*]} (Debian names), and there is no apt-get here: install their equivalents by hand"
    run=()
    if ((EUID != 0)); then
        command -v sudo >/dev/null || fail "missing ${missing[*]}; as root: apt-get install ${missing[*]}"
        run=(sudo)
    fi
    echo "deps: installing ${missing[*]}"
    export DEBIAN_FRONTEND=noninteractive
    "${run[@]}" apt-get update -qq
    "${run[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null ||
        fail "apt-get could not install ${missing[*]}"
    python=${python:-python3}
fi

if [[ ! -f $library ]]; then
    case $(uname -m) in
    x86_64 | aarch64) ;;
    *) fail "no libonnxruntime is pinned for $(uname -m): install ONNX Runtime by hand and set RINGKEY_ONNXRUNTIME" ;;
    esac
    echo "deps: fetching libonnxruntime 1.31.1 into .deps"
    temporary=$(mktemp -d)
    trap 'rm -rf "$temporary"' EXIT
    # The platform flags name one wheel, whatever Python runs pip.
    "$python" -m pip download --quiet --disable-pip-version-check --no-deps --only-binary=:all: --require-hashes \
        --python-version 3.11 --implementation cp --abi cp311 --platform "manylinux_2_28_$(uname -m)" \
        -r scripts/onnxruntime.txt -d "$temporary"
    unzip -q -o "$temporary"/onnxruntime-*.whl 'onnxruntime/capi/libonnxruntime.so*' onnxruntime/LICENSE \
        onnxruntime/ThirdPartyNotices.txt -d "$temporary/out"
    mkdir -p .deps
    rm -rf .deps/onnxruntime
    mv "$temporary/out/onnxruntime" .deps/onnxruntime
fi
