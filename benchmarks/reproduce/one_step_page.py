"""Fills the tables of docs/one-step.md."""

import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
import document
import measured
import one_step


def ways(work):
    """Methods that were run, each with both inversions."""
    return [(method, inverse) for method in one_step.NAMES for inverse in one_step.INVERSES
            if one_step.finished(work, 1, method, inverse)]


def classification(work):
    rows = []
    for method, inverse in ways(work):
        row = [f"{one_step.NAMES[method]}, {one_step.INVERSE_NAMES[inverse]}"]
        for choice in one_step.CHOICES:
            table = one_step.confusion(work, method, inverse, choice)
            right, count = int(table.trace()), int(table.sum())
            low, high = measured.wilson(right, count)
            row.append(f"{right} of {count}")
            row.append(f"{100 * right / count:.0f} ({100 * low:.0f} ... {100 * high:.0f})")
        row.append(f"{one_step.PAPER[method]} of 300" if method in one_step.PAPER and inverse == "exact" else "")
        rows.append(row)
    heads = ["decoder inversion, flow inversion", "by distance", "% (95 % interval)", "to the effective key",
             "% (95 % interval)", "by cosine", "% (95 % interval)", "paper"]
    return document.table(heads, rows)


def matrices(work):
    rows = []
    for method, inverse in ways(work):
        tables = [one_step.confusion(work, method, inverse, choice) for choice in ("distance", "cosine")]
        for index in range(3):
            name = f"{one_step.NAMES[method]}, {one_step.INVERSE_NAMES[inverse]}" if index == 0 else ""
            rows.append([name, index + 1, *(" ".join(map(str, table[index])) for table in tables)])
    return document.table(
        ["decoder inversion, flow inversion", "true key", "taken for 1 2 3 by distance", "by cosine"], rows)


def recovery(work):
    rows = []
    for method, inverse in ways(work):
        found = one_step.recovery(work, method, inverse)
        calls = [line["model_calls"] for line in found["lines"]]
        left = [line["step_residual"] for line in found["lines"] if "step_residual" in line]
        rows.append([
            f"{one_step.NAMES[method]}, {one_step.INVERSE_NAMES[inverse]}", found["images"],
            "" if method == one_step.TRUTH else f"{one_step.latent_error(work, method, inverse):.1f}", f"{found['error']:.1f}",
            f"{found['correlation']:.2f}", f"{found['disc']:.2f}", f"{np.mean(calls):.0f}",
            f"{np.mean(left):.2f}" if left else ""])
    heads = ["decoder inversion, flow inversion", "images", "latent NMSE, dB", "noise NMSE, dB", "correlation",
             "in the disc", "model calls", "residual"]
    return document.table(heads, rows)


def evidence(work):
    rows = []
    for decoder, inverse, prompt in one_step.VERIFIED:
        count, found, median = one_step.median_p(work, decoder, inverse, prompt)
        if count:
            rows.append([f"{decoder}, {one_step.INVERSE_NAMES[inverse]}, {prompt} prompt", count, found,
                         "" if median is None else f"{median:.1f}"])
    heads = ["--decoder-inversion, --inverse, prompt", "images", "found at 1e-6", "median log10 p"]
    return document.table(heads, rows)


def calibrated(work):
    marked, clean = (one_step.looks(work, name) for name in one_step.CALIBRATED)
    rows = []
    for look, logs in marked.items():
        found = [sum(log <= -6 for log in group) for group in (logs, clean[look])]
        rows.append([f"`{look}`", found[0], f"{np.median(logs):.1f}", f"{max(logs):.1f}", found[1]])
    counts = [len(next(iter(group.values()))) for group in (marked, clean)]
    return document.table(
        ["look", f"found of {counts[0]} at 1e-6", "median log10 p", "weakest", f"found of {counts[1]} unmarked"], rows)


def write(work, path):
    document.write(path, {
        "classification": classification(work), "matrices": matrices(work), "recovery": recovery(work),
        "evidence": evidence(work), "calibrated": calibrated(work)})
