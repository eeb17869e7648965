#!/usr/bin/env python3
"""Golden iterates of decoder inversion on a toy linear autoencoder, in float64.

    python3 Tests/Fixtures/DecoderInversion/make_decoder_inversion.py

Two latents 3x5x7 (105 numbers) and images 3x8x6 (144 numbers). D has orthonormal columns and E = M D^T with M symmetric
and eigenvalues 0.4 ... 1.6, so that T(z) = M z - E(x) is cocoercive with beta = 1/1.6. The matrices are rounded to
float32 first; everything after is computed from the rounded ones.
"""

from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
rng = np.random.default_rng(20240918)
C, H, W = 3, 5, 7
latent, image = C * H * W, 3 * 8 * 6


def save(name, array):
    np.save(HERE / f"{name}.npy", np.ascontiguousarray(array, dtype=np.float32))


decoder = np.linalg.qr(rng.standard_normal((image, latent)))[0]
basis = np.linalg.qr(rng.standard_normal((latent, latent)))[0]
encoder = basis @ np.diag(np.linspace(0.4, 1.6, latent)) @ basis.T @ decoder.T
decoder, encoder = (m.astype(np.float32).astype(np.float64) for m in (decoder, encoder))
truth = rng.standard_normal((2, latent)).astype(np.float32).astype(np.float64)
truth[1] *= 0.3
pixels = (truth @ decoder.T).astype(np.float32).astype(np.float64)
encoded = (pixels @ encoder.T).astype(np.float32).astype(np.float64)
save("decoder", decoder)
save("encoder", encoder)
save("truth", truth.reshape(2, C, H, W))
save("encoded", encoded.reshape(2, C, H, W))


def T(z):
    return z @ decoder.T @ encoder.T - encoded


def save_iterates(name, iterates):
    """[iterations, 2, C, H, W], z_1 first."""
    save(name, np.stack(iterates).reshape(len(iterates), 2, C, H, W))


# eq. 4
z, out = encoded.copy(), []
for k in range(12):
    z = z - 0.3 * T(z)
    out.append(z)
save_iterates("forward", out)

# eq. 10-11
z = before = encoded.copy()
out = []
for k in range(12):
    y = z + 0.9 * (z - before)
    before = z
    z = y - 0.05 * T(y)
    out.append(z)
save_iterates("km", out)


# the learning rate as the authors' loop has it: the last value before 0.8 n stays
def rates(n, steps, peak):
    cut = min(n, 100)
    warm = cut // 10
    values, lowest = [], None
    for i in range(steps):
        if i < 0.8 * cut:
            lowest = (i + 1) / warm * peak if i < warm else peak * (1 + np.cos(np.pi * (i - warm) / (cut - warm))) / 2
        values.append(lowest)
    return values


save("rates", [rates(n, 140, 1.0) for n in (1, 5, 20, 37, 100, 130)])

z, m, v, out = encoded.copy(), 0.0, 0.0, []
for i, rate in enumerate(rates(20, 20, 0.01)):
    g = T(z)
    m = 0.9 * m + 0.1 * g
    v = 0.999 * v + 0.001 * g * g
    z = z - rate * (m / (1 - 0.9 ** (i + 1))) / (np.sqrt(v / (1 - 0.999 ** (i + 1))) + 1e-8)
    out.append(z)
save_iterates("adam", out)

# Anderson type II, memory 3, damping 0.7, ridge 1e-3 as rows appended to the least-squares problem
memory, damping, ridge = 3, 0.7, 1e-3
iterates = np.zeros((10, 2, latent))
for item in range(2):
    z = encoded[item]
    Z, F = [], []
    for k in range(10):
        Z, F = (Z + [z])[-memory - 1 :], (F + [T(np.stack([z, z]))[item]])[-memory - 1 :]
        dZ, dF = np.diff(Z, axis=0).T, np.diff(F, axis=0).T
        z = Z[-1] - damping * F[-1]
        if len(Z) > 1:
            lengths = np.linalg.norm(dF, axis=0)
            rows = np.vstack([dF, np.sqrt(ridge) * np.diag(lengths)])
            gamma = np.linalg.lstsq(rows, np.concatenate([F[-1], np.zeros(len(lengths))]), rcond=None)[0]
            z = Z[-1] - dZ @ gamma - damping * (F[-1] - dF @ gamma)
        iterates[k, item] = z
save_iterates("anderson", list(iterates))
