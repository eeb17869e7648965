"""The steps between recovered noise and a reading, in NumPy: `SelfWhitening`, `NullModel` and the readings of native keys.

Latents are arrays [n, C, h, w]; spectra likewise, unshifted.
"""

import numpy as np

SPACE, SPECTRUM, AXIS_SHARE = 1 / 16, 1.25, 0.7
SPACE_FLOOR, SPECTRUM_FLOOR = 0.1, 0.3
RING_WEIGHT, DIRECTIONS, IMAGES_PER_DIRECTION = 8, 24, 8
RADIUS, SHRINKAGE = 10, 4


class Grid:
    """Frequencies of a plane, in cycles per shorter side."""

    def __init__(self, height, width):
        side = min(height, width)
        y = (np.fft.fftfreq(height) * height)[:, None] * np.ones(width)
        x = (np.fft.fftfreq(width) * width) * np.ones((height, 1))
        self.y, self.x = y, x
        self.magnitude = np.hypot(y * side / height, x * side / width)
        self.rings = np.floor(self.magnitude + 0.5).astype(int)
        nyquist = (2 * abs(y) == height) | (2 * abs(x) == width)
        self.disc = (self.magnitude <= RADIUS + 0.5) & ~nyquist
        self.half = self.disc & ((y > 0) | ((y == 0) & (x > 0)))
        # exp(-2πi k·c) for the middle c of the plane.
        self.centre = np.exp(-1j * np.pi * (y * (height - 1) / height + x * (width - 1) / width))


def spread_reading(latents, channels):
    spectra = np.fft.fft2(latents[:, channels])
    half = spectra[..., Grid(*latents.shape[2:]).half]
    return np.stack([half.real, half.imag], -1).reshape(len(latents), -1)


def ring_reading(latents, channels):
    grid = Grid(*latents.shape[2:])
    even = (np.fft.fft2(latents[:, channels]) * grid.centre.conj()).real
    width = np.floor(grid.magnitude).astype(int)
    rings = [grid.disc & (width == ring) for ring in np.unique(width[grid.disc])]
    # (G + λI)⁻¹ S up to a factor.
    return np.stack([even[..., ring].sum(-1) / (ring.sum() + SHRINKAGE) for ring in rings], -1).reshape(len(latents), -1)


def gaussian(extent, deviation):
    """Rows of weights exp(-½ (i - j)²/deviation²), cut off at four deviations."""
    distance = np.abs(np.subtract.outer(np.arange(extent), np.arange(extent)))
    return np.where(distance <= np.ceil(4 * deviation), np.exp(-0.5 * (distance / deviation) ** 2), 0)


def self_whitened(latents):
    """`SelfWhitening`: each channel evened by its own local power, then by its own smoothed power spectrum."""
    height, width = latents.shape[2:]
    side = min(height, width)
    rows, columns = gaussian(height, SPACE * side), gaussian(width, SPACE * side)
    cover = rows.sum(1)[:, None] * columns.sum(1)
    centred = latents - latents.mean((2, 3), keepdims=True)
    power = centred**2
    local = rows @ power @ columns.T / cover + SPACE_FLOOR * power.mean((2, 3), keepdims=True)
    spectra = np.fft.fft2(centred / np.sqrt(local))
    lags = [np.minimum(np.arange(extent), extent - np.arange(extent)) / side for extent in (height, width)]
    window = np.exp(-2 * (np.pi * SPECTRUM) ** 2 * (lags[0][:, None] ** 2 + lags[1] ** 2))
    power = np.abs(spectra) ** 2
    smooth = np.fft.fft2(np.fft.ifft2(power) * window).real
    spectra /= np.sqrt(np.maximum(smooth, 0) + SPECTRUM_FLOOR * power.mean((2, 3), keepdims=True))
    spectra[..., 0, :] *= AXIS_SHARE
    spectra[..., 1:, 0] *= AXIS_SHARE
    return np.fft.ifft2(spectra).real


class Null:
    """`NullModel.init(learningFrom:)` (docs/calibration.md)."""

    def __init__(self, latents):
        count, channels, height, width = latents.shape
        rings = Grid(height, width).rings
        members = [rings == ring for ring in range(rings.max() + 1)]
        raw_mean = latents.mean(0)
        spectra = np.fft.fft2(latents - raw_mean)
        covariance = np.einsum("nayx,nbyx->yxab", spectra, spectra.conj(), optimize=True) / (count - 1)
        mean = np.fft.fft2(raw_mean)
        for channel in range(channels):
            for ring in members:
                chance = covariance[ring][:, channel, channel].real.sum() / count
                power = (np.abs(mean[channel][ring]) ** 2).sum()
                mean[channel][ring] *= max(0, 1 - chance / power)
        self.mean = np.fft.ifft2(mean).real
        own = count / (count + RING_WEIGHT)
        for ring in members:
            covariance[ring] = own * covariance[ring] + (1 - own) * covariance[ring].mean(0)
        values, vectors = np.linalg.eigh(covariance)
        values = np.maximum(values, 0)
        gains = np.sqrt(values) / (values + values.mean())
        gains *= np.sqrt(values.sum() / (values * gains**2).sum())
        self.whitening = np.einsum("yxab,yxb,yxcb->yxac", vectors, gains, vectors.conj())
        units = self.even(latents).reshape(count, -1)
        units /= np.linalg.norm(units, axis=1, keepdims=True)
        powers, vectors = np.linalg.eigh(units @ units.T / count)
        kept = min(DIRECTIONS, count // IMAGES_PER_DIRECTION)
        rest = max(0, powers[:-kept].sum()) / (units.shape[1] - kept)
        directions = vectors[:, -kept:].T @ units
        self.directions = directions / np.linalg.norm(directions, axis=1, keepdims=True)
        self.gains = np.sqrt(np.minimum(1, rest / powers[-kept:]))

    def even(self, latents):
        spectra = np.moveaxis(np.fft.fft2(latents - self.mean), 1, -1)[..., None]
        return np.fft.ifft2(np.moveaxis((self.whitening @ spectra)[..., 0], -1, 1)).real

    def filtered(self, latents):
        flat = self.even(latents).reshape(len(latents), -1)
        return (flat - (flat @ self.directions.T * (1 - self.gains)) @ self.directions).reshape(latents.shape)
