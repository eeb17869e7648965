#!/usr/bin/env python3
"""Sums the lines that run.sh added to a log, into the table of docs/reliability.md: fuzz/page.py LOG"""
import collections
import pathlib
import sys

root = pathlib.Path(__file__).resolve().parent.parent
sys.path.append(str(root / "benchmarks"))
import document

executions, kept, seconds = collections.Counter(), {}, collections.Counter()
for line in pathlib.Path(sys.argv[1]).read_text().splitlines():
    target, count, inputs, duration = line.split("\t")
    executions[target] += int(count)
    kept[target] = int(inputs)
    seconds[target] += int(duration)
rows = [[target, f"{executions[target]:,}", kept[target], f"{seconds[target] / 60:.0f}"] for target in sorted(kept)]
rows.append(["all", f"{sum(executions.values()):,}", sum(kept.values()), f"{sum(seconds.values()) / 60:.0f}"])
document.write(root / "docs" / "reliability.md",
               {"fuzz": document.table(["target", "executions", "inputs kept", "minutes"], rows)})
