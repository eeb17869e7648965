"""Tiny AutoencoderKL and AutoencoderTiny, and what diffusers' make of an image and of a latent."""

import torch
from diffusers import AutoencoderKL, AutoencoderTiny
from filling import fill
from golden import CHECKPOINTS, rng, save_case


def kl(channels, layers=1, latent=4, **options):
    blocks = len(channels)
    return {
        "block_out_channels": channels, "layers_per_block": layers, "latent_channels": latent, "norm_num_groups": 2,
        "down_block_types": ["DownEncoderBlock2D"] * blocks, "up_block_types": ["UpDecoderBlock2D"] * blocks,
        "sample_size": 2 ** (blocks + 2), **options,
    }


def old_attention(tensors):
    """The names that attention had in files of 2022."""
    names = {".to_q.": ".query.", ".to_k.": ".key.", ".to_v.": ".value.", ".to_out.0.": ".proj_attn."}

    def renamed(name):
        for new, old in names.items():
            name = name.replace(new, old)
        return name

    return {renamed(name): tensor for name, tensor in tensors.items()}


KL = {
    "sd": (kl([4, 4, 8], layers=2), None),
    "four-blocks": (kl([2, 4, 6, 6], norm_num_groups=1), None),
    "two-blocks-three-layers": (kl([6, 4], layers=3, norm_num_groups=1), None),
    "no-quant": (kl([4, 6], latent=16, use_quant_conv=False, use_post_quant_conv=False, shift_factor=0.0609,
                    scaling_factor=1.5305), None),
    "no-mid-attention": (kl([4, 6], mid_block_add_attention=False), None),
    "mean-and-deviation": (kl([4, 6], latents_mean=[-0.5, 0.25, 0.125, -1.0], latents_std=[2.0, 1.5, 0.75, 1.0],
                              scaling_factor=0.5), None),
    "old-attention": (kl([4, 6]), old_attention),
}

SHALLOW = {"num_encoder_blocks": [1, 2, 2, 2], "num_decoder_blocks": [2, 2, 2, 1]}
TINY = {
    "taesd": {"encoder_block_out_channels": [4] * 4, "decoder_block_out_channels": [4] * 4},
    "sixteen-channels": {"encoder_block_out_channels": [4] * 4, "decoder_block_out_channels": [4] * 4,
                         "latent_channels": 16, "shift_factor": 0.0, **SHALLOW},
    "three-stages": {"encoder_block_out_channels": [4] * 3, "decoder_block_out_channels": [4] * 3,
                     "num_encoder_blocks": [1, 1, 2], "num_decoder_blocks": [2, 1, 1]},
}


def as_the_model_sees(latent, config):
    """The latent a UNet gets, as the pipelines compute it from the encoder's."""
    if config.latents_mean is not None and config.latents_std is not None:
        mean, deviation = (torch.tensor(x).view(1, -1, 1, 1) for x in (config.latents_mean, config.latents_std))
        return (latent - mean) * config.scaling_factor / deviation
    return (latent - (config.shift_factor or 0)) * config.scaling_factor


def inputs_of(latent_channels, factor, seed):
    return {
        "image": torch.rand(2, 3, 3 * factor, 2 * factor, generator=rng(seed + 1)) * 2 - 1,
        "latent": torch.randn(2, latent_channels, 2, 3, generator=rng(seed + 2)),
    }


def make_kl(name, options, rewrite, seed):
    model = fill(AutoencoderKL(**options), seed)
    inputs = inputs_of(options["latent_channels"], 2 ** (len(options["block_out_channels"]) - 1), seed)

    def compute(model):
        mode = model.encode(inputs["image"]).latent_dist.mode()
        return {
            "latents_mode": mode, "scaled": as_the_model_sees(mode, model.config),
            "decoded": model.decode(inputs["latent"]).sample,
        }

    save_case(CHECKPOINTS / "AutoencoderKL" / name, model, inputs, compute, rewrite)


def make_tiny(name, options, seed):
    model = fill(AutoencoderTiny(**options), seed, gain=1.1)
    factor = 2 ** (len(options["encoder_block_out_channels"]) - 1)
    inputs = inputs_of(options.get("latent_channels", 4), factor, seed)
    # The decoder starts with 3 tanh(z / 3): beyond 3 it shows.
    inputs["latent"] *= 3

    def compute(model):
        return {
            "latents_mode": model.encode(inputs["image"]).latents, "decoded": model.decode(inputs["latent"]).sample,
        }

    save_case(CHECKPOINTS / "AutoencoderTiny" / name, model, inputs, compute)


def make_all(wanted):
    for seed, (name, (options, rewrite)) in enumerate(KL.items()):
        if wanted("AutoencoderKL", name):
            make_kl(name, options, rewrite, 100 + 10 * seed)
    for seed, (name, options) in enumerate(TINY.items()):
        if wanted("AutoencoderTiny", name):
            make_tiny(name, options, 500 + 10 * seed)
