#!/usr/bin/env python3
"""Trains the sample model's UNet and text encoder on the latents of procedural scenes.

    python3 samples/training/train_unet.py --vae out/grove/vae --work out/unet --output out/grove --steps 20000

Noise prediction with Stable Diffusion's schedule, min-SNR weights (Hang et al. 2023), averaged weights; prompts are
dropped now and then for guidance. The latents are made once, scene by scene and mirrored, and kept in the work folder.
The run goes on from its checkpoint.
"""

import argparse
import time
from pathlib import Path

import torch
import torch.nn.functional as F
from diffusers import AutoencoderKL, DDIMScheduler, StableDiffusionPipeline, UNet2DConditionModel
from transformers import CLIPTextConfig, CLIPTextModel

import common
import scenes
import tokenizer as words

SHARD = 240
SNR_LIMIT, LEAST_WEIGHT = 5.0, 0.05


def new_text_encoder(vocabulary, width):
    return CLIPTextModel(CLIPTextConfig(
        vocab_size=vocabulary, hidden_size=width, intermediate_size=2 * width, num_hidden_layers=2,
        num_attention_heads=4, max_position_embeddings=words.LENGTH, projection_dim=width,
        bos_token_id=vocabulary - 2, eos_token_id=vocabulary - 1, pad_token_id=vocabulary - 1))


def new_unet(side, widths, layers, context):
    attention = len(widths) - 1
    return UNet2DConditionModel(
        sample_size=side, in_channels=4, out_channels=4, block_out_channels=widths, layers_per_block=layers,
        norm_num_groups=16, cross_attention_dim=context, attention_head_dim=tuple(max(3, w // 32) for w in widths),
        use_linear_projection=True,
        down_block_types=("DownBlock2D", *["CrossAttnDownBlock2D"] * attention),
        up_block_types=(*["CrossAttnUpBlock2D"] * attention, "UpBlock2D"))


def new_scheduler():
    """Stable Diffusion's."""
    return DDIMScheduler(
        beta_start=0.00085, beta_end=0.012, beta_schedule="scaled_linear", clip_sample=False, set_alpha_to_one=False,
        steps_offset=1, prediction_type="epsilon")


class Networks(torch.nn.Module):
    """What is trained, as one module."""

    def __init__(self, unet, text_encoder):
        super().__init__()
        self.unet, self.text_encoder = unet, text_encoder

    def forward(self, latents, timesteps, ids):
        return self.unet(latents, timesteps, self.text_encoder(ids).last_hidden_state).sample


@torch.no_grad()
def latents_of(vae, arguments, device):
    """Scaled latents of the scenes and of their mirror images, as float16 [N, 2, 4, h, w], and the prompts."""
    factor, latents, prompts = vae.config.scaling_factor, [], []
    for first in range(0, arguments.scenes, SHARD):
        count = min(SHARD, arguments.scenes - first)
        path = arguments.work / "latents" / f"{first:07}-{count}.pt"
        if not path.exists():
            shard = {"latents": [], "prompts": []}
            for seed in range(first, first + count, 24):
                seeds = scenes.seeds_of(seed, min(24, first + count - seed))
                images, texts = scenes.render(seeds, vae.config.sample_size, device, arguments.texture)
                both = [vae.encode(x).latent_dist.mean * factor for x in (images, images.flip(3))]
                shard["latents"].append(torch.stack(both, 1).half().cpu())
                shard["prompts"] += texts
            shard["latents"] = torch.cat(shard["latents"])
            common.write_atomically(path, lambda partial, shard=shard: torch.save(shard, partial))
        shard = torch.load(path, weights_only=True)
        latents.append(shard["latents"])
        prompts += shard["prompts"]
    return torch.cat(latents), prompts


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--vae", type=Path, required=True, help="vae/ folder of train_vae.py")
    parser.add_argument("--work", type=Path, required=True, help="folder of the checkpoint and the latents")
    parser.add_argument("--output", type=Path, required=True, help="diffusers folder to write")
    parser.add_argument("--scenes", type=int, default=12000)
    parser.add_argument("--texture", type=float, default=scenes.TEXTURE, help="as for train_vae.py")
    parser.add_argument("--widths", type=int, nargs="+", default=(48, 96, 128), help="multiples of 16")
    parser.add_argument("--layers", type=int, default=1)
    parser.add_argument("--context", type=int, default=64, help="width of the text encoder")
    parser.add_argument("--init", type=Path, help="diffusers folder to go on from, in the place of random weights")
    parser.add_argument("--steps", type=int, default=20000)
    parser.add_argument("--batch", type=int, default=24)
    parser.add_argument("--rate", type=float, default=1e-3)
    parser.add_argument("--decay", type=float, default=0.998)
    common.add_training_arguments(parser)
    common.add_common_arguments(parser)
    arguments = parser.parse_args()
    device = common.prepare(arguments)

    vae = AutoencoderKL.from_pretrained(arguments.vae).eval().requires_grad_(False).to(device)
    tokenizer = words.build(arguments.output / "tokenizer")
    latents, prompts = latents_of(vae, arguments, device)
    print(f"latents {tuple(latents.shape)}, standard deviation {latents.float().std():.3f}", flush=True)
    tokens = tokenizer([*prompts, ""], padding="max_length", max_length=words.LENGTH, truncation=True,
                       return_tensors="pt").input_ids
    torch.manual_seed(arguments.seed)
    if arguments.init:
        networks = Networks(UNet2DConditionModel.from_pretrained(arguments.init, subfolder="unet"),
                            CLIPTextModel.from_pretrained(arguments.init, subfolder="text_encoder"))
    else:
        networks = Networks(new_unet(latents.shape[-1], tuple(arguments.widths), arguments.layers, arguments.context),
                            new_text_encoder(len(tokenizer), arguments.context))
    networks = networks.to(device, memory_format=torch.channels_last).train()
    scheduler = new_scheduler()
    alphas = scheduler.alphas_cumprod.to(device)
    average = common.Average(networks, arguments.decay)
    optimizer = torch.optim.AdamW(networks.parameters(), lr=arguments.rate, betas=(0.9, 0.99), weight_decay=1e-3)
    run = common.Checkpoint(arguments.work / "unet.pt", networks, optimizer, average, arguments.checkpoint_seconds)
    predict = torch.compile(networks) if arguments.compile else networks
    started, first, running = time.monotonic(), run.step, None
    while run.step < arguments.steps:
        common.set_learning_rate(optimizer, common.learning_rate(run.step, arguments.steps, arguments.rate, 100))
        source = common.generator(arguments.seed, run.step)
        chosen = torch.randint(len(latents), (arguments.batch,), generator=source)
        mirrored = torch.randint(2, (arguments.batch,), generator=source)
        dropped = torch.rand(arguments.batch, generator=source) < common.PROMPT_DROP
        timesteps = torch.randint(1000, (arguments.batch,), generator=source).to(device)
        clean = latents[chosen, mirrored].float()
        noise = torch.randn(clean.shape, generator=source).to(device)
        ids = tokens[torch.where(dropped, len(tokens) - 1, chosen)].to(device)
        alpha = alphas[timesteps]
        share = alpha[:, None, None, None]
        with common.autocast(arguments):
            output = predict(share.sqrt() * clean.to(device) + (1 - share).sqrt() * noise, timesteps, ids).float()
        ratio = alpha / (1 - alpha)
        weight = (ratio.clamp(max=SNR_LIMIT) / ratio).clamp(min=LEAST_WEIGHT)
        loss = (F.mse_loss(output, noise, reduction="none").mean((1, 2, 3)) * weight).mean()
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(networks.parameters(), 1.0)
        optimizer.step()
        average.update(networks)
        running = loss.item() if running is None else 0.98 * running + 0.02 * loss.item()
        run.advance(last=run.step + 1 == arguments.steps)
        if run.step % arguments.report == 0:
            pace = (time.monotonic() - started) / (run.step - first)
            print(f"step {run.step}: loss {running:.4f}; {pace:.2f} s a step", flush=True)

    networks.load_state_dict(average.values)
    networks.to(memory_format=torch.contiguous_format).eval()
    pipeline = StableDiffusionPipeline(
        vae=vae, text_encoder=networks.text_encoder, tokenizer=tokenizer, unet=networks.unet, scheduler=scheduler,
        safety_checker=None, feature_extractor=None, requires_safety_checker=False)
    pipeline.save_pretrained(arguments.output)
    print(f"{arguments.output}: {sum(p.numel() for p in networks.unet.parameters()) / 1e6:.1f} M parameters in the UNet")


if __name__ == "__main__":
    main()
