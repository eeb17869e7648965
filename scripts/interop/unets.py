"""Tiny UNet2DConditionModels and what diffusers' make of a latent."""

import torch
from diffusers import UNet2DConditionModel
from filling import fill
from golden import CHECKPOINTS, rng, save_case, save_model

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
        "cross_attention_dim": width, "norm_num_groups": 2, "sample_size": 8,
        **options,
    }


DEEPER = {"use_linear_projection": True, "transformer_layers_per_block": [1, 2, 3]}
TEXT_TIME = {
    "addition_embed_type": "text_time", "addition_time_embed_dim": 4, "projection_class_embeddings_input_dim": 6 * 4 + 5,
}

UNETS = {
    # Stable Diffusion 1: convolutional projections, the same number of heads everywhere.
    "sd1": unet("xxxo", [4, 4, 4, 4], layers=2),
    "sd1-one-layer": unet("xxo", [4, 4, 8], heads=4, size=(12, 8)),
    # Stable Diffusion 2: linear projections, heads by block.
    "sd2": unet("xxo", [4, 4, 8], layers=2, heads=[1, 2, 4], use_linear_projection=True, upcast_attention=True),
    # Stable Diffusion XL: no attention at full size, depths by block, sizes and pooled text among the conditions.
    "xl": unet("oxx", [4, 4, 4], heads=[1, 2, 4], **DEEPER, **TEXT_TIME),
    "xl-refiner": unet("oxo", [4, 4, 4], heads=[1, 2, 2], use_linear_projection=True,
                       transformer_layers_per_block=2, addition_embed_type="text_time", addition_time_embed_dim=4,
                       projection_class_embeddings_input_dim=5 * 4 + 5),
    "two-blocks": unet("ox", [4, 4], layers=3, size=(6, 10)),
    "mixed-blocks": unet("oxo", [4, 6, 4], heads=[1, 3, 1], use_linear_projection=True),
    "nine-channels": unet("xo", [4, 4], in_channels=9, out_channels=4, width=10),
    # Distilled ones: without a mid block, without attention in it, other depths on the way up.
    "no-mid-block": unet("xo", [4, 6], mid_block_type=None),
    "layers-by-block": unet("xo", [4, 4], layers=[2, 1]),
    "depths-by-layer": unet("ox", [4, 4], layers=2, heads=[1, 2], use_linear_projection=True,
                            transformer_layers_per_block=[1, [2, 1]],
                            reverse_transformer_layers_per_block=[[1, 3, 2], 1], mid_block_type="UNetMidBlock2D"),
    # Halves that do not come out even: the way up is resized to what the way down had.
    "odd-size": unet("xox", [4, 4, 4], size=(7, 10)),
    "sine-first": unet("xo", [6, 4], flip_sin_to_cos=False, freq_shift=1, norm_eps=1e-6),
    # A consistency model's place for the guidance weight, which need not be given.
    "guidance-condition": unet("xo", [4, 4], time_cond_proj_dim=6),
}
# What the tool does not take; each differs from a plain UNet in one thing.
REFUSED = {
    "only-cross-attention": unet("x", [4], mid_block_type=None, only_cross_attention=True),
    "class-embeddings": unet("x", [4], mid_block_type=None, num_class_embeds=3),
    "projected-classes": unet("x", [4], mid_block_type=None, class_embed_type="projection",
                              projection_class_embeddings_input_dim=5),
    "text-addition": unet("x", [4], mid_block_type=None, addition_embed_type="text", addition_embed_type_num_heads=2),
    "hidden-projection": unet("x", [4], mid_block_type=None, encoder_hid_dim=5, encoder_hid_dim_type="text_proj"),
    "scale-shift": unet("x", [4], mid_block_type=None, resnet_time_scale_shift="scale_shift"),
}


def inputs_of(config, seed, height, width):
    inputs = {
        "sample": torch.randn(2, config.in_channels, height, width, generator=rng(seed)),
        "timestep": torch.tensor([[501.0, 37.0, 962.5][seed // 10 % 3]]),
        "encoder_hidden_states": torch.randn(2, TOKENS, config.cross_attention_dim, generator=rng(seed + 1)),
    }
    if config.addition_embed_type == "text_time":
        numbers = (config.projection_class_embeddings_input_dim - 5) // config.addition_time_embed_dim
        sizes = [[64.0, 48.0, 0.0, 8.0, 64.0, 48.0], [96.0, 72.0, 16.0, 0.0, 64.0, 96.0]]
        inputs["time_ids"] = torch.tensor(sizes)[:, :numbers]
        inputs["text_embeds"] = torch.randn(2, 5, generator=rng(seed + 2))
    if config.time_cond_proj_dim:
        inputs["timestep_cond"] = torch.randn(2, config.time_cond_proj_dim, generator=rng(seed + 3))
    return inputs


def call(model, inputs, guided=True):
    added = {name: inputs[name] for name in ("time_ids", "text_embeds") if name in inputs}
    return model(
        inputs["sample"], inputs["timestep"], inputs["encoder_hidden_states"], added_cond_kwargs=added or None,
        timestep_cond=inputs.get("timestep_cond") if guided else None).sample


def make_unet(name, options, seed):
    options = dict(options)
    height, width = options.pop("size", (8, 16))
    model = fill(UNet2DConditionModel(**options), seed)
    inputs = inputs_of(model.config, seed, height, width)

    def compute(model):
        out = call(model, inputs)
        return {"out": out, "out_unguided": call(model, inputs, guided=False)} if "timestep_cond" in inputs else {"out": out}

    save_case(CHECKPOINTS / "UNet2DConditionModel" / name, model, inputs, compute)


def make_all(wanted):
    for seed, (name, options) in enumerate(UNETS.items()):
        if wanted("UNet2DConditionModel", name):
            make_unet(name, options, 1000 + 10 * seed)
    for seed, (name, options) in enumerate(REFUSED.items()):
        if wanted("refused", name):
            save_model(CHECKPOINTS / "refused" / name, fill(UNet2DConditionModel(**options), 5000 + 10 * seed))
