#!/usr/bin/env python3
"""The second scenario of Hong et al. 2024, Table 2 (InstaFlow), on samples/grove-flow: images made in one step.

    python3 benchmarks/reproduce/one_step.py [--images N] [--marked N] [--page-only]

Needs NumPy and the programs that `make reproduce` builds. Three ring keys mark N images each; decoder inversion by each
method; then flow inversion: naive in one step (one call of the model) and in ten, and exact (backward Euler), with the
prompt known; the key of an image is the one at the least masked mean |F - K|. Then one native key, whose p-value ringkey
computes, without and with the model's calibration. Work is done in rounds and kept: an interrupted run goes on, a larger N
adds rounds. Writes docs/one-step.md.
"""

import argparse
import json
import os
import shutil
import subprocess
from pathlib import Path

import numpy as np

import measured
import reproduce
import ringkeys

ROUND = 5
SHAPE = (4, 32, 32)
ENCODER, ADAM, ANDERSON, TRUTH = "none", "adam-100", "anderson-6", "truth"
NAMES = {ENCODER: "encoder", ADAM: "Adam-100", ANDERSON: "Anderson-6", TRUTH: "the true latent"}
# Flow inversions, with the tool's arguments.
INVERSES = {"naive": ("naive", 1), "naive-10": ("naive", 10), "exact": ("exact", 1)}
INVERSE_NAMES = {"naive": "naive", "naive-10": "naive, 10 steps", "exact": "exact"}
PAPER = {ENCODER: "149", ADAM: "227"}
# Images judged behind the model's own calibration: folder, number, first seed. It was learnt from others.
CALIBRATED = {"marked": (100, 70000), "clean": (80, 80000)}
VERIFIED = [(decoder, inverse, prompt) for decoder in ("none", "anderson:4", "adam:100")
            for inverse in ("naive", "naive-10", "exact") for prompt in ("known", "empty")]


class Run(reproduce.Run):
    """The experiments; a round is ROUND images of each key."""

    def prompts(self, number):
        path = self.work / "prompts" / f"{number:02}.txt"
        if self.missing(path):
            path.write_text("".join(reproduce.prompt(ROUND * number + i) + "\n" for i in range(ROUND)))
        return path

    def images(self, folder, number, seed, key):
        """A round's images, made in one step, with their latents."""
        path = self.work / folder / f"{number:02}"
        if self.missing(path):
            partial = path.with_name(path.name + ".partial")
            shutil.rmtree(partial, ignore_errors=True)
            self.call(self.args.ringkey, "generate", *self.model, "--prompt-file", self.prompts(number), "--seed",
                      seed + ROUND * number, "--guidance", 1, "--steps", 1, "--save-latents", "--quiet", "-o", partial,
                      "--key", key)
            partial.rename(path)
        return path

    def latents(self, images, folder, number):
        """Decoder inversion of a round by every method: folder/METHOD.npy, [ROUND, C, h, w]."""
        self.invert(images, folder / "encoder.jsonl", ("none",), "--bare", "--latents", folder)
        if number < self.args.adam_rounds:
            self.invert(images, folder / "adam.jsonl", ("adam:100",), "--bare", "--latents", folder)
        self.invert(images, folder / "anderson.jsonl", ("anderson:6",), "--latents", folder)
        truths = [np.load(path) for path in sorted(images.glob("*.z_0.npy"))]
        np.save(folder / f"{TRUTH}.npy", np.concatenate(truths))
        return [method for method in NAMES if (folder / f"{method}.npy").exists()]

    def noise(self, images, folder, number, method, inverse):
        """The recovered noise of a round and a line of its inversion for each image."""
        output = folder / f"{method}.{inverse}.npy"
        if not self.missing(output):
            return
        truths = sorted(images.glob("*.z_T.npy"))
        prompts = self.prompts(number).read_text().splitlines()
        way, steps = INVERSES[inverse]
        noise, lines = [], []
        for latent, truth, prompt in zip(np.load(folder / f"{method}.npy"), truths, prompts, strict=True):
            source, target = folder / "one.z_0.npy", folder / "one.z_T.npy"
            np.save(source, latent[None])
            lines.append(self.call(
                self.args.ringkey, "invert", source, *self.model, "--solver", "flow", "--inverse", way, "--steps", steps,
                "--prompt", prompt, "--guidance", 1, "--compare", truth, "-o", target, "--force", "--json", "--quiet"))
            noise.append(np.load(target))
        (folder / f"{method}.{inverse}.jsonl").write_text("".join(lines))
        np.save(output, np.concatenate(noise))
        source.unlink()
        target.unlink()

    def native_key(self):
        path = self.work / "keys" / "native.json"
        if self.missing(path):
            self.call(self.args.ringkey, "keygen", "--latent", "x".join(map(str, SHAPE)), "-o", path)
        return path

    def verdicts(self, images, number, key, decoder, inverse, prompt):
        """ringkey's verdicts on a round."""
        output = self.work / "native" / f"{decoder.replace(':', '-')}.{inverse}.{prompt}" / f"{number:02}.jsonl"
        if not self.missing(output):
            return
        pictures = sorted(images.glob("*.png"))
        way, steps = INVERSES[inverse]
        known = ["--prompt-file", self.prompts(number)] if prompt == "known" else []
        command = [self.args.ringkey, "verify", *pictures, *self.model, "--key", key, "--solver", "flow", "--inverse",
                   way, "--steps", steps, "--decoder-inversion", decoder, "--json", "--quiet", *known]
        result = subprocess.run(list(map(str, command)), stdin=subprocess.DEVNULL, capture_output=True, text=True)
        if result.returncode not in (0, 1, 3):
            raise SystemExit(f"{' '.join(map(str, command))}: exit {result.returncode}\n{result.stderr}")
        output.write_text(result.stdout)


def classification(run, number):
    for index, key in enumerate(run.keys(), 1):
        folder = run.work / f"recovered{index}" / f"{number:02}"
        images = run.images(f"key{index}", number, 50000 + 1000 * index, key)
        for method in run.latents(images, folder, number):
            for inverse in INVERSES:
                run.noise(images, folder, number, method, inverse)
        (folder / "done").touch()


def evidence(run, number):
    key = run.native_key()
    images = run.images("marked", number, 60000, key)
    for decoder, inverse, prompt in VERIFIED:
        if decoder.startswith("adam") and number >= run.args.adam_rounds:
            continue
        run.verdicts(images, number, key, decoder, inverse, prompt)


def calibrated(run):
    """Every look of the tool's defaults, with the calibration in the model's folder."""
    for name, (count, seed) in CALIBRATED.items():
        folder, results = run.work / "calibrated" / name, run.work / "calibrated" / f"{name}.jsonl"
        if not run.missing(results):
            continue
        prompts = results.with_suffix(".txt")
        prompts.write_text("".join(reproduce.prompt(i) + "\n" for i in range(count)))
        mark = ["--key", run.native_key()] if name == "marked" else []
        run.call(run.args.ringkey, "generate", *run.model, "--prompt-file", prompts, "--seed", seed, "--quiet", "--force", "-o",
                 folder, *mark)
        run.call(run.args.ringkey, "audit", *run.model, "--key", run.native_key(), "--all-looks", "--search", "none", "--quiet", "--decoys", 0,
                 folder, "-o", results)


def looks(work, name):
    """{look: [log₁₀ p of each image]}."""
    found = {}
    for line in map(json.loads, (work / "calibrated" / f"{name}.jsonl").open()):
        for look in line.get("looks", []) if "verdict" in line else []:
            found.setdefault(f"{look['decoder_inversion']}/{look['steps']}", []).append(look["log10_p"])
    return found


def finished(work, index, method, inverse):
    """The rounds of a key in which the method was run, in order."""
    done = sorted((work / f"recovered{index}").glob("*/done"))
    return [path.parent for path in done if (path.parent / f"{method}.{inverse}.npy").exists()]


def cosines(latents, keys):
    """Cosine of latents [N, C, h, w] with every key inside the mask: [N, keys]."""
    mask = ringkeys.circle(latents.shape[-1], ringkeys.RADIUS)
    spectra = np.fft.fftshift(np.fft.fft2(latents[:, ringkeys.CHANNEL].astype(np.float64)), axes=(-2, -1))[:, mask]
    patterns = np.stack([key[0, ringkeys.CHANNEL][mask] for key in keys])
    return (spectra @ patterns.conj().T).real / np.linalg.norm(spectra, axis=1)[:, None] / np.linalg.norm(
        patterns, axis=1)


# Ways to choose among keys: the paper's distance, to the keys as written and as marking leaves them, and the cosine with
# the latter, which does not mind that the recovered noise is too weak.
CHOICES = {
    "distance": lambda noise, keys, left: ringkeys.distances(noise, keys).argmin(1),
    "effective": lambda noise, keys, left: ringkeys.distances(noise, left).argmin(1),
    "cosine": lambda noise, keys, left: cosines(noise, left).argmax(1),
}


def confusion(work, method, inverse, choice):
    """Keys chosen for each true key, [3, 3]."""
    keys = [ringkeys.spectrum(factors, SHAPE) for factors in ringkeys.FACTORS]
    left = [ringkeys.effective(key) for key in keys]
    table = np.zeros((3, 3), int)
    for index in range(3):
        for folder in finished(work, index + 1, method, inverse):
            noise = np.load(folder / f"{method}.{inverse}.npy")
            np.add.at(table[index], CHOICES[choice](noise, keys, left), 1)
    return table


def disc_correlation(made, true):
    """Mean correlation of two latents inside the key's disc of its channel."""
    mask = ringkeys.circle(SHAPE[1], ringkeys.RADIUS)
    a, b = (np.fft.fftshift(np.fft.fft2(z[:, ringkeys.CHANNEL].astype(np.float64)), axes=(-2, -1))[:, mask]
            for z in (made, true))
    return float(np.mean((a * b.conj()).sum(1).real / np.linalg.norm(a, axis=1) / np.linalg.norm(b, axis=1)))


def recovery(work, method, inverse):
    """Means over all images: error of the noise in dB, correlation overall and in the disc, and
    the lines of the inversions."""
    lines, made, true = [], [], []
    for index in range(1, 4):
        for folder in finished(work, index, method, inverse):
            lines += [json.loads(text) for text in (folder / f"{method}.{inverse}.jsonl").open()]
            made.append(np.load(folder / f"{method}.{inverse}.npy"))
            true += [np.load(path) for path in sorted((work / f"key{index}" / folder.name).glob("*.z_T.npy"))]
    made, true = np.concatenate(made), np.concatenate(true)
    flat = [z.reshape(len(z), -1).astype(np.float64) for z in (made, true)]
    errors = 10 * np.log10(((flat[0] - flat[1]) ** 2).sum(1) / (flat[1] ** 2).sum(1))
    overall = [np.corrcoef(a, b)[0, 1] for a, b in zip(*flat, strict=True)]
    return {"images": len(made), "error": errors.mean(), "correlation": np.mean(overall),
            "disc": disc_correlation(made, true), "lines": lines}


def latent_error(work, method, inverse):
    """Mean NMSE in dB of the clean latent, of the images that this flow inversion was run on."""
    errors = []
    for index in range(1, 4):
        for folder in finished(work, index, method, inverse):
            made, true = (np.load(folder / f"{name}.npy").astype(np.float64) for name in (method, TRUTH))
            errors += list(10 * np.log10(((made - true) ** 2).sum((1, 2, 3)) / (true**2).sum((1, 2, 3))))
    return float(np.mean(errors))


def median_p(work, decoder, inverse, prompt):
    folder = work / "native" / f"{decoder.replace(':', '-')}.{inverse}.{prompt}"
    verdicts = measured.lines(folder) if folder.exists() else []
    logs = [verdict["log10_p"] for verdict in verdicts if verdict.get("log10_p") is not None]
    found = sum(verdict["verdict"] == "watermarked" for verdict in verdicts)
    return len(verdicts), found, float(np.median(logs)) if logs else None


def main():
    root = Path(__file__).resolve().parents[2]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ringkey", default=root / ".build/release/ringkey")
    parser.add_argument("--native", default=root / ".build/release/reproduce")
    parser.add_argument("--model", default=str(root / "samples/grove-flow"))
    parser.add_argument("--work", default=str(root / "out/one-step"))
    parser.add_argument("--page", default=str(root / "docs/one-step.md"))
    parser.add_argument("--images", type=int, default=100, help="images of each ring key")
    parser.add_argument("--marked", type=int, default=50, help="images of the native key")
    parser.add_argument("--adam-rounds", type=int, default=10**6, help="rounds with Adam-100, a slow method")
    parser.add_argument("--page-only", action="store_true", help="write the page from what is there")
    args = parser.parse_args()
    for program in (args.ringkey, args.native):
        if not args.page_only and not os.access(program, os.X_OK):
            parser.error(f"{program}: not built (make reproduce builds it)")
    run = Run(args)
    if not args.page_only:
        for number in range(-(-max(args.images, args.marked) // ROUND)):
            if ROUND * number < args.images:
                classification(run, number)
            if ROUND * number < args.marked:
                evidence(run, number)
            print(f"round {number + 1}", flush=True)
        calibrated(run)
    import one_step_page

    one_step_page.write(run.work, Path(args.page))


if __name__ == "__main__":
    main()
