"""Iterates of Algorithm 1 of Hong et al. 2024 (arXiv 2311.18387), in plain NumPy and double precision.

From the root of the repository, with numpy and safetensors installed:

    python3 Tests/Fixtures/Diffusion/make_exact_inversion.py

Writes exact_inversion.safetensors beside itself: `start`, and `STEPS.k`, what k evaluations for each step lead to: of the
k points that were evaluated the one with the smallest residual.
"""

import pathlib

import numpy as np
from safetensors.numpy import save_file

HERE = pathlib.Path(__file__).parent
T = 1000
BETAS = np.linspace(np.sqrt(0.00085), np.sqrt(0.012), T) ** 2
ALPHAS = np.cumprod(1 - BETAS)
RHO, WARM_UP, PATIENCE, FACTOR, THRESHOLD = 0.5, 20, 20, 0.5, 1e-4


def model(z, t):
    return 0.3 * z + 0.2 * np.sin(1.5 * z) - 0.2 * t / T


def level(t):
    a = ALPHAS[max(t, 0)]
    return np.sqrt(a), np.sqrt(1 - a)


def ddim(z, output, source, target):
    """The DDIM step of an ε-prediction between two timesteps."""
    (alpha, sigma), (to_alpha, to_sigma) = level(source), level(target)
    clean = (z - sigma * output) / alpha
    return to_alpha * clean + to_sigma * output


def invert_step(z_t, t, s, evaluations):
    """z_s with F(z_s) = z_t."""
    z = ddim(z_t, model(z_t, s), t, s)
    best, best_loss = z, np.inf
    plateau, bad, factor = np.inf, 0, 1.0
    for i in range(evaluations):
        residual = ddim(z, model(z, s), s, t) - z_t
        loss = (residual**2).sum()
        if loss < best_loss:
            best, best_loss = z, loss
        if loss < plateau * (1 - THRESHOLD):
            plateau, bad = loss, 0
        else:
            bad += 1
        if bad > PATIENCE:
            factor, bad = factor * FACTOR, 0
        z = z - RHO * factor * min(1, (i + 1) / WARM_UP) * residual
    return best


start = np.random.default_rng(3).standard_normal((1, 2, 3, 5))
tensors = {"start": start.astype(np.float32)}
for steps in [1, 2, 5]:
    stride = T // steps
    for evaluations in [1, 2, 3, 5, 10, 20, 30, 50]:
        z = tensors["start"].astype(np.float64)
        for i in range(steps):
            s = i * stride + 1
            z = invert_step(z, s - stride, s, evaluations)
        tensors[f"{steps}.{evaluations}"] = z.astype(np.float32)
save_file(tensors, HERE / "exact_inversion.safetensors")
