"""Patterns, masks, marked latents and distances of RingID by MarkDiffusion 1.0.2's own classes: RIUtils, RIDetector.

    pip download markdiffusion==1.0.2 --no-deps && unzip markdiffusion-*.whl -d wheel
    PYTHONPATH=wheel python make_ringid.py > ringid.json     (torch, torchvision, numpy)

What the two classes import besides is replaced by nothing: they need no pipeline.
"""
import json
import pathlib
import random
import sys
from unittest import mock

import numpy as np
import torch
import torchvision.transforms.functional  # before its parts are looked for among what is left out

sys.path.append(str(pathlib.Path(__file__).resolve().parent.parent))
import markdiffusion_parts  # noqa: E402

markdiffusion_parts.prepare("ri")
import markdiffusion.watermark.ri.ri as ri  # noqa: E402
from markdiffusion.detection.ri.ri_detection import RIDetector  # noqa: E402


def bits(array):
    """A row a string."""
    return ["".join(str(int(cell)) for cell in row) for row in np.asarray(array)]


def painted(utils, size, radius, inner):
    """The ring that a cell of the pattern ends up with, as a letter: a is ring 1. A dot is no ring."""
    rings = np.zeros((size - size % 2,) * 2, dtype=int)
    for outer in range(radius, inner, -1):
        mask = utils._ring_mask(size=size, r_out=outer, r_in=outer - 1)
        rings[mask] = outer
    return ["".join("." if ring == 0 else chr(96 + ring) for ring in row) for row in rings]


def parts(tensor):
    array = tensor.detach().cpu().numpy()
    return np.stack([array.real, array.imag], -1).flatten().tolist()


plain = ri.RIUtils.__new__(ri.RIUtils)
masks = []
for size, radius, inner in [(16, 6, 1), (24, 9, 3), (32, 14, 3), (33, 14, 3), (48, 14, 3), (49, 20, 5), (64, 14, 3), (65, 14, 3), (65, 16, 8)]:
    plain.config = None
    masks.append({
        "side": size, "radius": radius, "inner": inner,
        "region": bits(plain._ring_mask(size=size, r_out=radius, r_in=inner)),
        "rings": painted(plain, size, radius, inner),
    })

cases = []
for seed, (side, radius, inner, ring, noise, levels, shift) in enumerate([
    (24, 9, 3, [3], [0], 2, 1), (24, 9, 3, [2], [0, 1], 4, 1), (16, 6, 2, [0, 3], [], 2, 0), (32, 14, 3, [3], [0], 2, 1),
]):
    random.seed(seed)
    torch.manual_seed(seed)
    latents = torch.randn(1, 4, side, side)
    ri.get_random_latents = lambda **_: latents
    config = mock.Mock(
        ring_width=1, quantization_levels=levels, ring_value_range=float(side), fix_gt=1, time_shift=shift, assigned_keys=1,
        channel_min=1, radius=radius, radius_cutoff=inner, heter_watermark_channel=noise, ring_watermark_channel=ring,
        watermark_channel=sorted(ring + noise), image_size=(8 * side, 8 * side), device="cpu", pipe=None)
    utils = ri.RIUtils(config)
    marked = utils.generate_Fourier_watermark_latents(
        "cpu", radius, inner, utils.mask, config.watermark_channel, original_latents=utils.latents,
        watermark_pattern=utils.pattern)
    noisy = marked + 0.7 * torch.randn(1, 4, side, side)
    detector = RIDetector(utils.mask, ring, noise, utils.pattern_list, 50, "cpu")
    cases.append({
        "side": side, "radius": radius, "inner": inner, "ring_channels": ring, "noise_channels": noise, "levels": levels,
        "range": float(side), "shift": bool(shift),
        "pattern": [round(number, 4) for number in parts(utils.pattern)],
        "latents": [round(number, 5) for number in utils.latents.flatten().tolist()],
        "marked": [round(number, 5) for number in marked.flatten().tolist()],
        "distance": detector.eval_watermark(marked)["l1_distance"],
        "noisy": [round(number, 5) for number in noisy.flatten().tolist()],
        "noisy_distance": detector.eval_watermark(noisy)["l1_distance"],
    })
print(json.dumps({"masks": masks, "cases": cases}, separators=(",", ":")))
