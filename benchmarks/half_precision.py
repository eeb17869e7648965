"""What it costs to store a UNet's weights as float16: the tables of docs/weights.md.

    python3 benchmarks/half_precision.py [--ringkey PATH] [--count 40] [--work out/half-precision] [--write]

Converts both sample models with scripts/half_precision.py. grove-flow in float32 makes marked and unmarked images of 16
landscapes, which both of its variants judge by every attempt: without a calibration, with calibrations that each learns
anew from the same images, and by exact inversion. grove's variants judge the sample images. Both models make the same
pictures from the same noise. Needs NumPy, Pillow, onnx and git.
"""

import argparse
import json
import os
import pathlib
import subprocess
import sys

import numpy as np
from PIL import Image

import document
import processes

SAMPLES = pathlib.Path("samples")
KEY = SAMPLES / "demo.key.json"
WEIGHTS = "unet/diffusion_pytorch_model.safetensors"
LEVEL = -6  # log₁₀ of verify's false-positive rate
PROMPTS = [
    f"{place} at {time}" for place in ["mountains", "hills", "dunes", "sea"]
    for time in ["dawn with clouds", "noon", "dusk with sun", "night with moon"]]
LEARNT_FROM = 8 * len(PROMPTS)
ROUNDS = 5


class Study:
    def __init__(self, ringkey, work):
        self.ringkey, self.work = ringkey, work
        work.mkdir(parents=True, exist_ok=True)

    def variants(self, name):
        """The model folder in float32 and in float16."""
        half = self.work / f"{name}-half"
        if not half.exists():
            subprocess.run([sys.executable, "scripts/half_precision.py", SAMPLES / name, half], check=True)
        return SAMPLES / name, half

    def images(self, model, name, count, *options):
        """Pictures of the prompts in turn."""
        folder = self.work / name
        if len(list(folder.glob("*.png"))) < count:
            prompts = self.work / f"{name}.txt"
            prompts.write_text("".join(PROMPTS[i % len(PROMPTS)] + "\n" for i in range(count)))
            subprocess.run(
                [self.ringkey, "generate", "--model", model, "--prompt-file", prompts, "-o", folder, "--quiet", "--force",
                 *options], check=True, stdout=subprocess.DEVNULL)
        return sorted(folder.glob("*.png"))

    def calibration(self, model, images, name):
        file = self.work / f"{name}.safetensors"
        if not file.exists():
            subprocess.run(
                [self.ringkey, "calibrate", *images, "--model", model, "-o", file, "--quiet"], check=True,
                stdout=subprocess.DEVNULL)
        return file

    def judge(self, model, images, calibration, *options):
        return processes.run(
            [self.ringkey, "verify", *images, "--model", model, "--key", KEY, "--calibration", calibration, "--json",
             "--quiet", "--all-looks", "--search", "none", *options], answers=(0, 1, 3))

    def verdicts(self, name, *request):
        """What `judge` answers, kept in a file, so that a run that was stopped goes on."""
        file = self.work / f"{name}.jsonl"
        if not file.exists():
            file.write_text("".join(json.dumps(line) + "\n" for line in self.judge(*request).lines))
        return [json.loads(line) for line in file.read_text().splitlines()]


def size_in_history(file, work):
    """Bytes that git stores for a file, deflated as in a pack."""
    repository = work / "git"
    git = ["git", "-C", repository]
    subprocess.run(["git", "init", "--quiet", repository], check=True)
    blob = subprocess.run(
        [*git, "hash-object", "-w", "--no-filters", file.resolve()], check=True, capture_output=True, text=True).stdout
    size = subprocess.run(
        [*git, "cat-file", "--batch-check=%(objectsize:disk)"], input=blob, check=True, capture_output=True, text=True)
    return int(size.stdout)


def routes(lines):
    return [f"{look['decoder_inversion']}/{look['steps']}" for look in lines[0]["looks"]]


def scores(lines, index, field):
    return np.array([line["looks"][index][field] for line in lines])


def pairs(values, form):
    """One figure for each variant, float32's first."""
    return ", ".join(form.format(v) for v in values)


def verdict_rows(label, marked, lines):
    """A row for each attempt of two models' verdicts on the same images, the first `marked` of which are marked."""
    if [v["sha256"] for v in lines[0]] != [v["sha256"] for v in lines[1]]:
        sys.exit(f"{label}: the runs judged different images")
    rows = []
    for index, route in enumerate(routes(lines[0])):
        p = [scores(variant, index, "log10_p") for variant in lines]
        moved = abs(p[1] - p[0])
        cosine = abs(scores(lines[1], index, "cosine") - scores(lines[0], index, "cosine"))
        rows.append([
            label, f"`{route}`", pairs([(v[:marked] <= LEVEL).sum() for v in p], "{}"),
            pairs([(v[marked:] <= LEVEL).sum() for v in p], "{}"), pairs([np.median(v[:marked]) for v in p], "{:.2f}"),
            f"{np.median(moved[:marked]):.3f}, {moved[:marked].max():.3f}",
            f"{np.median(moved[marked:]):.4f}, {moved[marked:].max():.4f}", f"{np.median(cosine):.1e}, {cosine.max():.1e}"])
    differing = sum(a["verdict"] != b["verdict"] for a, b in zip(*lines))
    for row in rows:
        row.append(f"{differing} of {len(lines[0])}")
    return rows


def picture_row(label, one, other):
    """How far the same pictures of two models are apart, in steps of 1/255."""
    names = [[file.name for file in files] for files in (one, other)]
    if names[0] != names[1]:
        sys.exit(f"{label}: the models made different files")
    differences = np.stack([
        np.asarray(Image.open(a), dtype=int) - np.asarray(Image.open(b), dtype=int) for a, b in zip(one, other)])
    error = (differences**2).mean(axis=(1, 2, 3))
    worst = 10 * np.log10(255**2 / error.max())
    return [
        label, len(one), f"{(differences != 0).mean():.1%}", abs(differences).max(),
        f"{10 * np.log10(255**2 / np.median(error)):.1f}", f"{worst:.1f}"]


def call_milliseconds(runs):
    """The median over the images of a UNet call's time, in milliseconds, in the ten steps of the last attempt."""
    return processes.median([
        1000 * stage["seconds"] / stage["steps"] for run in runs for line in run.lines for stage in line["stages"]
        if stage["stage"] == "diffusion_inversion" and stage["steps"] == 10])


def storage_rows(study, name, images):
    models = study.variants(name)
    loads = processes.alternately(ROUNDS, *[
        lambda model=model: processes.run([study.ringkey, "models", model, "--json", "--quiet"]) for model in models])
    runs = processes.alternately(ROUNDS, *[lambda model=model: study.judge(model, images, "none") for model in models])
    rows = []
    for label, model, loaded, judged in zip(["float32", "float16"], models, loads, runs):
        load = processes.median([
            graph["loadSeconds"] for run in loaded for graph in run.lines[0]["graphs"] if graph["part"] == "unet"])
        rows.append([
            f"{name}, {label}", f"{(model / WEIGHTS).stat().st_size / 1e6:.2f}",
            f"{size_in_history(model / WEIGHTS, study.work) / 1e6:.2f}", f"{1000 * load:.0f}",
            f"{processes.median([run.peak for run in judged]) / 1e6:.0f}", f"{call_milliseconds(judged):.1f}"])
    return rows


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--ringkey", default=".build/release/ringkey")
    parser.add_argument("--count", type=int, default=40, help="marked images, and as many without a mark")
    parser.add_argument("--work", type=pathlib.Path, default=pathlib.Path("out/half-precision"))
    parser.add_argument("--write", action="store_true", help="write the tables into docs/weights.md")
    arguments = parser.parse_args()
    os.environ.pop("RINGKEY_MODEL", None)
    study, count = Study(arguments.ringkey, arguments.work), arguments.count
    flow, grove = study.variants("grove-flow"), study.variants("grove")

    marked = study.images(flow[0], "marked", count, "--key", KEY, "--seed", "1000")
    clean = study.images(flow[0], "clean", count, "--seed", "2000")
    unmarked = study.images(flow[0], "unmarked", LEARNT_FROM, "--seed", "50000")
    learnt = [study.calibration(model, unmarked, f"calibration-{i}") for i, model in enumerate(flow)]
    exact = ["--looks", "none/1", "--inverse", "exact"]
    few = min(count, len(PROMPTS))
    # The one made with another key is not marked with this one.
    samples = sorted(SAMPLES.glob("images/marked-*.png")) + sorted(SAMPLES.glob("images/hard/marked-*"))
    sample_count = len(samples)
    samples += sorted(SAMPLES.glob("images/clean-*.png")) + sorted(SAMPLES.glob("images/hard/other-*"))

    def both(name, models, *request):
        return [study.verdicts(f"{name}-{i}", model, *request) for i, model in enumerate(models)]

    images = [*marked, *clean]
    calibrated = [study.verdicts(f"calibrated-{i}", m, images, c) for i, (m, c) in enumerate(zip(flow, learnt))]
    verdicts = [
        *verdict_rows("grove-flow", count, both("plain", flow, images, "none")),
        *verdict_rows("grove-flow, calibrated", count, calibrated),
        *verdict_rows("grove-flow, exact", few, both("exact", flow, [*marked[:few], *clean[:few]], "none", *exact)),
        *verdict_rows("grove", sample_count, both("samples", grove, samples, "none"))]
    halves = [
        study.images(flow[1], "marked-half", count, "--key", KEY, "--seed", "1000"),
        study.images(flow[1], "clean-half", count, "--seed", "2000")]
    slow = [study.images(model, f"grove-{i}", 4, "--seed", "2000") for i, model in enumerate(grove)]
    sections = {
        "storage": document.table(
            ["model", "file, MB", "in history, MB", "UNet loads, ms", "peak memory, MB", "UNet call, ms"],
            storage_rows(study, "grove-flow", images[:4]) + storage_rows(study, "grove", images[:4])),
        "verdicts": document.table(
            ["model", "attempt", "marked found", "clean found", "median log₁₀ p, marked", "change, marked",
             "change, clean", "change of cosine", "verdicts differ"], verdicts),
        "pictures": document.table(
            ["model", "images", "values that differ", "largest difference", "median PSNR, dB", "lowest PSNR, dB"],
            [picture_row("grove-flow, marked", marked, halves[0]), picture_row("grove-flow, clean", clean, halves[1]),
             picture_row("grove, 50 steps", *slow)])}
    print("\n\n".join(sections.values()))
    if arguments.write:
        document.write("docs/weights.md", sections)


if __name__ == "__main__":
    main()
