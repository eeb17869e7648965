#!/usr/bin/env python3
"""Masked editing on the grove model: how well the background stays; a table of docs/decoder-inversion.md.

    python3 benchmarks/masked_editing.py [--work DIR] [--count N] [--write]

Makes an original for each edit with `ringkey generate`, takes it back to its latent in three ways and to its noise with
`ringkey invert`, makes the edit of its upper half with `ringkey generate --init-noise --blend-with --mask`, and compares the
lower half with the original's. What an earlier run left in the work folder is not made again.
"""

import statistics
import subprocess

import numpy as np
from PIL import Image

import document
import page_arguments

PAGE = "docs/decoder-inversion.md"
# What the original shows, and what its sky is to be.
EDITS = [
    ("sea at noon", "sea at night with moon"),
    ("mountains at dawn", "mountains at noon with sun"),
    ("hills at noon", "hills at dusk with clouds"),
    ("dunes at dusk", "dunes at night with moon"),
    ("mountains at night", "mountains at dusk with sun"),
    ("sea at dusk with clouds", "sea at noon"),
    ("hills at night with moon", "hills at dawn with clouds"),
    ("dunes at noon with sun", "dunes at dusk"),
]
METHODS = {"encoder": "none", "gradient-free, the paper's (`adam:100`)": "adam:100", "ours (`anderson:10`)": "anderson:10"}
STEPS = 50
# Guidance of the edit, and the step after which the background is put back; None for never.
RUNS = [(3, None), (3, 35), (3, 50), (1, 35)]


def run(arguments, output, *command):
    if not (arguments.work / output).exists():
        done = subprocess.run(
            [arguments.ringkey, *map(str, command), "--model", arguments.model, "--threads", str(arguments.threads), "--quiet",
             "-o", output], cwd=arguments.work, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr


def pixels(path):
    return np.asarray(Image.open(path).convert("RGB")) / 255


def nmse(image, original):
    return 10 * np.log10(((image - original) ** 2).sum() / (original**2).sum())


def errors(arguments, index):
    """The background's NMSE of one edit by method and run, and the latent's, in dB."""
    before, after = EDITS[index % len(EDITS)]
    stem = f"{index:02d}"
    run(arguments, f"{stem}.png", "generate", "--prompt", before, "--seed", index, "--save-latents", "--steps", STEPS)
    original = pixels(arguments.work / f"{stem}.png")
    below = original.shape[0] // 2
    truth = np.load(arguments.work / f"{stem}.z_0.npy")
    result = {}
    for name, method in METHODS.items():
        latent, noise = f"{stem}.{method.split(':')[0]}.z_0.npy", f"{stem}.{method.split(':')[0]}.z_T.npy"
        run(arguments, latent, "invert", f"{stem}.png", "--stage", "latent", "--decoder-inversion", method)
        run(arguments, noise, "invert", latent, "--steps", STEPS)
        result[name, "latent"] = nmse(np.load(arguments.work / latent), truth)
        decoded = f"{stem}.{method.split(':')[0]}.decoded.png"
        run(arguments, decoded, "generate", "--prompt", "", "--steps", 1, "--seed", 0, "--blend-with", latent, "--mask",
            "black.png")
        result[name, "decoded"] = nmse(pixels(arguments.work / decoded)[below:], original[below:])
        for guidance, step in RUNS:
            blend = ["--blend-with", latent, "--mask", "mask.png", "--blend-step", step] if step else []
            edited = f"{stem}.{method.split(':')[0]}.{guidance}.{step}.png"
            run(arguments, edited, "generate", "--prompt", after, "--steps", STEPS, "--guidance", guidance, "--init-noise", noise,
                *blend)
            result[name, guidance, step] = nmse(pixels(arguments.work / edited)[below:], original[below:])
    return result


def heading(guidance, step):
    return f"guidance {guidance}, {f'after step {step}' if step else 'no blend'}"


def table(results):
    def cell(*key):
        values = [result[key] for result in results]
        return f"{statistics.mean(values):.2f} ± {statistics.stdev(values) / len(values) ** 0.5:.2f}"

    rows = [
        [name, cell(name, "latent"), cell(name, "decoded"), *(cell(name, *run) for run in RUNS)] for name in METHODS
    ]
    return document.table(["latent by", "latent", "decoded, no edit", *(heading(*run) for run in RUNS)], rows)


def main():
    parser = page_arguments.parser(__doc__, "masked-editing", PAGE)
    parser.add_argument("--count", type=int, default=6, help="edits; their seeds are 0, 1, ...")
    arguments = parser.parse_args()
    arguments.ringkey, arguments.model = arguments.ringkey.resolve(), arguments.model.resolve()
    arguments.work.mkdir(parents=True, exist_ok=True)
    mask = np.zeros((128, 128), np.uint8)
    mask[:64] = 255
    Image.fromarray(mask).save(arguments.work / "mask.png")
    Image.fromarray(0 * mask).save(arguments.work / "black.png")
    results = [errors(arguments, index) for index in range(arguments.count)]
    section = f"{arguments.count} edits; NMSE in dB, mean ± standard error.\n\n{table(results)}"
    print(section)
    if arguments.write:
        document.write(page_arguments.ROOT / PAGE, {"editing": section})


if __name__ == "__main__":
    main()
