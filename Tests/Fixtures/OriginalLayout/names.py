"""Where every tensor of the real Stable Diffusion checkpoints lies in a single file of the original layout.

    pip install torch diffusers transformers stable-diffusion-sdkit==2.1.5 einops omegaconf
    python Tests/Fixtures/OriginalLayout/names.py

The original names and shapes are those of CompVis' own modules (UNetModel, Encoder, Decoder), of OpenCLIP's text
transformer and of transformers' CLIP; no weights are needed. diffusers' converters for single files run on stand-ins for
tensors that remember which rows of which tensor they are. What they make is held against the names and shapes of diffusers'
and transformers' own modules, made from the configurations that were published with the models (published.json).

Writes sd1.names, sd2.names and xl.names. Lines with [part] begin a part; ignored tensors are in [ignored]. Every other line
is a tensor in five columns: its name in diffusers, its name in the file, the shape in the file, the first row, the shape in
diffusers. A name begins with the number of characters that it shares with the one above; = is what stands above, and
nothing is the first row 0, or the shape in the file. A trailing ' marks a matrix that diffusers transposes.
"""

import json
import os

import torch
from diffusers import AutoencoderKL, UNet2DConditionModel
from diffusers.loaders import single_file_utils as single
from ldm.modules.diffusionmodules import model as vae_modules
from ldm.modules.diffusionmodules import openaimodel
from transformers import CLIPTextConfig, CLIPTextModelWithProjection

HERE = os.path.dirname(os.path.abspath(__file__))


class Stored:
    """Some rows of a tensor of the file, seen under some shape."""

    def __init__(self, name, shape, full=None, row=0, transposed=False):
        self.name, self.shape, self.full = name, tuple(shape), tuple(full or shape)
        self.row, self.transposed = row, transposed

    ndim = property(lambda self: len(self.shape))

    def _with(self, shape, row=None, transposed=None):
        return Stored(self.name, shape, self.full, self.row if row is None else row,
                      self.transposed if transposed is None else transposed)

    def __getitem__(self, index):
        rows, *others = index if isinstance(index, tuple) else (index,)
        start, stop, _ = rows.indices(self.shape[0])
        shape = [stop - start]
        for extent, other in zip(self.shape[1:], others + [slice(None)] * self.ndim):
            if other == 0:
                assert extent == 1
            else:
                assert other == slice(None)
                shape.append(extent)
        return self._with(shape, self.row + start)

    T = property(lambda self: self._with(self.shape[::-1], transposed=not self.transposed))
    clone = detach = contiguous = lambda self: self


def stored(module, prefix):
    return {prefix + key: Stored(prefix + key, value.shape) for key, value in module.state_dict().items()}


def original_unet(prefix, depths, **settings):
    """CompVis' UNetModel. Its transformers have one depth; those of XL have one for each width."""
    base = openaimodel.SpatialTransformer

    def transformer(channels, heads, width, depth=1, context_dim=None, **others):
        depth = depths.get(channels, depth)
        return base(channels, heads, width, depth=depth, context_dim=[context_dim] * depth, **others)

    openaimodel.SpatialTransformer = transformer
    with torch.device("meta"):
        unet = openaimodel.UNetModel(
            image_size=32, in_channels=4, out_channels=4, model_channels=320, num_res_blocks=2,
            use_spatial_transformer=True, legacy=False, **settings)
    openaimodel.SpatialTransformer = base
    return stored(unet, prefix)


def original_vae(prefix):
    settings = dict(ch=128, out_ch=3, ch_mult=(1, 2, 4, 4), num_res_blocks=2, attn_resolutions=[], in_channels=3,
                    resolution=256, z_channels=4, double_z=True)
    with torch.device("meta"):
        parts = torch.nn.ModuleDict({
            "encoder": vae_modules.Encoder(**settings), "decoder": vae_modules.Decoder(**settings),
            "quant_conv": torch.nn.Conv2d(8, 8, 1), "post_quant_conv": torch.nn.Conv2d(4, 4, 1)})
    return stored(parts, prefix)


def open_clip(prefix, width, layers, projection):
    """open_clip's TextTransformer as CLIP has it: its tensors lie beside those of the image tower."""
    shapes = {"positional_embedding": (77, width), "text_projection": (width, projection), "logit_scale": (),
              "token_embedding.weight": (49408, width), "ln_final.weight": (width,), "ln_final.bias": (width,)}
    for layer in range(layers):
        block = f"transformer.resblocks.{layer}."
        for norm in ["ln_1", "ln_2"]:
            shapes |= {f"{block}{norm}.weight": (width,), f"{block}{norm}.bias": (width,)}
        shapes |= {f"{block}attn.in_proj_weight": (3 * width, width), f"{block}attn.in_proj_bias": (3 * width,),
                   f"{block}attn.out_proj.weight": (width, width), f"{block}attn.out_proj.bias": (width,),
                   f"{block}mlp.c_fc.weight": (4 * width, width), f"{block}mlp.c_fc.bias": (4 * width,),
                   f"{block}mlp.c_proj.weight": (width, 4 * width), f"{block}mlp.c_proj.bias": (width,)}
    return {prefix + key: Stored(prefix + key, shape) for key, shape in shapes.items()}


def clip(prefix, config):
    """transformers' CLIPTextModel, with the buffer of positions that it had when the checkpoints were made."""
    with torch.device("meta"):
        model = CLIPTextModelWithProjection(CLIPTextConfig(**config))
    tensors = stored(model.text_model, prefix + "text_model.")
    positions = prefix + "text_model.embeddings.position_ids"
    return tensors | {positions: Stored(positions, (1, 77))}


def requirements(part, config):
    """The names and shapes of diffusers' or transformers' own module."""
    with torch.device("meta"):
        if part == "unet":
            module = UNet2DConditionModel.from_config(config)
        elif part == "vae":
            module = AutoencoderKL.from_config(config)
        else:
            module = CLIPTextModelWithProjection(CLIPTextConfig(**config))
    shapes = {key: tuple(value.shape) for key, value in module.state_dict().items()}
    if part != "unet" and part != "vae" and config["architectures"] == ["CLIPTextModel"]:
        del shapes["text_projection.weight"]
    return shapes


def shared(one, other):
    return len(os.path.commonprefix([one, other]))


def write(name, file, published):
    parts = {"unet": single.convert_ldm_unet_checkpoint(dict(file), published["unet"]),
             "vae": single.convert_ldm_vae_checkpoint(dict(file), published["vae"])}
    clips = single.convert_ldm_clip_checkpoint(file)
    clips.pop("text_model.embeddings.position_ids", None)
    if name == "sd2":
        parts["text_encoder"] = single.convert_open_clip_checkpoint(
            _configured(published["text_encoder"]), file, "cond_stage_model.model.")
    else:
        parts["text_encoder"] = clips
    if name == "xl":
        parts["text_encoder_2"] = single.convert_open_clip_checkpoint(
            _configured(published["text_encoder_2"]), file, "conditioner.embedders.1.model.")
    used, lines, above = set(), [], ("", "", None)
    for part, tensors in parts.items():
        found = {key: value.shape for key, value in tensors.items()}
        wanted = requirements(part, published[part])
        assert found == wanted, (name, part, set(found.items()) ^ set(wanted.items()))
        lines.append(f"[{part}]")
        for key in sorted(tensors):
            tensor = tensors[key]
            used.add(tensor.name)
            lines.append(line(above, key, tensor))
            above = (key, tensor.name, tensor.full)
    lines.append("[ignored]")
    for key in sorted(set(file) - used):
        lines.append(line(above, "", file[key]))
        above = ("", key, file[key].full)
    with open(os.path.join(HERE, name + ".names"), "w") as output:
        output.write("\n".join(lines) + "\n")
    print(name, len(file), "tensors,", sum(map(len, parts.values())), "in diffusers")


def line(above, key, tensor):
    names = [f"{shared(old, new)}{new[shared(old, new):]}" if not new[shared(old, new):][:1].isdigit() else
             f"{digitless(old, new)}" for old, new in zip(above, (key, tensor.name))]
    full = "=" if tensor.full == above[2] else extents(tensor.full)
    shape = "" if tensor.shape == tensor.full and not tensor.transposed else extents(tensor.shape) + ("'" if tensor.transposed else "")
    return "\t".join([*names, full, str(tensor.row or ""), shape]).rstrip("\t")


def digitless(old, new):
    """Fewer shared characters, so that what follows the number is no digit."""
    count = shared(old, new)
    while new[count].isdigit():
        count -= 1
    return f"{count}{new[count:]}"


def extents(shape):
    return "x".join(map(str, shape))


def _configured(config):
    class Model:
        pass
    Model.config = CLIPTextConfig(**config)
    return Model


def main():
    with open(os.path.join(HERE, "published.json")) as file:
        published = json.load(file)
    sequence = dict(attention_resolutions=[4, 2, 1], channel_mult=[1, 2, 4, 4])
    unet, vae = "model.diffusion_model.", "first_stage_model."
    schedule = {key: Stored(key, (1000,)) for key in ["betas", "alphas_cumprod", "sqrt_alphas_cumprod"]}
    write("sd1", original_unet(unet, {}, num_heads=8, context_dim=768, **sequence) | original_vae(vae) | schedule
          | clip("cond_stage_model.transformer.", published["sd1"]["text_encoder"]), published["sd1"])
    write("sd2", original_unet(unet, {}, num_head_channels=64, context_dim=1024, use_linear_in_transformer=True, **sequence)
          | original_vae(vae) | schedule | open_clip("cond_stage_model.model.", 1024, 24, 1024), published["sd2"])
    xl = original_unet(unet, {640: 2, 1280: 10}, num_head_channels=64, context_dim=2048, use_linear_in_transformer=True,
                       attention_resolutions=[4, 2], channel_mult=[1, 2, 4])
    # CompVis' module has no embedding of vectors; Stability's has these two linear layers.
    for layer, shape in [("0.0", (1280, 2816)), ("0.2", (1280, 1280))]:
        for kind, extent in [("weight", shape), ("bias", shape[:1])]:
            key = f"{unet}label_emb.{layer}.{kind}"
            xl[key] = Stored(key, extent)
    write("xl", xl | original_vae(vae) | clip("conditioner.embedders.0.transformer.", published["xl"]["text_encoder"])
          | open_clip("conditioner.embedders.1.model.", 1280, 32, 1280), published["xl"])


if __name__ == "__main__":
    main()
