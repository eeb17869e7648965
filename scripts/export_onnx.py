"""Export a Stable Diffusion checkpoint in diffusers' layout to ONNX in Optimum's folder layout.

    python3 scripts/export_onnx.py SOURCE TARGET [--half] [--torchscript] [--keep-pytorch] [--share OTHER]
        [--force]

SOURCE is a folder with model_index.json, unet/, vae/, text_encoder/, tokenizer/ and scheduler/. TARGET gets unet/,
vae_encoder/, vae_decoder/ and text_encoder/ with model.onnx and config.json each, and the tokenizer and scheduler
as they are. Batch, height, width and sequence length are dynamic axes. Every part is then run in ONNX Runtime on
a batch of 1 and on a wider (non-square) batch of 3, and compared with torch: a difference above 1e-4 (with --half: 1e-2
of the largest value) is an error. With --keep-pytorch, TARGET is a diffusers folder too: the PyTorch weights go along,
and the UNet's graph reads its large weights from that very file (as ONNX external data), so that nothing is stored
twice. With --share, parts whose weights are those of OTHER (such a folder) become links to its files. The timestep is an
int64, or a float32 where the scheduler is a rectified flow's. Nothing of the exporting machine (file paths, stack traces)
stays in the graphs.

Needs: torch, diffusers, transformers, onnx, onnxscript (not for --torchscript), onnxruntime.
"""

import argparse
import filecmp
import json
import os
import re
import shutil
import struct
import sys
import warnings
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from diffusers import AutoencoderKL, UNet2DConditionModel
from onnx import numpy_helper
from transformers import CLIPTextModel

OPSET = 18
WEIGHTS = "diffusion_pytorch_model.safetensors"
LARGEST_SINGLE_FILE = 1_900_000_000  # protobuf's limit is 2 GiB; larger weights go to model.onnx.data
DEVELOPMENT_PATH = re.compile(rb"/(?:home|root|work|opt|usr|tmp|Users|mnt|site-packages)/[\w.]+")


class Unet(torch.nn.Module):
    inputs = ["sample", "timestep", "encoder_hidden_states"]
    outputs = ["out_sample"]
    axes = {
        "sample": {0: "batch_size", 2: "height", 3: "width"},
        "timestep": {0: "steps"},
        "encoder_hidden_states": {0: "batch_size", 1: "sequence_length"},
        "out_sample": {0: "batch_size", 2: "height", 3: "width"},
    }

    def __init__(self, unet, tokens, is_flow):
        super().__init__()
        self.unet, self.tokens, self.is_flow = unet, tokens, is_flow

    def forward(self, sample, timestep, encoder_hidden_states):
        return self.unet(sample, timestep, encoder_hidden_states, return_dict=False)[0]

    def example(self, batch, generator, wider=0):
        config = self.unet.config
        size, width = config.sample_size, config.cross_attention_dim
        return (
            torch.randn(batch, config.in_channels, size, size + wider, generator=generator),
            torch.tensor([501.0 if self.is_flow else 501]),
            torch.randn(batch, self.tokens, width, generator=generator),
        )


class VaeEncoder(torch.nn.Module):
    inputs = ["sample"]
    outputs = ["latent_parameters"]
    axes = {
        "sample": {0: "batch_size", 2: "height", 3: "width"},
        "latent_parameters": {0: "batch_size", 2: "latent_height", 3: "latent_width"},
    }

    def __init__(self, vae, size):
        super().__init__()
        self.vae, self.size = vae, size

    def forward(self, sample):
        return self.vae.encode(sample).latent_dist.parameters

    def example(self, batch, generator, wider=0):
        shape = (batch, self.vae.config.in_channels, self.size, self.size + 8 * wider)
        return (torch.rand(shape, generator=generator) * 2 - 1,)


class VaeDecoder(torch.nn.Module):
    inputs = ["latent_sample"]
    outputs = ["sample"]
    axes = {
        "latent_sample": {0: "batch_size", 2: "latent_height", 3: "latent_width"},
        "sample": {0: "batch_size", 2: "height", 3: "width"},
    }

    def __init__(self, vae, size):
        super().__init__()
        self.vae, self.size = vae, size

    def forward(self, latent_sample):
        return self.vae.decode(latent_sample, return_dict=False)[0]

    def example(self, batch, generator, wider=0):
        shape = (batch, self.vae.config.latent_channels, self.size, self.size + wider)
        return (torch.randn(shape, generator=generator) / self.vae.config.scaling_factor,)


class TextEncoder(torch.nn.Module):
    inputs = ["input_ids"]
    outputs = ["last_hidden_state", "pooler_output"]
    axes = {
        "input_ids": {0: "batch_size", 1: "sequence_length"},
        "last_hidden_state": {0: "batch_size", 1: "sequence_length"},
        "pooler_output": {0: "batch_size"},
    }

    def __init__(self, text_encoder, tokens):
        super().__init__()
        self.text_encoder, self.tokens = text_encoder, tokens

    def forward(self, input_ids):
        output = self.text_encoder(input_ids)
        return output.last_hidden_state, output.pooler_output

    def example(self, batch, generator, wider=0):
        config = self.text_encoder.config
        ids = torch.randint(0, config.vocab_size, (batch, self.tokens), generator=generator)
        ids[:, 0], ids[:, -1] = config.bos_token_id, config.eos_token_id
        return (ids,)


def halved(example, half):
    return tuple(x.half() if half and x.is_floating_point() else x for x in example)


def export(module, path, half, torchscript):
    """Writes one part's graph. Batch 2 while tracing, so that no axis of extent 1 is mistaken for a constant."""
    example = halved(module.example(2, torch.Generator().manual_seed(0)), half)
    path.parent.mkdir(parents=True)
    names = {"input_names": module.inputs, "output_names": module.outputs, "opset_version": OPSET}
    if torchscript:
        torch.onnx.export(module, example, path, dynamo=False, dynamic_axes=module.axes, **names)
    else:
        weights = sum(p.numel() * p.element_size() for p in module.parameters())
        torch.onnx.export(
            module, example, path, dynamo=True, external_data=weights > LARGEST_SINGLE_FILE, verbose=False,
            dynamic_shapes=tuple(module.axes[name] for name in module.inputs), **names)
    graph = onnx.load(path, load_external_data=False)
    strip(graph)
    path.write_bytes(graph.SerializeToString(deterministic=True))
    found = DEVELOPMENT_PATH.search(path.read_bytes())
    if found:
        sys.exit(f"{path}: holds the path {found.group()!r} of this machine")


def strip(message):
    """Removes the texts that exporters leave for debugging: doc strings, stack traces, names of Python files."""
    for field, value in list(message.ListFields()):
        if field.name in ("doc_string", "metadata_props"):
            message.ClearField(field.name)
        elif field.message_type is not None and field.name != "initializer":
            for child in value if field.is_repeated else [value]:
                strip(child)
    if message.DESCRIPTOR.name == "GraphProto":
        for tensor in message.initializer:
            tensor.ClearField("doc_string")
            tensor.ClearField("metadata_props")


def share_weights(path, weights):
    """Points a graph's initialisers at equal tensors of the safetensors file beside it; transposed ones through a
    Transpose, which the runtime folds away when it loads the graph."""
    raw = weights.read_bytes()
    (length,) = struct.unpack("<Q", raw[:8])
    stored, turned = {}, {}
    for name, entry in json.loads(raw[8 : 8 + length]).items():
        if name == "__metadata__" or entry["dtype"] != "F32":
            continue
        begin, end = (8 + length + offset for offset in entry["data_offsets"])
        values = np.frombuffer(raw[begin:end], "<f4").reshape(entry["shape"])
        stored[values.tobytes()] = begin
        if values.ndim == 2:
            turned[values.T.tobytes()] = begin
    model = onnx.load(path, load_external_data=False)
    transposes, shared = [], 0
    for tensor in model.graph.initializer:
        values = numpy_helper.to_array(tensor)
        if values.dtype != np.float32 or values.nbytes < 1024:
            continue
        if values.tobytes() in stored:
            begin, shape = stored[values.tobytes()], values.shape
        elif values.tobytes() in turned:
            begin, shape = turned[values.tobytes()], values.shape[::-1]
            stored_name = tensor.name + ".stored"
            transposes.append(onnx.helper.make_node("Transpose", [stored_name], [tensor.name], perm=[1, 0]))
            tensor.name = stored_name
        else:
            continue
        del tensor.dims[:]
        tensor.dims.extend(shape)
        tensor.ClearField("raw_data")
        tensor.ClearField("float_data")
        tensor.data_location = onnx.TensorProto.EXTERNAL
        for key, value in (("location", weights.name), ("offset", begin), ("length", values.nbytes)):
            tensor.external_data.add(key=key, value=str(value))
        shared += values.nbytes
    nodes = list(model.graph.node)
    del model.graph.node[:]
    model.graph.node.extend(transposes + nodes)
    path.write_bytes(model.SerializeToString(deterministic=True))
    print(f"  {shared / 1e6:.1f} MB shared with {weights.name}")


def verify(module, path, half):
    """Compares ONNX Runtime with torch in float32 on a batch of 1 and on a wider batch of 3."""
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    for batch, wider in ((1, 0), (3, 8)):
        example = module.example(batch, torch.Generator().manual_seed(batch), wider)
        with torch.no_grad():
            expected = module.float()(*example)
        expected = expected if isinstance(expected, tuple) else (expected,)
        feeds = {name: x.numpy() for name, x in zip(module.inputs, halved(example, half))}
        for name, e, a in zip(module.outputs, expected, session.run(module.outputs, feeds), strict=True):
            e = e.numpy()
            if a.shape != e.shape:
                sys.exit(f"{path}: {name} has shape {a.shape} at batch {batch}, torch has {e.shape}")
            difference = float(np.abs(a.astype(np.float32) - e).max())
            limit = 1e-2 * float(np.abs(e).max()) if half else 1e-4
            print(f"  {name} batch {batch}: max abs difference {difference:.2e} (limit {limit:.0e})")
            if not difference <= limit:
                sys.exit(f"{path}: {name} differs from torch by {difference} at batch {batch}")


def keep_pytorch(source, target, part):
    """The PyTorch side of a part."""
    (target / part).mkdir(exist_ok=True)
    for file in (source / part).iterdir():
        if file.name in (WEIGHTS, "model.safetensors"):
            shutil.copyfile(file, target / part / file.name)
    write_config(source / part / "config.json", target / part / "config.json")


def link(source, target):
    """Makes `target` a folder of relative links to the files of the folder `source`."""
    target.mkdir()
    for file in sorted(source.iterdir()):
        (target / file.name).symlink_to(os.path.relpath(file, target))


def same_files(one, other, names):
    """Whether both folders have the same of these files, and at least one of them."""
    held = [name for name in names if (one / name).exists()]
    return bool(held) and all(
        (other / name).exists() and filecmp.cmp(one / name, other / name, shallow=False) for name in held)


def write_config(source, target):
    config = json.loads(source.read_text())
    config.pop("_name_or_path", None)
    target.write_text(json.dumps(config, indent=2, sort_keys=True) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("source", type=Path)
    parser.add_argument("target", type=Path)
    parser.add_argument("--half", action="store_true", help="float16 graphs")
    parser.add_argument("--torchscript", action="store_true", help="the older exporter: trace instead of torch.export")
    parser.add_argument("--keep-pytorch", action="store_true", help="make TARGET a diffusers folder too (not with --half)")
    parser.add_argument("--share", type=Path, metavar="OTHER", help="link parts that OTHER has (needs --keep-pytorch)")
    parser.add_argument("--force", action="store_true", help="replace the parts of an existing TARGET")
    arguments = parser.parse_args()
    source, target, share = arguments.source, arguments.target, arguments.share
    if share and (not arguments.keep_pytorch or arguments.half):
        parser.error("--share needs --keep-pytorch and goes without --half")
    index = json.loads((source / "model_index.json").read_text())
    for part in ("unet", "vae", "text_encoder", "tokenizer", "scheduler"):
        if not (source / part).is_dir():
            sys.exit(f"{source}: expected a folder {part}/ (a {index.get('_class_name')} is not supported)")
    torch.set_num_threads(1)
    warnings.filterwarnings("ignore")

    unet = UNet2DConditionModel.from_pretrained(source / "unet").float().eval()
    vae = AutoencoderKL.from_pretrained(source / "vae").float().eval()
    text_encoder = CLIPTextModel.from_pretrained(source / "text_encoder", attn_implementation="eager").float().eval()
    tokens = text_encoder.config.max_position_embeddings
    scheduler = json.loads((source / "scheduler" / "scheduler_config.json").read_text())
    is_flow = scheduler["_class_name"].startswith("FlowMatch")
    factor = 2 ** (len(vae.config.block_out_channels) - 1)
    parts = {
        "unet": (Unet(unet, tokens, is_flow), "unet"),
        "vae_encoder": (VaeEncoder(vae, unet.config.sample_size * factor), "vae"),
        "vae_decoder": (VaeDecoder(vae, unet.config.sample_size), "vae"),
        "text_encoder": (TextEncoder(text_encoder, tokens), "text_encoder"),
    }
    for folder in [*parts, "tokenizer", "scheduler", "vae"]:
        if (target / folder).exists():
            if not arguments.force:
                sys.exit(f"{target / folder}: exists already (--force replaces it)")
            shutil.rmtree(target / folder)
    for folder, (module, origin) in parts.items():
        if share and same_files(source / origin, share / origin, (WEIGHTS, "model.safetensors")):
            print(f"{folder}: linked to {share / folder}")
            for name in dict.fromkeys((folder, origin)):
                if not (target / name).exists():
                    link(share / name, target / name)
            continue
        print(folder)
        path = target / folder / "model.onnx"
        module = (module.half() if arguments.half else module).eval()
        with torch.no_grad():
            export(module, path, arguments.half, arguments.torchscript)
        if arguments.keep_pytorch and not arguments.half:
            keep_pytorch(source, target, origin)
            if folder == "unet":
                share_weights(path, target / "unet" / WEIGHTS)
        verify(module, path, arguments.half)
        write_config(source / origin / "config.json", target / folder / "config.json")
    for folder in ("tokenizer", "scheduler"):
        names = [file.name for file in (source / folder).iterdir()]
        if share and same_files(source / folder, share / folder, names):
            link(share / folder, target / folder)
            continue
        (target / folder).mkdir()
        for file in sorted((source / folder).iterdir()):
            shutil.copyfile(file, target / folder / file.name)
    if not arguments.keep_pytorch:
        for name in parts:
            index[name] = ["diffusers", "OnnxRuntimeModel"]
        index.pop("vae")
    index.pop("_name_or_path", None)
    (target / "model_index.json").write_text(json.dumps(index, indent=2, sort_keys=True) + "\n")
    size = sum(file.stat().st_size for file in target.rglob("*") if file.is_file() and not file.is_symlink())
    print(f"{target}: {size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
