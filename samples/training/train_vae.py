#!/usr/bin/env python3
"""Trains the sample models' autoencoder on procedural scenes.

    python3 samples/training/train_vae.py --work out/vae --output out/grove/vae --steps 4000

L1, squared, gradient and colour loss with a slight pull of the latents to N(0, I). Afterwards the latents are centred: the
encoder's last and the decoder's first layer, both 1×1 convolutions, take up each channel's mean and standard deviation,
which changes no image and leaves all channels alike. The run goes on from its checkpoint.
"""

import argparse
import time
from pathlib import Path

import torch
import torch.nn.functional as F
from diffusers import AutoencoderKL

import common
import scenes
from sheet import save_sheet

HELD_OUT_SCENES, COLOUR_PIXELS = 32, 4
SCALING = 0.18215  # Stable Diffusion's


def new_autoencoder(size, widths, layers):
    count = len(widths)
    return AutoencoderKL(
        in_channels=3, out_channels=3, latent_channels=4, sample_size=size, layers_per_block=layers, norm_num_groups=8,
        block_out_channels=widths, down_block_types=["DownEncoderBlock2D"] * count,
        up_block_types=["UpDecoderBlock2D"] * count)


def differences(images):
    return images.diff(dim=2), images.diff(dim=3)


def colours(images):
    """[B, 3, h, w]: brightness, red against blue, green against both, of 4 × 4 pixels together."""
    axes = F.normalize(torch.tensor([[1.0, 1, 1], [1, 0, -1], [-1, 2, -1]], device=images.device))
    return torch.einsum("kc,bchw->bkhw", axes, F.avg_pool2d(images, COLOUR_PIXELS))


def loss_of(vae, images, noise, kl_weight, gradient_weight, colour_weights):
    moments = vae.encode(images).latent_dist
    made = vae.decode(moments.mean + moments.std * noise).sample.float()
    loss = F.l1_loss(made, images) + F.mse_loss(made, images)
    for ours, theirs in zip(differences(made), differences(images), strict=True):
        loss = loss + gradient_weight * F.l1_loss(ours, theirs)
    loss = loss + (colour_weights * (colours(made) - colours(images)).square().mean((0, 2, 3))).sum()
    return loss + kl_weight * moments.kl().mean() / moments.mean[0].numel()


def scene_batches(arguments, device):
    """The images of a step: scenes of seeds that follow from the step, rendered anew, or from a bank of --bank scenes."""
    bank = None
    if arguments.bank:
        parts = [scenes.render(scenes.seeds_of(first, min(48, arguments.bank - first)), arguments.size, device,
                               arguments.texture)[0] for first in range(0, arguments.bank, 48)]
        bank = ((torch.cat(parts).cpu() + 1) * 127.5).round().byte()

    def batch(step, source):
        if bank is None:
            seeds = scenes.seeds_of(step * arguments.batch, arguments.batch)
            return scenes.render(seeds, arguments.size, device, arguments.texture)[0]
        images = bank[torch.randint(len(bank), (arguments.batch,), generator=source)].float() / 127.5 - 1
        mirrored = (torch.rand(arguments.batch, generator=source) < 0.5)[:, None, None, None]
        return torch.where(mirrored, images.flip(3), images).to(device)

    return batch


@torch.no_grad()
def centre(vae, images):
    """Makes each latent channel's mean 0 and standard deviation 1/SCALING on these images, without a change to any image."""
    means = torch.cat([vae.encode(part).latent_dist.mean for part in images.split(24)])
    mean, spread = means.mean((0, 2, 3)), means.std((0, 2, 3))
    channels, unit = len(mean), spread * SCALING
    encoder, decoder = vae.quant_conv, vae.post_quant_conv
    # The logarithm of the variance loses twice the logarithm of the unit.
    encoder.bias[:channels] = (encoder.bias[:channels] - mean) / unit
    encoder.weight[:channels] /= unit[:, None, None, None]
    encoder.bias[channels:] -= 2 * unit.log()
    decoder.bias += decoder.weight[:, :, 0, 0] @ mean
    decoder.weight *= unit[None, :, None, None]
    vae.register_to_config(scaling_factor=SCALING)
    return mean, spread


@torch.no_grad()
def psnr(vae, images):
    made = torch.cat([vae.decode(vae.encode(part).latent_dist.mean).sample for part in images.split(16)])
    return -10 * torch.log10(F.mse_loss(made.clamp(-1, 1), images) / 4).item(), made


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=Path, required=True, help="folder of the checkpoint")
    parser.add_argument("--output", type=Path, required=True, help="folder to write: the vae/ of a diffusers model")
    parser.add_argument("--size", type=int, default=128)
    parser.add_argument("--widths", type=int, nargs="+", default=(16, 32, 64),
                        help="channels of the levels, multiples of 8; each but the first halves the picture")
    parser.add_argument("--layers", type=int, default=1)
    parser.add_argument("--init", type=Path, help="vae/ folder to go on from, in the place of random weights")
    parser.add_argument("--steps", type=int, default=4000)
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--bank", type=int, default=0, help="train on so many scenes kept in memory, and mirrored")
    parser.add_argument("--texture", type=float, default=scenes.TEXTURE, help="mottling of the scenes")
    parser.add_argument("--statistics", type=int, default=480, help="scenes whose latents are centred")
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument("--decay", type=float, default=0.995)
    parser.add_argument("--kl", type=float, default=2e-6)
    parser.add_argument("--gradient", type=float, default=1.0, help="weight of the differences between neighbours")
    parser.add_argument("--colour", type=float, default=0.0,
                        help="weight of the squared error of 4 × 4 pixels together, each colour axis in units of its "
                        "variance: without it a channel that could hold a colour is spent on detail")
    common.add_training_arguments(parser)
    common.add_common_arguments(parser)
    arguments = parser.parse_args()
    device = common.prepare(arguments)

    torch.manual_seed(arguments.seed)
    if arguments.init:
        vae = AutoencoderKL.from_pretrained(arguments.init)
    else:
        vae = new_autoencoder(arguments.size, tuple(arguments.widths), arguments.layers)
    vae = vae.to(device, memory_format=torch.channels_last).train()
    average = common.Average(vae, arguments.decay)
    optimizer = torch.optim.AdamW(vae.parameters(), lr=arguments.rate, betas=(0.9, 0.98), weight_decay=1e-4)
    run = common.Checkpoint(arguments.work / "vae.pt", vae, optimizer, average, arguments.checkpoint_seconds)
    batch = scene_batches(arguments, device)
    side = arguments.size >> len(vae.config.block_out_channels) - 1
    loss_function = torch.compile(loss_of) if arguments.compile else loss_of
    few, _ = scenes.render(scenes.seeds_of(0, HELD_OUT_SCENES), arguments.size, device, arguments.texture)
    colour_weights = arguments.colour / colours(few).var((0, 2, 3))
    started, first, running = time.monotonic(), run.step, None
    while run.step < arguments.steps:
        common.set_learning_rate(optimizer, common.learning_rate(run.step, arguments.steps, arguments.rate))
        source = common.generator(arguments.seed, run.step)
        images = batch(run.step, source)
        noise = torch.randn(len(images), vae.config.latent_channels, side, side, generator=source).to(device)
        with common.autocast(arguments):
            loss = loss_function(vae, images, noise, arguments.kl, arguments.gradient, colour_weights)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(vae.parameters(), 1.0)
        optimizer.step()
        average.update(vae)
        running = loss.item() if running is None else 0.98 * running + 0.02 * loss.item()
        run.advance(last=run.step + 1 == arguments.steps)
        if run.step % arguments.report == 0:
            pace = (time.monotonic() - started) / (run.step - first)
            print(f"step {run.step}: loss {running:.4f}; {pace:.2f} s a step", flush=True)

    vae.load_state_dict(average.values)
    vae.eval()
    held_out, _ = scenes.render(
        scenes.seeds_of(scenes.HELD_OUT, HELD_OUT_SCENES), arguments.size, device, arguments.texture)
    before, _ = psnr(vae, held_out)
    seen = [scenes.render(scenes.seeds_of(first, min(48, arguments.statistics - first)), arguments.size, device,
                          arguments.texture)[0] for first in range(0, arguments.statistics, 48)]
    mean, spread = centre(vae, torch.cat(seen))
    after, made = psnr(vae, held_out)
    print(f"held-out scenes: PSNR {before:.2f} dB, after centring {after:.2f} dB; "
          f"channel means were {[round(x, 2) for x in mean.tolist()]}, deviations {[round(x, 2) for x in spread.tolist()]}")
    vae.to(memory_format=torch.contiguous_format).save_pretrained(arguments.output)
    save_sheet(torch.cat([held_out[:8], made[:8]]), 8, arguments.work / "reconstructions.png")


if __name__ == "__main__":
    main()
