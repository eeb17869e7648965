#!/usr/bin/env bash
# Prints the shared libraries that a binary is linked with, a line each: package, version, where it belongs (inside or
# system), licence, file. Fails for one that libraries.tsv does not know.
# scripts/dist/libraries.sh BINARY
set -euo pipefail
table=$(dirname "$0")/libraries.tsv

ldd "$1" | awk '$2 == "=>" { print $3 } $1 ~ /^\// { print $1 }' | sort | while read -r file; do
    resolved=$(readlink -f "$file")
    # Packages name files by /usr/lib or by /lib, which are one folder.
    package=$(dpkg-query -S "$resolved" "${resolved#/usr}" 2>/dev/null | head -1 | cut -d : -f 1 || true)
    [[ -n $package ]] || {
        echo "dist: $file: expected a library of a Debian package, found none that has it" >&2
        exit 1
    }
    row=$(awk -F '\t' -v name="$package" '$1 == name' "$table")
    [[ -n $row ]] || {
        echo "dist: $package: expected a line in scripts/dist/libraries.tsv, found none" >&2
        exit 1
    }
    IFS=$'\t' read -r _ licence place <<< "$row"
    version=$(dpkg-query -W -f '${Version}' "$package")
    printf '%s\t%s\t%s\t%s\t%s\n' "$package" "$version" "$place" "$licence" "$file"
done
