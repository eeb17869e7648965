#!/usr/bin/env python3
"""Compares two files of results of audits, line order and timings aside.

    python3 scripts/scale_out/compare_results.py ONE.jsonl OTHER.jsonl

By path, verdict, hash of the file and cosine (to three places: batches of another size add in another order) have to
agree, or the class of failure. Ends with 1 where they do not.
"""

import json
import sys


def ends(lines):
    """What became of each path; of several lines of a path, the last one holds."""
    found = {}
    for line in lines:
        record = json.loads(line)
        if record["format"] == "ringkey.audit/1":
            continue
        end = record.get("code") or (record["verdict"], record["sha256"], round(record["cosine"], 3))
        found[record.get("path_base64", record["path"])] = end
    return found


def compare(one, other):
    """Prints what differs.

    Returns whether nothing does."""
    differing = sorted(path for path in one.keys() | other.keys() if one.get(path) != other.get(path))
    for path in differing[:10]:
        print(f"{path}: {one.get(path)} and {other.get(path)}", file=sys.stderr)
    print(f"{len(differing)} of {len(one.keys() | other.keys())} files differ")
    return not differing


if __name__ == "__main__":
    files = [ends(open(name, encoding="utf-8")) for name in sys.argv[1:3]]
    sys.exit(0 if compare(*files) else 1)
