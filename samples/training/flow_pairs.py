#!/usr/bin/env python3
"""Pairs of noise and sample of a diffusion model, to train a rectified flow on.

    python3 samples/training/flow_pairs.py --model samples/grove --output out/pairs --pairs 3072

Every shard is made from its own seed, whatever was made before it: an interrupted run goes on where it stopped, and
several runs may make different shards (--first). Samples stay latents; nothing is decoded.
"""

import argparse
import time
from pathlib import Path

import torch
from diffusers import DDIMScheduler, DPMSolverMultistepScheduler, UNet2DConditionModel
from safetensors.torch import save_file
from transformers import CLIPTextModel, CLIPTokenizer

import common

SHARD = 48


@torch.no_grad()
def sample(unet, scheduler, noise, condition, empty, guidance, steps):
    """The probability-flow ODE from noise to sample, with DPM-Solver++(2M) or DDIM. Where the condition is the empty
    prompt's, guidance changes nothing."""
    scheduler.set_timesteps(steps)
    latents = noise
    guided = torch.cat([empty.expand_as(condition), condition]) if guidance != 1 else condition
    for timestep in scheduler.timesteps:
        asked = torch.cat([latents, latents]) if guidance != 1 else latents
        output = unet(asked, timestep.to(latents.device), guided).sample.float()
        if guidance != 1:
            unconditional, conditional = output.chunk(2)
            output = unconditional + guidance * (conditional - unconditional)
        latents = scheduler.step(output, timestep, latents).prev_sample
    return latents


def scheduler_of(model, solver):
    kind = {"dpm": DPMSolverMultistepScheduler, "ddim": DDIMScheduler}[solver]
    base = DDIMScheduler.from_pretrained(model, subfolder="scheduler").config
    kept = ("num_train_timesteps", "beta_start", "beta_end", "beta_schedule", "prediction_type")
    settings = {name: base[name] for name in kept}
    if solver == "ddim":
        return kind(**settings, clip_sample=False, set_alpha_to_one=False, timestep_spacing="trailing")
    return kind(**settings, solver_order=2, timestep_spacing="trailing")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, default="samples/grove", help="diffusers folder")
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--pairs", type=int, default=3072)
    parser.add_argument("--first", type=int, default=0, help="number of the first shard")
    parser.add_argument("--guidance", type=float, default=3.0)
    parser.add_argument("--solver", choices=("dpm", "ddim"), default="dpm")
    parser.add_argument("--steps", type=int, default=10)
    parser.add_argument("--empty", type=float, default=0.125, help="share of pairs with the empty prompt")
    common.add_common_arguments(parser)
    arguments = parser.parse_args()
    device = common.prepare(arguments)

    unet = UNet2DConditionModel.from_pretrained(arguments.model, subfolder="unet").eval().to(device)
    unet = unet.to(memory_format=torch.channels_last)
    text_encoder = CLIPTextModel.from_pretrained(arguments.model, subfolder="text_encoder").eval().to(device)
    tokenizer = CLIPTokenizer.from_pretrained(arguments.model, subfolder="tokenizer")
    scheduler = scheduler_of(arguments.model, arguments.solver)
    empty = common.conditions([""], tokenizer, text_encoder)
    shape = (unet.config.in_channels, unet.config.sample_size, unet.config.sample_size)
    arguments.output.mkdir(parents=True, exist_ok=True)
    started, made = time.monotonic(), 0
    for number in range(arguments.first, arguments.first + -(-arguments.pairs // SHARD)):
        path = arguments.output / f"pairs-{number:06}.safetensors"
        if path.exists():
            continue
        source = common.random_source(arguments.seed, number)
        unprompted = round(arguments.empty * SHARD)
        prompts = [""] * unprompted + [common.random_prompt(source) for _ in range(SHARD - unprompted)]
        noise = torch.randn((SHARD, *shape), generator=common.generator(arguments.seed, number))
        states = common.conditions(prompts, tokenizer, text_encoder)
        clean = []
        with common.autocast(arguments):
            for part, guidance in ((slice(unprompted), 1.0), (slice(unprompted, None), arguments.guidance)):
                clean.append(sample(unet, scheduler, noise[part].to(device), states[part], empty, guidance,
                                    arguments.steps).cpu())
        tensors = {"noise": noise, "clean": torch.cat(clean).contiguous()}
        common.write_atomically(
            path, lambda partial: save_file(tensors, partial, metadata={"prompts": "\n".join(prompts)}))
        made += SHARD
        print(f"{path}: {(time.monotonic() - started) / made:.2f} s a pair", flush=True)


if __name__ == "__main__":
    main()
