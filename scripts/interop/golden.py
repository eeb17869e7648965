"""Where a case goes and how its inputs and expected outputs are kept."""

import json
import logging
import os
import pathlib
import shutil

import torch
from safetensors.torch import load_file, save_file

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
CHECKPOINTS = ROOT / "Tests/Fixtures/checkpoints"


def quiet():
    """One thread, the reference kernels, no chatter: the same outputs on every machine, as far as that goes."""
    os.environ["TQDM_DISABLE"] = "1"
    logging.disable(logging.WARNING)
    torch.set_num_threads(1)
    torch.set_grad_enabled(False)


def rng(seed):
    return torch.Generator().manual_seed(seed)


def save_case(folder, model, inputs, outputs):
    """config.json and weights as the model's own save_pretrained writes them, and golden.safetensors."""
    shutil.rmtree(folder, ignore_errors=True)
    model.save_pretrained(folder)
    save_golden(folder, inputs, outputs)


def save_golden(folder, inputs, outputs):
    tensors = {name: tensor.contiguous().clone() for name, tensor in {**inputs, **outputs}.items()}
    for name, tensor in tensors.items():
        if tensor.is_floating_point() and not torch.isfinite(tensor).all():
            raise SystemExit(f"{folder}: {name} is not finite")
    for name in outputs:
        spread = tensors[name].std().item()
        if not 0.05 < spread < 30:
            raise SystemExit(f"{folder}: {name} has a standard deviation of {spread:.3g}, expected one near 1")
    save_file(tensors, folder / "golden.safetensors", metadata={"outputs": json.dumps(list(outputs))})


def load_golden(folder):
    return load_file(folder / "golden.safetensors")
