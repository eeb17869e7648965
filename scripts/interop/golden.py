"""Where a case goes and how its inputs and expected outputs are kept."""

import logging
import pathlib
import shutil

import diffusers
import torch
import transformers
from safetensors.torch import load_file, save_file

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
CHECKPOINTS = ROOT / "Tests/Fixtures/checkpoints"


def quiet(threads=1):
    """No chatter and no gradients; one thread, so that sums are taken in the same order every time."""
    logging.disable(logging.WARNING)
    for library in (diffusers, transformers):
        library.utils.logging.disable_progress_bar()
    torch.set_num_threads(threads)
    torch.set_grad_enabled(False)


def rng(seed):
    return torch.Generator().manual_seed(seed)


def save_model(folder, model):
    """config.json and weights as the model's own save_pretrained writes them."""
    shutil.rmtree(folder, ignore_errors=True)
    model.save_pretrained(folder)


def save_case(folder, model, inputs, compute, rewrite=None):
    """The model's folder, and in it golden.safetensors with the inputs and what `compute` makes of a model.

    `rewrite` turns the tensors of the weights file into those of another release's file. Outputs come from the model as
    it is read back from the folder, so that they are known to belong to the files.
    """
    save_model(folder, model)
    if rewrite:
        file = weights_file(folder)
        save_file(rewrite(load_file(file)), file, metadata={"format": "pt"})
    outputs = compute(type(model).from_pretrained(folder).eval())
    for name, tensor in compute(model).items():
        # Memory that is aligned otherwise is summed in another order.
        change = (tensor - outputs[name]).abs().max() / tensor.abs().max()
        if change > 1e-5:
            raise SystemExit(f"{folder}: {name} changed by {change:.1e} when it was saved and loaded")
    save_golden(folder, inputs, outputs)


def weights_file(folder):
    (file,) = (file for file in folder.glob("*.safetensors") if file.name != "golden.safetensors")
    return file


def save_golden(folder, inputs, outputs):
    for name, tensor in outputs.items():
        spread = tensor.std().item()
        if not 0.05 < spread < 30:
            raise SystemExit(f"{folder}: {name} has a standard deviation of {spread:.3g}, expected one near 1")
    save_tensors(folder / "golden.safetensors", {**inputs, **outputs})


def save_tensors(file, tensors):
    for name, tensor in tensors.items():
        if tensor.is_floating_point() and not torch.isfinite(tensor).all():
            raise SystemExit(f"{file}: {name} is not finite")
    save_file({name: tensor.contiguous().clone() for name, tensor in tensors.items()}, file)
