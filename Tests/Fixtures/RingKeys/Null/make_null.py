"""Golden data for null models, made from docs/calibration.md alone with NumPy in double precision.

    python3 Tests/Fixtures/RingKeys/Null/make_null.py

Writes null.json beside itself: latents of an odd, non-square shape, coloured, with a common mean and a common direction, and
what is learnt from them.
"""

import json
import pathlib

import numpy as np

C, H, W, N = 2, 5, 8, 24
rng = np.random.default_rng(3)


def frequencies(extent):
    return np.where(np.arange(extent) < (extent + 1) // 2, np.arange(extent), np.arange(extent) - extent)


side = min(H, W)
magnitude = np.hypot(frequencies(H)[:, None] * side / H, frequencies(W)[None] * side / W)
# Halves away from zero.
rings = np.floor(magnitude + 0.5).astype(int)

colour = 1 / (0.5 + magnitude)
mixing = np.array([[1.0, 0.0], [0.7, 0.6]])
noise = np.fft.ifft2(np.fft.fft2(rng.standard_normal((N, C, H, W))) * colour).real
latents = np.einsum("ab,nbyx->nayx", mixing, noise)
latents += 0.5 * rng.standard_normal((C, H, W)) + rng.standard_normal((N, 1, 1, 1)) * rng.standard_normal((C, H, W))
latents = latents.astype(np.float32).astype(np.float64)

raw_mean = latents.mean(0)
spectra = np.fft.fft2(latents - raw_mean)
covariance = np.einsum("nayx,nbyx->yxab", spectra, spectra.conj()) / (N - 1)

mean_spectrum = np.fft.fft2(raw_mean)
for channel in range(C):
    for ring in range(rings.max() + 1):
        mask = rings == ring
        chance = covariance[mask][:, channel, channel].real.sum() / N
        power = (abs(mean_spectrum[channel][mask]) ** 2).sum()
        mean_spectrum[channel][mask] *= max(0, 1 - chance / power)
mean = np.fft.ifft2(mean_spectrum).real

own = N / (N + 8)
pooled = np.empty_like(covariance)
for ring in range(rings.max() + 1):
    pooled[rings == ring] = covariance[rings == ring].mean(0)
covariance = own * covariance + (1 - own) * pooled

values, vectors = np.linalg.eigh(covariance)
values = np.maximum(values, 0)
floor = values.sum(-1).mean() / C
gains = np.sqrt(values) / (values + floor)
gains *= np.sqrt(values.sum() / (values * gains**2).sum())
whitening = np.einsum("yxab,yxb,yxcb->yxac", vectors, gains, vectors.conj())


def whitened(batch):
    return np.fft.ifft2(np.einsum("yxab,nbyx->nayx", whitening, np.fft.fft2(batch - mean))).real


flat = whitened(latents).reshape(N, -1)
units = flat / np.linalg.norm(flat, axis=1, keepdims=True)
_, singular, directions = np.linalg.svd(units, full_matrices=False)
powers = singular**2 / N
count = min(8, N // 8)
rest = powers[count:].sum() / (C * H * W - count)
directions, direction_gains = directions[:count], np.sqrt(rest / powers[:count])


def filtered(batch):
    flat = whitened(batch).reshape(len(batch), -1)
    return (flat - (flat @ directions.T * (1 - direction_gains)) @ directions).reshape(batch.shape)


packed = np.empty((C, C, H, W))
for a in range(C):
    for b in range(C):
        packed[a, b] = whitening[..., a, b].real if a <= b else whitening[..., b, a].imag

others = rng.standard_normal((2, C, H, W)).astype(np.float32).astype(np.float64)


def rounded(array):
    return [float(f"{value:.9g}") for value in np.ravel(array)]


pathlib.Path(__file__).with_name("null.json").write_text(
    json.dumps({
        "shape": [C, H, W], "latents": [rounded(latent) for latent in latents], "mean": rounded(mean),
        "whitening": rounded(packed), "gains": rounded(direction_gains), "others": [rounded(one) for one in others],
        "filtered": [rounded(one) for one in filtered(others)],
    })
    + "\n"
)  # fmt: skip
