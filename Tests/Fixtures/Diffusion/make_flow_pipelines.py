"""What diffusers' pipelines of SD 3 and FLUX make of a scheduler's file and of noise.

    python3 Tests/Fixtures/Diffusion/make_flow_pipelines.py

Runs the tiny transformers of Tests/Fixtures/checkpoints. Writes beside itself flow_pipelines.json, for each scheduler's file,
pipeline, size of latents and number of steps the timesteps and σ of a run, and flow_pipelines.safetensors, for some of them
the noise and the clean latents.
"""

import json
import logging
import os
import pathlib

os.environ["TQDM_DISABLE"] = "1"
logging.disable(logging.WARNING)

import torch
from diffusers import (
    AutoencoderKL, FlowMatchEulerDiscreteScheduler, FluxPipeline, FluxTransformer2DModel, SD3Transformer2DModel,
    StableDiffusion3Pipeline)
from safetensors.torch import save_file

HERE = pathlib.Path(__file__).parent
CHECKPOINTS = HERE.parent / "checkpoints"
FLUX, SD3 = "FluxTransformer2DModel/guided", "SD3Transformer2DModel/normed"
GUIDANCE = 3.5
BY_SIZE = {
    "use_dynamic_shifting": True, "shift": 3.0, "base_shift": 0.5, "max_shift": 1.15, "base_image_seq_len": 256,
    "max_image_seq_len": 4096,
}
# File, pipeline, sizes of latents, step counts. The first size and count of each is run in full.
RUNS = [
    ({"shift": 3.0}, "sd3", [(6, 10)], [4, 1, 28]),
    (BY_SIZE, "sd3", [(6, 10), (22, 16)], [4, 28]),
    ({"shift": 1.0, "base_shift": 0.5, "max_shift": 1.15}, "flux", [(6, 10)], [4, 1, 5]),
    (BY_SIZE, "flux", [(6, 10), (32, 48), (64, 64)], [4, 1, 28]),
    ({**BY_SIZE, "base_shift": 2, "max_shift": 5.5, "time_shift_type": "linear"}, "flux", [(32, 48)], [7]),
    ({"use_dynamic_shifting": True}, "flux", [(40, 24)], [7]),
]


def rng(seed):
    return torch.Generator().manual_seed(seed)


def packed(latent):
    batch, channels, height, width = latent.shape
    squares = latent.view(batch, channels, height // 2, 2, width // 2, 2)
    return squares.permute(0, 2, 4, 1, 3, 5).reshape(batch, height * width // 4, channels * 4)


def unpacked(tokens, height, width):
    batch, _, channels = tokens.shape
    squares = tokens.view(batch, height // 2, width // 2, channels // 4, 2, 2)
    return squares.permute(0, 3, 1, 4, 2, 5).reshape(batch, channels // 4, height, width)


def pipeline(kind, settings):
    scheduler = FlowMatchEulerDiscreteScheduler(**settings)
    vae = AutoencoderKL(block_out_channels=[4, 4], down_block_types=["DownEncoderBlock2D"] * 2,
                        up_block_types=["UpDecoderBlock2D"] * 2, norm_num_groups=2)
    if kind == "flux":
        return FluxPipeline(
            scheduler, vae, None, None, None, None, FluxTransformer2DModel.from_pretrained(CHECKPOINTS / FLUX))
    return StableDiffusion3Pipeline(
        SD3Transformer2DModel.from_pretrained(CHECKPOINTS / SD3), scheduler, vae, None, None, None, None, None, None)


def run(kind, settings, noise, texts, steps):
    height, width = noise.shape[2:]
    pipe = pipeline(kind, settings)
    pipe.set_progress_bar_config(disable=True)
    options = {
        "prompt_embeds": texts["encoder_hidden_states"], "pooled_prompt_embeds": texts["pooled_projections"],
        "height": height * 2, "width": width * 2, "num_inference_steps": steps, "output_type": "latent",
    }
    if kind == "flux":
        latents = unpacked(pipe(latents=packed(noise), guidance_scale=GUIDANCE, **options).images, height, width)
    else:
        latents = pipe(latents=noise, guidance_scale=1, **options).images
    return pipe.scheduler, latents


def main():
    torch.set_num_threads(1)
    torch.set_grad_enabled(False)
    rows = []
    tensors = {
        "encoder_hidden_states": torch.randn(2, 5, 6, generator=rng(1)),
        "pooled_projections": torch.randn(2, 7, generator=rng(2)),
    }
    for settings, kind, sizes, counts in RUNS:
        for size in sizes:
            for count in counts:
                noise = torch.randn(2, 4, *size, generator=rng(3))
                scheduler, latents = run(kind, settings, noise, tensors, count)
                row = {
                    "file": {"_class_name": "FlowMatchEulerDiscreteScheduler", **settings},
                    "pipeline": "FluxPipeline" if kind == "flux" else "StableDiffusion3Pipeline",
                    "checkpoint": FLUX if kind == "flux" else SD3, "height": size[0], "width": size[1], "count": count,
                    "timesteps": scheduler.timesteps.tolist(), "sigmas": scheduler.sigmas.tolist(),
                }
                if (size, count) == ((6, 10), 4):
                    row["run"] = f"run_{len(rows)}"
                    tensors[f"{row['run']}.noise"], tensors[f"{row['run']}.latents"] = noise, latents.contiguous()
                rows.append(row)
    (HERE / "flow_pipelines.json").write_text(json.dumps(rows, indent=1) + "\n")
    save_file(tensors, HERE / "flow_pipelines.safetensors")


main()
