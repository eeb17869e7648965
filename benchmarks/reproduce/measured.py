"""What the rounds left in the work folder."""

import json
from pathlib import Path

import numpy as np

import ringkeys


def lines(folder):
    """All JSON lines of a folder's files, in the order of the rounds."""
    return [json.loads(text) for path in sorted(Path(folder).glob("*.jsonl")) for text in path.open()]


def by_method(folder):
    """Lines of each method."""
    table = {}
    for line in lines(folder):
        table.setdefault(line["method"], []).append(line)
    return table


def common(*tables):
    """The same tables with the images that every method of all of them was run on: the first rounds."""
    count = min(len(rows) for table in tables for rows in table.values())
    return [{method: rows[:count] for method, rows in table.items()} for table in tables]


def mean_errors(rows):
    """Mean over the images of the error after 0, 1, 2, ... evaluations."""
    return np.mean([row["nmse_db"] for row in rows], 0)


def first_at_most(errors, target):
    """The number of evaluations after which the mean error is at most the target; None where it never is."""
    reached = np.nonzero(np.asarray(errors) <= target)[0]
    return int(reached[0]) if len(reached) else None


def seconds(rows, evaluations, field="cpu_seconds"):
    """Mean over the images of the time of the first evaluations."""
    return float(np.mean([row[field][evaluations - 1] for row in rows]))


def confusion(work, method, effective, like=None):
    """Keys chosen for each true key, [3, 3]; `effective` compares with the key as marking leaves it.

    With `like` only images that this other method was run on, the first of a round.
    """
    keys = [ringkeys.spectrum(factors, (4, 32, 32)) for factors in ringkeys.FACTORS]
    if effective:
        keys = [ringkeys.effective(key) for key in keys]
    table = np.zeros((3, 3), int)
    for index in range(3):
        for folder in sorted((Path(work) / "table2" / f"recovered{index + 1}").glob("*/done")):
            if like and not (folder.parent / f"{like}.npy").exists():
                continue
            noise = np.load(folder.parent / f"{method}.npy")[: 1 if like else None]
            np.add.at(table[index], ringkeys.distances(noise, keys).argmin(1), 1)
    return table


def wilson(successes, count):
    """95 % interval of a proportion."""
    if count == 0:
        return 0.0, 1.0
    z, p = 1.96, successes / count
    middle, width = p + z * z / (2 * count), z * np.sqrt(p * (1 - p) / count + z * z / (4 * count * count))
    return (middle - width) / (1 + z * z / count), (middle + width) / (1 + z * z / count)
