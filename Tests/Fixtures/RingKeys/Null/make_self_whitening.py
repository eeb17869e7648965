"""Golden data for self-whitening, made with NumPy in double precision by sums that follow docs/science.md to the letter.

    python3 Tests/Fixtures/RingKeys/Null/make_self_whitening.py

Writes self_whitening.json beside itself: a latent of an odd, non-square shape whose power differs by place, frequency and
channel, a mask, and the latent evened without and with the mask.
"""

import json
import math
import pathlib

import numpy as np

C, H, W = 2, 9, 12
SIDE = min(H, W)
rng = np.random.default_rng(14)
y, x = np.mgrid[0:H, 0:W]
latent = rng.standard_normal((C, H, W)) * (0.3 + y / H) * np.array([1.0, 5.0])[:, None, None]
latent += np.array([2.0, -1.0])[:, None, None] + np.cos(2 * math.pi * (2 * x / W + y / H))
latent = latent.astype(np.float32).astype(float)
mask = np.ones((H, W))
mask[:, 9:] = 0
mask[:, 8] = 0.5


def window(distance, deviation):
    return math.exp(-0.5 * (distance / deviation) ** 2) if distance <= max(1, math.ceil(4 * deviation)) else 0


def smoothed(plane):
    """Σ weights × plane; nothing lies beyond the edges. The weights' sum over a line is 1, so that the middle is a mean."""
    deviation = SIDE / 16
    reach = max(1, math.ceil(4 * deviation))
    total = sum(window(abs(d), deviation) for d in range(-reach, reach + 1))
    result = np.zeros_like(plane)
    for i in range(H):
        for j in range(W):
            for k in range(H):
                for m in range(W):
                    result[i, j] += window(abs(i - k), deviation) * window(abs(j - m), deviation) / total**2 * plane[k, m]
    return result


def whitened(mask):
    cover, shown = smoothed(mask), mask.sum()
    planes = []
    for plane in latent:
        centred = plane - (plane * mask).sum() / shown
        power = centred**2 * mask
        mean = power.sum() / shown
        own = np.where(cover > 0.01, smoothed(power) / np.maximum(cover, 0.01), mean)
        spectrum = np.fft.fft2(mask * centred / np.sqrt(own + 0.1 * mean))
        power = np.abs(spectrum) ** 2
        lag_y = np.array([min(i, H - i) / SIDE for i in range(H)])
        lag_x = np.array([min(i, W - i) / SIDE for i in range(W)])
        lags = np.exp(-2 * (math.pi * 1.25) ** 2 * (lag_y[:, None] ** 2 + lag_x**2))
        smooth = np.fft.fft2(np.fft.ifft2(power) * lags).real
        spectrum /= np.sqrt(np.maximum(smooth, 0) + 0.3 * power.mean())
        spectrum[(y == 0) | (x == 0)] *= 0.7
        planes.append(np.fft.ifft2(spectrum).real)
    return np.array(planes)


def rounded(array):
    return [float(f"{value:.9g}") for value in np.ravel(array)]


pathlib.Path(__file__).with_name("self_whitening.json").write_text(
    json.dumps({
        "shape": [C, H, W], "latent": rounded(latent), "mask": rounded(mask),
        "whitened": rounded(whitened(np.ones((H, W)))), "masked": rounded(whitened(mask)),
    })
    + "\n"
)  # fmt: skip
