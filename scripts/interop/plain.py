"""A folder of scripts/export_onnx.py that kept its PyTorch weights, as the plain diffusers folder that it came from.

    python3 scripts/interop/plain.py samples/grove TARGET

Leaves out the graphs and what belongs to them, follows links, and proves that the copy is the model: diffusers loads
every part strictly, and computes from it what ONNX Runtime computes from the export, to 1e-4 of the largest value.
"""

import pathlib
import shutil
import sys

import onnxruntime
import torch
from diffusers import DiffusionPipeline
from golden import quiet, rng

LEFT_OUT = ("*.onnx", "*.onnx.data", "vae_encoder", "vae_decoder", "calibration.safetensors", "*.md", "*.png")
LIMIT = 1e-4


def copy(source, target):
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(source, target, symlinks=False, ignore=shutil.ignore_patterns(*LEFT_OUT))


def exported(source, part, *feeds):
    session = onnxruntime.InferenceSession(source / part / "model.onnx", providers=["CPUExecutionProvider"])
    names = [port.name for port in session.get_inputs()]
    feeds = [feed.numpy() for feed in feeds]
    if "timestep" in names and session.get_inputs()[1].type == "tensor(int64)":
        feeds[1] = feeds[1].astype("int64")
    return torch.from_numpy(session.run(None, dict(zip(names, feeds)))[0])


def check(source, target):
    """Outputs of diffusers from the copy and of ONNX Runtime from the export; returns the largest difference."""
    pipeline = DiffusionPipeline.from_pretrained(target, safety_checker=None)
    image = torch.rand(1, 3, 96, 128, generator=rng(1)) * 2 - 1
    latent = torch.randn(2, 4, 24, 32, generator=rng(2))
    ids = torch.tensor(pipeline.tokenizer(["", "hills at dawn"], padding="max_length").input_ids)
    states = pipeline.text_encoder(ids).last_hidden_state
    pairs = {
        "text_encoder": (states, exported(source, "text_encoder", ids)),
        "vae_encoder": (pipeline.vae.encode(image).latent_dist.parameters, exported(source, "vae_encoder", image)),
        "vae_decoder": (pipeline.vae.decode(latent).sample, exported(source, "vae_decoder", latent)),
        "unet": (pipeline.unet(latent, 501, states).sample, exported(source, "unet", latent, torch.tensor([501.0]), states)),
    }
    for part, (ours, theirs) in pairs.items():
        difference = ((ours - theirs).abs().max() / theirs.abs().max()).item()
        print(f"{target}: {part} {difference:.1e}")
        if difference > LIMIT:
            raise SystemExit(f"{target}: {part} is not the export's")


def main():
    quiet()
    source, target = map(pathlib.Path, sys.argv[1:])
    copy(source, target)
    check(source, target)


if __name__ == "__main__":
    main()
