"""Tiny UNet2DConditionModels and what diffusers' make of a latent."""

import torch
from diffusers import UNet2DConditionModel
from filling import fill
from golden import CHECKPOINTS, rng, save_case

TOKENS = 5
PLAIN, CROSS = "{}Block2D", "CrossAttn{}Block2D"


def blocks(pattern):
    """Block types from a word: x for a block with attention, o for one without, from the full size downwards."""
    kinds = [CROSS if letter == "x" else PLAIN for letter in pattern]
    return {
        "down_block_types": [kind.format("Down") for kind in kinds],
        "up_block_types": [kind.format("Up") for kind in reversed(kinds)],
    }


def unet(pattern, channels, layers=1, heads=2, width=6, **options):
    return {
        **blocks(pattern), "block_out_channels": channels, "layers_per_block": layers, "attention_head_dim": heads,
        "cross_attention_dim": width, "norm_num_groups": 2, "sample_size": 8, **options,
    }


UNETS = {
    "sd1": unet("xxxo", [4, 4, 8, 8], layers=2),
}


def inputs_of(config, seed, height, width):
    inputs = {
        "sample": torch.randn(2, config.in_channels, height, width, generator=rng(seed)),
        "timestep": torch.tensor([501.0 if seed % 20 else 37.0]),
        "encoder_hidden_states": torch.randn(2, TOKENS, config.cross_attention_dim, generator=rng(seed + 1)),
    }
    return inputs


def make_unet(name, options, seed):
    options = dict(options)
    height, width = options.pop("size", (8, 16))
    model = fill(UNet2DConditionModel(**options), seed)
    inputs = inputs_of(model.config, seed, height, width)
    out = model(inputs["sample"], inputs["timestep"], inputs["encoder_hidden_states"]).sample
    save_case(CHECKPOINTS / "UNet2DConditionModel" / name, model, inputs, {"out": out})


def make_all(wanted):
    for seed, (name, options) in enumerate(UNETS.items()):
        if wanted("UNet2DConditionModel", name):
            make_unet(name, options, 1000 + 10 * seed)
