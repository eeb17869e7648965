#!/usr/bin/env python3
"""A picture sheet of a model: rows of samples, one prompt a column.

    python3 samples/training/sheet.py --model samples/grove-flow --steps 1 --guidance 1 --output sheet.png

Works on a diffusers folder; a flow (FlowMatchEulerDiscreteScheduler with prediction_type velocity) is stepped as
InstaFlow is: levels 1 - i/n, z + v/n.
"""

import argparse
import json
from pathlib import Path

import numpy as np
import torch
from diffusers import AutoencoderKL, UNet2DConditionModel
from PIL import Image
from transformers import CLIPTextModel, CLIPTokenizer

import common
from flow_pairs import sample, scheduler_of

PROMPTS = (
    "mountains at dusk with sun", "sea at night with moon", "hills at dawn with pines", "dunes at noon",
    "mountains at noon with pines and clouds", "sea at dusk with sun", "hills at night with moon",
    "dunes at dusk with clouds",
)


def save_sheet(images, columns, path, colours=None):
    """Writes images [N, 3, H, W] in -1 … 1, row by row; with a number of colours as a palette PNG, to be smaller."""
    pixels = ((images.clamp(-1, 1) + 1) * 127.5).round().byte().permute(0, 2, 3, 1).cpu().numpy()
    rows = [np.concatenate(pixels[i : i + columns], 1) for i in range(0, len(pixels), columns)]
    sheet = Image.fromarray(np.concatenate(rows, 0))
    if colours:
        sheet = sheet.quantize(colours)
    common.write_atomically(path, lambda partial: sheet.save(partial, format="PNG", optimize=True))


class Model:
    """A diffusers folder of either kind."""

    def __init__(self, folder, device="cpu"):
        self.folder = Path(folder)
        self.unet = UNet2DConditionModel.from_pretrained(folder, subfolder="unet").eval().to(device)
        self.unet = self.unet.to(memory_format=torch.channels_last)
        self.vae = AutoencoderKL.from_pretrained(folder, subfolder="vae").eval().to(device)
        self.text_encoder = CLIPTextModel.from_pretrained(folder, subfolder="text_encoder").eval().to(device)
        self.tokenizer = CLIPTokenizer.from_pretrained(folder, subfolder="tokenizer")
        settings = json.loads((self.folder / "scheduler" / "scheduler_config.json").read_text())
        self.is_flow, self.device = settings["_class_name"] == "FlowMatchEulerDiscreteScheduler", device

    @torch.no_grad()
    def sample(self, prompts, noise, guidance, steps):
        """Latents of the prompts from [N, 4, h, w] of noise."""
        condition, empty = (common.conditions(p, self.tokenizer, self.text_encoder) for p in (prompts, [""]))
        if not self.is_flow:
            scheduler = scheduler_of(self.folder, "ddim")
            return sample(self.unet, scheduler, noise.to(self.device), condition, empty, guidance, steps)
        latents = noise.to(self.device)
        for step in range(steps):
            timestep = torch.full((len(latents),), 1000 * (1 - step / steps), device=self.device)
            velocity = self.unet(latents, timestep, condition).sample
            if guidance != 1:
                without = self.unet(latents, timestep, empty.expand_as(condition)).sample
                velocity = without + guidance * (velocity - without)
            latents = latents + velocity / steps
        return latents

    @torch.no_grad()
    def decode(self, latents):
        return self.vae.decode(latents / self.vae.config.scaling_factor).sample


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", required=True)
    parser.add_argument("--output", required=True)
    parser.add_argument("--steps", type=int, default=25)
    parser.add_argument("--guidance", type=float, default=3.0)
    parser.add_argument("--rows", type=int, default=4)
    parser.add_argument("--colours", type=int, help="palette of so many colours")
    common.add_common_arguments(parser)
    arguments = parser.parse_args()
    model = Model(arguments.model, common.prepare(arguments))
    side = model.unet.config.sample_size
    images = []
    for row in range(arguments.rows):
        noise = torch.randn((len(PROMPTS), 4, side, side), generator=common.generator(arguments.seed, row))
        images.append(model.decode(model.sample(PROMPTS, noise, arguments.guidance, arguments.steps)))
    save_sheet(torch.cat(images), len(PROMPTS), arguments.output, arguments.colours)


if __name__ == "__main__":
    main()
