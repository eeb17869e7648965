#!/usr/bin/env python3
"""Checks a bill of materials against the unpacked tarball: every shared file is in it, with its hash.

    scripts/dist/check_bill.py BILL ROOT
"""

import hashlib
import json
import pathlib
import sys

bill = json.loads(pathlib.Path(sys.argv[1]).read_text())
root = pathlib.Path(sys.argv[2])
entries = [bill["metadata"]["component"], *bill["components"]]
listed = {part["content"]: entry["name"] for entry in entries for part in entry.get("hashes", [])}
found = {hashlib.sha256(file.read_bytes()).hexdigest(): file for file in [root / "bin/ringkey", *root.glob("lib/*/*")]}
problems = [f"{found[digest]} is not in the bill" for digest in found.keys() - listed.keys()]
problems += [f"{listed[digest]} of the bill is not in the tarball" for digest in listed.keys() - found.keys()]
wanted = ("licenses", "version", "purl")
problems += [f"{entry['name']} has no {name}" for entry in entries for name in wanted if not entry.get(name)]
for problem in problems:
    print(f"dist-test: bill of materials: {problem}", file=sys.stderr)
print(f"dist-test: bill of materials: {len(entries)} entries, {len(found)} files")
sys.exit(bool(problems) or not found)
