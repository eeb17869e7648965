"""Fills the tables of docs/calibration.md from results.md.

    python3 benchmarks/false_positives/page.py
"""

import pathlib
import re
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
import document

KINDS = ("spread, all channels", "spread, one channel", "ring, all channels", "ring, one channel",
         "Tree-Ring package's ring, one channel")
NULLS = ("no null", "null of the model's own images", "null of all images")
NOMINAL = ("0.01", "0.001", "0.0001", "1e-05")


def cells(line):
    return [cell.strip() for cell in line.strip("| \n").split(" | ")]


def parse(text):
    """{(look, null): rows}."""
    tables, look, null = {}, None, None
    for line in text.splitlines():
        if heading := re.match(r"# (.+)", line):
            look = heading[1]
        elif heading := re.match(r"## (.+)", line):
            null = heading[1]
        elif line.startswith("| ") and null:
            tables.setdefault((look, null), []).append(cells(line))
    return tables


def rates(tables):
    rows = []
    for (look, null), table in tables.items():
        if null != NULLS[0]:
            continue
        for kind in KINDS:
            found = {row[1]: row for row in table if row[0] == kind and len(row) == 5}
            rows.append([f"`{look}`", kind, *(
                f"{found[level][3]} ({found[level][4].replace(' ... ', '…')})" for level in NOMINAL)])
    return document.table(["look", "keys", *NOMINAL[:3], "0.00001"], rows)


def intervals(tables):
    """How many intervals hold the nominal rate, lie below it, lie above it."""
    held = below = above = 0
    for table in tables.values():
        for row in table:
            if len(row) == 5 and row[0] in KINDS:
                low, high = map(float, row[4].split(" ... "))
                nominal = float(row[1])
                held, below, above = held + (low <= nominal <= high), below + (high < nominal), above + (low > nominal)
    return f"Of {held + below + above} such intervals {held} hold the nominal rate, {below} lie below it and {above} above."


def single_keys(tables):
    rows = []
    for look in dict.fromkeys(look for look, _ in tables):
        for kind in KINDS:
            row = [f"`{look}`", kind]
            for null in NULLS:
                found = next(r for r in tables[look, null]
                             if r[0] == kind and r[1] == "the model's images" and len(r) == 7)
                shares = found[5].split(", ")
                row.append(f"{float(found[4]):.4f}; {float(shares[3]):.3f}, {float(shares[4]):.3f}")
            rows.append(row)
    return document.table(["look", "keys", "without", "calibrated on grove's images", "calibrated on all"], rows)


def power(tables):
    rows = []
    for look in dict.fromkeys(look for look, _ in tables):
        marked = [{r[0]: r for r in tables[look, null] if len(r) == 5 and r[0] not in KINDS and r[1].isdigit()}
                  for null in NULLS]
        for name in marked[0]:
            rows.append([f"`{look}`", name, *(f"{table[name][3]}, {table[name][4]}" for table in marked)])
    return document.table(["look", "images", "without", "calibrated on grove's images", "calibrated on all"], rows)


def main():
    tables = parse((HERE / "results.md").read_text())
    document.write(HERE.parents[1] / "docs/calibration.md", {
        "rates": rates(tables), "intervals": intervals(tables), "keys": single_keys(tables), "power": power(tables)})


main()
