"""Keys of the Tree-Ring package by `w_seed`, as its functions `set_random_seed` and `get_watermarking_pattern` make them
(github.com/YuxinWenRick/tree-ring-watermark, optim_utils.py) on a CPU: written from their description, torch 2.13.

    python make_w_seed.py > w_seed.json
"""
import json

import numpy as np
import torch


def circle(size, radius):
    """The package's mask: rows are flipped before the comparison with the middle."""
    y, x = np.ogrid[:size, :size]
    y = y[::-1]
    return (x - size // 2) ** 2 + (y - size // 2) ** 2 <= radius**2


def pattern(seed, name, channel, radius, size, precision):
    torch.manual_seed(seed)
    noise = torch.randn(1, 4, size, size, dtype=getattr(torch, precision)).float()
    spectrum = torch.fft.fftshift(torch.fft.fft2(noise), dim=(-1, -2))
    key = spectrum.clone()
    if name == "ring":
        for ring in range(radius, 0, -1):
            mask = torch.tensor(circle(size, ring))
            for plane in range(4):
                key[:, plane, mask] = spectrum[0, plane, 0, ring]
    mask = torch.zeros(1, 4, size, size, dtype=torch.bool)
    mask[:, slice(None) if channel == -1 else channel] = torch.tensor(circle(size, radius))
    key = torch.where(mask, key, 0)
    return torch.view_as_real(key).flatten().tolist()


cases = []
for seed, name, channel, radius, size, precision in [
    (999999, "ring", 3, 5, 16, "float32"), (999999, "rand", -1, 4, 12, "float32"), (7, "ring", 0, 6, 20, "float16"),
]:
    values = pattern(seed, name, channel, radius, size, precision)
    cases.append({
        "seed": seed, "pattern": name, "channel": channel, "radius": radius, "size": size, "precision": precision,
        "values": [float(f"{value:.9g}") for value in values],
    })
print(json.dumps(cases, separators=(",", ":")))
