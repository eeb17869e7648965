#!/usr/bin/env python3
"""Whether recovered latents look like noise: the tables of docs/science.md.

    python3 benchmarks/noise_likeness.py [--study out/remake/false-positives] [--work DIR] [--write]

Takes the noise that the study of false positives recovered (`samples/remake.sh false-positives`) at the full look, and
computes the five figures of `NoiseLikeness` with NumPy. Then it verifies unmarked images with broken chains, which are
copies of the model's folder with another setting, and counts the `not_noise_like` among ringkey's findings. Needs NumPy
and safetensors.
"""

import json
import os
import pathlib
import shutil
import subprocess

import numpy as np
from safetensors.numpy import load_file

import document
import page_arguments

PAGE = "docs/science.md"
METHOD, STEPS = "anderson:4", 10
# `NoiseLikeness.Limits.standard`.
LIMITS = np.array([(-0.75, 0.75), (0.25, 1.75), (-1.5, 30), (-0.5, 0.85), (0.1, 12)])
FIGURES = ("channel mean", "standard deviation", "excess kurtosis", "neighbours", "low frequencies")
POPULATIONS = {
    "grove images, guidance 1 to 7.5, unmarked": ("guidance-1", "guidance-2", "guidance-3", "guidance-5", "guidance-7.5"),
    "marked": ("plain",),
    "marked, as JPEG of quality 75 and 50, and blurred": ("jpeg-75", "jpeg-50", "blurred"),
    "procedural scenes that grove did not make": ("scenes",),
    "photographs": ("photographs",),
    "noise, flat colours, gradients, text, chequers": ("oddities",),
}
# Settings of a model's folder that break the chain: files, entry, value; and the steps of the look.
BROKEN = {
    "a scaling factor ten times too large": (("vae*/config.json", "scaling_factor", 1.8215), STEPS),
    "a model of ε taken for one of v": (("scheduler/scheduler_config.json", "prediction_type", "v_prediction"), STEPS),
    "a scaling factor ten times too small": (("vae*/config.json", "scaling_factor", 0.018215), STEPS),
}


def figures(latent):
    """The five figures of one latent [C, h, w], in the order of FIGURES."""
    means = latent.mean(axis=(1, 2))
    centred = latent - latent.mean()
    kurtosis = (centred**4).mean() / (centred**2).mean() ** 2 - 3
    channels = latent - means[:, None, None]
    here = channels[:, :-1, :-1]
    neighbours = (here * (channels[:, :-1, 1:] + channels[:, 1:, :-1]) / 2).sum() / (here**2).sum()
    height, width = latent.shape[1:]
    ky, kx = np.fft.fftfreq(height, 1 / height)[:, None], np.fft.fftfreq(width, 1 / width)
    radius = np.hypot(ky, kx)
    power = (np.abs(np.fft.fft2(channels)) ** 2).sum(axis=0)
    low = power[(radius > 0) & (radius < min(height, width) / 8)].mean() / power[radius > 0].mean()
    return means[np.abs(means).argmax()], centred.std(), kurtosis, neighbours, low


def population(study, groups):
    """[images, 5]."""
    latents = [z for group in groups for z in load_file(study / "latents" / f"{METHOD}-{STEPS}" / f"{group}.safetensors").values()]
    return np.array([figures(z.reshape(z.shape[-3:]).astype(np.float64)) for z in latents])


def refused(arguments, images, name, flags):
    """How many of the images ringkey answers with `not_noise_like`, from the file of an earlier run where there is one."""
    file = arguments.work / f"{name}.jsonl"
    if not file.exists():
        result = subprocess.run(
            [arguments.ringkey, "verify", *images, "--key", page_arguments.ROOT / "samples/demo.key.json", "--calibration", "none", "--search", "none",
             "--decoys", "0", "--threads", str(arguments.threads), "--json", "--quiet", *flags],
            capture_output=True, text=True)
        if result.returncode not in (0, 1, 3):
            raise SystemExit(result.stderr)
        file.write_text(result.stdout)
    verdicts = [json.loads(line) for line in file.read_text().splitlines()]
    return sum(any(f["code"] == "not_noise_like" for f in v["findings"]) for v in verdicts)


def broken_model(arguments, change):
    """A copy of the model's folder with one entry of its configuration changed."""
    folder = arguments.work / "model"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(arguments.model, folder, copy_function=os.link)
    if change:
        names, entry, value = change
        for path in folder.glob(names):
            settings = json.loads(path.read_text())
            assert entry in settings, f"{path} has no {entry}"
            path.unlink()
            path.write_text(json.dumps(settings | {entry: value}))
    return folder


def main():
    parser = page_arguments.parser(__doc__, "noise-likeness", PAGE)
    parser.add_argument("--study", type=pathlib.Path, default=page_arguments.ROOT / "out/remake/false-positives")
    parser.add_argument("--count", type=int, default=16, help="images for each broken chain")
    arguments = parser.parse_args()
    arguments.work.mkdir(parents=True, exist_ok=True)
    unmarked = [path for group in ("guidance-1", "guidance-2", "guidance-3", "guidance-5")
                for path in sorted((arguments.study / "grove" / group).glob("*.png"))[: arguments.count // 4]]
    rows = []
    for name, groups in POPULATIONS.items():
        found = population(arguments.study, groups)
        outside = ((found < LIMITS[:, 0]) | (found > LIMITS[:, 1])).any(axis=1).sum()
        spread = zip(*np.quantile(found, (0, 0.5, 1), axis=0))
        rows.append([name, len(found), *(f"{a:.2f} … **{m:.2f}** … {b:.2f}" for a, m, b in spread), outside])
    rows.append(["accepted", "", *(f"{a:g} … {b:g}" for a, b in LIMITS), ""])
    tables = {"noise-likeness": document.table(["recovered noise of", "images", *FIGURES, "outside"], rows)}
    rows = []
    for name, (change, steps) in BROKEN.items():
        flags = ["--model", broken_model(arguments, change), "--looks", f"{METHOD}/{steps}"]
        rows.append([name, f"{refused(arguments, unmarked, name.replace(' ', '-'), flags)} of {len(unmarked)}"])
    tables["broken-chains"] = document.table(["what is wrong", "not noise-like"], rows)
    print("\n\n".join(tables.values()))
    if arguments.write:
        document.write(page_arguments.ROOT / PAGE, tables)


if __name__ == "__main__":
    main()
