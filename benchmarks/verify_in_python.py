#!/usr/bin/env python3
"""What `ringkey verify` does by default, in PyTorch with diffusers: the other side of benchmarks/bench.py.

    ringkey key export samples/demo.key.json -o key.npy
    python3 benchmarks/verify_in_python.py samples/grove key.npy samples/images/marked-1.png

Encoder, four evaluations of decoder inversion with Anderson acceleration, ten steps of naive DDIM inversion with the
empty prompt at guidance 1, spectrum, cosine with the key. Decoy keys, p-values and the model's digest are left out.
One JSON line an image with the cosine and the seconds of each stage, one at the end with those of start-up.

--batch 1,4 takes the images through once for each batch size; --unet-calls N times N calls of the UNet for each.
"""

import time

STARTED = time.perf_counter()

import argparse
import json
import pathlib
import warnings

import numpy as np
import torch
from diffusers import AutoencoderKL, DDIMInverseScheduler, UNet2DConditionModel
from PIL import Image
from transformers import CLIPTextModel, CLIPTokenizer

IMPORTED = time.perf_counter()
warnings.filterwarnings("ignore")


class Clock:
    """Seconds since the last lap."""

    def __init__(self):
        self.last = time.perf_counter()

    def lap(self):
        last, self.last = self.last, time.perf_counter()
        return self.last - last


class Model:
    """A diffusers folder, and the empty prompt's embedding."""

    def __init__(self, folder):
        self.vae = AutoencoderKL.from_pretrained(folder / "vae").eval()
        self.unet = UNet2DConditionModel.from_pretrained(folder / "unet").eval()
        self.inversion = DDIMInverseScheduler.from_pretrained(folder / "scheduler")
        tokenizer = CLIPTokenizer.from_pretrained(folder / "tokenizer")
        text_encoder = CLIPTextModel.from_pretrained(folder / "text_encoder").eval()
        tokens = tokenizer("", padding="max_length", max_length=tokenizer.model_max_length, return_tensors="pt")
        self.empty = text_encoder(tokens.input_ids)[0]
        self.size = self.vae.config.sample_size

    def encode(self, images):
        return self.vae.encode(images).latent_dist.mode() * self.vae.config.scaling_factor

    def decode(self, latents):
        return self.vae.decode(latents / self.vae.config.scaling_factor).sample

    def predict(self, latents, timestep):
        return self.unet(latents, timestep, self.empty.expand(len(latents), -1, -1)).sample

    def invert(self, latents, steps):
        self.inversion.set_timesteps(steps)
        for timestep in self.inversion.timesteps:
            latents = self.inversion.step(self.predict(latents, timestep), timestep, latents).prev_sample
        return latents


def load_image(path, size):
    """The way of the Tree-Ring package: shorter side to `size`, centre crop, [-1, 1]; `[1, 3, size, size]`."""
    image = Image.open(path).convert("RGB")
    scale = size / min(image.size)
    if scale != 1:
        image = image.resize([round(side * scale) for side in image.size], Image.Resampling.BILINEAR)
    left, top = (image.width - size) // 2, (image.height - size) // 2
    pixels = np.asarray(image.crop((left, top, left + size, top + size)), np.float32)
    return torch.from_numpy(pixels / 127.5 - 1).permute(2, 0, 1)[None]


def anderson(residual, start, evaluations, memory=5, ridge=1e-6, least=0.01):
    """Anderson acceleration, type II, each item of the batch on its own; the evaluated points of smallest residual.

    The damping is the smallest cocoercivity <s, y> / <y, y> seen along the path, from 1 down, halved at most at a time.
    """
    point, points, residuals = start, [], []
    damping = torch.ones(len(start), 1, dtype=torch.float64)
    best, smallest = start, torch.full((len(start),), torch.inf, dtype=torch.float64)
    for _ in range(evaluations):
        f = residual(point).flatten(1).double()
        z = point.flatten(1).double()
        smaller = f.norm(dim=1) < smallest
        smallest = torch.where(smaller, f.norm(dim=1), smallest)
        best = torch.where(smaller.view(-1, 1, 1, 1), point, best)
        points, residuals = (points + [z])[-memory - 1 :], (residuals + [f])[-memory - 1 :]
        following = z - damping * f
        if len(points) > 1:
            dz = torch.stack([b - a for a, b in zip(points, points[1:])], 2)
            df = torch.stack([b - a for a, b in zip(residuals, residuals[1:])], 2)
            s, y = dz[..., -1], df[..., -1]
            estimate = (s * y).sum(1, keepdim=True) / (y * y).sum(1, keepdim=True)
            damping = torch.minimum(damping, torch.maximum(estimate, damping / 2)).clamp(min=least)
            gram = df.mT @ df
            gram = gram + ridge * torch.diag_embed(gram.diagonal(dim1=1, dim2=2))
            gamma = torch.linalg.solve(gram, df.mT @ f[..., None])
            following = z - damping * f - ((dz - damping[..., None] * df) @ gamma)[..., 0]
        point = following.float().view_as(start)
    return best


def cosines(noise, key):
    """Of the spectrum with the key, over the coefficients that the key has."""
    mask = key != 0
    spectra = np.fft.fftshift(np.fft.fft2(noise.numpy()), axes=(-1, -2))
    measured, wanted = spectra[:, mask], key[mask]
    return (measured * wanted.conj()).real.sum(1) / (np.linalg.norm(measured, axis=1) * np.linalg.norm(wanted))


def verify(model, paths, key, args):
    """One batch: cosines and seconds for the batch by stage."""
    clock, seconds = Clock(), {}
    images = torch.cat([load_image(path, model.size) for path in paths])
    seconds["preprocessing"] = clock.lap()
    encoded = model.encode(images)
    seconds["encoding"] = clock.lap()
    latents = anderson(lambda z: model.encode(model.decode(z)) - encoded, encoded, args.evaluations)
    seconds["decoder_inversion"] = clock.lap()
    noise = model.invert(latents, args.steps)
    seconds["diffusion_inversion"] = clock.lap()
    scores = cosines(noise, key)
    seconds["detection"] = clock.lap()
    return scores, seconds


def time_unet(model, batch, calls):
    """Wall and CPU seconds of a call."""
    latents = torch.randn(batch, 4, model.unet.config.sample_size, model.unet.config.sample_size)
    model.predict(latents, 500)
    clock, cpu = Clock(), time.process_time()
    for _ in range(calls):
        model.predict(latents, 500)
    return clock.lap() / calls, (time.process_time() - cpu) / calls


@torch.inference_mode()
def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=pathlib.Path)
    parser.add_argument("key", type=pathlib.Path)
    parser.add_argument("images", type=pathlib.Path, nargs="+")
    parser.add_argument("--evaluations", type=int, default=4)
    parser.add_argument("--steps", type=int, default=10)
    parser.add_argument("--threads", type=int)
    parser.add_argument("--batch", default="4")
    parser.add_argument("--unet-calls", type=int, default=0)
    args = parser.parse_args()
    if args.threads:
        torch.set_num_threads(args.threads)
    key = np.load(args.key)[0]
    clock = Clock()
    model = Model(args.model)
    loading = clock.lap()
    for batch in map(int, args.batch.split(",")):
        for start in range(0, len(args.images), batch):
            paths = args.images[start : start + batch]
            scores, seconds = verify(model, paths, key, args)
            share = {stage: value / len(paths) for stage, value in seconds.items()}
            for path, score in zip(paths, scores):
                line = {"path": str(path), "batch": batch, "cosine": float(score),
                        "stages": share, "seconds": sum(share.values())}
                print(json.dumps(line), flush=True)
        if args.unet_calls:
            seconds, cpu = time_unet(model, batch, args.unet_calls)
            print(json.dumps({"batch": batch, "unet_call_seconds": seconds, "unet_call_cpu_seconds": cpu}))
    print(json.dumps({"import_seconds": IMPORTED - STARTED, "load_seconds": loading, "threads": torch.get_num_threads()}))


if __name__ == "__main__":
    main()
