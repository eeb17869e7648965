#!/usr/bin/env python3
"""Writes the table of docs/science.md that benchmarks/recovered_marks.sh has measured in a work folder.

    python3 benchmarks/recovered_marks.py WORK
"""

import json
import pathlib
import sys

import document

ROOT = pathlib.Path(__file__).resolve().parent.parent
KINDS = {
    "spread-4": "`spread`, four channels", "ring-4": "`ring`, four channels", "ring-1": "`ring`, one channel",
    "reference-ring": "the reference's `ring`, one channel"}


def main():
    rows = []
    for kind, name in KINDS.items():
        for state in ("png", "jpeg"):
            path = pathlib.Path(sys.argv[1], kind, f"{state}.json")
            if not path.exists():
                continue
            recoveries = json.loads(path.read_text())["recoveries"]
            cells = [f"{r['signal_to_noise_before']:.2g}, {r['signal_to_noise']:.2g}" for r in recoveries]
            rows.append([name, "JPEG 50" if state == "jpeg" else "plain", *cells])
    heads = ["/".join(recovery["look"].split("/")[:2]) for recovery in recoveries]
    document.write(ROOT / "docs/science.md", {"recovered-marks": document.table(
        ["key", "images", *[f"`{head}`: without, with calibration" for head in heads]], rows)})


if __name__ == "__main__":
    main()
