"""Random numbers for every tensor of a model, at scales that keep activations near 1.

What a library initialises with hides mistakes: biases of 0 and norms of 1 can be left out or swapped unseen. Here every
number is random and none is 0. Each is one that float32, float16 and bfloat16 hold exactly, so that a half-precision file
of the same model has the same expected outputs.
"""

import math
import re

import torch

# The smallest magnitude, well above float16's smallest normal number.
SMALLEST = 2.0**-12


def representable(tensor):
    """Rounded to 8 significant bits, which all three types have, and away from 0."""
    rounded = tensor.to(torch.bfloat16).to(torch.float32)
    return torch.where(rounded.abs() < SMALLEST, torch.where(rounded < 0, -SMALLEST, SMALLEST), rounded)


def numbers(name, shape, generator, gain=1.0):
    """Random values for the tensor of that name: weights by their fan-in, norms near 1, biases and the rest near 0.3."""
    values = torch.randn(shape, generator=generator)
    leaf = name.rsplit(".", 1)[-1]
    if re.search(r"embed(ding|_tokens)?s?\.weight$|shared\.weight$|relative_attention_bias", name) and len(shape) == 2:
        return values * 0.5
    if len(shape) > 1 and leaf != "position_embedding":
        return values * gain / math.sqrt(math.prod(shape[1:]))
    if leaf == "weight":
        return 1 + (0.25 * values).clamp(-0.6, 0.6)
    return values * 0.3


@torch.no_grad()
def fill(module, seed, gain=1.0):
    """Fills parameters in their order of definition; buffers that a file holds are rounded only."""
    generator = torch.Generator().manual_seed(seed)
    for name, parameter in module.named_parameters():
        parameter.copy_(representable(numbers(name, tuple(parameter.shape), generator, gain)))
    for name, buffer in module.named_buffers():
        if buffer.is_floating_point():
            buffer.copy_(buffer.to(torch.bfloat16))
    return module.eval().requires_grad_(False)
