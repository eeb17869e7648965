"""Plots beside the paper's Fig. 2 and Fig. 3."""

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np

import measured

NAMES = {
    "forward=0.01:200": "forward, paper, ρ 0.01", "forward=0.001:200": "forward, ρ 0.001", "km:200": "KM, paper",
    "adam:200": "Adam, paper", "forward:50": "forward, ρ from the operator", "anderson:50": "Anderson",
    "gradient-scheduled=0.1:100": "gradient, 0.1 scheduled", "gradient=0.01:100": "gradient, 0.01 fixed",
}


def save(figure, path):
    figure.savefig(path, dpi=110, metadata={"Software": None}, bbox_inches="tight")
    plt.close(figure)


def cocoercivity(work, path):
    """Minimum cocoercivity along the path against how far the iteration came, an instance a dot."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.6), gridspec_kw={"wspace": 0.3})
    instances = measured.by_method(work / "instances")
    for method, name in (("adam:100", "Adam-100, paper"), ("anderson:20", "Anderson-20")):
        rows = [row for row in instances[method] if row["min_cocoercivity"] is not None]
        values = [row["min_cocoercivity"] for row in rows]
        left.scatter(values, [row["residual"][-1] for row in rows], s=12, label=name)
        right.scatter(values, [row["result_nmse_db"] for row in rows], s=12, label=name)
    left.set(yscale="log", xlabel="minimum cocoercivity along the path", ylabel="‖T‖ / ‖E(x)‖ at the end")
    right.set(xlabel="minimum cocoercivity along the path", ylabel="NMSE at the end, dB")
    for axes in (left, right):
        axes.axvline(0, color="grey", linewidth=0.8)
        axes.grid(alpha=0.3)
    right.legend(fontsize=8)
    save(figure, path)


def pareto(work, memory, path):
    """Mean error against CPU time, and the end of each method against its memory beyond the loaded model."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(9, 4.2))
    native, torch = measured.common(measured.by_method(work / "optimisers"), measured.by_method(work / "gradient"))
    rows_of = {**native, **{method: rows for method, rows in torch.items() if "gradient" in method}}
    for method, name in NAMES.items():
        rows = rows_of.get(method)
        if not rows:
            continue
        times = np.mean([row["cpu_seconds"] for row in rows], 0)
        errors = measured.mean_errors(rows)[1:]
        (curve,) = left.plot(times, errors, label=name, linestyle="--" if "gradient" in method else "-")
        kind = "torch-gradient=0.01-5" if "gradient" in method else f"32-{method.split(':')[0].split('=')[0]}-20"
        if kind in memory:
            right.scatter(memory[kind], errors.min(), color=curve.get_color(), s=30, label=name)
    left.set(xscale="log", xlabel="CPU seconds an image, one thread", ylabel="mean NMSE, dB")
    right.set(xlabel="peak memory beyond the loaded program, MB", ylabel="best mean NMSE, dB")
    for axes in (left, right):
        axes.grid(alpha=0.3)
    figure.legend(*left.get_legend_handles_labels(), fontsize=7, ncols=4, loc="lower center")
    figure.subplots_adjust(bottom=0.25)
    save(figure, path)
