#!/usr/bin/env bash
# Runs the paper's experiments on samples/grove and writes docs/reproduction.md.
#   benchmarks/reproduce/run.sh [arguments of reproduce.py]      (or: make reproduce)
set -euo pipefail
cd "$(dirname "$0")/../.."
python=$(scripts/python-env.sh)
exec "$python" benchmarks/reproduce/reproduce.py "$@"
