"""Fills the tables of docs/reproduction.md and draws its plots."""

import json
import os
import platform
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
import document
import measured

COLUMNS = (3, 6, 20, 50, 100, 200)
# NMSE after 20, 50, 100 and 200 iterations in the paper's Tables S1a and S2a, Stable Diffusion 2.1 in 32 bit.
PAPER = {
    "forward=0.01:200": "-16.87 -17.42 -18.21 -19.35", "km:200": "-18.99 -20.72 -21.46 -20.91",
    "adam": "-19.39 -20.84 -21.71 -21.85", "gradient-scheduled=0.1": "-15.92 -20.69 -24.82",
    "gradient=0.01:100": "-18.61 -20.93 -23.00",
}
NAMES = {
    "forward=0.001:200": "forward, ρ 0.001", "forward=0.01:200": "forward, ρ 0.01 (\"vanilla\")", "km:200": "KM",
    "adam": "Adam, scheduled over the column's iterations", "forward:50": "**forward, ρ from the operator**",
    "anderson:50": "**Anderson, memory 5**", "gradient-scheduled=0.1": "gradient, 0.1 scheduled",
    "gradient=0.01:100": "gradient, 0.01 fixed",
}


def count(rows):
    return f"{len(rows)} image{'s' if len(rows) > 1 else ''}"


def decibels(value):
    return f"{value:.2f}"


def scheduled_errors(table, prefix):
    """Errors at the ends of runs that are scheduled over 20, 50, 100 and 200 iterations; beyond 100 as if 100."""
    ends = {}
    for method, rows in table.items():
        if method.startswith(prefix + ":"):
            count = int(method.split(":")[1])
            ends[count] = measured.mean_errors(rows)[count]
            if count == 200:
                ends[100] = measured.mean_errors(rows)[100]
    return ends


def optimisers(work):
    native, torch = measured.common(measured.by_method(work / "optimisers"), measured.by_method(work / "gradient"))
    table = {**native, **{method: rows for method, rows in torch.items() if "gradient" in method}}
    rows = []
    for method, name in NAMES.items():
        scheduled = method in ("adam", "gradient-scheduled=0.1")
        runs = [table[key] for key in table if key.startswith(method + ":")] if scheduled else [table[method]]
        errors = measured.mean_errors(runs[0])
        ends = scheduled_errors(table, method) if scheduled else {
            n: errors[n] for n in COLUMNS if n < len(errors)}
        cost = np.mean([row["cpu_seconds"][-1] / len(row["cpu_seconds"]) for run in runs for row in run]) * 1000
        rows.append([name, *(decibels(ends[n]) if n in ends else "" for n in COLUMNS), f"{cost:.0f}",
                     PAPER.get(method, "")])
    images = table["km:200"]
    encoder = np.mean([row["nmse_db"][0] for row in images])
    heads = ["method", *map(str, COLUMNS), "CPU ms an iteration", "paper at 20 50 100 200"]
    return f"{count(images)}; the encoder alone: {encoder:.2f} dB.\n\n" + document.table(heads, rows)


def half(work):
    full, short = measured.common(measured.by_method(work / "optimisers"), measured.by_method(work / "half"))
    pairs = {"forward=0.01:100": "forward=0.01:200", "km:100": "km:200", "adam=1e-4:100": "adam:200",
             "forward:20": "forward:50", "anderson:20": "anderson:50"}
    rows = []
    for method, other in pairs.items():
        n = int(method.split(":")[1])
        cost = [np.mean([row["cpu_seconds"][-1] / len(row["cpu_seconds"]) for row in run]) * 1000
                for run in (short[method], full[other])]
        pair = short[method], full[other]
        rows.append([method, *(decibels(measured.mean_errors(run)[k]) for k in (20, n) for run in pair),
                     *(f"{c:.0f}" for c in cost)])
    encoder = np.mean([row["nmse_db"][0] for row in short["km:100"]])
    return f"{count(short['km:100'])}; the 16-bit encoder alone: {encoder:.2f} dB.\n\n" + document.table(
        ["method:evaluations", "16-bit at 20", "32-bit at 20", "16-bit at the end", "32-bit at the end",
         "16-bit, CPU ms", "32-bit, CPU ms"], rows)


def figure_to_beat(work, folder):
    table = measured.by_method(work / folder)
    adam = measured.mean_errors(table["adam:100"])
    rows = []
    for method in ("adam:100", "forward:20", "anderson:20"):
        errors = measured.mean_errors(table[method])
        n = measured.first_at_most(errors, adam[100])
        rows.append([method, *(decibels(errors[k]) for k in (0, 1, 2, 3, 4, 6, 10, 20)), decibels(errors[-1]),
                     *(("never", "", "") if n is None else (
                         str(n), f"{measured.seconds(table[method], n):.2f}",
                         f"{measured.seconds(table[method], n, 'seconds'):.2f}"))])
    pairs = zip(table["anderson:20"], table["adam:100"])
    wins = np.mean([ours["result_nmse_db"] < theirs["result_nmse_db"] - 1 for ours, theirs in pairs])
    heads = ["method", *map(str, (0, 1, 2, 3, 4, 6, 10, 20)), "end", "evaluations to Adam-100's mean", "CPU s", "wall s"]
    summary = f"{count(table['adam:100'])}; Anderson ends 1 dB or more below Adam-100 on {100 * wins:.0f} % of them."
    return summary + "\n\n" + document.table(heads, rows)


def speed(work):
    """Our time to the best error of another method, against its time, on the same images.

    Ours has one evaluation more than it needs: the one by which the safeguard knows the last point's residual.
    """
    native, torch = measured.common(measured.by_method(work / "optimisers"), measured.by_method(work / "gradient"))
    ours, in_torch = native["anderson:50"], torch["anderson:20"]
    rivals = {
        "Adam-100, native": native["adam:200"],
        "gradient, 0.1 scheduled, torch": torch["gradient-scheduled=0.1:100"],
        "gradient, 0.01 fixed, torch": torch["gradient=0.01:100"],
    }
    rows = []
    for name, run in rivals.items():
        errors = measured.mean_errors(run)[:101]
        goal = errors.min()
        n = measured.first_at_most(errors, goal)
        fast, same = (measured.first_at_most(measured.mean_errors(r), goal) for r in (ours, in_torch))
        if fast is None or same is None:
            rows.append([name, decibels(goal), str(n), f"{measured.seconds(run, n):.2f}", "never", "", "", "", ""])
            continue
        fast, same = fast + 1, same + 1
        values = [measured.seconds(run, n) / measured.seconds(ours, fast),
                  measured.seconds(run, n, "seconds") / measured.seconds(ours, fast, "seconds"),
                  measured.seconds(run, n) / measured.seconds(in_torch, same)]
        rows.append([name, decibels(goal), str(n), f"{measured.seconds(run, n):.2f}", str(fast),
                     f"{measured.seconds(ours, fast):.3f}", *(f"{v:.0f}" for v in values)])
    return f"{count(ours)}.\n\n" + document.table(
        ["rival", "its best mean NMSE, dB", "its iterations", "its CPU s", "Anderson's evaluations", "Anderson's CPU s",
         "ratio, CPU", "ratio, wall", "ratio to Anderson in torch, CPU"], rows)


def cocoercivity(work):
    table = measured.by_method(work / "instances")
    rows = []
    for method, run in table.items():
        values = np.array([row["min_cocoercivity"] for row in run], float)
        errors = np.array([row["result_nmse_db"] for row in run])
        ranks = [np.argsort(np.argsort(v)) for v in (values, errors)]
        rows.append([method, len(run), f"{values.min():.3f}", f"{np.median(values):.3f}", f"{values.max():.3f}",
                     int((values < 0).sum()), f"{np.corrcoef(*ranks)[0, 1]:.2f}"])
    return document.table(
        ["method", "instances", "smallest", "median", "largest", "below 0", "rank correlation with NMSE at the end"], rows)


TABLE_2 = {
    "none": ("encoder", "186 of 300"), "adam-100": ("gradient-free, Adam-100", "202 of 300"),
    "anderson-6": ("ours, anderson:6", ""), "truth": ("true z₀", ""),
}
GRADIENT = "gradient-scheduled=0.1-100"


def table2(work):
    def table(methods, like=None):
        rows = []
        for effective, reader in ((False, "K"), (True, "K'")):
            for method, (name, paper) in methods.items():
                matrix = measured.confusion(work, method, effective, like)
                right, count = int(np.trace(matrix)), int(matrix.sum())
                low, high = measured.wilson(right, count)
                rows.append([reader, name, *(" ".join(map(str, row)) for row in matrix), f"{right} of {count}",
                             f"{100 * low:.0f} to {100 * high:.0f} %", paper])
        return document.table(
            ["nearest", "latent by", "key 1 taken for 1 2 3", "key 2", "key 3", "right", "95 %", "paper"], rows)

    methods = {GRADIENT: ("gradient-based, 100", "207 of 300"), **TABLE_2}
    between = "\n\nOf these the images that the gradient baseline was run on:\n\n"
    return table(TABLE_2) + between + table(methods, GRADIENT)


def memory(work):
    table = {path.stem: json.loads(path.read_text().splitlines()[0]) for path in (work / "memory").glob("*.json*")}
    names = {"none": "one encoding, one decoding", "forward-20": "forward", "km-20": "KM", "adam-20": "Adam",
             "anderson-20": "Anderson", "gradient=0.01-5": "gradient, torch", "adam-5": "Adam without gradients, torch"}
    rows, beyond = [], {}
    for stem, line in sorted(table.items(), key=lambda item: (item[0][:2] != "32", item[0])):
        bits, method = stem.split("-", 1)
        peak, loaded = line["peak_kb"] / 1000, line["loaded_kb"] / 1000
        base = table[f"{bits}-none"]["peak_kb"] / 1000 if f"{bits}-none" in table else None
        beyond[stem] = peak - loaded
        rows.append([names[method], bits if bits != "torch" else "32", f"{peak:.0f}", f"{peak - loaded:.0f}",
                     f"{peak / base:.2f}" if base else ""])
    return beyond, document.table(
        ["process", "bits", "peak, MB", "of which beyond the loaded program, MB", "over one encoding and decoding"], rows)


def diverging(work):
    """Two tables in one: what each method returns bare and under the safeguard."""
    runs = {}
    for name in ("bare", "guarded"):
        for text in (work / "diverging" / f"{name}.jsonl").open():
            line = json.loads(text)
            runs.setdefault(line["method"], {}).setdefault(name, []).append(line)
    rows = []
    for method, run in runs.items():
        cells = []
        for name in ("bare", "guarded"):
            residual, error = (np.mean([row[key] for row in run[name]]) for key in ("result_residual", "result_nmse_db"))
            cells.append(f"{residual:.3f}, {error:.2f} dB")
        endings = sorted({row["ending"] for row in run["guarded"]})
        spent = np.mean([len(row["residual"]) for row in run["guarded"]])
        rows.append([method, *cells, ", ".join(endings), f"{spent:.0f}"])
    first = next(iter(runs.values()))["bare"]
    start = np.mean([row["residual"][0] for row in first]), np.mean([row["nmse_db"][0] for row in first])
    return f"{count(first)}; the encoder: residual {start[0]:.3f}, {start[1]:.2f} dB.\n\n" + document.table(
        ["method:evaluations", "bare", "with safeguard", "ended", "evaluations spent"], rows)


def other_kind(path):
    rows = []
    for text in path.open():
        line = json.loads(text)
        rows.append([line["method"], *(f"{line['nmse_db'][n]:.2f} ({line['residual'][n]:.3f})" for n in (0, 1, 3, 6, 10, 20, 100))])
    return document.table(["method", *map(str, (0, 1, 3, 6, 10, 20, 100))], rows)


def machine(work):
    with open("/proc/cpuinfo") as file:
        model = next((line.split(":")[1].strip() for line in file if line.startswith("model name")), platform.machine())
    return f"{model}, {os.cpu_count()} cores, one thread used."


def write(work, path):
    images = path.parent / "images"
    beyond, memory_table = memory(work)
    sections = {
        "machine": machine(work), "beat": figure_to_beat(work, "instances"),
        "beat-strong": figure_to_beat(work, "guidance-7.5"), "speed": speed(work), "optimisers": optimisers(work),
        "half": half(work), "cocoercivity": cocoercivity(work), "table2": table2(work), "memory": memory_table,
        "diverging": diverging(work),
    }
    tanh = work / "tanh.jsonl"
    if tanh.exists():
        sections["other-kind"] = other_kind(tanh)
    document.write(path, sections)
    import plots

    plots.cocoercivity(work, images / "reproduction-cocoercivity.png")
    plots.pareto(work, beyond, images / "reproduction-pareto.png")
