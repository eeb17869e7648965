"""Round trips on the grove model: from known noise to a latent and back, naive and exact; the table of docs/diffusion.md.

    python3 benchmarks/round_trips.py [--solvers ddim dpm++2m] [--guidances 1 3 7.5] [--work DIR] [-o docs/diffusion.md]

Makes one float latent for each prompt with `ringkey generate --save-latents` and takes it back with `ringkey invert`, told
the prompt, the guidance, the steps and the solver. What an earlier run left in the work folder is not measured again.
"""

import argparse
import json
import pathlib
import statistics
import subprocess

PROMPTS = [
    "mountains at dusk with sun and clouds",
    "sea at night with moon",
    "hills at dawn",
    "dunes at noon",
    "hills at night with pines and clouds",
    "sea at dusk with clouds",
]
BEGIN, END = "<!-- round_trips.py -->\n", "<!-- end of round_trips.py -->"


def run(arguments, command):
    output = subprocess.run(
        [arguments.ringkey, *command, "--threads", str(arguments.threads), "--json", "--quiet"],
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
        for seed, prompt in enumerate(PROMPTS[:arguments.count]):
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
    cells = [
        solver, f"{guidance:g}", str(steps), spread([r["nmse_db"] for r in naive]),
        f"{len(solved)} of {len(exact)}",
        spread([r["nmse_db"] for r in solved]) if solved else "",
        f"{statistics.median(r['model_calls'] for r in exact):.0f} ({max(r['model_calls'] for r in exact)})",
    ]
    return "| " + " | ".join(cells) + " |"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--solvers", nargs="+", default=["ddim", "dpm++2m", "dpm++2m-karras"])
    parser.add_argument("--guidances", nargs="+", type=float, default=[1, 3, 7.5])
    parser.add_argument("--steps", nargs="+", type=int, default=[5, 10, 25, 50])
    parser.add_argument("--count", type=int, default=len(PROMPTS))
    parser.add_argument("--ringkey", default=".build/release/ringkey")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--work", type=pathlib.Path, default=pathlib.Path("/tmp/ringkey-round-trips"))
    parser.add_argument("-o", "--output", type=pathlib.Path)
    arguments = parser.parse_args()
    arguments.work.mkdir(parents=True, exist_ok=True)
    lines = ["| solver | guidance | steps | naive | solved | exact, where solved | calls |", "|---" * 7 + "|"]
    for guidance in arguments.guidances:
        for solver in arguments.solvers:
            for steps in arguments.steps:
                lines.append(row(solver, steps, guidance, reports(arguments, solver, steps, guidance)))
                print(lines[-1], flush=True)
    if arguments.output:
        text = arguments.output.read_text()
        before, rest = text.split(BEGIN)
        arguments.output.write_text(before + BEGIN + "\n".join(lines) + "\n" + END + rest.split(END)[1])


main()
