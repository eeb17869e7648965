#!/usr/bin/env bash
# make interop: the comparisons with diffusers in the pinned Python environment. scripts/interop.py compares whole runs of
# the tool, scripts/interop/compare.py every class of networks and every form of checkpoints, verdicts.py what the forms
# change in verdicts. REAL is a folder of real configurations that scripts/interop/real.py made.
set -euo pipefail
cd "$(dirname "$0")/.."
ringkey=${1:-.build/release/ringkey}
real=${2:-}
python=$(scripts/python-env.sh)
status=0
"$python" scripts/interop.py "$ringkey" samples/grove || status=1
"$python" scripts/interop/compare.py --interop "$(dirname "$ringkey")/interop" ${real:+--real "$real"} || status=1
"$python" scripts/interop/verdicts.py --ringkey "$ringkey" || status=1
exit $status
