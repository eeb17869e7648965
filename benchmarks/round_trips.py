#!/usr/bin/env python3
"""Round trips on the grove model: from known noise to a latent and back, naive and exact; the tables of docs/diffusion.md.

    python3 benchmarks/round_trips.py [--work DIR] [--write]

Makes one float latent for each prompt with `ringkey generate --save-latents` and takes it back with `ringkey invert`, told
the prompt, the guidance, the steps and the solver. What an earlier run left in the work folder is not measured again.
"""

import json
import statistics
import subprocess

import document
import page_arguments

PAGE = "docs/diffusion.md"
PROMPTS = [
    "mountains at dusk with sun and clouds",
    "sea at night with moon",
    "hills at dawn",
    "dunes at noon",
    "hills at night with pines and clouds",
    "sea at dusk with clouds",
]
# Solver, guidance, steps.
RUNS = (
    [(solver, 1, steps) for solver in ("ddim", "dpm++2m") for steps in (5, 10, 25, 50)] + [("dpm++2m-karras", 1, 25)]
    + [(solver, guidance, 25) for guidance in (3, 7.5) for solver in ("ddim", "dpm++2m")]
)
METHOD_STEPS = (10, 25)


def run(arguments, command):
    output = subprocess.run(
        [arguments.ringkey, *command, "--model", arguments.model, "--threads", str(arguments.threads), "--json", "--quiet"],
        capture_output=True, text=True)
    assert output.returncode == 0, output.stderr
    return [json.loads(line) for line in output.stdout.splitlines()]


def reports(arguments, solver, steps, guidance):
    """For each latent the reports of naive and of exact inversion."""
    name = f"{solver}-{steps}-{guidance:g}"
    file = arguments.work / f"{name}.json"
    if not file.exists():
        settings = ["--solver", solver, "--steps", str(steps), "--guidance", str(guidance)]
        pairs = []
        for seed, prompt in enumerate(PROMPTS):
            asked = [*settings, "--prompt", prompt]
            stem = arguments.work / f"{name}-{seed}"
            run(arguments, ["generate", *asked, "--seed", str(seed), "--save-latents", "--force", "-o", f"{stem}.png"])
            back = ["invert", f"{stem}.z_0.npy", *asked, "--compare", f"{stem}.z_T.npy"]
            pairs.append([run(arguments, [*back, "--inverse", inverse])[0] for inverse in ["naive", "exact"]])
        file.write_text(json.dumps(pairs))
    return json.loads(file.read_text())


def spread(values):
    """Median and worst."""
    return f"{statistics.median(values):.1f} ({max(values):.1f})"


def row(solver, steps, guidance, pairs):
    naive, exact = zip(*pairs)
    solved = [r for r in exact if not r["fell_back"]]
    return [
        solver, f"{guidance:g}", str(steps), spread([r["nmse_db"] for r in naive]),
        f"{len(solved)} of {len(exact)}",
        spread([r["nmse_db"] for r in solved]) if solved else "",
        f"{statistics.median(r['model_calls'] for r in exact):.0f} ({max(r['model_calls'] for r in exact)})",
    ]


def methods(arguments):
    """Anderson acceleration against the paper's forward step, on one image, with `reproduce take-back`."""
    file = arguments.work / "take-back.jsonl"
    if not file.exists():
        output = subprocess.run(
            [arguments.native, "take-back", "--model", arguments.model, *map(str, METHOD_STEPS)], capture_output=True,
            text=True, check=True)
        file.write_text(output.stdout)
    rows = []
    for line in map(json.loads, file.read_text().splitlines()):
        for name, key in (("Anderson", "anderson"), ("forward step, at most 50 a step", "paper")):
            found = line[key]
            rows.append([line["steps"], f"{line['naive']:.1f}", name, f"{found['noise']:.1f}", f"{found['again']:.1f}",
                         found["calls"], f"{found['residual']:.1e}"])
    return document.table(["DDIM steps", "naive", "method", "noise", "again", "model calls", "largest residual"], rows)


def main():
    parser = page_arguments.parser(__doc__, "round-trips", PAGE)
    parser.add_argument("--native", default=page_arguments.ROOT / ".build/release/reproduce")
    arguments = parser.parse_args()
    arguments.work.mkdir(parents=True, exist_ok=True)
    rows = []
    for solver, guidance, steps in RUNS:
        rows.append(row(solver, steps, guidance, reports(arguments, solver, steps, guidance)))
        print(rows[-1], flush=True)
    tables = {
        "round-trips": document.table(
            ["solver", "guidance", "steps", "naive", "solved", "exact, where solved", "calls"], rows),
        "take-back": methods(arguments)}
    print(tables["take-back"])
    if arguments.write:
        document.write(page_arguments.ROOT / PAGE, tables)


if __name__ == "__main__":
    main()
