"""Layers in int8 by NumPy, as Sources/CheckpointModels/Quantization describes them. From the root of the repository:

    python3 Tests/Fixtures/checkpoints/int8/make.py

x is an image [1, 3, 5, 7] or tokens [1, 4, 6]; outputs are tokens [1, h·w, C]. Activations are rounded as ONNX's
DynamicQuantizeLinear says: to 0...255, with one scale and one zero for the whole tensor, whose range includes 0.
"""
import os

import numpy as np
from safetensors.numpy import save_file

FOLDER = os.path.dirname(os.path.abspath(__file__))
random = np.random.default_rng(8)
f32 = np.float32


def quantized(x):
    low, high = min(x.min(), f32(0)), max(x.max(), f32(0))
    scale = f32((high - low) / f32(255))
    zero = np.clip(np.rint(-low / scale), 0, 255).astype(np.int32)
    return np.clip(np.rint(x / scale).astype(np.int32) + zero, 0, 255), scale, zero


def product(x, weight, bias):
    """x [rows, K] by weight [N, K]."""
    values, scale, zero = x
    scales = (np.abs(weight).max(1) / f32(127)).astype(f32)
    integers = np.rint(weight / scales[:, None]).astype(np.int32)
    return ((values - zero) @ integers.T * (scale * scales).astype(f32) + bias).astype(f32)


def enlarged(image, height, width):
    rows = np.arange(height) * image.shape[1] // height
    columns = np.arange(width) * image.shape[2] // width
    return image[:, rows][:, :, columns]


def convolution(image, weight, bias, stride=1, padding=(1, 1, 1, 1), size=None):
    """Loops over all outputs; what is outside the image is zero."""
    values, scale, zero = quantized(image)
    values = enlarged(values - zero, *size) if size else values - zero
    top, left, bottom, right = padding
    values = np.pad(values, ((0, 0), (top, bottom), (left, right)))
    kernel = weight.shape[2]
    places = [
        values[:, y : y + kernel, x : x + kernel].reshape(-1)
        for y in range(0, values.shape[1] - kernel + 1, stride)
        for x in range(0, values.shape[2] - kernel + 1, stride)
    ]
    return product((np.stack(places), scale, 0), weight.reshape(len(weight), -1), bias)[None]


image = random.normal(size=(3, 5, 7)).astype(f32)
tokens = random.normal(0.5, 2, size=(4, 6)).astype(f32)
weight, bias = random.normal(size=(4, 3, 3, 3)).astype(f32), random.normal(size=4).astype(f32)
matrix, offset = random.normal(size=(5, 6)).astype(f32), random.normal(size=5).astype(f32)
shift = random.normal(size=(1, 4)).astype(f32)
point = random.normal(size=(4, 3, 1, 1)).astype(f32)

save_file(
    {"conv.weight": weight, "conv.bias": bias, "linear.weight": matrix, "linear.bias": offset, "point.weight": point,
     "point.bias": bias},
    os.path.join(FOLDER, "weights.safetensors"),
)
save_file(
    {
        "image": image[None],
        "tokens": tokens[None],
        "shift": shift,
        "plain": convolution(image, weight, bias),
        "shifted": convolution(image, weight, (bias + shift[0]).astype(f32)),
        "halved": convolution(image, weight, bias, stride=2),
        "halved-below": convolution(image, weight, bias, stride=2, padding=(0, 0, 1, 1)),
        "doubled": convolution(image, weight, bias, size=(10, 14)),
        "enlarged": convolution(image, weight, bias, size=(9, 13)),
        "point": convolution(image, point, bias, padding=(0, 0, 0, 0)),
        "linear": product(quantized(tokens), matrix, offset)[None],
        "rows": product(quantized(tokens), matrix[2:5], offset[2:5])[None],
    },
    os.path.join(FOLDER, "golden.safetensors"),
)
