#!/usr/bin/env python3
"""Golden iterates of decoder inversion on the grove autoencoder, from torch and diffusers.

    python3 Tests/Fixtures/DecoderInversion/make_grove_iterates.py CHECKPOINT

CHECKPOINT is grove in diffusers' layout, the source of samples/grove. One scene of 12x20 latent cells (not square, not the
model's own size): a smooth latent with noise is decoded and rounded to 8 bits. The networks run in float32, the methods
in float64, each iterate rounded to float32 before the next evaluation. Written: E(x), and for each method and iterate
the residual norms ||T|| and a window of the iterate, all channels, rows 3...6, columns 5...11.
"""

import sys
from pathlib import Path

import numpy as np
import torch
from diffusers import AutoencoderKL

HERE = Path(__file__).parent / "grove"
HERE.mkdir(exist_ok=True)
torch.set_num_threads(1)
vae = AutoencoderKL.from_pretrained(Path(sys.argv[1]) / "vae").eval().requires_grad_(False)
factor = vae.config.scaling_factor
ITERATES = 12


def save(name, array):
    np.save(HERE / f"{name}.npy", np.ascontiguousarray(array, dtype=np.float32))


def encode(images):
    return (vae.encode(images).latent_dist.mode() * factor).double().numpy()


def decode(latents):
    return vae.decode(torch.from_numpy(latents.astype(np.float32)) / factor).sample


rng = np.random.default_rng(18442)
rows, columns = np.mgrid[0:12, 0:20]
smooth = np.stack([np.cos(0.2 * rows * (c + 1) + 0.3 * columns + c) for c in range(4)])
latent = (0.8 * smooth + 0.3 * rng.standard_normal((4, 12, 20)))[None].astype(np.float32)
pixels = np.clip(np.round((decode(latent).numpy() + 1) * 127.5), 0, 255).astype(np.uint8)
encoded = encode(torch.from_numpy(pixels.astype(np.float32) / 127.5 - 1)).astype(np.float32).astype(np.float64)


def T(z):
    return encode(decode(z)) - encoded


def rates(n, peak):
    """The learning rate as the authors' loop has it: the last value before 0.8 n stays."""
    warm, values = n // 10, []
    for i in range(n):
        i = min(i, int(np.ceil(0.8 * n)) - 1)
        values.append(peak * (i + 1) / warm if i < warm else peak * (1 + np.cos(np.pi * (i - warm) / (n - warm))) / 2)
    return values


def forward(step):
    z = encoded
    while True:
        t = T(z)
        z = (z - step * t).astype(np.float32).astype(np.float64)
        yield t, z


def inertial_km(inertia, step):
    z = before = encoded
    while True:
        y = (z + inertia * (z - before)).astype(np.float32).astype(np.float64)
        t = T(y)
        before, z = z, (y - step * t).astype(np.float32).astype(np.float64)
        yield t, z


def adam(n):
    z, m, v = encoded, 0.0, 0.0
    for i, rate in enumerate(rates(n, 0.01)):
        t = T(z)
        m = 0.9 * m + 0.1 * t
        v = 0.999 * v + 0.001 * t * t
        z = z - rate * (m / (1 - 0.9 ** (i + 1))) / (np.sqrt(v / (1 - 0.999 ** (i + 1))) + 1e-8)
        z = z.astype(np.float32).astype(np.float64)
        yield t, z


def anderson(memory, ridge, damping):
    """Type II; the ridge as rows appended to the least-squares problem."""
    z, Z, F = encoded, [], []
    while True:
        t = T(z)
        Z, F = (Z + [z.ravel()])[-memory - 1 :], (F + [t.ravel()])[-memory - 1 :]
        z = Z[-1] - damping * F[-1]
        if len(Z) > 1:
            dZ, dF = np.diff(Z, axis=0).T, np.diff(F, axis=0).T
            lengths = np.linalg.norm(dF, axis=0)
            system = np.vstack([dF, np.sqrt(ridge) * np.diag(lengths)])
            gamma = np.linalg.lstsq(system, np.concatenate([F[-1], np.zeros(len(lengths))]), rcond=None)[0]
            z = z - (dZ - damping * dF) @ gamma
        z = z.reshape(encoded.shape).astype(np.float32).astype(np.float64)
        yield t, z


save("encoded", encoded)
save("pixels", pixels)
for name, iterates in {
    "forward": forward(0.5), "km": inertial_km(0.9, 0.05), "adam": adam(20), "anderson": anderson(5, 1e-6, 1.0),
}.items():
    pairs = [next(iterates) for _ in range(ITERATES)]
    save(f"{name}-norms", [np.linalg.norm(t) for t, _ in pairs])
    save(f"{name}-window", np.stack([z[0, :, 3:7, 5:12] for _, z in pairs]))
