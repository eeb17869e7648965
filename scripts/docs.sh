#!/usr/bin/env bash
# Builds the documentation of RingkeyKit and of the modules with the protocols; a warning is an error.
# Usage: docs.sh [MODULE...]
set -euo pipefail
cd "$(dirname "$0")/.."

# Only with this does Package.swift depend on swift-docc-plugin.
export RINGKEY_DOCS=1
output=.build/docs
modules=("$@")
((${#modules[@]})) || modules=(RingkeyKit Models Marks Attempts Items Verification)

mkdir -p "$output"
for module in "${modules[@]}"; do
    log=$output/$module.log
    if ! swift package -c release --allow-writing-to-directory "$output" generate-documentation \
        --target "$module" --output-path "$output/$module" --warnings-as-errors >"$log" 2>&1; then
        cat "$log" >&2
        echo "docs: $module has no documentation without warnings" >&2
        exit 1
    fi
    echo "$output/$module"
done
