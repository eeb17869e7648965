#!/usr/bin/env bash
# The tests of the libraries, then a verification and an audit by the tool, under a sanitizer.
# scripts/sanitize.sh thread|address [OPTION OF swift test …], such as --filter AuditingTests
#
# The command-line tests are left out: they run the same code in hundreds of processes, at a tenth of its speed.
set -euo pipefail
cd "$(dirname "$0")/.."
export SWIFT_BACKTRACE=${SWIFT_BACKTRACE:-enable=no}
kind=${1:?thread or address}
shift
suppressions=$PWD/scripts/sanitizers
case $kind in
thread) export TSAN_OPTIONS="suppressions=$suppressions/thread.txt exitcode=66 ${TSAN_OPTIONS:-}" ;;
address)
    export ASAN_OPTIONS="detect_leaks=1 exitcode=66 ${ASAN_OPTIONS:-}"
    export LSAN_OPTIONS="suppressions=$suppressions/leaks.txt print_suppressions=0 ${LSAN_OPTIONS:-}"
    ;;
*)
    echo "sanitize.sh: expected thread or address, found $kind" >&2
    exit 64
    ;;
esac
options=(-c release --scratch-path ".build-$kind" --sanitize "$kind")

swift build "${options[@]}" --build-tests
swift test "${options[@]}" --skip-build --skip CLITests "$@"

tool=$(swift build "${options[@]}" --show-bin-path)/ringkey
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$tool" verify samples/images/marked-1.png --key samples/demo.key.json --all-looks --decoys 100
"$tool" audit samples/images --key samples/demo.key.json --looks none/0,anderson:2/2 --decoys 100 \
    -o "$folder/r.jsonl"
echo "$kind sanitizer: nothing found"
