"""Checks ringkey against diffusers and against keys as the Tree-Ring package makes them.

    make interop        (or: python3 scripts/interop.py path/to/ringkey samples/grove)

(a) noise from `ringkey noise`, turned into a picture by diffusers' own pipeline, is found by `ringkey verify`;
(b) `ringkey invert` and diffusers' DDIM inversion of the same PNG agree to 1e-3;
(c) a key made as the reference package makes it, embedded by NumPy, is imported and found.
Exits with 1 if one of them fails.
"""

import json
import pathlib
import subprocess
import sys
import tempfile
import warnings

import numpy as np
import torch
from diffusers import AutoencoderKL, DDIMInverseScheduler, DDIMScheduler, StableDiffusionPipeline, UNet2DConditionModel
from PIL import Image
from transformers import CLIPTextModel, CLIPTokenizer

warnings.filterwarnings("ignore")
torch.set_grad_enabled(False)

ringkey, model = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()
PROMPTS = ["mountains at dusk with sun", "sea at night with moon", "dunes at noon", "hills at dawn with pines"]
failures = 0


def check(label, passed, detail):
    global failures
    failures += not passed
    print(f"{'ok  ' if passed else 'FAIL'} {label}: {detail}", flush=True)


def run(*arguments):
    """Runs ringkey and returns its JSON lines; exit codes 0, 1 and 3 are answers."""
    process = subprocess.run([ringkey, *map(str, arguments)], capture_output=True, text=True)
    if process.returncode not in (0, 1, 3):
        sys.exit(f"ringkey {' '.join(map(str, arguments))}: exit {process.returncode}\n{process.stderr}")
    return [json.loads(line) for line in process.stdout.splitlines() if line.startswith("{")]


def load_pipeline():
    """The pipeline from the folder's own PyTorch weights, nothing of ONNX in it."""
    pipeline = StableDiffusionPipeline(
        vae=AutoencoderKL.from_pretrained(model / "vae"),
        unet=UNet2DConditionModel.from_pretrained(model / "unet"),
        text_encoder=CLIPTextModel.from_pretrained(model / "text_encoder"),
        tokenizer=CLIPTokenizer.from_pretrained(model / "tokenizer"),
        scheduler=DDIMScheduler.from_pretrained(model / "scheduler"),
        safety_checker=None, feature_extractor=None, requires_safety_checker=False,
    )
    pipeline.set_progress_bar_config(disable=True)
    return pipeline


def generate(pipeline, noise, folder, name):
    """Pictures from given initial noise, guidance 3, 50 DDIM steps, as 8-bit PNG files."""
    images = pipeline(PROMPTS[: len(noise)], latents=torch.from_numpy(noise), guidance_scale=3.0,
                      num_inference_steps=50, height=128, width=128).images
    paths = [folder / f"{name}-{i}.png" for i in range(len(images))]
    for image, path in zip(images, paths):
        image.save(path)
    return paths


def invert_with_diffusers(pipeline, path, steps):
    scheduler = DDIMInverseScheduler.from_config(pipeline.scheduler.config)
    scheduler.set_timesteps(steps)
    pixels = torch.from_numpy(np.asarray(Image.open(path).convert("RGB"), dtype=np.float32) / 127.5 - 1)
    latent = pipeline.vae.encode(pixels.permute(2, 0, 1)[None]).latent_dist.mode() * pipeline.vae.config.scaling_factor
    empty, _ = pipeline.encode_prompt([""], "cpu", 1, False)
    for timestep in scheduler.timesteps:
        latent = scheduler.step(pipeline.unet(latent, timestep, empty).sample, timestep, latent).prev_sample
    return latent.numpy()


def reference_mask(size, radius):
    """The Tree-Ring package's circle: its rows are flipped before the comparison, so that it is not centred on DC."""
    grid = np.arange(size) - size // 2
    return grid[None] ** 2 + grid[::-1, None] ** 2 <= radius**2


def reference_key(rng, shape, channel, radius, pattern):
    """A key as the Tree-Ring package makes it: the shifted spectrum of Gaussian noise, rings painted from outside."""
    spectrum = np.fft.fftshift(np.fft.fft2(rng.standard_normal((1, *shape)).astype(np.float32)), axes=(-1, -2))
    key = spectrum.copy()
    if pattern == "ring":
        for r in range(radius, 0, -1):
            for c in range(shape[0]):
                key[:, c, reference_mask(shape[-1], r)] = spectrum[0, c, 0, r]
    return key.astype(np.complex64)


def embed_as_reference(rng, key, channel, radius, count, shape):
    noise = rng.standard_normal((count, *shape)).astype(np.float32)
    spectrum = np.fft.fftshift(np.fft.fft2(noise), axes=(-1, -2))
    mask = reference_mask(shape[-1], radius)
    spectrum[:, channel, mask] = key[0, channel, mask]
    return np.fft.ifft2(np.fft.ifftshift(spectrum, axes=(-1, -2))).real.astype(np.float32)


def main():
    pipeline = load_pipeline()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        key = folder / "interop.key.json"
        run("keygen", "--model", model, "-o", key, "--quiet")

        run("noise", "--key", key, "--seed", 7, "--count", len(PROMPTS), "-o", folder / "noise.npy", "--quiet")
        noise = np.load(folder / "noise.npy")
        paths = generate(pipeline, noise, folder, "native")
        for verdict in run("verify", "--model", model, "--key", key, "--json", "--quiet", *paths):
            check("a  marked noise through diffusers' pipeline", verdict["verdict"] == "watermarked",
                  f"{pathlib.Path(verdict['path']).name} p = {verdict['p_value']:.1e}")

        for steps in (10, 25, 50):
            run("invert", "--model", model, paths[0], "-o", folder / f"noise-{steps}.npy", "--steps", steps,
                "--decoder-inversion", "none", "--quiet")
            ours, theirs = np.load(folder / f"noise-{steps}.npy"), invert_with_diffusers(pipeline, paths[0], steps)
            difference = float(np.abs(ours - theirs).max())
            check("b  DDIM inversion equals diffusers'", difference <= 1e-3,
                  f"{steps} steps, largest difference {difference:.1e} on values up to {np.abs(theirs).max():.2f}")

        rng = np.random.default_rng(11)
        shape, channel, radius = noise.shape[1:], 3, 10
        for pattern, rate in (("ring", 1e-3), ("rand", 1e-6)):
            reference = reference_key(rng, shape, channel, radius, pattern)
            file = folder / f"0a1b2c3d_{channel}_{radius}_{pattern}.npy"
            np.save(file, reference)
            run("key", "import", file, "-o", folder / f"{pattern}.key.json", "--quiet")
            marked = embed_as_reference(rng, reference, channel, radius, len(PROMPTS), shape)
            paths = generate(pipeline, marked, folder, pattern)
            verdicts = run("verify", "--model", model, "--key", folder / f"{pattern}.key.json", "--fpr", rate, "--json",
                           "--quiet", *paths)
            found = sum(verdict["verdict"] == "watermarked" for verdict in verdicts)
            values = ", ".join(f"{verdict['p_value']:.1e}" for verdict in verdicts)
            check(f"c  reference {pattern} key, radius {radius}, one channel", found == len(paths),
                  f"{found} of {len(paths)} found at {rate:g}: p = {values}")
    sys.exit(1 if failures else 0)


main()
