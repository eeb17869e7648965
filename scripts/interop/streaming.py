"""Safetensors files written tensor by tensor, so that no more than one of them is in memory."""

import json
import math
import struct

import torch

CODES = {
    torch.float32: "F32", torch.float16: "F16", torch.bfloat16: "BF16", torch.int64: "I64", torch.int32: "I32",
}


def write(file, entries):
    """`entries`: name → (dtype, shape, a function that makes the tensor). In the order of the names."""
    entries = dict(sorted(entries.items()))
    header, offset = {"__metadata__": {"format": "pt"}}, 0
    for name, (dtype, shape, _) in entries.items():
        size = math.prod(shape) * dtype.itemsize
        header[name] = {"dtype": CODES[dtype], "shape": list(shape), "data_offsets": [offset, offset + size]}
        offset += size
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with file.open("wb") as stream:
        stream.write(struct.pack("<Q", len(text)) + text)
        for name, (dtype, shape, make) in entries.items():
            tensor = make()
            if tensor.dtype != dtype or tuple(tensor.shape) != tuple(shape):
                raise SystemExit(f"{file}: {name} is {tensor.dtype} {tuple(tensor.shape)}, announced {dtype} {shape}")
            stream.write(memoryview(tensor.contiguous().reshape(-1).view(torch.uint8).numpy()))
