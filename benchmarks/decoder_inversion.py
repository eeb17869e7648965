#!/usr/bin/env python3
"""Decoder inversion methods compared on sampled latents of a diffusers model: the tables of docs/decoder-inversion.md.

    python3 benchmarks/decoder_inversion.py --model MODEL_FOLDER --count 8 [--section NAME]

Latents z* are sampled by the model's own pipeline (DDIM, classifier-free guidance) and decoded; the images go through
an 8-bit PNG. Every method starts at z_0 = E(x) and solves T(z) = E(D(z)) - E(x) = 0 (Hong et al. 2024,
arXiv 2409.18442). Printed: mean over the images of NMSE = ||z - z*||^2 / ||z*||^2 in dB after n evaluations of E(D(.)),
and of ||T(z)|| / ||E(x)||. The gradient baseline counts one decoding with its backward pass as one evaluation.

--section writes the table between the page's markers of that name.
--perturb S multiplies every weight of the encoder by 1 + S N(0, 1): a pair that no longer fits together.
--encoder-gain G multiplies E by G, as a wrong scaling factor does: beyond 2 the plain iteration with rho = 1 diverges.
"""

import argparse
import io
import os
import pathlib

import numpy as np
import torch
from PIL import Image

import document

PAGE = pathlib.Path(__file__).resolve().parent.parent / "docs" / "decoder-inversion.md"
PROMPTS = [
    "mountains at dusk with sun and clouds",
    "hills at noon with clouds",
    "dunes at dawn with sun",
    "sea at night with moon",
    "mountains at night with moon and pines",
    "hills at dawn with pines",
    "dunes at dusk with clouds",
    "sea at noon with sun and clouds",
]


class Pair:
    """E and D of one autoencoder on the latent scale of the diffusion model."""

    def __init__(self, vae, gain=1.0):
        self.vae, self.scale, self.gain = vae, vae.config.scaling_factor, gain
        self.shift = getattr(vae.config, "shift_factor", None) or 0.0

    def encode(self, images):
        return (self.vae.encode(images).latent_dist.mode() - self.shift) * self.scale * self.gain

    def decode(self, latents):
        return self.vae.decode(latents / self.scale + self.shift).sample


def dot(a, b):
    """Inner product of each item of a batch, in double, shaped to multiply the batch."""
    return (a.double() * b.double()).flatten(1).sum(1).view(-1, 1, 1, 1)


def norm(a):
    return dot(a, a).sqrt()


def nmse(latents, truth):
    return 10 * torch.log10(dot(latents - truth, latents - truth) / dot(truth, truth)).flatten()


def scheduled(peak, n):
    """The paper's learning rates for n steps: warm-up, cosine, from 0.8 n on the last value; n > 100 as n = 100."""
    n = min(n, 100)
    w = n // 10

    def rate(i):
        i = min(i, int(np.ceil(0.8 * n)) - 1)
        return peak * (i + 1) / w if i < w else peak * 0.5 * (1 + np.cos(np.pi * (i - w) / (n - w)))

    return rate


# Each method is a generator: it yields the iterate after each evaluation of T.


def forward(T, z, step):
    while True:
        z = z - step * T(z)
        yield z


def inertial_km(T, z, alpha, step):
    previous = z
    while True:
        y = z + alpha * (z - previous)
        previous, z = z, y - step * T(y)
        yield z


def adam(gradient, z, rate, b1=0.9, b2=0.999, epsilon=1e-8):
    m, v, i = torch.zeros_like(z), torch.zeros_like(z), 0
    while True:
        g = gradient(z)
        m, v = b1 * m + (1 - b1) * g, b2 * v + (1 - b2) * g * g
        z = z - rate(i) * (m / (1 - b1 ** (i + 1))) / ((v / (1 - b2 ** (i + 1))).sqrt() + epsilon)
        i += 1
        yield z


class PathStep:
    """A step for each item: the smallest cocoercivity <s, y> / <y, y> along the path; halved at most at a time."""

    def __init__(self, items, least, most):
        self.least, self.value = least, torch.full((items, 1, 1, 1), float(most), dtype=torch.float64)

    def lower(self, estimate):
        self.value = torch.minimum(self.value, torch.maximum(estimate, self.value / 2)).clamp(min=self.least)

    def observe(self, s, y):
        energy = dot(y, y)
        self.lower(torch.where(energy > 0, dot(s, y) / energy, self.value))

    def halve(self, items):
        self.lower(torch.where(items, self.value / 2, self.value))


def adaptive_forward(T, z):
    """Forward step with its rho from the operator; a step that raises the residual is taken back."""
    step = PathStep(len(z), 0.01, 1)
    best = last = None
    while True:
        f = T(z)
        if last is not None:
            step.observe(z - last[0], f - last[1])
        worse = torch.zeros_like(step.value, dtype=torch.bool) if best is None else norm(f) > norm(best[1])
        step.halve(worse)
        best = (z, f) if best is None else (torch.where(worse, best[0], z), torch.where(worse, best[1], f))
        last = (z, f)
        z = (best[0] - step.value * best[1]).float()
        yield z


def anderson(T, z, memory, damping, ridge, adapt=False):
    """Type II without restarts, each item of the batch on its own; the ridge is relative to each column's energy."""
    points, residuals, step = [], [], PathStep(len(z), 0.01, damping)
    while True:
        f = T(z)
        points, residuals = (points + [z])[-memory - 1 :], (residuals + [f])[-memory - 1 :]
        if adapt and len(points) > 1:
            step.observe(points[-1] - points[-2], residuals[-1] - residuals[-2])
        zn = z.double() - step.value * f.double()
        if len(points) > 1:
            dZ = torch.stack([(b - a).flatten(1).double() for a, b in zip(points, points[1:])], 2)
            dF = torch.stack([(b - a).flatten(1).double() for a, b in zip(residuals, residuals[1:])], 2)
            G = dF.transpose(1, 2) @ dF
            G = G + ridge * torch.diag_embed(G.diagonal(dim1=1, dim2=2))
            gamma = torch.linalg.solve(G, dF.transpose(1, 2) @ f.flatten(1).double().unsqueeze(2))
            zn = zn - ((dZ - step.value.view(-1, 1, 1) * dF) @ gamma).view_as(zn)
        z = zn.float()
        yield z


class Inverse:
    """H = I + sum u v^T for each item of a batch, an approximate inverse of the Jacobian of T."""

    def __init__(self, items):
        self.items, self.terms = items, []

    def apply(self, x, transposed=False):
        result = x
        for u, v in self.terms:
            left, right = (v, u) if transposed else (u, v)
            result = result + left * dot(right, x)
        return result


def broyden(T, z, memory, good):
    """Broyden's methods from H = I; after `memory` updates H starts anew. Good: H' = H + (s - Hy) s^T H / s^T H y.
    Bad: H' = H + (s - Hy) y^T / y^T y."""
    H, last = Inverse(len(z)), None
    while True:
        f = T(z).double()
        if last is not None:
            s, y = z.double() - last[0], f - last[1]
            if len(H.terms) == memory:
                H.terms = []
            v = H.apply(s, transposed=True) if good else y
            denominator = dot(v, y)
            safe = denominator.abs() > 1e-12 * norm(v) * norm(y)
            H.terms.append((torch.where(safe, (s - H.apply(y)) / denominator, 0.0), v))
        last = (z.double(), f)
        z = (last[0] - H.apply(f)).float()
        yield z


def probes_then_anderson(T, z, probes, memory, seed=0):
    """Anderson whose memory begins with the answers to random changes of the encoder's latent: one evaluation each."""
    generator = torch.Generator().manual_seed(seed)
    f, points, residuals = T(z), [], []
    for _ in range(probes):
        change = torch.randn(z.shape, generator=generator)
        change = change * (norm(f) / norm(change)).float()
        points.append(change.flatten(1).double())
        residuals.append((T(z + change) - f).flatten(1).double())
        yield z
    while True:
        zn = z.double() - f.double()
        if points:
            dZ, dF = torch.stack(points, 2), torch.stack(residuals, 2)
            G = dF.transpose(1, 2) @ dF
            G = G + 1e-6 * torch.diag_embed(G.diagonal(dim1=1, dim2=2))
            gamma = torch.linalg.solve(G, dF.transpose(1, 2) @ f.flatten(1).double().unsqueeze(2))
            zn = zn - ((dZ - dF) @ gamma).view_as(zn)
        previous, z = (z, f), zn.float()
        yield z
        f = T(z)
        points = (points + [(z - previous[0]).flatten(1).double()])[-memory - probes :]
        residuals = (residuals + [(f - previous[1]).flatten(1).double()])[-memory - probes :]


def stencil(T, z, f, probes, reach, generator):
    """The Jacobian of T at z as a convolution over (2 reach + 1)^2 places and all channels, by least squares on the
    answers to random changes; returns its regularised inverse, applied by FFT with wrapped edges. One evaluation each."""
    changes, answers = [], []
    for _ in range(probes):
        change = torch.randn(z.shape, generator=generator)
        change = change * (norm(f) / norm(change)).float()
        changes.append(change.double())
        answers.append((T(z + change) - f).double())
    items, channels, height, width = z.shape
    shifts = [(dy, dx) for dy in range(-reach, reach + 1) for dx in range(-reach, reach + 1)]
    transfer = torch.zeros(items, height, width, channels, channels, dtype=torch.complex128)
    for item in range(items):
        columns = [torch.cat([torch.roll(c[item, i], s, (0, 1)).flatten() for c in changes])
                   for s in shifts for i in range(channels)]
        rows = torch.stack([torch.cat([a[item, o].flatten() for a in answers]) for o in range(channels)], 1)
        weights = torch.linalg.lstsq(torch.stack(columns, 1), rows).solution.view(len(shifts), channels, channels)
        kernel = torch.zeros(channels, channels, height, width, dtype=torch.float64)
        for (dy, dx), weight in zip(shifts, weights):
            kernel[:, :, dy % height, dx % width] = weight.T
        transfer[item] = torch.fft.fft2(kernel).permute(2, 3, 0, 1)
    adjoint = transfer.conj().transpose(-1, -2)
    inverse = torch.linalg.solve(
        adjoint @ transfer + 0.01 * torch.eye(channels, dtype=torch.complex128), adjoint)

    def apply(x):
        spectrum = torch.fft.fft2(x.double()).permute(0, 2, 3, 1).unsqueeze(-1)
        return torch.fft.ifft2((inverse @ spectrum).squeeze(-1).permute(0, 3, 1, 2)).real

    return apply


def preconditioned_anderson(T, z, probes, reach, memory=5, seed=0):
    """Anderson on P T, with P the inverse of a stencil that random probes measured."""
    f = T(z)
    P = stencil(T, z, f, probes, reach, torch.Generator().manual_seed(seed))
    for _ in range(probes):
        yield z
    first = [f]
    yield from anderson(lambda z: P(first.pop() if first else T(z)).float(), z, memory, 1.0, 1e-6)


def sample(args):
    if args.cache and os.path.exists(args.cache):
        stored = np.load(args.cache)
        return torch.from_numpy(stored["latents"]), torch.from_numpy(stored["images"])
    from diffusers import DDIMScheduler, StableDiffusionPipeline

    pipeline = StableDiffusionPipeline.from_pretrained(args.model)
    pipeline.scheduler = DDIMScheduler.from_config(pipeline.scheduler.config)
    pipeline.set_progress_bar_config(disable=True)
    pair = Pair(pipeline.vae)
    latents = pipeline(
        [PROMPTS[i % len(PROMPTS)] for i in range(args.count)], num_inference_steps=args.steps,
        guidance_scale=args.guidance, output_type="latent",
        generator=[torch.Generator().manual_seed(args.seed + i) for i in range(args.count)]).images
    images = []
    for x in pair.decode(latents):
        pixels = ((x.permute(1, 2, 0) + 1) * 127.5).round().clamp(0, 255).to(torch.uint8).numpy()
        file = io.BytesIO()
        Image.fromarray(pixels).save(file, "png")
        images.append(np.asarray(Image.open(file), np.float32) / 127.5 - 1)
    images = torch.from_numpy(np.stack(images)).permute(0, 3, 1, 2).contiguous()
    if args.cache:
        np.savez(args.cache, latents=latents.numpy(), images=images.numpy())
    return latents, images


def methods(selection):
    """Name, whether it needs gradients, maker of the generator from (T, gradient, z_0, evaluations)."""
    table = {
        "forward, ρ 0.001": lambda T, g, z, n: forward(T, z, 0.001),
        "forward, ρ 0.01": lambda T, g, z, n: forward(T, z, 0.01),
        "KM, paper": lambda T, g, z, n: inertial_km(T, z, 0.9, 0.001),
        "Adam, paper": lambda T, g, z, n: adam(T, z, scheduled(0.01, n)),
        "gradient, 0.1 scheduled": lambda T, g, z, n: adam(g, z, scheduled(0.1, n)),
        "gradient, 0.01 fixed": lambda T, g, z, n: adam(g, z, lambda i: 0.01),
        "KM, α 0.9, step 0.1": lambda T, g, z, n: inertial_km(T, z, 0.9, 0.1),
        "forward, ρ 0.5": lambda T, g, z, n: forward(T, z, 0.5),
        "forward, ρ 1": lambda T, g, z, n: forward(T, z, 1.0),
        "forward, ρ from the operator": lambda T, g, z, n: adaptive_forward(T, z),
        "Anderson, ρ from the operator": lambda T, g, z, n: anderson(T, z, 5, 1.0, 1e-6, adapt=True),
    }
    for memory in (1, 2, 3, 5, 10):
        table[f"Anderson, ρ 1, memory {memory}"] = lambda T, g, z, n, m=memory: anderson(T, z, m, 1.0, 1e-6)
    for ridge in (0, 1e-3, 1e-2):
        table[f"Anderson, ρ 1, ridge {ridge:g}"] = lambda T, g, z, n, r=ridge: anderson(T, z, 5, 1.0, r)
    for damping in (0.5, 0.25):
        table[f"Anderson, ρ {damping}"] = lambda T, g, z, n, d=damping: anderson(T, z, 5, d, 1e-6)
    table["Broyden, good"] = lambda T, g, z, n: broyden(T, z, 10, good=True)
    table["Broyden, bad"] = lambda T, g, z, n: broyden(T, z, 10, good=False)
    for probes in (2, 4):
        table[f"{probes} random probes as Anderson's first memory"] = (
            lambda T, g, z, n, p=probes: probes_then_anderson(T, z, p, 5))
    for probes, reach in ((1, 0), (1, 1), (2, 2)):
        table[f"preconditioned, {probes} probe{'s' * (probes > 1)}, stencil {2 * reach + 1}"] = (
            lambda T, g, z, n, p=probes, r=reach: preconditioned_anderson(T, z, p, r))
    return {k: v for k, v in table.items() if not selection or any(s in k for s in selection)}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", required=True, help="diffusers folder of a StableDiffusionPipeline")
    parser.add_argument("--count", type=int, default=8)
    parser.add_argument("--guidance", type=float, default=3.0)
    parser.add_argument("--steps", type=int, default=50)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--perturb", type=float, default=0.0)
    parser.add_argument("--encoder-gain", type=float, default=1.0)
    parser.add_argument("--evaluations", type=int, nargs="+", default=[3, 5, 10, 20, 50, 100], help="columns; the last is the end")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--cache", help=".npz that keeps the sampled latents and images")
    parser.add_argument("--only", action="append", help="only methods whose name contains this; repeatable")
    parser.add_argument("--section", help="write the table there in docs/decoder-inversion.md")
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)

    with torch.no_grad():
        truth, x = sample(args)
    from diffusers import AutoencoderKL

    vae = AutoencoderKL.from_pretrained(os.path.join(args.model, "vae")).eval().requires_grad_(False)
    for parameter in vae.encoder.parameters():
        parameter.mul_(1 + args.perturb * torch.randn_like(parameter))
    pair = Pair(vae, args.encoder_gain)
    with torch.no_grad():
        target = pair.encode(x)

    def T(z):
        with torch.no_grad():
            return pair.encode(pair.decode(z)) - target

    def gradient(z):
        z = z.detach().requires_grad_(True)
        with torch.enable_grad():
            loss = (pair.decode(z) - x).square().flatten(1).mean(1).sum()
            return torch.autograd.grad(loss, z)[0]

    def cell(z):
        return f"{nmse(z, truth).mean():.2f} ({(norm(T(z)) / norm(target)).mean():.3f})"

    misfit = f", S = {args.perturb:g}" if args.perturb else f", G = {args.encoder_gain:g}" if args.encoder_gain != 1 else ""
    setting = (f"{len(x)} images, guidance {args.guidance:g}{misfit}. The encoder alone: {cell(target)}; the true latent's own "
               f"residual: {(norm(T(truth)) / norm(target)).mean():.4f}.")
    print(setting, flush=True)
    last, rows = max(args.evaluations), []
    for name, make in methods(args.only).items():
        iterates, cells = make(T, gradient, target, last), []
        for n in range(1, last + 1):
            z = next(iterates)
            if n in args.evaluations:
                cells.append(cell(z))
        rows.append([name, *cells])
        print(" | ".join(rows[-1]), flush=True)
    if args.section:
        headers = ["method", *map(str, args.evaluations)]
        document.write(PAGE, {args.section: f"{setting}\n\n{document.table(headers, rows)}"})


if __name__ == "__main__":
    main()
