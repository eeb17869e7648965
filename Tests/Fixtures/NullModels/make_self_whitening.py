"""Golden data for self-whitening, made from docs/science.md with NumPy and SciPy in double precision.

    python3 Tests/Fixtures/NullModels/make_self_whitening.py

Writes self_whitening.json beside itself: coloured latents of odd, non-square shapes that are louder in one corner, some
with a mask, and what is left of them when their own power is evened out in space and then in the spectrum.
"""

import json
import math
import pathlib

import numpy as np
from scipy.ndimage import gaussian_filter1d

SPACE_WIDTH, SPACE_FLOOR = 1 / 16, 0.1
SPECTRUM_WIDTH, SPECTRUM_FLOOR = 1.5, 1e-3


def blurred(plane, deviation):
    """A Gaussian window out to four deviations, zeros beyond the edges."""
    reach = max(1, math.ceil(4 * deviation))
    for axis in (0, 1):
        plane = gaussian_filter1d(plane, deviation, axis=axis, mode="constant", cval=0, radius=reach)
    return plane


def lags(extent):
    return np.minimum(np.arange(extent), extent - np.arange(extent))


def whitened(latent, mask):
    _, height, width = latent.shape
    side = min(height, width)
    deviation = SPACE_WIDTH * side
    power = (latent**2).sum(0) * mask
    mean = power.sum() / mask.sum()
    cover = blurred(mask, deviation)
    with np.errstate(divide="ignore", invalid="ignore"):
        local = np.where(cover > 0.01, blurred(power, deviation) / cover, mean)
    even = latent * mask / np.sqrt(local + SPACE_FLOOR * mean)

    window = np.exp(-2 * (np.pi * SPECTRUM_WIDTH * np.hypot(lags(height)[:, None], lags(width)[None]) / side) ** 2)
    spectra = np.fft.fft2(even)
    powers = np.abs(spectra) ** 2
    smooth = np.fft.fft2(np.fft.ifft2(powers).real * window).real
    floor = SPECTRUM_FLOOR * powers.mean(axis=(1, 2), keepdims=True)
    return np.fft.ifft2(spectra / np.sqrt(np.maximum(smooth, 0) + floor)).real


rng = np.random.default_rng(5)
cases = []
for channels, height, width, is_masked in [(2, 11, 18, False), (3, 21, 14, True), (1, 16, 16, True)]:
    y, x = np.arange(height)[:, None], np.arange(width)[None]
    colour = 1 / (1 + np.hypot(lags(height)[:, None], lags(width)[None]))
    latent = np.fft.ifft2(np.fft.fft2(rng.standard_normal((channels, height, width))) * colour).real
    latent = (latent * (1 + 4 * np.exp(-((y - 2) ** 2 + (x - 3) ** 2) / 8))).astype(np.float32).astype(np.float64)
    mask = np.ones((height, width))
    if is_masked:
        mask[: height // 4] = 0
        mask[:, -3:] = 0.25
    cases.append(
        {
            "shape": [channels, height, width],
            "latent": latent.ravel().tolist(),
            "mask": mask.ravel().tolist() if is_masked else None,
            "whitened": [float(f"{v:.7g}") for v in whitened(latent, mask).ravel()],
        }
    )

path = pathlib.Path(__file__).with_name("self_whitening.json")
path.write_text(json.dumps(cases) + "\n")
