#!/usr/bin/env bash
# Times ringkey against the same work in PyTorch and writes the tables of docs/benchmarks.md.
#   benchmarks/run.sh [path/to/ringkey]      (or: make bench)
set -euo pipefail
cd "$(dirname "$0")/.."
python=$(scripts/python-env.sh)
exec "$python" benchmarks/bench.py "${1:-.build/release/ringkey}"
