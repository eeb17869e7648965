"""Detection power against the steps, the solver and the inverse of diffusion inversion: the tables of docs/steps.md.

    python3 benchmarks/steps.py --marked DIR --clean DIR --key KEY [--count 24] [--work DIR] [-o docs/steps.md]

Takes the first images of two folders that `ringkey generate` filled with and without the key, as they are, as JPEG of
quality 50 and 25, and blurred (Gaussian, radius 2), and judges each with one look at a time. Needs Pillow and NumPy.
"""

import argparse
import json
import pathlib
import subprocess

import numpy as np
from PIL import Image, ImageFilter

import document

# log₁₀ of the false-positive rates.
LEVELS = (-6, -3)
KINDS = ["png", "jpeg50", "jpeg25", "blur2"]
# Inverse, solver, look.
LOOKS = (
    [("naive", "ddim", f"none/{n}") for n in [0, 2, 5, 10, 25]]
    + [("naive", "ddim", f"anderson:4/{n}") for n in [0, 2, 5, 10, 25]]
    + [("naive", "dpm++2m", f"anderson:4/{n}") for n in [5, 10, 25]]
    + [("exact", "ddim", "anderson:4/5")]
)


def variants(source, folder, count):
    """Paths of the copies, by kind."""
    paths = {kind: [] for kind in KINDS}
    for file in sorted(source.glob("*.png"))[:count]:
        picture = Image.open(file).convert("RGB")
        for kind in KINDS:
            target = folder / f"{source.name}-{file.stem}-{kind}{'.jpg' if kind.startswith('jpeg') else '.png'}"
            if not target.exists():
                if kind.startswith("jpeg"):
                    picture.save(target, quality=int(kind[4:]))
                elif kind == "blur2":
                    picture.filter(ImageFilter.GaussianBlur(2)).save(target)
                else:
                    target.write_bytes(file.read_bytes())
            paths[kind].append(str(target))
    return paths


def judge(arguments, paths, inverse, solver, look):
    """One verdict for each path, from the file of an earlier run where there is one."""
    file = arguments.work / f"{inverse} {solver} {look.replace('/', '_')}.jsonl"
    if not file.exists():
        output = subprocess.run(
            [arguments.ringkey, "verify", *paths, "--key", arguments.key, "--json", "--quiet", "--decoys", "0",
             "--calibration", "none", "--threads", str(arguments.threads), "--looks", look, "--search", "none", "--solver", solver, "--inverse",
             inverse], capture_output=True, text=True)
        assert output.returncode in (0, 1, 3), output.stderr
        file.write_text(output.stdout)
    return [json.loads(line) for line in file.read_text().splitlines()]


def area(marked, clean):
    """Of the ROC, ties counted by half."""
    marked, clean = np.asarray(marked), np.asarray(clean)
    return ((marked[:, None] < clean).mean() + (marked[:, None] == clean).mean() / 2).item()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--marked", type=pathlib.Path, required=True)
    parser.add_argument("--clean", type=pathlib.Path, required=True)
    parser.add_argument("--key", required=True)
    parser.add_argument("--count", type=int, default=24)
    parser.add_argument("--ringkey", default=".build/release/ringkey")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--work", type=pathlib.Path, default=pathlib.Path("/tmp/ringkey-steps"))
    parser.add_argument("-o", "--output", type=pathlib.Path)
    arguments = parser.parse_args()
    arguments.work.mkdir(parents=True, exist_ok=True)
    marked, clean = (variants(f, arguments.work, arguments.count) for f in [arguments.marked, arguments.clean])
    paths = [p for kind in KINDS for p in marked[kind]] + [p for kind in KINDS for p in clean[kind]]
    rows = []
    for inverse, solver, look in LOOKS:
        verdicts = judge(arguments, paths, inverse, solver, look)
        by_path = {v["path"]: v for v in verdicts}
        cells, all_marked, all_clean = [], [], []
        for kind in KINDS:
            scores = [by_path[p]["log10_p"] for p in marked[kind]]
            all_marked += scores
            all_clean += [by_path[p]["log10_p"] for p in clean[kind]]
            found = [sum(s <= level for s in scores) for level in LEVELS]
            cells.append(f"{found[0]}, {found[1]}, {np.median(scores):.0f}")
        rows.append([f"`{look}`", f"{inverse} {solver}", *cells, f"{area(all_marked, all_clean):.4f}"])
        print(rows[-1], flush=True)
    if arguments.output:
        document.write(arguments.output, {"steps": document.table(["look", "inverse and solver", *KINDS, "AUC"], rows)})


if __name__ == "__main__":
    main()
