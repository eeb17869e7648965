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


KL = {
    "sd": kl([4, 8, 8], layers=2),
    "four-blocks": kl([4, 4, 6, 6], norm_num_groups=2),
    "two-blocks-three-layers": kl([6, 4], layers=3, norm_num_groups=1),
    "no-quant": kl([4, 6], latent=16, use_quant_conv=False, use_post_quant_conv=False, shift_factor=0.0609,
                   scaling_factor=1.5305),
    "no-mid-attention": kl([4, 6], mid_block_add_attention=False),
    "mean-and-deviation": kl([4, 6], latents_mean=[-0.5, 0.25, 0.125, -1.0], latents_std=[2.0, 1.5, 0.75, 1.0],
                             scaling_factor=0.5),
}


def as_the_model_sees(latent, config):
    """The latent a UNet gets, as the pipelines compute it from the encoder's."""
    if config.latents_mean is not None and config.latents_std is not None:
        mean, deviation = (torch.tensor(x).view(1, -1, 1, 1) for x in (config.latents_mean, config.latents_std))
        return (latent - mean) * config.scaling_factor / deviation
    return (latent - (config.shift_factor or 0)) * config.scaling_factor


def make_kl(name, options, seed):
    model = fill(AutoencoderKL(**options), seed)
    factor = 2 ** (len(options["block_out_channels"]) - 1)
    image = torch.rand(2, 3, 3 * factor, 5 * factor, generator=rng(seed + 1)) * 2 - 1
    latent = torch.randn(2, options["latent_channels"], 3, 4, generator=rng(seed + 2))
    mode = model.encode(image).latent_dist.mode()
    save_case(CHECKPOINTS / "AutoencoderKL" / name, model, {"image": image, "latent": latent}, {
        "latents_mode": mode, "scaled": as_the_model_sees(mode, model.config), "decoded": model.decode(latent).sample,
    })


def make_all(wanted):
    for seed, (name, options) in enumerate(KL.items()):
        if wanted("AutoencoderKL", name):
            make_kl(name, options, 100 + 10 * seed)
