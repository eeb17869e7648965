#!/usr/bin/env python3
"""UNet calls at the full size of Stable Diffusion 2.1, with random weights: ringkey against PyTorch eager, float32.

    python3 benchmarks/sd21.py [--ringkey .build/release/ringkey] [--work DIR] [--rounds 3] [--document docs/benchmarks.md]

Makes a model folder once: a UNet of Stable Diffusion 2.1's configuration (865 M parameters, latents 4×64×64, 77 tokens of
width 1024), with a small autoencoder and a one-layer text encoder, all of random weights, exported by
scripts/export_onnx.py (some 8 GB of disk, 12 GB of memory while exporting). Then one latent is taken through a few steps of
DDIM inversion by either side in turn, each in a process of its own.
"""

import argparse
import os
import pathlib
import subprocess
import sys

import numpy as np

from document import command, table, write
from processes import alternately, median, ratio, run

ROOT = pathlib.Path(__file__).resolve().parent.parent
STEPS = 5


def make(folder):
    """A diffusers folder with random weights."""
    import torch
    from diffusers import AutoencoderKL, UNet2DConditionModel
    from transformers import CLIPTextConfig, CLIPTextModel

    torch.manual_seed(0)
    UNet2DConditionModel(
        sample_size=64, attention_head_dim=(5, 10, 20, 20), cross_attention_dim=1024, use_linear_projection=True
    ).save_pretrained(folder / "unet")
    blocks = 4
    vae = AutoencoderKL(
        block_out_channels=(32,) * blocks, down_block_types=("DownEncoderBlock2D",) * blocks,
        up_block_types=("UpDecoderBlock2D",) * blocks, latent_channels=4, sample_size=512, norm_num_groups=16)
    # Random weights blow the pixels up, and the comparison after the export is absolute.
    vae.decoder.conv_out.weight.data *= 0.01
    vae.save_pretrained(folder / "vae")
    tokenizer = ROOT / "samples/grove/tokenizer"
    import json

    words = len(json.loads((tokenizer / "vocab.json").read_text()))
    CLIPTextModel(CLIPTextConfig(
        vocab_size=words, hidden_size=1024, intermediate_size=1024, num_hidden_layers=1, num_attention_heads=16,
        max_position_embeddings=77, bos_token_id=words - 2, eos_token_id=words - 1,
    )).save_pretrained(folder / "text_encoder")
    for part in ["tokenizer", "scheduler"]:
        subprocess.run(["cp", "-r", ROOT / "samples/grove" / part, folder / part], check=True)
    limit = folder / "tokenizer/tokenizer_config.json"
    settings = json.loads(limit.read_text()) | {"model_max_length": 77}
    limit.write_text(json.dumps(settings))
    index = json.loads((ROOT / "samples/grove/model_index.json").read_text())
    (folder / "model_index.json").write_text(json.dumps(index))


def torch_side(folder, latent, threads):
    """The other program: run as this file with --torch."""
    import time

    import torch
    from diffusers import UNet2DConditionModel

    torch.set_num_threads(threads)
    torch.set_grad_enabled(False)
    unet = UNet2DConditionModel.from_pretrained(folder / "unet").eval()
    z = torch.from_numpy(np.load(latent))
    words = torch.zeros(1, 77, 1024)
    seconds = []
    for step in range(STEPS):
        start = time.perf_counter()
        unet(z, torch.tensor(1000 * step // STEPS + 1), encoder_hidden_states=words)
        seconds.append(time.perf_counter() - start)
    print('{"first": %f, "further": %f}' % (seconds[0], sum(seconds[1:]) / (STEPS - 1)))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ringkey", type=pathlib.Path, default=ROOT / ".build/release/ringkey")
    parser.add_argument("--work", type=pathlib.Path, default=pathlib.Path("/tmp/ringkey-sd21"))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--document", type=pathlib.Path)
    parser.add_argument("--make-only", action="store_true")
    parser.add_argument("--torch", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    source, target, latent = (arguments.work / name for name in ["torch", "onnx", "latent.npy"])
    if arguments.torch:
        return torch_side(source, latent, arguments.threads)
    if not (target / "model_index.json").exists():
        # Processes of their own: this one must stay small for the peaks to be measured.
        code = f"import sys, pathlib; sys.path.insert(0, {str(ROOT / 'benchmarks')!r}); import sd21; sd21.make(pathlib.Path({str(source)!r}))"
        subprocess.run([sys.executable, "-c", code], check=True)
        subprocess.run(
            [sys.executable, ROOT / "scripts/export_onnx.py", source, target, "--force"], check=True)
        np.save(latent, np.random.default_rng(1).standard_normal((1, 4, 64, 64), dtype=np.float32))
    if arguments.make_only:
        return
    flags = ["--threads", arguments.threads]
    ours = lambda steps: run(
        [arguments.ringkey, "invert", latent, "--model", target, "--steps", steps, "--compare", latent, "--json", *flags],
        arguments.threads)
    theirs = lambda: run(
        [sys.executable, __file__, "--torch", "--work", arguments.work, *flags], arguments.threads)
    both, b = alternately(arguments.rounds, lambda: (ours(1), ours(STEPS)), theirs)
    a = [many for _, many in both]
    seconds = lambda result: result.having("seconds")[0]["seconds"]
    first = [seconds(one) for one, _ in both]
    further = [(seconds(many) - seconds(one)) / (STEPS - 1) for one, many in both]
    theirs_of = lambda name: [r.having(name)[0][name] for r in b]
    rows = []
    for label, x, y, text in [
        ("a UNet call, s", further, theirs_of("further"), "{:.2f}"),
        ("the first call, which touches the weights, s", first, theirs_of("first"), "{:.2f}"),
        (f"whole process with {STEPS} calls, s", [r.wall for r in a], [r.wall for r in b], "{:.1f}"),
        ("its peak memory, GB", [r.peak / 1e9 for r in a], [r.peak / 1e9 for r in b], "{:.2f}"),
    ]:
        rows.append([label, text.format(median(x)), text.format(median(y)), f"{ratio(y, x):.2f}"])
    body = "\n\n".join([
        command(f"python3 benchmarks/sd21.py --threads {arguments.threads} --rounds {arguments.rounds}"),
        table(["", "ringkey", "PyTorch", "ratio"], rows),
        f"Medians of {arguments.rounds} runs, {arguments.threads} cores for {arguments.threads} threads, load before the "
        f"run {LOAD:.1f}. ringkey's further calls are the difference between {STEPS} steps and one."])
    print(body)
    if arguments.document:
        write(arguments.document, {"sd21": body})


LOAD = os.getloadavg()[0]
if __name__ == "__main__":
    main()
