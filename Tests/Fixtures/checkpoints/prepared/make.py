#!/usr/bin/env python3
"""Weights of single layers, and the same rounded to 8 bits: python3 Tests/Fixtures/checkpoints/prepared/make.py

weights.safetensors holds the layers; golden.safetensors holds NAME.values (int8, [rows, columns]) and NAME.scales (float32,
[columns]) of each, made with NumPy by the rule scale = max|w| / 127, q = rint(w / scale) over the weights of an output.
"""
import json
import pathlib
import struct

import numpy as np

here = pathlib.Path(__file__).resolve().parent
types = {"F32": np.float32, "F16": np.float16, "BF16": np.uint16, "I8": np.int8}


def write(name, tensors):
    header, body = {}, b""
    for key, (dtype, array) in tensors.items():
        data = np.ascontiguousarray(array, types[dtype]).tobytes()
        header[key] = {"dtype": dtype, "shape": list(array.shape), "data_offsets": [len(body), len(body) + len(data)]}
        body += data
    text = json.dumps(header, separators=(",", ":")).encode()
    (here / name).write_bytes(struct.pack("<Q", len(text)) + text + body)


def numbers(dtype, array):
    """float32 numbers of a stored array."""
    return (array.astype(np.uint32) << 16).view(np.float32) if dtype == "BF16" else array.astype(np.float32)


def rounded(matrix):
    """Of weights [outputs, inputs] in float32: int8 [inputs, outputs], float32 [outputs]."""
    scales = np.abs(matrix).max(1) / np.float32(127)
    # Too small to be divided by.
    scales[scales < np.finfo(np.float32).tiny] = np.inf
    values = np.rint(matrix / scales[:, None]).astype(np.int8)
    return values.T, np.where(np.isinf(scales), np.float32(1), scales)


def main():
    random = np.random.default_rng(8)

    def normal(*shape):
        return random.standard_normal(shape).astype(np.float32)

    linear = normal(70, 131) * np.exp(normal(70, 1))
    linear[3] = 0
    linear[66] = 0
    linear[66, 130] = -2.5
    linear[5] = 1e-39 * np.sign(linear[5])
    linear[6] *= np.float32(1e38) / np.abs(linear[6]).max()
    # A scale of 1: halves go to the even neighbour.
    linear[7, :9] = [127, 0.5, 1.5, 2.5, -0.5, -1.5, -2.5, 126.5, -125.5]
    linear[7, 9:] = np.clip(linear[7, 9:], -100, 100)
    half = (normal(9, 33) * 1e-3).astype(np.float16)
    half[2] = (np.arange(33) - 16) * 6e-8
    half[4, 7] = 65504
    bfloat = (normal(10, 6, 1, 1).view(np.uint32) >> 16).astype(np.uint16)
    stored = {
        "linear": ("F32", linear),
        "half": ("F16", half),
        "pixel": ("BF16", bfloat),
        "convolution": ("F32", normal(67, 5, 3, 3)),
        "wide": ("F16", normal(5, 3, 1, 3).astype(np.float16)),
        "single": ("F32", normal(1, 1)),
        "tall": ("BF16", (normal(3, 2, 2, 1).view(np.uint32) >> 16).astype(np.uint16)),
    }
    write("weights.safetensors", stored)
    golden = {}
    for name, (dtype, array) in stored.items():
        array = numbers(dtype, array)
        if name in ("convolution", "wide", "tall"):
            array = array.transpose(0, 2, 3, 1)
        made = {name: array.reshape(len(array), -1)}
        if name == "linear":
            made["linear 3..<68"] = array[3:68]
        for key, matrix in made.items():
            values, scales = rounded(matrix)
            golden |= {f"{key}.values": ("I8", values), f"{key}.scales": ("F32", scales)}
    write("golden.safetensors", golden)


main()
