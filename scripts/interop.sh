#!/usr/bin/env bash
# make interop: the comparisons of scripts/interop.py in the pinned Python environment.
set -euo pipefail
cd "$(dirname "$0")/.."
python=$(scripts/python-env.sh)
"$python" scripts/interop.py "${1:-.build/release/ringkey}" samples/grove
