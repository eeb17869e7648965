#!/usr/bin/env python3
"""Keys of the Tree-Ring reference with the median p-value of each one's own mark, from the description in
docs/reference-keys.md. Needs NumPy.

    python3 Tests/Fixtures/RingKeys/Reach/make_reach.py

`randn` is what torch.randn draws on a CPU after torch.manual_seed (Mersenne Twister, 24 bits a uniform number, Box and Muller
in blocks of sixteen), so that the keys are those that the research code makes of `w_seed`.

Writes <seed>_3_10_ring.npy, which `ringkey key import` reads, and reach.json: log10 of the median p-value at signal-to-noise
ratios of 1, 0.25 and 0.1, of 2001 draws in which the mark itself goes through spectrum, real part and white noise.
"""

import json
import math
import pathlib

import numpy as np

FOLDER = pathlib.Path(__file__).parent
SIDE, CHANNELS, CHANNEL, RADIUS = 32, 4, 3, 10
SEEDS = {999999: True, 1: False, 3: False}  # which of them are written as files
SHRINKAGE = 4
DRAWS = 2001


def randn(seed, count):
    raw = np.random.RandomState(seed).randint(0, 2**32, size=count, dtype=np.uint32)
    numbers = ((raw & ((1 << 24) - 1)) / np.float32(1 << 24)).astype(np.float32)
    for start in range(0, count, 16):
        first, second = 1 - numbers[start:start + 8], numbers[start + 8:start + 16].copy()
        radius, angle = np.sqrt(np.float32(-2) * np.log(first)), np.float32(2 * np.pi) * second
        numbers[start:start + 8], numbers[start + 8:start + 16] = radius * np.cos(angle), radius * np.sin(angle)
    return numbers


def spectrum(plane):
    return np.fft.fftshift(np.fft.fft2(plane))


def ring_numbers():
    y, x = np.mgrid[:SIDE, :SIDE]
    squared = (x - SIDE // 2) ** 2 + (SIDE - 1 - y - SIDE // 2) ** 2
    rings = np.zeros((SIDE, SIDE), int)
    for ring in range(RADIUS, 0, -1):
        rings[squared <= ring * ring] = ring
    return rings


def marked(values, rings):
    """What the values leave in a plane that had nothing: painted over the rings, real part taken."""
    painted = np.where(rings > 0, np.concatenate([[0], values])[rings], 0)
    return np.fft.ifft2(np.fft.ifftshift(painted)).real


def log10_p(cosine, dimension, points=200_001):
    angles = np.linspace(0, math.acos(cosine), points)
    area = np.trapezoid(np.sin(angles) ** (dimension - 2), angles)
    return math.log10(area) + (math.lgamma(dimension / 2) - math.lgamma((dimension - 1) / 2)) / math.log(10) \
        - math.log10(math.pi) / 2


def reach(numbers, rings, ratio):
    unit, count = math.sqrt(SIDE * SIDE / 2), len(numbers)
    # Column i: the spectrum that number i = 1 leaves, over sqrt(N), real and imaginary parts below each other.
    basis = np.eye(count)
    columns = [spectrum(marked(unit * (row[::2] + 1j * row[1::2]), rings)) / SIDE for row in basis]
    W = np.array([np.concatenate([c.real.ravel(), c.imag.ravel()]) for c in columns]).T
    weights = np.linalg.inv(W.T @ W + SHRINKAGE * np.eye(count))
    mark = marked(unit * (numbers[::2] + 1j * numbers[1::2]), rings)
    generator = np.random.default_rng(7)
    cosines = []
    for _ in range(DRAWS):
        F = spectrum(mark + generator.standard_normal((SIDE, SIDE)) / math.sqrt(ratio)) / SIDE
        a = weights @ (W.T @ np.concatenate([F.real.ravel(), F.imag.ravel()]))
        cosines.append(a @ numbers / np.linalg.norm(a) / np.linalg.norm(numbers))
    return log10_p(np.median(cosines), count)


def main():
    rings, keys = ring_numbers(), []
    for seed, is_file in SEEDS.items():
        planes = np.array([spectrum(p) for p in randn(seed, CHANNELS * SIDE * SIDE).reshape(CHANNELS, SIDE, SIDE)])
        values = planes[CHANNEL, 0, 1:RADIUS + 1]
        numbers = np.stack([values.real, values.imag], 1).ravel() / math.sqrt(SIDE * SIDE / 2)
        if is_file:
            planes[CHANNEL] = np.where(rings > 0, np.concatenate([[0], values])[rings], planes[CHANNEL])
            np.save(FOLDER / f"{seed}_{CHANNEL}_{RADIUS}_ring.npy", planes[None].astype(np.complex64))
        keys.append({
            "seed": seed, "numbers": [round(float(number), 6) for number in numbers],
            "log10_p": {str(ratio): round(reach(numbers, rings, ratio), 3) for ratio in (1, 0.25, 0.1)}})
    (FOLDER / "reach.json").write_text(json.dumps(keys, indent=1) + "\n")
    print([key["log10_p"] for key in keys])


if __name__ == "__main__":
    main()
