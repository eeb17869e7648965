"""Golden files for Tests/TensorsTests, made by NumPy and the safetensors package.

Run in this folder, with numpy 2.x, torch and safetensors:

    python3 make_tensors.py
"""

import json
import math
import struct

import numpy as np
import torch
from safetensors.numpy import save_file
from safetensors.torch import save_file as save_torch_file


def values(shape, dtype=np.float64):
    """Element k in row-major order is ((37 k) mod 101 - 50) / 8: exact in every type, never symmetric."""
    count = int(np.prod(shape))
    return (((37 * np.arange(count)) % 101 - 50) / 8).astype(dtype).reshape(shape)


# --- .npy: one file per element type, per header version, and the odd shapes ---
np.save("f4-3x5x7.npy", values((3, 5, 7), np.float32) / np.float32(3))
np.save("f8-3x5x7.npy", values((3, 5, 7)) / 3)
np.save("i8-5x3.npy", (values((5, 3)) * 8).astype(np.int64) * 2**33)
spectrum = values((2, 3, 5)) + 1j * values((5, 3, 2)).transpose(2, 1, 0)
np.save("c16-2x3x5.npy", spectrum)
np.save("c8-2x3x5.npy", spectrum.astype(np.complex64))
np.save("f4-scalar.npy", np.float32(2.5))
np.save("f4-13.npy", values(13, np.float32))
np.save("f4-0x3.npy", np.zeros((0, 3), np.float32))
for version in (2, 3):
    with open(f"f4-3x5x7-v{version}.npy", "wb") as file:
        np.lib.format.write_array(file, values((3, 5, 7), np.float32), version=(version, 0))
np.save("refused-fortran.npy", np.asfortranarray(values((3, 5), np.float32)))
np.save("refused-big-endian.npy", values((3, 5)).astype(">f4"))
np.save("refused-structured.npy", np.zeros(3, dtype=[("a", "<f4"), ("b", "<i8")]))

# --- safetensors ---
save_torch_file(
    {
        "f32": torch.from_numpy(values((3, 5, 7), np.float32) / np.float32(3)),
        "f16": torch.from_numpy(values((5, 3), np.float16)),
        "f16 small": torch.tensor([2.0**-24, -(2.0**-14), 65504.0, 1023 * 2.0**-24], dtype=torch.float16),
        "bf16": torch.from_numpy(values((7,), np.float32)).to(torch.bfloat16),
        "f64": torch.from_numpy(values((2, 3)) / 3),
        "i64": torch.from_numpy((values((3, 3)) * 8).astype(np.int64)),
        "i32": torch.arange(4, dtype=torch.int32),
        "scalar": torch.tensor(2.5),
        "empty": torch.zeros((0, 4)),
        'quoted "é" \\ \n name': torch.tensor([1.0, 2.0]),
    },
    "mixed.safetensors",
    metadata={"format": "pt", "note": 'a "quoted"\nline'},
)
save_file(
    {"a": values((3, 5, 7), np.float32), "b.weight": values((2, 3), np.float32), "c": np.zeros((0, 4), np.float32)},
    "f32.safetensors",
    metadata={"made by": "numpy"},
)

# --- arithmetic and reductions ---
random = np.random.default_rng(20)
x, y, z = (random.standard_normal((2, 3, 5, 7)).astype(np.float32) for _ in range(3))
for name, array in (("x", x), ("y", y), ("z", z)):
    np.save(f"{name}-2x3x5x7.npy", array)
X, Y, Z = (array.astype(np.float64) for array in (x, y, z))
np.save("combination-of-2.npy", (0.3 * X + -1.7 * Y).astype(np.float32))
np.save("combination-of-3.npy", (0.3 * X + -1.7 * Y + 2.9 * Z).astype(np.float32))
residual = (x - y).astype(np.float64)
with open("reductions.json", "w") as file:
    json.dump(
        {
            "dot": float((X * Y).sum()),
            "squaredNorm": float((X * X).sum()),
            "mean": float(X.mean()),
            "standardDeviation": float(X.std()),
            "decibels": float(10 * np.log10((residual**2).sum() / (Y**2).sum())),
        },
        file,
        indent=1,
    )

# --- xoshiro256** seeded by SplitMix64, written from the papers in plain integers ---
MASK = 2**64 - 1


def split_mix(seed):
    while True:
        seed = (seed + 0x9E3779B97F4A7C15) & MASK
        z = ((seed ^ seed >> 30) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ z >> 27) * 0x94D049BB133111EB) & MASK
        yield z ^ z >> 31


def rotated(x, k):
    return (x << k | x >> (64 - k)) & MASK


def xoshiro(seed):
    mixer = split_mix(seed)
    s = [next(mixer) for _ in range(4)]
    while True:
        yield rotated(s[1] * 5 & MASK, 7) * 9 & MASK
        t = s[1] << 17 & MASK
        s[2] ^= s[0]
        s[3] ^= s[1]
        s[1] ^= s[2]
        s[0] ^= s[3]
        s[2] ^= t
        s[3] = rotated(s[3], 45)


def normals(seed, count):
    source = xoshiro(seed)
    result = []
    while len(result) < count:
        u, v = (((next(source) >> 11) + 1) * 2.0**-53 for _ in range(2))
        radius = math.sqrt(-2 * math.log(u))
        result += [radius * math.cos(2 * math.pi * v), radius * math.sin(2 * math.pi * v)]
    return result[:count]


# The published first outputs of SplitMix64 for the seed 1234567.
known = split_mix(1234567)
assert [next(known) for _ in range(2)] == [6457827717110365317, 3203168211198807973]
bits = []
for seed in (0, 1, MASK):
    source = xoshiro(seed)
    bits.append([struct.unpack("<q", struct.pack("<Q", next(source)))[0] for _ in range(16)])
np.save("xoshiro-3x16.npy", np.array(bits, dtype=np.int64))
np.save("normal-seed7-3x5x7.npy", np.array(normals(7, 105), dtype=np.float32).reshape(3, 5, 7))
