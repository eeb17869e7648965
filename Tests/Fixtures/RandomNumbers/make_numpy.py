"""Numbers of NumPy's legacy generator, of its default one, of Python's `random` and of PyTorch's `randint`.

    python make_numpy.py > numpy.json
"""
import json
import random

import numpy as np
import torch


def legacy(seed):
    state = np.random.RandomState(seed)
    return {
        "seed": seed, "uniform": state.random_sample(5).tolist(), "normals": state.randn(7).tolist(),
        "permutation": state.permutation(33).tolist(), "choice": state.choice(1000, 4, replace=False).tolist(),
        "bernoulli": state.binomial(1, 0.23, 40).tolist(), "after": state.random_sample(),
    }


def python(seed):
    generator = random.Random(seed)
    return {"seed": seed, "bytes": [generator.getrandbits(8) for _ in range(44)]}


def default(seed):
    generator = np.random.default_rng(seed)
    words = generator.integers(0, 2**64, 5, dtype=np.uint64)
    return {
        "seed": seed, "words": [str(word) for word in words],
        "bits": np.random.default_rng(seed).integers(0, 2, 101, dtype=np.uint8).tolist(),
    }


def coins(seed):
    return {"seed": seed, "bits": torch.randint(0, 2, (60,), generator=torch.Generator().manual_seed(seed)).tolist()}


print(json.dumps({
    "legacy": [legacy(seed) for seed in (0, 43, 2**32 - 1)], "python": [python(seed) for seed in (0, 123456, 2**40 + 9)],
    "default": [default(seed) for seed in (0, 42, 2**32, 2**63 + 11)], "coins": [coins(seed) for seed in (0, 42, 2**33 + 1)],
}, separators=(",", ":")))
