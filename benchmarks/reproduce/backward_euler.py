#!/usr/bin/env python3
"""How far to solve z + v(z, 1000) = z_0 on samples/grove-flow: a table of docs/one-step.md.

    python3 benchmarks/reproduce/backward_euler.py [--error-db -16] [--write]

Noise becomes a latent in one step, and iterations go back from it with the prompt known: the forward step with several
lengths and Anderson acceleration. After n calls of the model a cell has the mean over the images of the correlation with
the true noise, of the relative residual and of √mean z². --error-db adds white noise of that energy to the latent, as
encoders do. Needs NumPy, onnxruntime and transformers.
"""

import argparse
import json
import sys
from pathlib import Path

import numpy as np
import onnxruntime
from transformers import CLIPTokenizer

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "benchmarks"))
import document

PROMPTS = ("mountains at dusk with sun", "sea at night with moon", "hills at dawn", "dunes at noon with clouds",
           "hills at night with pines", "sea at dusk with clouds")
CALLS = (5, 10, 15, 20, 30, 45, 60)
TIMESTEP = 1000


class OneStep:
    """v(z, 1000) of the model for the prompts."""

    def __init__(self, folder):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self.unet, text_encoder = (
            onnxruntime.InferenceSession(str(folder / part / "model.onnx"), options, providers=["CPUExecutionProvider"])
            for part in ("unet", "text_encoder"))
        length = json.loads((folder / "text_encoder" / "config.json").read_text())["max_position_embeddings"]
        ids = CLIPTokenizer.from_pretrained(folder / "tokenizer")(
            list(PROMPTS), padding="max_length", max_length=length, truncation=True, return_tensors="np").input_ids
        self.states = text_encoder.run(["last_hidden_state"], {"input_ids": ids.astype(np.int64)})[0]

    def __call__(self, z):
        feed = {"sample": z, "timestep": np.array([TIMESTEP], np.float32), "encoder_hidden_states": self.states}
        return self.unet.run(None, feed)[0]


def norm(a):
    return np.sqrt((a.astype(np.float64) ** 2).sum((1, 2, 3)))


def forward(residual, z, step):
    """z <- z - step T(z); yields the point after each call."""
    while True:
        z = z - np.float32(step) * residual(z)
        yield z


def anderson(residual, z, damping, memory=5, ridge=1e-6):
    """Anderson acceleration, type II, each image on its own."""
    points, differences = [], []
    while True:
        points, differences = (points + [z])[-memory - 1:], (differences + [residual(z)])[-memory - 1:]
        following = np.empty_like(z)
        for i in range(len(z)):
            r = differences[-1][i].ravel().astype(np.float64)
            dz, dr = (np.diff([a[i].ravel().astype(np.float64) for a in kept], axis=0).T for kept in (points, differences))
            size = np.linalg.norm(dr, axis=0)
            unit = dr / size
            weights = np.linalg.solve(unit.T @ unit + ridge * np.eye(len(size)), unit.T @ r) / size
            following[i] = (z[i].ravel() - damping * (r - dr @ weights) - dz @ weights).reshape(z[i].shape)
        z = following
        yield z


METHODS = {
    "forward step 0.05": lambda residual, z: forward(residual, z, 0.05),
    "forward step 0.1": lambda residual, z: forward(residual, z, 0.1),
    "forward step 0.2": lambda residual, z: forward(residual, z, 0.2),
    "Anderson, damping 1": lambda residual, z: anderson(residual, z, 1),
    "Anderson, damping 0.2": lambda residual, z: anderson(residual, z, 0.2),
}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, default=ROOT / "samples/grove-flow")
    parser.add_argument("--error-db", type=float, nargs="+", default=[-16], help="also with such errors in the latent")
    parser.add_argument("--write", action="store_true", help="fill the tables of docs/one-step.md")
    arguments = parser.parse_args()
    velocity = OneStep(arguments.model)
    source = np.random.default_rng(0)
    noise = source.standard_normal((len(PROMPTS), 4, 32, 32)).astype(np.float32)
    made = noise + velocity(noise)
    tables = []
    for decibels in (None, *arguments.error_db):
        error = 0 if decibels is None else 10 ** (decibels / 20) * np.sqrt((made**2).mean())
        latents = made + np.float32(error) * source.standard_normal(made.shape).astype(np.float32)

        def residual(z):
            return z + velocity(z) - latents

        def cell(z):
            correlation = (z * noise).sum((1, 2, 3)) / (norm(z) * norm(noise))
            left = norm(residual(z)) / norm(latents)
            return f"{correlation.mean():.2f} ({left.mean():.2f}, {np.sqrt((z**2).mean()):.2f})"

        naive = latents - velocity(latents)
        told = "The true latents" if decibels is None else f"With an error of {decibels:g} dB in the latents"
        told += f": naive {cell(naive)}, z_0 itself {cell(latents)}."
        rows = []
        for name, method in METHODS.items():
            points = method(residual, latents)
            shown = {call: cell(z) for call, z in zip(range(1, CALLS[-1] + 1), points) if call in CALLS}
            rows.append([name, *shown.values()])
            print(rows[-1], flush=True)
        tables.append(f"{told}\n\n{document.table(['method', *(f'{n} calls' for n in CALLS)], rows)}")
    text = "\n\n".join(tables)
    print(text)
    if arguments.write:
        document.write(ROOT / "docs/one-step.md", {"backward-euler": text})


if __name__ == "__main__":
    main()
