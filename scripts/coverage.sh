#!/usr/bin/env bash
# Line coverage of Sources by all tests, by target and in all.
# scripts/coverage.sh [OPTION OF swift test …], such as --filter TensorsTests
#
# The tests run the tool in processes of its own; LLVM_PROFILE_FILE reaches them, too. Every process writes a file, named by
# %p: one file that all add to (%m) is torn by the test that limits the size of files. A process that dies by a signal
# writes nothing, and what a limit tore is left out.
set -euo pipefail
cd "$(dirname "$0")/.."
export SWIFT_BACKTRACE=${SWIFT_BACKTRACE:-enable=no}
options=(-c release --scratch-path .build-coverage)
llvm=$(dirname "$(readlink -f "$(command -v swift)")")

swift build "${options[@]}" --build-tests --enable-code-coverage
binaries=$(swift build "${options[@]}" --show-bin-path)
profiles=$binaries/profiles
rm -rf "$profiles"
mkdir -p "$profiles"
LLVM_PROFILE_FILE=$profiles/%p.profraw swift test "${options[@]}" --skip-build "$@"

find "$profiles" -name '*.profraw' > "$profiles/files"
"$llvm/llvm-profdata" merge -sparse -failure-mode=all -input-files "$profiles/files" -o "$profiles/all.profdata"
# Columns of the report: file, three of regions, three of functions, lines, lines missed, …
"$llvm/llvm-cov" report -use-color=false -instr-profile "$profiles/all.profdata" \
    "$binaries/ringkeyPackageTests.xctest" -object "$binaries/ringkey" \
    -ignore-filename-regex '(/Tests/|/benchmarks/|/\.build)' Sources |
    awk '
        $1 ~ /\.(swift|c|h)$/ {
            target = $1
            sub(/^.*Sources\//, "", target)
            sub(/\/.*$/, "", target)
            lines[target] += $8; missed[target] += $9; allLines += $8; allMissed += $9
        }
        function row(name, lines, missed) {
            return sprintf("| %-16s | %6d | %7d | %5.1f %% |", name, lines, lines - missed, 100 * (lines - missed) / lines)
        }
        END {
            if (!allLines) { print "no coverage found" > "/dev/stderr"; exit 1 }
            print "| target           |  lines | covered |   share |"
            print "| :-- | --: | --: | --: |"
            fflush()
            for (target in lines) if (lines[target]) print row(target, lines[target], missed[target]) | "sort"
            close("sort")
            print row("all", allLines, allMissed)
        }'
