"""Codes and marks of PRC by MarkDiffusion 1.0.2's own class PRCUtils.

    pip download markdiffusion==1.0.2 --no-deps && unzip markdiffusion-*.whl -d wheel
    PYTHONPATH=wheel python make_prc.py > prc.json     (torch, scipy, galois)

What the class imports besides is replaced by nothing: it needs no pipeline. Large arrays are given by their SHA-256. The
first code's are also written to arrays.npz, as the script in docs/schemes/prc.md writes them.
"""
import hashlib
import json
import pathlib
import sys
from unittest import mock

import numpy as np
import torch

sys.path.append(str(pathlib.Path(__file__).resolve().parent.parent))
import markdiffusion_parts  # noqa: E402

markdiffusion_parts.prepare("prc", "ldpc", "torchvision", "qrcode")
from markdiffusion.watermark.prc.prc import PRCUtils  # noqa: E402
import galois  # noqa: E402


def bits(array):
    return "".join(str(int(bit)) for bit in np.asarray(array).flatten())


def digest(array):
    return hashlib.sha256(bits(array).encode()).hexdigest()


cases = []
for number, (channels, height, width, weight, rate, message) in enumerate([
    (4, 16, 16, 3, 1e-9, "Hi"), (4, 24, 16, 3, 1e-6, "Hello, World!"), (1, 32, 24, 4, 1e-9, "a"),
    (4, 16, 24, 2, 1e-3, "\xe9t\xe9"), (4, 32, 32, 3, 1e-9, "Hello, World!"), (16, 16, 8, 5, 0.5, "xyz"),
]):
    seeds = [42 + 10 * number, 43 + 10 * number, 44 + 10 * number, 45, 46, 47 + number, 48 + number, 49]
    binary = np.array([int(bit) for character in message for bit in format(ord(character), "08b")])
    config = mock.Mock(
        fpr=rate, t=weight, var=1.5, message=binary, message_length=len(binary), n=channels * height * width,
        latents_channel=channels, latents_height=height, latents_width=width, GF=galois.GF(2), device="cpu",
        gen_matrix_seed=seeds[0], indice_seed=seeds[1], one_time_pad_seed=seeds[2], test_bits_seed=seeds[3],
        permute_bits_seed=seeds[4], payload_seed=seeds[5], error_seed=seeds[6], pseudogaussian_seed=seeds[7])
    utils = PRCUtils(config)
    generator, checks, pad, _, noise_rate, test_bits, fresh, _, _ = utils.decoding_key
    if number == 0:
        np.savez(
            "arrays.npz", checks=np.asarray(checks.indices, np.int64).reshape(-1, weight),
            pad=np.asarray(pad, np.int64), test=np.asarray(test_bits, np.int64),
            generator=np.packbits(np.asarray(generator, np.uint8)).astype(np.int64), noise=np.array([noise_rate]),
            sizes=np.array([*generator.shape, fresh, weight]))
    places = np.sort(checks.indices.reshape(checks.shape[0], weight), axis=1)
    marked = utils.inject_watermark()
    cases.append({
        "configuration": {
            "algorithm_name": "PRC", "fpr": rate, "prc_t": weight, "var": 1.5, "message": message, "threshold": 0.5,
            "keygen": {"gen_matrix_seed": seeds[0], "indice_seed": seeds[1], "one_time_pad_seed": seeds[2],
                       "test_bits_seed": seeds[3], "permute_bits_seed": seeds[4]},
            "encode": {"payload_seed": seeds[5], "error_seed": seeds[6], "pseudogaussian_seed": seeds[7]},
        },
        "shape": [channels, height, width], "fresh": fresh, "checks": len(places), "noise_rate": noise_rate,
        "first_checks": places[:5].flatten().tolist(), "last_checks": places[-5:].flatten().tolist(),
        "all_checks": hashlib.sha256(",".join(map(str, places.flatten())).encode()).hexdigest(),
        "generator": digest(generator), "pad": bits(pad), "test": bits(test_bits), "signs": bits(marked > 0),
    })
print(json.dumps(cases, separators=(",", ":")))
