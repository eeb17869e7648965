#!/usr/bin/env python3
"""Measures a sample model on scenes that it has not seen and on images that it made; prints a Markdown table.

    python3 samples/training/measure.py --model samples/grove --work out/measure/grove --steps 50 --guidance 3
    python3 samples/training/measure.py --model samples/grove-flow --work out/measure/flow --steps 1 --guidance 1
        --inversion-steps 10

- Reconstruction: PSNR of decode(encode(x)) over held-out procedural scenes.
- Fréchet distance of Gaussians fitted to small features (`features`) of images that the tool makes and of held-out
  scenes, and the same distance between two halves of scenes of the same size, which is what chance alone gives.
- Inversion of 8-bit PNG files by the tool, empty prompt and guidance 1: error of the clean latent by the encoder and by
  decoder inversion, and the correlation of the recovered noise with the true one, overall and inside the disc |k| <= 10
  of the default key, all channels.
"""

import argparse
import json
import os
import random
import shutil
import subprocess
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from diffusers import AutoencoderKL
from PIL import Image

import common
import scenes

DISC = 10
TRUTH = "truth"
FIRST_SEED = 900_000


def load_images(paths):
    pixels = np.stack([np.asarray(Image.open(path).convert("RGB")) for path in paths])
    return torch.from_numpy(pixels).permute(0, 3, 1, 2).float() / 127.5 - 1


def features(images):
    """[N, 33] of [N, 3, H, W]: colours of a coarse 3 × 3 grid, and for each colour the logarithm of the standard
    deviation of the differences between neighbours 1 and 4 pixels apart (how sharp the image is)."""
    grid = F.adaptive_avg_pool2d(images, 3).flatten(1)
    rough = []
    for scale in (1, 4):
        small = F.avg_pool2d(images, scale)
        square = small.diff(dim=2).square().mean((2, 3)) + small.diff(dim=3).square().mean((2, 3))
        rough.append(0.5 * torch.log(square + 1e-8))
    return torch.cat([grid, *rough], 1).double().numpy()


def frechet(a, b):
    """‖μ_a - μ_b‖² + tr(A + B - 2 (A B)^½) of Gaussians fitted to two sets of features."""
    A, B = np.cov(a, rowvar=False), np.cov(b, rowvar=False)
    # The eigenvalues of A B are those of the symmetric A^½ B A^½.
    values, vectors = np.linalg.eigh(A)
    root = vectors * np.sqrt(values.clip(0)) @ vectors.T
    product = np.linalg.eigvalsh(root @ B @ root).clip(0)
    return float(((a.mean(0) - b.mean(0)) ** 2).sum() + np.trace(A) + np.trace(B) - 2 * np.sqrt(product).sum())


def held_out_scenes(count, texture):
    parts = [scenes.render(scenes.seeds_of(scenes.HELD_OUT + first, min(40, count - first)), texture=texture)[0]
             for first in range(0, count, 40)]
    return torch.cat(parts)


@torch.no_grad()
def reconstruction(model, images):
    """Mean PSNR in dB, and the standard deviation of each channel of the scaled latents."""
    vae = AutoencoderKL.from_pretrained(model, subfolder="vae").eval()
    errors, latents = [], []
    for part in images.split(16):
        latents.append(vae.encode(part).latent_dist.mean)
        made = vae.decode(latents[-1]).sample.clamp(-1, 1)
        errors.append(((made - part) / 2).square().mean((1, 2, 3)))
    spread = (torch.cat(latents) * vae.config.scaling_factor).std((0, 2, 3))
    return float((-10 * torch.cat(errors).log10()).mean()), spread.tolist()


def generate(arguments):
    """Images of prompts as the scenes have them, with their latents."""
    folder = arguments.work / "images"
    if not folder.exists():
        arguments.work.mkdir(parents=True, exist_ok=True)
        source = random.Random(arguments.seed)
        prompts = arguments.work / "prompts.txt"
        prompts.write_text("".join(common.random_prompt(source) + "\n" for _ in range(arguments.images)))
        partial = arguments.work / "images.partial"
        shutil.rmtree(partial, ignore_errors=True)
        subprocess.run(
            [arguments.ringkey, "generate", "--model", arguments.model, "--prompt-file", prompts, "--seed",
             str(FIRST_SEED), "--steps", str(arguments.steps), "--guidance", str(arguments.guidance), "--threads",
             str(arguments.threads), "--save-latents", "--quiet", "-o", partial], check=True, stdout=subprocess.DEVNULL)
        partial.rename(folder)
    return sorted(folder.glob("*.png"))


def invert(path, arguments, method, inverse):
    """One inversion by the tool: its line, and the recovered noise."""
    folder = arguments.work / f"noise-{method.replace(':', '-')}-{inverse}"
    folder.mkdir(exist_ok=True)
    noise, line = folder / f"{path.stem}.npy", folder / f"{path.stem}.json"
    if not line.exists():
        latent = path.with_name(f"{path.stem}.z_0.npy")
        subject = [latent] if method == TRUTH else [path, "--decoder-inversion", method, "--compare-latent", latent]
        result = subprocess.run(
            [arguments.ringkey, "invert", *subject, "--model", arguments.model, "--steps",
             str(arguments.inversion_steps or arguments.steps), "--inverse", inverse, "--compare",
             path.with_name(f"{path.stem}.z_T.npy"), "--threads", str(arguments.threads), "--json", "--quiet", "--force",
             "-o", noise], check=True, capture_output=True, text=True)
        line.write_text(result.stdout)
    return json.loads(line.read_text()), np.load(noise)


def correlations(made, true):
    """Correlation of two latents [1, C, h, w]: overall, and inside the disc."""
    spectra = [np.fft.fft2(z[0].astype(np.float64)) for z in (made, true)]
    height, width = made.shape[2:]
    y, x = np.fft.fftfreq(height, 1 / height)[:, None], np.fft.fftfreq(width, 1 / width)[None]
    a, b = (s[:, x**2 + y**2 <= DISC**2].ravel() for s in spectra)
    overall = np.corrcoef(made.ravel(), true.ravel())[0, 1]
    return overall, (a * b.conj()).sum().real / np.linalg.norm(a) / np.linalg.norm(b)


def decibels(made, true):
    return 10 * np.log10(((made - true) ** 2).sum() / (true**2).sum())


def inversion_rows(paths, arguments):
    rows = []
    for method in arguments.methods:
        for inverse in arguments.inverses:
            pairs, errors = [], []
            for path in paths:
                line, noise = invert(path, arguments, method, inverse)
                true = np.load(path.with_name(f"{path.stem}.z_T.npy"))
                pairs.append((*correlations(noise, true), decibels(noise.astype(float), true)))
                if method != TRUTH:
                    errors.append(latent_error(line))
            overall, disc, noise_error = np.mean(pairs, 0)
            name = {"none": "encoder alone", TRUTH: "the true latent"}.get(method, method)
            latent = "" if method == TRUTH else f"{np.mean(errors):.1f}"
            rows.append(f"| {name}, {inverse} | {latent} | {noise_error:.1f} | {overall:.2f} | {disc:.2f} |")
    return rows


def latent_error(line):
    """Error of the clean latent in dB, as `ringkey invert --compare-latent --json` says it."""
    return line.get("latent_nmse_db", line["encoder_nmse_db"])


def main():
    root = Path(__file__).resolve().parents[2]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ringkey", default=root / ".build/release/ringkey")
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True, help="folder of images and inversions; kept and used again")
    parser.add_argument("--images", type=int, default=200, help="images and scenes for the Fréchet distance")
    parser.add_argument("--inverted", type=int, default=50, help="of them, images that are inverted")
    parser.add_argument("--texture", type=float, default=scenes.TEXTURE, help="of the scenes to compare with")
    parser.add_argument("--steps", type=int, default=50)
    parser.add_argument("--inversion-steps", type=int, help="steps of inversion (default: as of sampling)")
    parser.add_argument("--guidance", type=float, default=3.0, help="of sampling")
    parser.add_argument("--methods", nargs="+", default=["none", "anderson:10", TRUTH],
                        help="decoder inversions; truth starts from the float latent")
    parser.add_argument("--inverses", nargs="+", default=["naive"])
    common.add_common_arguments(parser)
    arguments = parser.parse_args()
    common.prepare(arguments)
    if not os.access(arguments.ringkey, os.X_OK):
        parser.error(f"{arguments.ringkey}: not built")
    real = held_out_scenes(2 * arguments.images, arguments.texture)
    psnr, spread = reconstruction(arguments.model, real)
    print(f"reconstruction of {len(real)} held-out scenes: {psnr:.2f} dB PSNR; standard deviation of the latent's channels "
          f"{', '.join(f'{x:.2f}' for x in spread)}", flush=True)
    paths = generate(arguments)
    seen, other = features(real).reshape(2, arguments.images, -1)
    made = features(load_images(paths))
    # Every feature counts alike: in units of its standard deviation over all scenes.
    scale = features(real).std(0)
    print(f"Fréchet distance, {len(paths)} images and scenes: {frechet(made / scale, seen / scale):.2f} "
          f"(between scenes: {frechet(other / scale, seen / scale):.2f})", flush=True)
    print("| from the image by | latent NMSE, dB | noise NMSE, dB | noise correlation | in the disc |")
    print("|:--|--:|--:|--:|--:|")
    for row in inversion_rows(paths[: arguments.inverted], arguments):
        print(row, flush=True)


if __name__ == "__main__":
    main()
