#!/usr/bin/env python3
"""The same methods with the same constants on an autoencoder of another kind.

    python3 benchmarks/reproduce/tanh_autoencoder.py --output FILE.jsonl [--weights FILE.pt]

Plain convolutions, no attention, no normalisation, no KL term: 3 x 32 x 32 images to 16 x 4 x 4 latents behind a tanh
(a factor of 8), trained here by L1 + MSE on procedural scenes (a sky, ridges, discs). Latents to be found are encodings
of new scenes blended in pairs with 5 % noise, decoded and rounded to 8 bits.
"""

import argparse
import json
import sys
from pathlib import Path

import numpy as np
import torch
from torch import nn

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from decoder_inversion import adam, adaptive_forward, anderson, forward, nmse, norm, scheduled

SIDE = 32


def scenes(count, rng):
    """Landscapes in [-1, 1], [count, 3, 32, 32]."""
    y, x = np.mgrid[0:SIDE, 0:SIDE] / SIDE
    images = np.empty((count, 3, SIDE, SIDE))
    for image in images:
        top, bottom = rng.uniform(-1, 1, (2, 3, 1, 1))
        image[:] = top + (bottom - top) * y
        centre, radius = rng.uniform(0.1, 0.9, 2), rng.uniform(0.05, 0.2)
        disc = ((x - centre[0]) ** 2 + (y - centre[1]) ** 2) < radius**2
        image[:, disc] = rng.uniform(-1, 1, (3, 1))
        for layer in range(3):
            waves = sum(rng.normal(0, 0.12 / k) * np.sin(2 * np.pi * (k * x + rng.uniform())) for k in range(1, 7))
            ground = y > 0.4 + 0.2 * layer + waves
            texture = 0.1 * rng.standard_normal((SIDE // 4, SIDE // 4)).repeat(4, 0).repeat(4, 1)
            image[:, ground] = (rng.uniform(-1, 1, (3, 1, 1)) + texture)[:, ground]
    return torch.from_numpy(images.clip(-1, 1)).float()


class TanhAutoencoder(nn.Module):
    def __init__(self):
        super().__init__()
        down, up, widths = [], [], (3, 16, 32, 48)
        for a, b in zip(widths, widths[1:]):
            down += [nn.Conv2d(a, b, 4, 2, 1), nn.LeakyReLU(0.1), nn.Conv2d(b, b, 3, 1, 1), nn.LeakyReLU(0.1)]
        for a, b in zip(widths[:0:-1], (*widths[2:0:-1], 16)):
            up += [nn.ConvTranspose2d(a, b, 4, 2, 1), nn.LeakyReLU(0.1), nn.Conv2d(b, b, 3, 1, 1), nn.LeakyReLU(0.1)]
        self.encoder = nn.Sequential(*down, nn.Conv2d(widths[-1], 16, 1), nn.Tanh())
        self.decoder = nn.Sequential(nn.Conv2d(16, widths[-1], 1), *up, nn.Conv2d(16, 3, 3, 1, 1))

    def encode(self, images):
        return self.encoder(images)

    def decode(self, latents):
        return self.decoder(latents)


def train(model, steps, rng):
    optimiser = torch.optim.AdamW(model.parameters(), 3e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 3e-3, steps)
    bank = scenes(1500, rng)
    for step in range(steps):
        x = bank[torch.from_numpy(rng.integers(0, len(bank), 24))]
        error = model.decode(model.encode(x)) - x
        loss = error.abs().mean() + error.square().mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
        if (step + 1) % 200 == 0:
            print(f"step {step + 1}: loss {loss.item():.4f}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--output", required=True)
    parser.add_argument("--weights", help="kept here, and read where they are there already")
    parser.add_argument("--steps", type=int, default=2000)
    parser.add_argument("--count", type=int, default=32)
    parser.add_argument("--evaluations", type=int, default=100)
    args = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(3)
    rng, model = np.random.default_rng(3), TanhAutoencoder()
    if args.weights and Path(args.weights).exists():
        model.load_state_dict(torch.load(args.weights, weights_only=True))
    else:
        train(model, args.steps, rng)
        if args.weights:
            torch.save(model.state_dict(), args.weights)
    model.eval().requires_grad_(False)

    rng = np.random.default_rng(4)
    codes = model.encode(scenes(2 * args.count, rng))
    truth = 0.5 * (codes[::2] + codes[1::2])
    truth = truth + 0.05 * truth.std() * torch.from_numpy(rng.standard_normal(truth.shape)).float()
    images = ((model.decode(truth).clamp(-1, 1) + 1) * 127.5).round() / 127.5 - 1
    target = model.encode(images)

    def T(z):
        return model.encode(model.decode(z)) - target

    def gradient(z):
        z = z.detach().requires_grad_(True)
        return torch.autograd.grad((model.decode(z) - images).square().flatten(1).mean(1).sum(), z)[0]

    n = args.evaluations
    methods = {
        "Adam, paper": adam(T, target, scheduled(0.01, n)),
        "gradient, 0.1 scheduled": adam(gradient, target, scheduled(0.1, n)),
        "forward, rho 1": forward(T, target, 1.0),
        "forward": adaptive_forward(T, target),
        "anderson": anderson(T, target, 5, 1.0, 1e-6, adapt=True),
    }
    with open(args.output + ".partial", "w") as file:
        for name, iterates in methods.items():
            errors, residuals = [nmse(target, truth).mean().item()], [(norm(T(target)) / norm(target)).mean().item()]
            for _ in range(n):
                z = next(iterates)
                errors.append(nmse(z, truth).mean().item())
                residuals.append((norm(T(z)) / norm(target)).mean().item())
            file.write(json.dumps({"method": name, "nmse_db": errors, "residual": residuals}) + "\n")
    Path(args.output + ".partial").rename(args.output)


if __name__ == "__main__":
    main()
