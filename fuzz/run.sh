#!/usr/bin/env bash
# Feeds every reader of bytes with made-up inputs: fuzz/run.sh [SECONDS a target] [TARGET...]
#
# libFuzzer with coverage and AddressSanitizer. New inputs go to .build-fuzz/corpus, so that the next run goes on where this
# one ended; what traps, hangs or takes too much memory goes to .build-fuzz/crashes and ends in exit code 1. The seed of the
# run is printed; RINGKEY_FUZZ_SEED sets it. RINGKEY_FUZZ_LOG names a file to which one line a target is added:
# target, executions, inputs kept, seconds.
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=${1:-60}
shift || true
build=.build-fuzz
mkdir -p "$build"
RINGKEY_FUZZ=1 swift build -c release --scratch-path "$build" --product fuzz \
    -Xswiftc -sanitize=fuzzer,address -Xcc -fsanitize=fuzzer-no-link,address \
    -Xswiftc -use-ld=lld > "$build/build.log" 2>&1 || { tail -40 "$build/build.log"; exit 1; }
binary=$build/release/fuzz
"$binary" --list > "$build/targets"
if [ $# -gt 0 ]; then targets=("$@"); else mapfile -t targets < <(cut -d' ' -f1 "$build/targets"); fi
seed=${RINGKEY_FUZZ_SEED:-$(date +%s)}
echo "fuzzing ${#targets[@]} targets, $seconds s each, seed $seed"

# One target: its last lines go to standard output, its own log to .build-fuzz/logs.
fuzz() {
    local target=$1 corpus="$build/corpus/$1" crashes="$build/crashes/$1" log="$build/logs/$1.log"
    mkdir -p "$corpus" "$crashes" "$build/logs"
    local status=0 folders=() folder
    for folder in $(awk -v target="$target" '$1 == target { $1 = ""; print }' "$build/targets"); do
        if [ -d "$folder" ]; then folders+=("$folder"); fi
    done
    [ ${#folders[@]} -gt 0 ] || { echo "$target: no such target, or no seeds"; return 1; }
    ASAN_OPTIONS=detect_leaks=0:allocator_may_return_null=1 SWIFT_BACKTRACE=enable=no \
        "$binary" "$target" "$corpus" "${folders[@]}" \
        -max_total_time="$seconds" -max_len=32768 -timeout=20 -rss_limit_mb=3072 -malloc_limit_mb=2048 \
        -use_value_profile=1 -seed="$seed" -print_final_stats=1 -artifact_prefix="$crashes/" > "$log" 2>&1 || status=$?
    local executions kept
    executions=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
    kept=$(find "$corpus" -type f | wc -l)
    printf '%-14s %12s executions %6s inputs kept%s\n' "$target" "${executions:-?}" "$kept" \
        "$([ $status -eq 0 ] || echo "  FAILED: $log")"
    if [ -n "${RINGKEY_FUZZ_LOG:-}" ]; then
        printf '%s\t%s\t%s\t%s\n' "$target" "${executions:-0}" "$kept" "$seconds" >> "$RINGKEY_FUZZ_LOG"
    fi
    return $status
}
export -f fuzz
export build binary seconds seed
printf '%s\n' "${targets[@]}" | xargs -P "$(nproc)" -I{} bash -c 'set -euo pipefail; fuzz {}'
