#!/usr/bin/env python3
"""Decoder inversion in PyTorch on images with known latents: the gradient baseline, and for comparison the same methods
without gradients.

    python3 benchmarks/reproduce/baseline.py --model samples/grove --output OUT.jsonl FOLDER METHOD...

METHOD is gradient=RATE:N (Adam on ||D(z) - x||^2 with a fixed rate), gradient-scheduled=RATE:N (the paper's schedule),
adam:N or anderson:N. Every line has the errors and the seconds of one image by one method, as `reproduce invert` has
them, and the process's peak memory.
"""

import argparse
import json
import os
import sys
import time
from pathlib import Path

import numpy as np
import torch
from diffusers import AutoencoderKL
from PIL import Image

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from decoder_inversion import Pair, adam, anderson, nmse, norm, scheduled


def kilobytes():
    """The largest resident set of this process so far."""
    return next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM"))


def parse(text):
    kind, count = text.split(":")
    kind, _, rate = kind.partition("=")
    return kind, float(rate or 0), int(count)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", required=True)
    parser.add_argument("--output", required=True)
    parser.add_argument("--latents", help="folder for the last iterates, one .npy a method, [N, C, h, w]")
    parser.add_argument("--first", type=int, help="only the first images")
    parser.add_argument("folder", type=Path)
    parser.add_argument("methods", nargs="+")
    args = parser.parse_args()
    torch.set_num_threads(1)
    vae = AutoencoderKL.from_pretrained(os.path.join(args.model, "vae")).eval().requires_grad_(False)
    pair, loaded, lines, results = Pair(vae), kilobytes(), [], {method: [] for method in args.methods}
    for path in sorted(args.folder.glob("*.png"))[: args.first]:
        x = torch.from_numpy(np.asarray(Image.open(path), np.float32) / 127.5 - 1).permute(2, 0, 1)[None].contiguous()
        truth = torch.from_numpy(np.load(path.with_suffix(".z_0.npy")))
        with torch.no_grad():
            target = pair.encode(x)
            pair.decode(target)

        def T(z):
            with torch.no_grad():
                return pair.encode(pair.decode(z)) - target

        def gradient(z):
            z = z.detach().requires_grad_(True)
            return torch.autograd.grad((pair.decode(z) - x).square().mean(), z)[0]

        for method in args.methods:
            kind, rate, count = parse(method)
            iterates = {
                "gradient": lambda: adam(gradient, target, lambda i: rate),
                "gradient-scheduled": lambda: adam(gradient, target, scheduled(rate, count)),
                "adam": lambda: adam(T, target, scheduled(0.01, count)),
                "anderson": lambda: anderson(T, target, 5, 1.0, 1e-6, adapt=True),
            }[kind]()
            errors, walls, cpus, wall, cpu = [nmse(target, truth).item()], [], [], 0.0, 0.0
            for _ in range(count):
                wall_start, cpu_start = time.perf_counter(), time.process_time()
                z = next(iterates)
                wall, cpu = wall + time.perf_counter() - wall_start, cpu + time.process_time() - cpu_start
                walls.append(wall)
                cpus.append(cpu)
                errors.append(nmse(z, truth).item())
            results[method].append(z.numpy())
            lines.append({
                "image": str(path), "method": method, "nmse_db": errors, "seconds": walls, "cpu_seconds": cpus,
                "result_nmse_db": errors[-1], "result_residual": (norm(T(z)) / norm(target)).item(),
                "loaded_kb": loaded, "peak_kb": kilobytes()})
    if args.latents:
        Path(args.latents).mkdir(parents=True, exist_ok=True)
        for method, latents in results.items():
            np.save(f"{args.latents}/{method.replace(':', '-')}.npy", np.concatenate(latents))
    partial = Path(args.output + ".partial")
    partial.write_text("".join(json.dumps(line) + "\n" for line in lines))
    partial.rename(args.output)


if __name__ == "__main__":
    main()
