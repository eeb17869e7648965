#!/usr/bin/env python3
"""A one-step model in InstaFlow's way (Liu et al. 2024), from pairs made by flow_pairs.py.

    python3 samples/training/train_flow.py --stage rectify --pairs out/pairs --work out/flow
    python3 samples/training/train_flow.py --stage distil  --pairs out/pairs --work out/flow
    python3 samples/training/train_flow.py --stage save    --pairs out/pairs --work out/flow --output out/grove-flow

rectify: from the teacher's weights, the velocity x0 - noise is learned on straight lines between noise and sample,
z = (1 - s) x0 + s noise at the timestep 1000 s. distil: from those weights, at s = 1 alone, so that noise + v is the
sample in one step. save: a diffusers folder of the averaged weights of the last stage that has a checkpoint; the
autoencoder, the text encoder (frozen) and the tokenizer are the teacher's.
"""

import argparse
import json
import shutil
import time
from pathlib import Path

import torch
import torch.nn.functional as F
from diffusers import AutoencoderKL, FlowMatchEulerDiscreteScheduler, UNet2DConditionModel
from safetensors import safe_open
from transformers import CLIPTextModel, CLIPTokenizer

import common

TRAINING_STEPS = 1000
STAGES = ("rectify", "distil")


def load_pairs(folder, shards):
    """Noise, samples and prompts of the first shards; the shard after them is held out."""
    paths = sorted(folder.glob("pairs-*.safetensors"))
    shards = shards or len(paths) - 1
    if len(paths) <= shards:
        raise SystemExit(f"{folder}: expected {shards} shards and one to hold out, found {len(paths)}")
    noise, clean, prompts = [], [], []
    for path in paths[: shards + 1]:
        with safe_open(path, "pt") as file:
            noise.append(file.get_tensor("noise"))
            clean.append(file.get_tensor("clean"))
            prompts.append(file.metadata()["prompts"].split("\n"))
    train = torch.cat(noise[:-1]), torch.cat(clean[:-1]), sum(prompts[:-1], [])
    return train, (noise[-1], clean[-1], prompts[-1])


def teacher_unet(model):
    """The teacher's UNet with the sign of its last layer turned: near the noise, x0 - noise is about -noise."""
    unet = UNet2DConditionModel.from_pretrained(model, subfolder="unet")
    with torch.no_grad():
        unet.conv_out.weight.neg_()
        unet.conv_out.bias.neg_()
    return unet.to(memory_format=torch.channels_last)


def levels(stage, size, source, at_noise):
    """s for a batch: 1 when distilling, else uniform, with a share of ones."""
    drawn = torch.rand(size, generator=source)
    if stage == "distil":
        return torch.ones(size)
    return torch.where(torch.rand(size, generator=source) < at_noise, torch.ones(size), drawn)


class ImageLoss:
    """L1 of decoded images and of their differences between neighbours, through the frozen decoder."""

    def __init__(self, model, device):
        self.vae = AutoencoderKL.from_pretrained(model, subfolder="vae").eval().requires_grad_(False).to(device)
        self.vae = self.vae.to(memory_format=torch.channels_last)

    def decode(self, latents):
        return self.vae.decode(latents / self.vae.config.scaling_factor).sample.float()

    def __call__(self, made, wanted):
        with torch.no_grad():
            wanted = self.decode(wanted)
        made = self.decode(made)
        loss = F.l1_loss(made, wanted)
        for axis in (2, 3):
            loss = loss + F.l1_loss(made.diff(dim=axis), wanted.diff(dim=axis))
        return loss


@torch.no_grad()
def held_out_error(unet, noise, clean, states, arguments):
    """NMSE in dB of one step from the noise; the standard deviation of what it makes over that of the samples."""
    made = []
    with common.autocast(arguments):
        for part in torch.arange(len(noise)).split(arguments.batch):
            timestep = torch.full((len(part),), float(TRAINING_STEPS), device=noise.device)
            made.append(noise[part] + unet(noise[part], timestep, states[part]).sample.float())
    made = torch.cat(made)
    error = ((made - clean) ** 2).sum() / (clean**2).sum()
    return 10 * torch.log10(error).item(), (made.std() / clean.std()).item()


def train(arguments):
    device = common.prepare(arguments)
    text_encoder = CLIPTextModel.from_pretrained(arguments.model, subfolder="text_encoder").eval()
    tokenizer = CLIPTokenizer.from_pretrained(arguments.model, subfolder="tokenizer")
    (noise, clean, prompts), (held_noise, held_clean, held_prompts) = load_pairs(arguments.pairs, arguments.shards)
    states = common.conditions(prompts, tokenizer, text_encoder)
    held = [x.to(device) for x in (held_noise, held_clean, common.conditions(held_prompts, tokenizer, text_encoder))]
    unet = teacher_unet(arguments.model).to(device).train()
    stage = STAGES.index(arguments.stage)
    path = arguments.work / f"{arguments.stage}.pt"
    if stage > 0 and not path.exists():
        earlier = torch.load(arguments.work / f"{STAGES[stage - 1]}.pt", map_location="cpu", weights_only=True)
        unet.load_state_dict(earlier["average"]["values"])
    average = common.Average(unet, arguments.decay)
    averaged = teacher_unet(arguments.model).to(device).eval()
    optimizer = torch.optim.AdamW(unet.parameters(), lr=arguments.rate, betas=(0.9, 0.99), weight_decay=1e-3)
    run = common.Checkpoint(path, unet, optimizer, average, arguments.checkpoint_seconds)
    image_loss = ImageLoss(arguments.model, device) if arguments.image_loss > 0 else None
    print(f"{arguments.stage}: {len(noise)} pairs and their mirror images, from step {run.step}", flush=True)
    started, first, running = time.monotonic(), run.step, None
    while run.step < arguments.steps:
        common.set_learning_rate(optimizer, common.learning_rate(run.step, arguments.steps, arguments.rate))
        source = common.generator(arguments.seed, stage, run.step)
        chosen = torch.randint(len(noise), (arguments.batch,), generator=source)
        mirrored = (torch.rand(arguments.batch, generator=source) < 0.5)[:, None, None, None]
        s = levels(arguments.stage, arguments.batch, source, arguments.at_noise).to(device)[:, None, None, None]
        e, x = (torch.where(mirrored, z[chosen].flip(3), z[chosen]).to(device) for z in (noise, clean))
        with common.autocast(arguments):
            v = unet((1 - s) * x + s * e, TRAINING_STEPS * s.flatten(), states[chosen].to(device)).sample.float()
            loss = F.mse_loss(v, x - e) + arguments.absolute * F.l1_loss(v, x - e)
            if image_loss is not None:
                few = slice(arguments.image_batch)
                loss = loss + arguments.image_loss * image_loss((e + v)[few], x[few])
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(unet.parameters(), 1.0)
        optimizer.step()
        average.update(unet)
        running = loss.item() if running is None else 0.98 * running + 0.02 * loss.item()
        run.advance(last=run.step + 1 == arguments.steps)
        if run.step % arguments.report == 0 or run.step == arguments.steps:
            averaged.load_state_dict(average.values)
            error, spread = held_out_error(averaged, *held, arguments)
            pace = (time.monotonic() - started) / (run.step - first)
            print(f"{arguments.stage} step {run.step}: loss {running:.4f}, held out: one step {error:.2f} dB, "
                  f"spread {spread:.3f}; {pace:.2f} s a step", flush=True)


def save(arguments):
    stage = next(s for s in reversed(STAGES) if (arguments.work / f"{s}.pt").exists())
    state = torch.load(arguments.work / f"{stage}.pt", map_location="cpu", weights_only=True)
    unet = teacher_unet(arguments.model)
    unet.load_state_dict(state["average"]["values"])
    unet.to(memory_format=torch.contiguous_format).save_pretrained(arguments.output / "unet")
    for part in ("vae", "text_encoder", "tokenizer"):
        shutil.copytree(arguments.model / part, arguments.output / part, dirs_exist_ok=True,
                        ignore=shutil.ignore_patterns("*.onnx"))
    # The sign is InstaFlow's; diffusers ignores the entry.
    folder = arguments.output / "scheduler"
    FlowMatchEulerDiscreteScheduler(num_train_timesteps=TRAINING_STEPS).save_pretrained(folder)
    path = folder / "scheduler_config.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"prediction_type": "velocity"}, indent=2) + "\n")
    index = json.loads((arguments.model / "model_index.json").read_text())
    index["scheduler"] = ["diffusers", "FlowMatchEulerDiscreteScheduler"]
    (arguments.output / "model_index.json").write_text(json.dumps(index, indent=2, sort_keys=True) + "\n")
    print(f"{arguments.output}: {stage}, step {state['step']}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stage", choices=(*STAGES, "save"), required=True)
    parser.add_argument("--model", type=Path, default="samples/grove", help="the teacher: a diffusers folder")
    parser.add_argument("--pairs", type=Path, required=True, help="folder of flow_pairs.py")
    parser.add_argument("--work", type=Path, required=True, help="folder of checkpoints")
    parser.add_argument("--output", type=Path, help="diffusers folder to write (save)")
    parser.add_argument("--shards", type=int, default=0, help="shards to train on (0: all but the last)")
    parser.add_argument("--steps", type=int, default=1000)
    parser.add_argument("--batch", type=int, default=24)
    parser.add_argument("--rate", type=float, default=5e-4)
    parser.add_argument("--decay", type=float, default=0.99, help="of the averaged weights")
    parser.add_argument("--at-noise", type=float, default=0.25, help="share of s = 1 when rectifying")
    parser.add_argument("--absolute", type=float, default=0.0, help="weight of the L1 loss beside the squared one")
    parser.add_argument("--image-loss", type=float, default=0.0, help="weight of the loss on decoded images")
    parser.add_argument("--image-batch", type=int, default=8, help="items of a batch that are decoded")
    common.add_training_arguments(parser)
    common.add_common_arguments(parser)
    arguments = parser.parse_args()
    if arguments.stage == "save":
        if arguments.output is None:
            parser.error("--stage save needs --output")
        save(arguments)
    else:
        train(arguments)


if __name__ == "__main__":
    main()
