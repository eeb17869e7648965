#!/usr/bin/env bash
# make bench: times the tool against the same work in Python and rewrites the tables of docs/benchmarks.md.
set -euo pipefail
cd "$(dirname "$0")/.."
python=$(scripts/python-env.sh)
"$python" -W ignore benchmarks/bench.py "${1:-.build/release/ringkey}"
