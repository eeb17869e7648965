#!/usr/bin/env bash
# Makes the Python environment that the comparisons use (.venv): PyTorch on the CPU, diffusers, NumPy. Not needed for
# ringkey itself. Prints the interpreter's path; RINGKEY_PYTHON names one that has these packages already.
set -euo pipefail
cd "$(dirname "$0")/.."
if [[ -n ${RINGKEY_PYTHON:-} ]]; then
    echo "$RINGKEY_PYTHON"
    exit
fi
if [[ ! -x .venv/bin/python ]]; then
    echo "python-env: building .venv (PyTorch and diffusers, several gigabytes)" >&2
    python3 -m venv .venv.partial
    .venv.partial/bin/python -m pip install --quiet --disable-pip-version-check -r scripts/python-requirements.txt >&2
    rm -rf .venv.partial/bin/activate*
    mv .venv.partial .venv
fi
echo .venv/bin/python
