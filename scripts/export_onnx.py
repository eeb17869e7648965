"""Exports a diffusers folder with Stable Diffusion's classes to ONNX in Optimum's layout.

    python3 scripts/export_onnx.py SOURCE TARGET [--half] [--tolerance 1e-4]

The target holds unet/, vae_encoder/, vae_decoder/ and text_encoder/ with a model.onnx each, the tokenizer, the scheduler
and model_index.json. Batch, height and width are dynamic. Each graph is run on batches of one and three against PyTorch;
a difference above the tolerance is an error and leaves no target.

The UNet's and the autoencoder's PyTorch weights go along (unet/, vae/), so that diffusers opens the same folder; the
UNet's graph reads its large weights from that very file (ONNX external data), so that nothing is stored twice.
"""

import argparse
import json
import pathlib
import shutil
import struct
import sys
import warnings

import numpy as np
import onnx
import onnxruntime
import torch
from diffusers import AutoencoderKL, UNet2DConditionModel
from diffusers.models.attention_processor import AttnProcessor
from onnx import numpy_helper
from transformers import CLIPTextModel

warnings.filterwarnings("ignore")
WEIGHTS = "diffusion_pytorch_model.safetensors"


class Encoder(torch.nn.Module):
    """Moments of the latent distribution: mean and log-variance, 2C channels, not scaled."""

    def __init__(self, vae):
        super().__init__()
        self.vae = vae

    def forward(self, sample):
        return self.vae.encode(sample, return_dict=False)[0].parameters


class Decoder(torch.nn.Module):
    def __init__(self, vae):
        super().__init__()
        self.vae = vae

    def forward(self, latent_sample):
        return self.vae.decode(latent_sample, return_dict=False)[0]


class Denoiser(torch.nn.Module):
    def __init__(self, unet):
        super().__init__()
        self.unet = unet

    def forward(self, sample, timestep, encoder_hidden_states):
        return self.unet(sample, timestep, encoder_hidden_states, return_dict=False)[0]


class TextEncoder(torch.nn.Module):
    def __init__(self, text):
        super().__init__()
        self.text = text

    def forward(self, input_ids):
        output = self.text(input_ids.long())
        return output.last_hidden_state, output.pooler_output


def parts(source):
    """Name, module, a function that makes inputs for a batch, names of inputs and outputs, dynamic axes."""
    vae = AutoencoderKL.from_pretrained(source / "vae").eval()
    unet = UNet2DConditionModel.from_pretrained(source / "unet").eval()
    text = CLIPTextModel.from_pretrained(source / "text_encoder", attn_implementation="eager").eval()
    vae.set_attn_processor(AttnProcessor())
    unet.set_attn_processor(AttnProcessor())
    factor = 2 ** (len(vae.config.block_out_channels) - 1)
    channels, side = unet.config.in_channels, unet.config.sample_size
    length, vocabulary = text.config.max_position_embeddings, text.config.vocab_size
    plane = {0: "batch", 2: "height", 3: "width"}
    generator = torch.Generator().manual_seed(0)

    def normal(*shape):
        return torch.randn(*shape, generator=generator)

    return [
        ("vae_encoder", Encoder(vae), vae.config, lambda b: (normal(b, 3, side * factor, side * factor).clamp(-1, 1),),
         ["sample"], ["latent_parameters"], {"sample": plane}),
        ("vae_decoder", Decoder(vae), vae.config, lambda b: (normal(b, channels, side, side),),
         ["latent_sample"], ["sample"], {"latent_sample": plane}),
        ("unet", Denoiser(unet), unet.config,
         lambda b: (normal(b, channels, side, side), torch.tensor([500]), normal(b, length, unet.config.cross_attention_dim)),
         ["sample", "timestep", "encoder_hidden_states"], ["out_sample"],
         {"sample": plane, "encoder_hidden_states": {0: "batch", 1: "sequence"}}),
        ("text_encoder", TextEncoder(text), text.config,
         lambda b: (torch.randint(0, vocabulary, (b, length), generator=generator, dtype=torch.int32),),
         ["input_ids"], ["last_hidden_state", "pooler_output"], {"input_ids": {0: "batch", 1: "sequence"}}),
    ]


def strip(model):
    """Removes what tells of the exporting machine: stack traces, doc strings, metadata."""
    del model.metadata_props[:]
    model.doc_string = ""
    model.graph.doc_string = ""
    for item in [*model.graph.node, *model.graph.initializer, *model.graph.input, *model.graph.output, *model.graph.value_info]:
        item.doc_string = ""
        if hasattr(item, "metadata_props"):
            del item.metadata_props[:]


def share_weights(model, weights):
    """Points initialisers at equal tensors in a safetensors file beside the graph; transposed ones through a Transpose,
    which the runtime folds away when it loads the graph."""
    raw = weights.read_bytes()
    (length,) = struct.unpack("<Q", raw[:8])
    header = json.loads(raw[8 : 8 + length])
    stored = {}
    for name, entry in header.items():
        if name == "__metadata__" or entry["dtype"] != "F32":
            continue
        begin, end = entry["data_offsets"]
        values = np.frombuffer(raw[8 + length + begin : 8 + length + end], "<f4").reshape(entry["shape"])
        stored.setdefault(values.tobytes(), (entry["shape"], begin))
        if values.ndim == 2:
            stored.setdefault(("T", values.T.tobytes()), (entry["shape"], begin))
    shared = 0
    transposes = []
    for tensor in model.graph.initializer:
        values = numpy_helper.to_array(tensor)
        if values.dtype != np.float32 or values.nbytes < 1024:
            continue
        direct, turned = stored.get(values.tobytes()), stored.get(("T", values.tobytes()))
        if direct is None and turned is None:
            continue
        shape, begin = direct if direct is not None else turned
        if direct is None:
            name = tensor.name
            tensor.name = name + ".stored"
            transposes.append(onnx.helper.make_node("Transpose", [tensor.name], [name], perm=[1, 0], name=name + ".turn"))
            del tensor.dims[:]
            tensor.dims.extend(shape)
        tensor.ClearField("raw_data")
        tensor.ClearField("float_data")
        tensor.data_location = onnx.TensorProto.EXTERNAL
        del tensor.external_data[:]
        for key, value in (("location", weights.name), ("offset", 8 + length + begin), ("length", values.nbytes)):
            entry = tensor.external_data.add()
            entry.key, entry.value = key, str(value)
        shared += values.nbytes
    nodes = list(model.graph.node)
    del model.graph.node[:]
    model.graph.node.extend(transposes + nodes)
    return shared


def copy_weights(source, target):
    """The PyTorch side of the folder, so that diffusers opens it too."""
    for folder, names in (("unet", [WEIGHTS]), ("vae", [WEIGHTS, "config.json"]), ("text_encoder", ["model.safetensors"])):
        (target / folder).mkdir(parents=True)
        for name in names:
            shutil.copyfile(source / folder / name, target / folder / name)


def export(part, target, half):
    name, module, config, inputs, input_names, output_names, axes = part
    folder = target / name
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "model.onnx"
    torch.onnx.export(module, inputs(2), str(file), input_names=input_names, output_names=output_names,
                      dynamic_axes={**axes, **{n: {0: "batch"} for n in output_names}}, opset_version=17, dynamo=False)
    model = onnx.load(str(file))
    strip(model)
    if half:
        from onnxruntime.transformers.float16 import convert_float_to_float16
        model = convert_float_to_float16(model, keep_io_types=False)
    elif name == "unet" and (folder.parent / "unet" / WEIGHTS).exists():
        print(f"unet: {share_weights(model, folder.parent / 'unet' / WEIGHTS) / 1e6:.1f} MB shared with {WEIGHTS}")
    onnx.save(model, str(file))
    (folder / "config.json").write_text(json.dumps(
        {k: v for k, v in (config if isinstance(config, dict) else config.to_dict()).items() if k != "_name_or_path"},
        indent=2, sort_keys=True, default=str) + "\n")
    return file


def check(part, file, half):
    name, module, _, inputs, input_names, _, _ = part
    session = onnxruntime.InferenceSession(str(file), providers=["CPUExecutionProvider"])
    worst = 0.0
    for batch in (1, 3):
        arguments = inputs(batch)
        with torch.no_grad():
            expected = module(*arguments)
        expected = expected[0] if isinstance(expected, tuple) else expected
        feed = {n: a.numpy().astype(np.float16) if half and a.is_floating_point() else a.numpy()
                for n, a in zip(input_names, arguments)}
        actual = session.run(None, feed)[0]
        worst = max(worst, float(np.abs(actual.astype(np.float32) - expected.numpy()).max()))
    print(f"{name}: {file.stat().st_size / 1e6:.1f} MB, largest difference from PyTorch {worst:.1e}")
    return worst


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("source", type=pathlib.Path)
    parser.add_argument("target", type=pathlib.Path)
    parser.add_argument("--half", action="store_true", help="16-bit graphs")
    parser.add_argument("--tolerance", type=float, default=None)
    options = parser.parse_args()
    tolerance = options.tolerance or (5e-2 if options.half else 1e-4)
    partial = options.target.with_name(options.target.name + ".partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    for folder in ("tokenizer", "scheduler"):
        shutil.copytree(options.source / folder, partial / folder, copy_function=shutil.copyfile)
    shutil.copyfile(options.source / "model_index.json", partial / "model_index.json")
    if not options.half:
        copy_weights(options.source, partial)
    for part in parts(options.source):
        name = part[0]
        file = export(part, partial, options.half)
        worst = check(part, file, options.half)
        if not worst <= tolerance:
            shutil.rmtree(partial)
            sys.exit(f"{name}: {worst:.1e} is above the tolerance of {tolerance:.1e}")
    shutil.rmtree(options.target, ignore_errors=True)
    partial.rename(options.target)


main()
