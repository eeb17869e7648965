#!/usr/bin/env python3
"""Spectra in the Tree-Ring package's format whose numbers were not drawn at random, as people make them. Needs NumPy.

    python3 Tests/Fixtures/RingKeys/Unrandom/make_unrandom.py

Each is complex64 [1, 1, 32, 32] with DC in the middle, to be read with radius 10:
annulus  noise with zeros out to radius 3, as RingID has them    real     noise without imaginary parts
ringid   rings of ±64 ± 64i outside of radius 3                  signs    the same from radius 1
phases   values of one modulus and random phase                  noise    noise as it is, for comparison
picture  the spectrum of a picture of amplitude 1/|k|
"""

import pathlib

import numpy as np

FOLDER = pathlib.Path(__file__).parent
SIDE, RADIUS, INNER = 32, 10, 3


def main():
    generator = np.random.default_rng(11)
    noise = np.fft.fftshift(np.fft.fft2(generator.standard_normal((SIDE, SIDE))))
    y, x = np.mgrid[:SIDE, :SIDE]
    squared = (x - SIDE // 2) ** 2 + (SIDE - 1 - y - SIDE // 2) ** 2
    signs = np.zeros((SIDE, SIDE), complex)
    for radius in range(RADIUS, 0, -1):
        signs[squared <= radius * radius] = 64 * complex(*generator.choice([-1, 1], 2))
    isInner = squared <= INNER * INNER
    distance = np.maximum(1, np.hypot(y - SIDE // 2, x - SIDE // 2))
    spectra = {
        "annulus_0_10_rand": np.where(isInner, 0, noise), "real_0_10_rand": noise.real + 0j,
        "ringid_0_10_ring": np.where(isInner, 0, signs), "signs_0_10_ring": signs,
        "phases_0_10_rand": 40 * noise / np.abs(noise), "picture_0_10_rand": 9 * noise / distance,
        "noise_0_10_rand": noise}
    for name, spectrum in spectra.items():
        np.save(FOLDER / f"{name}.npy", spectrum[None, None].astype(np.complex64))


if __name__ == "__main__":
    main()
