#!/usr/bin/env python3
"""The experiments of Hong et al. (NeurIPS 2024, arXiv 2409.18442) on a model of this repository.

    benchmarks/reproduce/run.sh [--images N] [--short] [--work FOLDER]      (or: make reproduce)

Everything is done in rounds of two images, so that after every round each experiment has the same images and the page
can be written. What a round made is kept in the work folder; an interrupted run goes on where it stopped, and a larger
--images adds rounds. --short is two rounds.

One thread is used throughout, and CPU time is measured beside wall time.
"""

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np

import ringkeys

ROUND = 2
TERRAINS = ("mountains", "hills", "dunes", "sea")
TIMES = ("dawn", "noon with sun", "dusk with clouds", "night with pines and clouds")
SHAPE = (4, 32, 32)

INSTANCES = ("adam:100", "anderson:20", "forward:20")
OPTIMISERS = ("forward=0.01:200", "forward=0.001:200", "km:200", "adam:20", "adam:50", "adam:200", "forward:50",
              "anderson:50")
HALF = ("forward=0.01:100", "km:100", "adam=1e-4:100", "forward:20", "anderson:20")
GRADIENT = ("gradient-scheduled=0.1:20", "gradient-scheduled=0.1:50", "gradient-scheduled=0.1:100",
            "gradient=0.01:100", "anderson:20")
GRADIENT_OF_TABLE_2 = "gradient-scheduled=0.1:100"
OURS = "anderson:6"
DIVERGING = ("forward=0.01:20", "forward=1:20", "km:20", "km=0.5:20", "adam:20", "forward:20", "anderson:20")


def prompt(index):
    return f"{TERRAINS[index // 4 % 4]} at {TIMES[index % 4]}"


class Run:
    """The programs, the model and the work folder."""

    def __init__(self, args):
        self.args, self.work = args, Path(args.work)
        self.work.mkdir(parents=True, exist_ok=True)
        self.model = ["--model", args.model, "--threads", "1"]

    def call(self, *command):
        command = [str(part) for part in command]
        result = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True)
        if result.returncode != 0:
            sys.exit(f"{' '.join(command)}: exit {result.returncode}\n{result.stderr}")
        return result.stdout

    def native(self, command, *rest, model=None):
        return self.call(self.args.native, command, "--model", model or self.args.model, "--threads", "1", *rest)

    def baseline(self, *rest):
        script = Path(__file__).parent / "baseline.py"
        return self.call(sys.executable, script, "--model", self.args.model, *rest)

    def missing(self, path):
        """Whether a result is still to be made; its folder is there afterwards."""
        path.parent.mkdir(parents=True, exist_ok=True)
        return not path.exists()

    def prompts(self, number):
        path = self.work / "prompts" / f"{number:02}.txt"
        if self.missing(path):
            path.write_text("".join(prompt(ROUND * number + i) + "\n" for i in range(ROUND)))
        return path

    def images(self, folder, number, seed, guidance, *key):
        """A round's images with their latents."""
        path = self.work / folder / f"{number:02}"
        if self.missing(path):
            partial = path.with_name(path.name + ".partial")
            shutil.rmtree(partial, ignore_errors=True)
            self.call(
                self.args.ringkey, "generate", *self.model, "--prompt-file", self.prompts(number), "--seed",
                seed + ROUND * number, "--guidance", guidance, "--steps", 50, "--save-latents", "--quiet", "-o",
                partial, *key)
            partial.rename(path)
        return path

    def invert(self, images, output, methods, *flags, model=None):
        if self.missing(output):
            chosen = [part for method in methods for part in ("--method", method)]
            self.native("invert", "--images", images, "--output", output, *chosen, *flags, model=model)

    def half_model(self):
        path = self.work / "grove-16-bit"
        if self.missing(path):
            partial = path.with_name("grove-16-bit.partial")
            shutil.rmtree(partial, ignore_errors=True)
            script = Path(__file__).parents[2] / "scripts" / "export_onnx.py"
            self.call(sys.executable, script, self.args.model, partial, "--half")
            partial.rename(path)
        return path

    def keys(self):
        """Key files of the paper's rings."""
        paths = []
        for index, factors in enumerate(ringkeys.FACTORS, 1):
            path = self.work / "keys" / f"key{index}.json"
            if self.missing(path):
                array = path.with_name(f"key{index}_0_{ringkeys.RADIUS}_ring.npy")
                np.save(array, ringkeys.spectrum(factors, SHAPE))
                self.call(self.args.ringkey, "key", "import", array, "-o", path)
            paths.append(path)
        return paths


def convergence(run, number):
    """Fig. 2, Tables S1 and S2a, Fig. 3: sampled latents at guidance 3."""
    images = run.images("sampled", number, 20000, 3.0)
    run.invert(images, run.work / "instances" / f"{number:02}.jsonl", INSTANCES, "--bare")
    if number >= run.args.optimiser_rounds:
        return
    # Alternating, one image a round: what else the machine does hits all alike.
    name = f"{number:02}.jsonl"
    run.invert(images, run.work / "optimisers" / name, OPTIMISERS, "--bare", "--first", 1)
    gradient = run.work / "gradient" / name
    if run.missing(gradient):
        run.baseline("--output", gradient, "--first", 1, images, *GRADIENT)
    run.invert(images, run.work / "half" / name, HALF, "--bare", "--first", 1, model=run.half_model())


def strong_guidance(run, number, images):
    """The figure to beat at guidance 7.5, on the first key's images."""
    if number < run.args.optimiser_rounds:
        run.invert(images, run.work / "guidance-7.5" / f"{number:02}.jsonl", INSTANCES, "--bare")


def classification(run, number):
    """Table 2: three ring keys at guidance 7.5, the prompt known at inversion."""
    for index, key in enumerate(run.keys(), 1):
        images = run.images(f"table2/key{index}", number, 30000 + 1000 * index, 7.5, "--key", key)
        if index == 1:
            strong_guidance(run, number, images)
        folder = run.work / "table2" / f"recovered{index}" / f"{number:02}"
        if (folder / "done").exists():
            continue
        latents = folder / "latents"
        run.invert(images, folder / "bare.jsonl", ("none", "adam:100"), "--bare", "--latents", latents)
        run.invert(images, folder / "ours.jsonl", (OURS,), "--latents", latents)
        truths = [np.load(path) for path in sorted(images.glob("*.z_0.npy"))]
        np.save(latents / "truth.npy", np.concatenate(truths))
        if number < run.args.gradient_rounds:
            run.baseline(
                "--output", folder / "gradient.jsonl", "--latents", latents, "--first", 1, images, GRADIENT_OF_TABLE_2)
        for path in sorted(latents.glob("*.npy")):
            run.native(
                "noise", path, "--prompts", run.prompts(number), "--guidance", run.args.inversion_guidance, "--steps",
                50, "--output", folder / path.name)
        (folder / "done").touch()


def memory(run):
    """Peak memory of processes that do one thing each."""
    image = sorted((run.work / "sampled" / "00").glob("*.png"))[0]
    for name, model in (("32", run.args.model), ("16", run.half_model())):
        for method in ("none", "forward:20", "km:20", "adam:20", "anderson:20"):
            path = run.work / "memory" / f"{name}-{method.replace(':', '-')}.json"
            if run.missing(path):
                path.write_text(run.native("round-trip", image, "--method", method, model=model))
    for method in ("gradient=0.01:5", "adam:5"):
        path = run.work / "memory" / f"torch-{method.replace(':', '-')}.jsonl"
        if run.missing(path):
            run.baseline("--output", path, "--first", 1, image.parent, method)


def diverging(run):
    """A pair for which plain methods diverge: the encoder multiplied by 2.5; with and without the safeguard."""
    images = run.images("sampled", 0, 20000, 3.0)
    for name, flags in (("bare", ["--bare"]), ("guarded", [])):
        run.invert(images, run.work / "diverging" / f"{name}.jsonl", DIVERGING, "--encoder-gain", "2.5", *flags)


def other_kind(run):
    """An autoencoder of another kind."""
    output = run.work / "tanh.jsonl"
    if run.missing(output):
        script = Path(__file__).parent / "tanh_autoencoder.py"
        run.call(sys.executable, script, "--output", output, "--weights", run.work / "tanh.pt")


def main():
    root = Path(__file__).resolve().parents[2]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ringkey", default=root / ".build/release/ringkey")
    parser.add_argument("--native", default=root / ".build/release/reproduce")
    parser.add_argument("--model", default=str(root / "samples/grove"))
    parser.add_argument("--work", default=str(root / "out/reproduce"))
    parser.add_argument("--page", default=str(root / "docs/reproduction.md"))
    parser.add_argument("--images", type=int, default=100, help="images of each experiment and key")
    parser.add_argument("--optimiser-rounds", type=int, default=12, help="rounds with all optimisers, an image each")
    parser.add_argument("--gradient-rounds", type=int, default=12, help="rounds with the gradient baseline in Table 2")
    parser.add_argument("--inversion-guidance", default="1", help="guidance of diffusion inversion in Table 2")
    parser.add_argument("--short", action="store_true", help="two rounds")
    parser.add_argument("--page-only", action="store_true", help="write the page from what is there")
    args = parser.parse_args()
    for program in (args.ringkey, args.native):
        if not args.page_only and not os.access(program, os.X_OK):
            parser.error(f"{program}: not built (make reproduce builds it)")
    if args.images < 1:
        parser.error(f"--images takes a number from 1, found {args.images}")
    args.images = 2 * ROUND if args.short else args.images
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    run = Run(args)
    rounds = -(-args.images // ROUND)
    if not args.page_only:
        for number in range(rounds):
            convergence(run, number)
            if number == 0:
                memory(run)
                diverging(run)
                other_kind(run)
            classification(run, number)
            print(f"round {number + 1} of {rounds}", flush=True)
    import page

    page.write(run.work, Path(args.page))


if __name__ == "__main__":
    main()
