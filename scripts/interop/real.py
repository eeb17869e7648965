"""Checkpoints of published configurations with random weights, and what diffusers computes from them.

    python3 scripts/interop/real.py {sd15,sd21,sdxl} FOLDER [--dtype float16] [--parts vae text_encoder] [--no-golden]

Writes a folder in diffusers' layout. Weights go to their file tensor by tensor, so that no more than one of them is in
memory; all are exact in float16 and bfloat16, so that files of either type have the same golden outputs. FOLDER/golden
gets a file PART.safetensors a part, with one input and diffusers' outputs in float32. A whole UNet is in memory for that:
4 GB, XL 13 GB.
"""

import argparse
import json
import math
import pathlib
import shutil

import diffusers
import streaming
import torch
import transformers
from accelerate import init_empty_weights
from filling import numbers, representable
from golden import ROOT, quiet, rng, save_tensors
from real_configs import FAMILIES

DTYPES = {"float32": torch.float32, "float16": torch.float16, "bfloat16": torch.bfloat16}
PARTS = ["unet", "vae", "text_encoder", "text_encoder_2"]


def library_of(kind):
    return "diffusers" if hasattr(diffusers, kind) else "transformers"


def empty(kind, options):
    """The model without memory for its weights: names and shapes only."""
    with init_empty_weights():
        if library_of(kind) == "diffusers":
            return getattr(diffusers, kind)(**options)
        return getattr(transformers, kind)(transformers.CLIPTextConfig(**options))


def write_config(model, folder, dtype):
    if isinstance(model, transformers.PreTrainedModel):
        model.config.architectures, model.config.dtype = [type(model).__name__], dtype
        model.config.save_pretrained(folder)
    else:
        model.save_config(folder)


def write_weights(model, file, dtype, seed):
    prefix = "text_model." if isinstance(model, transformers.CLIPTextModel) else ""
    generator = rng(seed)

    def entry(name, shape):
        return dtype, shape, lambda: representable(numbers(name, shape, generator)).to(dtype)

    shapes = {prefix + name: tuple(tensor.shape) for name, tensor in model.named_parameters()}
    streaming.write(file, {name: entry(name, shape) for name, shape in shapes.items()})
    return sum(map(math.prod, shapes.values()))


def write_tokenizer(folder, config):
    """The grove model's vocabulary, filled up with words that no merge makes; start and end are the last two."""
    shutil.copytree(ROOT / "samples/grove/tokenizer", folder)
    (folder / "tokenizer.json").unlink()
    words = json.loads((folder / "vocab.json").read_text())
    start, end = words.pop("<|startoftext|>"), words.pop("<|endoftext|>")
    assert start == len(words) and end == start + 1
    words |= {f"unused{index}</w>": index for index in range(len(words), config["vocab_size"] - 2)}
    words |= {"<|startoftext|>": len(words), "<|endoftext|>": len(words) + 1}
    (folder / "vocab.json").write_text(json.dumps(words, ensure_ascii=False))
    settings = json.loads((folder / "tokenizer_config.json").read_text())
    settings["model_max_length"] = config["max_position_embeddings"]
    if config["hidden_act"] == "gelu":
        settings["pad_token"] = "!"
    (folder / "tokenizer_config.json").write_text(json.dumps(settings, indent=2) + "\n")


def load(kind, folder):
    library = diffusers if library_of(kind) == "diffusers" else transformers
    options = {"torch_dtype": torch.float32} if library is diffusers else {"dtype": torch.float32}
    return getattr(library, kind).from_pretrained(folder, **options).eval()


def golden_unet(unet):
    config = unet.config
    size = min(config.sample_size, 64)
    inputs = {
        "sample": torch.randn(1, config.in_channels, size, size, generator=rng(1)), "timestep": torch.tensor([501.0]),
        "encoder_hidden_states": torch.randn(1, 77, config.cross_attention_dim, generator=rng(2)),
    }
    added = None
    if config.addition_embed_type == "text_time":
        added = {
            "time_ids": torch.tensor([[512.0, 512.0, 0.0, 0.0, 512.0, 512.0]]),
            "text_embeds": torch.randn(1, config.projection_class_embeddings_input_dim - 6 * 256, generator=rng(3)),
        }
    out = unet(inputs["sample"], inputs["timestep"], inputs["encoder_hidden_states"], added_cond_kwargs=added).sample
    return {**inputs, **(added or {}), "out": out}


def golden_vae(vae):
    image = torch.rand(1, 3, 512, 512, generator=rng(4)) * 2 - 1
    latent = torch.randn(1, vae.config.latent_channels, 64, 64, generator=rng(5))
    return {
        "image": image, "latent": latent, "latents_mode": vae.encode(image).latent_dist.mode(),
        "decoded": vae.decode(latent).sample,
    }


def golden_text(encoder):
    """The empty text and one of ten words."""
    ids = torch.full((2, encoder.config.max_position_embeddings), encoder.config.vocab_size - 1)
    ids[:, 0] = encoder.config.vocab_size - 2
    ids[1, 1:11] = torch.randint(0, encoder.config.vocab_size - 2, (10,), generator=rng(6))
    output = encoder(ids, output_hidden_states=True)
    return {
        "input_ids": ids, "last_hidden_state": output.last_hidden_state, "penultimate": output.hidden_states[-2],
        **({"text_embeds": output.text_embeds} if "text_embeds" in output else {"pooled": output.pooler_output}),
    }


GOLDEN = {"unet": golden_unet, "vae": golden_vae, "text_encoder": golden_text, "text_encoder_2": golden_text}


def write_part(folder, part, kind, options, dtype):
    model = empty(kind, options)
    shutil.rmtree(folder / part, ignore_errors=True)
    (folder / part).mkdir(parents=True)
    write_config(model, folder / part, dtype)
    name = "diffusion_pytorch_model" if library_of(kind) == "diffusers" else "model"
    count = write_weights(model, folder / part / f"{name}.safetensors", DTYPES[dtype], PARTS.index(part))
    print(f"{folder / part}: {kind}, {count / 1e6:.1f} million parameters", flush=True)


def write_rest(folder, family):
    """Scheduler, tokenizers and the index of the pipeline."""
    kind, options = family["scheduler"]
    getattr(diffusers, kind)(**options).save_pretrained(folder / "scheduler")
    index = {"_class_name": family["pipeline"], "_diffusers_version": diffusers.__version__, "scheduler": ["diffusers", kind]}
    for part in PARTS:
        if part not in family:
            continue
        index[part] = [library_of(family[part][0]), family[part][0]]
        if part.startswith("text_encoder"):
            tokenizer = part.replace("text_encoder", "tokenizer")
            shutil.rmtree(folder / tokenizer, ignore_errors=True)
            write_tokenizer(folder / tokenizer, family[part][1])
            index[tokenizer] = ["transformers", "CLIPTokenizer"]
    (folder / "model_index.json").write_text(json.dumps(index, indent=2, sort_keys=True) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("family", choices=FAMILIES)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--dtype", choices=DTYPES, default="float32")
    parser.add_argument("--parts", nargs="*", choices=PARTS, help="these only (default: all)")
    parser.add_argument("--no-golden", action="store_true", help="no outputs, only files")
    parser.add_argument("--golden-only", action="store_true", help="outputs of the files that are there")
    arguments = parser.parse_args()
    quiet(threads=2)
    family, folder = FAMILIES[arguments.family], arguments.folder
    parts = [part for part in PARTS if part in family and (not arguments.parts or part in arguments.parts)]
    if not arguments.golden_only:
        for part in parts:
            write_part(folder, part, *family[part], arguments.dtype)
        write_rest(folder, family)
    if arguments.no_golden:
        return
    (folder / "golden").mkdir(exist_ok=True)
    for part in parts:
        save_tensors(folder / "golden" / f"{part}.safetensors", GOLDEN[part](load(family[part][0], folder / part)))


if __name__ == "__main__":
    main()
