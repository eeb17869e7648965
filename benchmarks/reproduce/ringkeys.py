"""The hand-written ring keys of Hong et al. 2024, Table 2, in the form and on the mask of the Tree-Ring reference."""

import numpy as np

# Ring values of a 64 x 64 latent are 80 ((k - 1) 2 + 1), all real, from the innermost ring outwards.
FACTORS = (
    (1.1, 0.8, 1.2, 0.9, 0.6, 1.4),
    (1.1, 0.6, 1.1, 1.2, 0.8, 1.2),
    (0.7, 1.2, 1.3, 0.8, 0.9, 1.1),
)
RADIUS = 6
CHANNEL = 0
PAPER_SIDE = 64


def circle(side, radius):
    """The reference's circle: rows counted from below, so that on an even side it lies one row above DC."""
    y, x = np.ogrid[:side, :side]
    return (x - side // 2) ** 2 + (side - 1 - y - side // 2) ** 2 <= radius**2


def spectrum(factors, shape):
    """The shifted spectrum [1, C, h, w] of a key, zero outside the circle.

    White noise has E|F|^2 = h w, so the values shrink with the side of the plane: a ring keeps its height in standard
    deviations.
    """
    channels, height, width = shape
    assert height == width, shape
    values = 80 * ((np.asarray(factors) - 1) * 2 + 1) * height / PAPER_SIDE
    plane = np.zeros((height, width), np.complex64)
    for radius in range(RADIUS, 0, -1):
        plane[circle(height, radius)] = values[radius - 1]
    key = np.zeros((1, channels, height, width), np.complex64)
    key[0, CHANNEL] = plane
    return key


def distances(latents, keys):
    """Masked mean of |F - K| for latents [N, C, h, w] and every key: [N, keys]."""
    mask = circle(latents.shape[-1], RADIUS)
    spectra = np.fft.fftshift(np.fft.fft2(latents[:, CHANNEL].astype(np.float64)), axes=(-2, -1))[:, mask]
    return np.stack([np.abs(spectra - key[0, CHANNEL][mask]).mean(1) for key in keys], 1)


def effective(key):
    """What is left of a key's spectrum when the real part of the marked latent is taken."""
    real = np.fft.ifft2(np.fft.ifftshift(key, axes=(-2, -1))).real
    return np.fft.fftshift(np.fft.fft2(real), axes=(-2, -1))
