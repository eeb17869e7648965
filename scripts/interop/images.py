"""Tiny SD3Transformer2DModel and FluxTransformer2DModel and what diffusers' make of a latent."""

import torch
from diffusers import FluxTransformer2DModel, SD3Transformer2DModel
from filling import fill
from golden import CHECKPOINTS, rng, save_case

TOKENS, WIDTH, POOLED = 5, 6, 7


def sd3(layers, head=4, heads=2, **options):
    return {
        "sample_size": 16, "patch_size": 2, "in_channels": 4, "out_channels": 4, "num_layers": layers,
        "attention_head_dim": head, "num_attention_heads": heads, "joint_attention_dim": WIDTH,
        "caption_projection_dim": head * heads, "pooled_projection_dim": POOLED, "pos_embed_max_size": 12, **options,
    }


def flux(layers, single, guided=False, head=8, heads=2, axes=(2, 2, 4)):
    return {
        "patch_size": 1, "in_channels": 16, "num_layers": layers, "num_single_layers": single,
        "attention_head_dim": head, "num_attention_heads": heads, "joint_attention_dim": WIDTH,
        "pooled_projection_dim": POOLED, "guidance_embeds": guided, "axes_dims_rope": axes,
    }


SD3 = {
    "sd3": sd3(2),
    "normed": sd3(3, qk_norm="rms_norm"),
    "dual-attention": sd3(2, heads=3, qk_norm="rms_norm", dual_attention_layers=[0]),
    "one-layer": sd3(1, heads=1, head=8, in_channels=16, out_channels=16),
}
FLUX = {
    "flux": flux(1, 2, heads=1),
    "guided": flux(2, 1, guided=True, head=6, axes=(2, 2, 2)),
    "no-single-blocks": flux(1, 0, head=12, heads=1, axes=(4, 2, 6)),
}


def make_sd3(name, options, seed):
    model = fill(SD3Transformer2DModel(**options), seed)
    inputs = {
        "sample": torch.randn(2, options["in_channels"], 6, 8, generator=rng(seed)),
        "timestep": torch.tensor([736.5]),
        "encoder_hidden_states": torch.randn(2, TOKENS, WIDTH, generator=rng(seed + 1)),
        "pooled_projections": torch.randn(2, POOLED, generator=rng(seed + 2)),
    }

    def compute(model):
        return {"out": model(
            inputs["sample"], inputs["encoder_hidden_states"], inputs["pooled_projections"],
            inputs["timestep"].expand(2)).sample}

    save_case(CHECKPOINTS / "SD3Transformer2DModel" / name, model, inputs, compute)


def packed(latent):
    """[B, C, h, w] as the transformer takes it: [B, h/2 · w/2, 4C], squares of 2 × 2."""
    batch, channels, height, width = latent.shape
    squares = latent.view(batch, channels, height // 2, 2, width // 2, 2)
    return squares.permute(0, 2, 4, 1, 3, 5).reshape(batch, height * width // 4, channels * 4)


def unpacked(tokens, height, width):
    batch, _, channels = tokens.shape
    squares = tokens.view(batch, height // 2, width // 2, channels // 4, 2, 2)
    return squares.permute(0, 3, 1, 4, 2, 5).reshape(batch, channels // 4, height, width)


def positions(height, width):
    """Row and column of each token, after a 0."""
    ids = torch.zeros(height // 2, width // 2, 3)
    ids[..., 1], ids[..., 2] = torch.arange(height // 2)[:, None], torch.arange(width // 2)[None]
    return ids.reshape(-1, 3)


def make_flux(name, options, seed):
    model = fill(FluxTransformer2DModel(**options), seed)
    height, width = 6, 8
    sample = torch.randn(2, options["in_channels"] // 4, height, width, generator=rng(seed))
    inputs = {
        "sample": sample, "hidden_states": packed(sample), "timestep": torch.tensor([0.7365]),
        "encoder_hidden_states": torch.randn(2, TOKENS, WIDTH, generator=rng(seed + 1)),
        "pooled_projections": torch.randn(2, POOLED, generator=rng(seed + 2)),
        "img_ids": positions(height, width), "txt_ids": torch.zeros(TOKENS, 3),
    }
    if options["guidance_embeds"]:
        inputs["guidance"] = torch.tensor([3.5])

    def compute(model):
        tokens = model(
            inputs["hidden_states"], inputs["encoder_hidden_states"], inputs["pooled_projections"],
            inputs["timestep"].expand(2), inputs["img_ids"], inputs["txt_ids"],
            inputs["guidance"].expand(2) if "guidance" in inputs else None).sample
        return {"out_tokens": tokens, "out": unpacked(tokens, height, width)}

    save_case(CHECKPOINTS / "FluxTransformer2DModel" / name, model, inputs, compute)


def make_all(wanted):
    for seed, (name, options) in enumerate(SD3.items()):
        if wanted("SD3Transformer2DModel", name):
            make_sd3(name, options, 3000 + 10 * seed)
    for seed, (name, options) in enumerate(FLUX.items()):
        if wanted("FluxTransformer2DModel", name):
            make_flux(name, options, 3500 + 10 * seed)
