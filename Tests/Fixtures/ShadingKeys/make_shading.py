"""Marks of Gaussian Shading by MarkDiffusion 1.0.2's own classes: GSUtils makes them, GSDetector reads them.

    pip download markdiffusion==1.0.2 --no-deps && unzip markdiffusion-*.whl -d wheel
    PYTHONPATH=wheel python make_shading.py > shading.json     (torch, scipy, pycryptodome)

What the two classes import besides is replaced by nothing: they need no pipeline.
"""
import json
import pathlib
import sys
from unittest import mock

import numpy as np
import torch

sys.path.append(str(pathlib.Path(__file__).resolve().parent.parent))
import markdiffusion_parts  # noqa: E402

markdiffusion_parts.prepare("gs", "galois", "ldpc", "torchvision", "qrcode")
from markdiffusion.watermark.gs.gs import GSUtils  # noqa: E402
from markdiffusion.detection.gs.gs_detection import GSDetector  # noqa: E402


def bits(tensor):
    return "".join(str(int(bit)) for bit in np.asarray(tensor).flatten())


cases = []
for seed, (height, width, channel_copy, hw_copy, chacha) in enumerate([
    (16, 16, 1, 4, True), (16, 16, 2, 2, True), (24, 24, 4, 8, True), (16, 16, 1, 8, False), (32, 32, 1, 8, True),
    (24, 16, 2, 4, False), (16, 24, 1, 4, True),
]):
    generator = torch.Generator().manual_seed(42 + seed)
    shape = [1, 4 // channel_copy, height // hw_copy, width // hw_copy]
    config = mock.Mock(
        chacha=chacha, chacha_key_seed=123456 + seed, chacha_nonce_seed=789012, channel_copy=channel_copy,
        hw_copy=hw_copy, latents_height=height, latents_width=width, device="cpu")
    config.watermark = torch.randint(0, 2, shape, generator=generator)
    if not chacha:
        config.key = torch.randint(0, 2, [1, 4, height, width], generator=generator)
    utils = GSUtils(config)
    np.random.seed(seed)
    marked = utils.inject_watermark()
    # Noise that turns about a third of the signs.
    noisy = marked + 1.2 * torch.from_numpy(np.random.RandomState(seed).randn(*marked.shape)).float()
    detector = GSDetector(
        config.watermark, chacha, (utils.chacha_key, utils.chacha_nonce) if chacha else config.key, channel_copy,
        hw_copy, channel_copy * hw_copy * hw_copy // 2, 0.7, "cpu")
    if chacha:
        # The cipher turns both ways. The detector's own deciphering takes every latent for a square.
        plain = torch.from_numpy(utils._stream_key_encrypt((noisy > 0).int().flatten().numpy())).reshape(noisy.shape)
    else:
        plain = ((noisy > 0).int() + config.key) % 2
    votes = detector._diffusion_inverse(plain)
    is_read = height == width or not chacha
    cases.append({
        "configuration": {
            "algorithm_name": "GS", "channel_copy": channel_copy, "wm_key": 42 + seed, "hw_copy": hw_copy,
            "chacha": chacha, "chacha_key_seed": 123456 + seed, "chacha_nonce_seed": 789012, "threshold": 0.7,
        },
        "height": height, "width": width, "message": bits(config.watermark), "signs": bits(marked > 0), "noisy": bits(noisy > 0),
        "votes": bits(votes),
        "accuracy": (detector.eval_watermark(noisy)["bit_acc"] if is_read
                     else (votes == config.watermark).float().mean().item()),
    })
print(json.dumps(cases, separators=(",", ":")))
