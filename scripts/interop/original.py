"""The original (CompVis, SGM) names of tensors, as single files have them: a diffusers folder as one file.

    python3 scripts/interop/original.py FOLDER FILE [--family sd1|sd2|xl] [--check]

With --check, diffusers' own conversion of FILE must give back every tensor of FOLDER bit for bit. The family is that of
the folder's pipeline and text encoder unless given.
"""

import argparse
import json
import pathlib

import streaming
import torch
from golden import quiet, rng
from safetensors import safe_open

RESNET = {
    "norm1": "in_layers.0", "conv1": "in_layers.2", "time_emb_proj": "emb_layers.1", "norm2": "out_layers.0",
    "conv2": "out_layers.3", "conv_shortcut": "skip_connection",
}
VAE_ATTENTION = {"group_norm": "norm", "to_q": "q", "to_k": "k", "to_v": "v", "to_out.0": "proj_out"}
OPEN_CLIP = {
    "layer_norm1": "ln_1", "layer_norm2": "ln_2", "mlp.fc1": "mlp.c_fc", "mlp.fc2": "mlp.c_proj",
    "self_attn.out_proj": "attn.out_proj",
}


def unet_places(config, names):
    """Prefixes of diffusers' names and the original ones. One entry of input_blocks for conv_in, each layer and each
    halving; one of output_blocks for each layer, with the doubling behind the last layer of a block."""
    places = {
        "time_embedding.linear_1": "time_embed.0", "time_embedding.linear_2": "time_embed.2",
        "add_embedding.linear_1": "label_emb.0.0", "add_embedding.linear_2": "label_emb.0.2",
        "conv_in": "input_blocks.0.0", "conv_norm_out": "out.0", "conv_out": "out.2",
        "mid_block.resnets.0": "middle_block.0", "mid_block.attentions.0": "middle_block.1",
        "mid_block.resnets.1": "middle_block.2",
    }
    blocks, layers = len(config["block_out_channels"]), config["layers_per_block"]
    index = 1
    for block in range(blocks):
        for layer in range(layers):
            places[f"down_blocks.{block}.resnets.{layer}"] = f"input_blocks.{index}.0"
            places[f"down_blocks.{block}.attentions.{layer}"] = f"input_blocks.{index}.1"
            index += 1
        if block < blocks - 1:
            places[f"down_blocks.{block}.downsamplers.0.conv"] = f"input_blocks.{index}.0.op"
            index += 1
    for index in range(blocks * (layers + 1)):
        block, layer = divmod(index, layers + 1)
        places[f"up_blocks.{block}.resnets.{layer}"] = f"output_blocks.{index}.0"
        places[f"up_blocks.{block}.attentions.{layer}"] = f"output_blocks.{index}.1"
        attention = any(name.startswith(f"up_blocks.{block}.attentions.") for name in names)
        places[f"up_blocks.{block}.upsamplers.0.conv"] = f"output_blocks.{index}.{1 + attention}.conv"
    return places


def vae_places(config):
    places = {}
    blocks, layers = len(config["block_out_channels"]), config["layers_per_block"]
    for block in range(blocks):
        for layer in range(layers + 1):
            places[f"encoder.down_blocks.{block}.resnets.{layer}"] = f"encoder.down.{block}.block.{layer}"
            places[f"decoder.up_blocks.{block}.resnets.{layer}"] = f"decoder.up.{blocks - 1 - block}.block.{layer}"
        places[f"encoder.down_blocks.{block}.downsamplers.0.conv"] = f"encoder.down.{block}.downsample.conv"
        places[f"decoder.up_blocks.{block}.upsamplers.0.conv"] = f"decoder.up.{blocks - 1 - block}.upsample.conv"
    for half in ("encoder", "decoder"):
        places[f"{half}.conv_norm_out"] = f"{half}.norm_out"
        places[f"{half}.mid_block.attentions.0"] = f"{half}.mid.attn_1"
        for layer in range(2):
            places[f"{half}.mid_block.resnets.{layer}"] = f"{half}.mid.block_{layer + 1}"
    return places


def renamed(name, places, inner):
    """The longest prefix of `name` that has a place, then the names inside of it."""
    for prefix in sorted(places, key=len, reverse=True):
        if name.startswith(prefix + "."):
            rest = name[len(prefix) + 1 :]
            for new, old in inner.items():
                if rest.startswith(new + "."):
                    rest = old + rest[len(new) :]
                    break
            return f"{places[prefix]}.{rest}"
    return name


class Part:
    """The weights of a part of the folder, read when they are asked for."""

    def __init__(self, folder):
        self.config = json.loads((folder / "config.json").read_text())
        (file,) = (file for file in folder.glob("*.safetensors") if file.name != "golden.safetensors")
        self.file = safe_open(file, "pt")
        self.names = list(self.file.keys())

    def entry(self, name, change=lambda tensor: tensor, shape=None):
        stored = self.file.get_slice(name)
        dtype = {code: dtype for dtype, code in streaming.CODES.items()}[stored.get_dtype()]
        return dtype, shape or stored.get_shape(), lambda: change(self.file.get_tensor(name))

    def joined(self, names):
        """Several tensors one below the other."""
        dtype, shape, _ = self.entry(names[0])
        return dtype, [shape[0] * len(names), *shape[1:]], lambda: torch.cat([self.file.get_tensor(n) for n in names])


def unet_entries(part):
    places = unet_places(part.config, part.names)
    return {f"model.diffusion_model.{renamed(name, places, RESNET)}": part.entry(name) for name in part.names}


def vae_entries(part):
    """Linear layers of the attention become 1 × 1 convolutions."""
    places, entries = vae_places(part.config), {}
    for name in part.names:
        attention = ".attentions." in name
        target = renamed(name, places, VAE_ATTENTION if attention else {"conv_shortcut": "nin_shortcut"})
        shape = part.file.get_slice(name).get_shape()
        if attention and len(shape) == 2:
            entries[f"first_stage_model.{target}"] = part.entry(name, lambda x: x[:, :, None, None], [*shape, 1, 1])
        else:
            entries[f"first_stage_model.{target}"] = part.entry(name)
    return entries


def clip_entries(part, prefix):
    """As transformers 4 names them, with the positions that the files of 2022 have."""
    entries = {f"{prefix}text_model.{name.removeprefix('text_model.')}": part.entry(name) for name in part.names}
    count = part.config["max_position_embeddings"]
    entries[f"{prefix}text_model.embeddings.position_ids"] = torch.int64, [1, count], lambda: torch.arange(count)[None]
    return entries


def open_clip_entries(part, prefix, unused_layer):
    """OpenCLIP's names: query, key and value one below the other, the projection turned. With `unused_layer`, one more
    layer than the configuration has, and a projection that nothing reads, as Stable Diffusion 2 has them."""
    entries = {}
    names = {name.removeprefix("text_model."): name for name in part.names}
    fixed = {
        "embeddings.token_embedding.weight": "token_embedding.weight",
        "embeddings.position_embedding.weight": "positional_embedding",
        "final_layer_norm.weight": "ln_final.weight", "final_layer_norm.bias": "ln_final.bias",
    }
    for short, name in names.items():
        if short in fixed:
            entries[prefix + fixed[short]] = part.entry(name)
        elif short == "text_projection.weight":
            shape = part.file.get_slice(name).get_shape()
            entries[f"{prefix}text_projection"] = part.entry(name, lambda x: x.T, shape[::-1])
    layers = part.config["num_hidden_layers"]
    for layer in range(layers + unused_layer):
        old, source = f"{prefix}transformer.resblocks.{layer}", f"encoder.layers.{min(layer, layers - 1)}"
        for kind in ("weight", "bias"):
            parts = [names[f"{source}.self_attn.{letter}_proj.{kind}"] for letter in "qkv"]
            entries[f"{old}.attn.in_proj_{kind}"] = part.joined(parts)
            for new, name in OPEN_CLIP.items():
                entries[f"{old}.{name}.{kind}"] = part.entry(names[f"{source}.{new}.{kind}"])
    dtype = part.entry(part.names[0])[0]
    entries[f"{prefix}logit_scale"] = dtype, [], lambda: torch.tensor(4.6055, dtype=dtype)
    if unused_layer:
        shape = [part.config["hidden_size"]] * 2
        entries[f"{prefix}text_projection"] = dtype, shape, lambda: torch.randn(shape, generator=rng(1)).to(dtype)
    return entries


def schedule_entries():
    """What the training code's state leaves in SD 1 and 2 files beside the weights."""
    betas = torch.linspace(0.00085**0.5, 0.012**0.5, 1000, dtype=torch.float64) ** 2
    return {
        "betas": (torch.float32, [1000], lambda: betas.float()),
        "alphas_cumprod": (torch.float32, [1000], lambda: (1 - betas).cumprod(0).float()),
        "model_ema.decay": (torch.float32, [], lambda: torch.tensor(0.9999)),
        "model_ema.num_updates": (torch.int32, [], lambda: torch.tensor(470000, dtype=torch.int32)),
    }


def parts_of(folder):
    parts = sorted(path for path in folder.iterdir() if (path / "config.json").exists())
    return {path.name: Part(path) for path in parts}


def entries_of(folder, family):
    parts = parts_of(folder)
    entries = unet_entries(parts["unet"]) | vae_entries(parts["vae"])
    if family == "sd1":
        return entries | clip_entries(parts["text_encoder"], "cond_stage_model.transformer.") | schedule_entries()
    if family == "sd2":
        return entries | open_clip_entries(parts["text_encoder"], "cond_stage_model.model.", 1) | schedule_entries()
    return entries | clip_entries(parts["text_encoder"], "conditioner.embedders.0.transformer.") | open_clip_entries(
        parts["text_encoder_2"], "conditioner.embedders.1.model.", 0)


def check(folder, file):
    """Every tensor of the folder is what diffusers' conversion makes of the file."""
    from diffusers.loaders import single_file_utils as convert

    with safe_open(file, "pt") as stream:
        original = {name: stream.get_tensor(name) for name in stream.keys()}
    count = 0
    for name, part in parts_of(folder).items():
        if name == "unet":
            converted = convert.convert_ldm_unet_checkpoint(original, part.config)
        elif name == "vae":
            converted = convert.convert_ldm_vae_checkpoint(original, part.config)
        elif any(name.startswith("cond_stage_model.transformer.") for name in original):
            converted = convert.convert_ldm_clip_checkpoint(original)
        elif name == "text_encoder" and "conditioner.embedders.1.model.logit_scale" in original:
            converted = convert.convert_ldm_clip_checkpoint(original)
        else:
            prefix = "cond_stage_model.model." if name == "text_encoder" else "conditioner.embedders.1.model."
            converted = convert.convert_open_clip_checkpoint(None, original, prefix=prefix)
        plain = {key.removeprefix("text_model."): tensor for key, tensor in converted.items()}
        for tensor in part.names:
            found = plain.get(tensor.removeprefix("text_model."))
            if found is None or not torch.equal(found, part.file.get_tensor(tensor)):
                raise SystemExit(f"{file}: {name} {tensor} is not what diffusers' conversion gives")
            count += 1
    print(f"{file}: {count} tensors are the folder's after diffusers' conversion", flush=True)


def family_of(folder):
    index = json.loads((folder / "model_index.json").read_text())
    if "text_encoder_2" in index:
        return "xl"
    text = json.loads((folder / "text_encoder/config.json").read_text())
    return "sd2" if text["hidden_act"] == "gelu" else "sd1"


def write(folder, file, family=None):
    streaming.write(file, entries_of(folder, family or family_of(folder)))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("file", type=pathlib.Path)
    parser.add_argument("--family", choices=["sd1", "sd2", "xl"])
    parser.add_argument("--check", action="store_true", help="convert back with diffusers and compare")
    arguments = parser.parse_args()
    quiet()
    write(arguments.folder, arguments.file, arguments.family)
    if arguments.check:
        check(arguments.folder, arguments.file)


if __name__ == "__main__":
    main()
