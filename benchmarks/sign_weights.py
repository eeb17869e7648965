#!/usr/bin/env python3
"""What weights gain over counting signs: log10 p of both tests, in the median of simulated latents that are correlated with
the noise that was marked. NumPy alone; the table is in docs/schemes/gaussian-shading.md.

    benchmarks/sign_weights.py [--latents 25]
"""
import argparse

import numpy as np


def log10_tail(weights, total):
    """Of P(sum of weighted fair signs >= total): the distribution tilted to that mean, by a Fourier transform."""
    counts = np.bincount(weights)
    present = np.flatnonzero(counts)
    present, counts = present[present > 0], counts[present[present > 0]]
    low, high = 0.0, 50.0
    for _ in range(100):
        tilt = (low + high) / 2
        low, high = (tilt, high) if (counts * present * np.tanh(tilt * present)).sum() < total else (low, tilt)
    spread = np.sqrt((counts * present**2 / np.cosh(tilt * present) ** 2).sum())
    period = int(24 * spread + 200 * present.max())
    angles = 2 * np.pi * np.arange(period) / period
    start = (total + weights.sum() + 1) // 2
    logs = np.zeros(period, complex)
    for weight, count in zip(present, counts):
        chance = 1 / (1 + np.exp(-2 * tilt * weight))
        logs += count * np.log(chance * np.exp(1j * angles * weight) + 1 - chance)
    steps = np.arange(period // 2)
    chances = np.fft.fft(np.exp(logs - 1j * angles * start)).real[:len(steps)] / period
    rest = 2 * start - weights.sum() - total
    tail = (chances * np.exp(-tilt * (2 * steps + rest))).sum()
    return ((counts * np.log(np.cosh(tilt * present))).sum() - tilt * total + np.log(tail)) / np.log(10)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--latents", type=int, default=25)
    latents = parser.parse_args().latents
    random = np.random.default_rng(1)
    print("| elements | correlation | signs that agree | counted | weighted |\n| --: | --: | --: | --: | --: |")
    for elements in (4096, 16384):
        for correlation in (0.1, 0.2, 0.3, 0.4, 0.5):
            rows = []
            for _ in range(latents):
                noise, other = random.standard_normal((2, elements))
                latent = correlation * noise + np.sqrt(1 - correlation**2) * other
                signs = np.where(latent * noise > 0, 1, -1)
                weights = np.clip(np.rint(4 * abs(latent) / latent.std()), 1, 15).astype(int)
                rows.append([(signs > 0).mean(), log10_tail(np.ones(elements, int), signs.sum()),
                             log10_tail(weights, (weights * signs).sum())])
            share, counted, weighted = np.median(rows, axis=0)
            print(f"| {elements:,} | {correlation} | {100 * share:.1f} % | {counted:.0f} | {weighted:.0f} |")


main()
