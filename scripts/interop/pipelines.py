"""Whole tiny pipelines as diffusers' save_pretrained writes them, single files of them, and what diffusers computes.

    python3 scripts/interop/pipelines.py FOLDER [NAME ...]

Writes FOLDER/NAME for each pipeline, FOLDER/NAME.golden.safetensors with the prompts' embeddings as the pipeline makes
them, one denoiser call with them and one encoding and decoding, and FOLDER/NAME.safetensors, the same weights in one
file with the original names, for those families that have such files.
"""

import argparse
import json
import pathlib
import shutil
import string

import diffusers
import original
import torch
from autoencoders import kl
from filling import fill
from golden import quiet, rng, save_tensors
from images import flux, packed, positions, sd3, unpacked
from texts import clip, t5
from transformers import (
    CLIPTextConfig, CLIPTextModel, CLIPTextModelWithProjection, CLIPTokenizer, T5Config, T5EncoderModel, T5Tokenizer)
from unets import unet

PROMPTS = ["", "mountains at dusk with sun"]
BETAS = {"beta_start": 0.00085, "beta_end": 0.012, "beta_schedule": "scaled_linear", "steps_offset": 1}
TOKENS = 16
# As in CLIP's own vocabulary the exclamation mark is 0. Letters, letters that end a word, and what merges make of them.
MERGES = ["a t</w>", "d u", "s k</w>", "du sk</w>", "a i", "n s</w>", "ai ns</w>", "u n", "un t", "w i", "t h</w>", "wi th</w>"]
LETTERS = "!" + string.ascii_lowercase
VOCABULARY = [*LETTERS, *(letter + "</w>" for letter in LETTERS), *(merge.replace(" ", "") for merge in MERGES),
              "<|startoftext|>", "<|endoftext|>"]
WORDS = len(VOCABULARY)


def tokenizer(padding="<|endoftext|>", tokens=TOKENS):
    return CLIPTokenizer(
        vocab={word: index for index, word in enumerate(VOCABULARY)}, merges=[tuple(m.split()) for m in MERGES],
        pad_token=padding, model_max_length=tokens)


def t5_tokenizer():
    words = ["<pad>", "</s>", "<unk>", "▁", "▁mountains", "▁at", "▁dusk", "▁with", "▁sun", *"abcdefghijklmnopqrstuvwxyz"]
    vocabulary = [(word, 0.0 if index < 3 else -float(index)) for index, word in enumerate(words)]
    return T5Tokenizer(vocab=vocabulary, extra_ids=0, model_max_length=TOKENS)


def text(seed, kind=CLIPTextModel, **options):
    options = {"layers": 2, "vocab_size": WORDS, "max_position_embeddings": TOKENS, **options}
    options |= {"bos_token_id": WORDS - 2, "eos_token_id": WORDS - 1, "pad_token_id": options.pop("padding", WORDS - 1)}
    return fill(kind(CLIPTextConfig(**clip(**options))), seed)


def t5_encoder(seed, **options):
    return fill(T5EncoderModel(T5Config(**t5(vocab_size=len(t5_tokenizer()), **options))), seed)


def vae(seed, latent=4, **options):
    return fill(diffusers.AutoencoderKL(**kl([4, 4], latent=latent, **options)), seed)


def unet_model(seed, *arguments, **options):
    return fill(diffusers.UNet2DConditionModel(**unet(*arguments, **options)), seed)


def stable(unet, vae, text_encoder, tokenizer, scheduler):
    return diffusers.StableDiffusionPipeline(
        unet=unet, vae=vae, text_encoder=text_encoder, tokenizer=tokenizer, scheduler=scheduler, safety_checker=None,
        feature_extractor=None, requires_safety_checker=False)


def pndm():
    return diffusers.PNDMScheduler(**BETAS, skip_prk_steps=True)


def ddim():
    return diffusers.DDIMScheduler(**BETAS, clip_sample=False, set_alpha_to_one=False, prediction_type="v_prediction")


def euler():
    return diffusers.EulerDiscreteScheduler(**BETAS, timestep_spacing="leading")


def sd1(seed=6000):
    model = unet_model(seed, "xo", [4, 4], width=8)
    return stable(model, vae(seed + 2), text(seed + 1), tokenizer(), pndm())


def sd2(seed=6100):
    model = unet_model(seed, "xo", [4, 4], heads=[2, 4], width=8, use_linear_projection=True)
    return stable(model, vae(seed + 2), text(seed + 1, hidden_act="gelu"), tokenizer("!"), ddim())


def xl(seed=6200):
    model = unet_model(
        seed, "ox", [4, 4], heads=[1, 2], width=18, use_linear_projection=True, transformer_layers_per_block=[1, 2],
        addition_embed_type="text_time", addition_time_embed_dim=4, projection_class_embeddings_input_dim=6 * 4 + 10)
    return diffusers.StableDiffusionXLPipeline(
        unet=model, vae=vae(seed + 1, scaling_factor=0.13025),
        text_encoder=text(seed + 2), tokenizer=tokenizer(),
        text_encoder_2=text(seed + 3, CLIPTextModelWithProjection, width=10, projection_dim=10, hidden_act="gelu"),
        tokenizer_2=tokenizer("!"), scheduler=euler())


# Those whose heads, groups and widths are what the original code always has, so that a file of the weights alone says
# all: 8 heads in SD 1, else heads of 64, 32 groups, sizes embedded in 256 numbers, 77 tokens.

def wide_vae(seed, **options):
    return fill(diffusers.AutoencoderKL(**kl([32, 64], layers=2, norm_num_groups=32, **options)), seed)


def wide_text(seed, *kind, width=128, **options):
    return text(seed, *kind, width=width, inner=4 * width, heads=width // 64, max_position_embeddings=77, **options)


def sd1_wide(seed=6500):
    model = unet_model(seed, "xo", [32, 64], layers=2, heads=8, width=128, norm_num_groups=32)
    return stable(model, wide_vae(seed + 2), wide_text(seed + 1), tokenizer(tokens=77), pndm())


def sd1_single(seed=6800):
    """The smallest of these: one block each, in half precision."""
    model = unet_model(seed, "x", [32], heads=8, width=64, norm_num_groups=32)
    autoencoder = fill(diffusers.AutoencoderKL(**kl([32], norm_num_groups=32)), seed + 2)
    encoder = text(seed + 1, layers=1, width=64, inner=16, heads=1)
    return stable(model, autoencoder, encoder, tokenizer(), pndm())


def sd2_wide(seed=6600):
    model = unet_model(seed, "xxo", [64, 128, 128], layers=2, heads=[1, 2, 2], width=128, norm_num_groups=32,
                       use_linear_projection=True)
    return stable(model, wide_vae(seed + 2), wide_text(seed + 1, hidden_act="gelu"), tokenizer("!", 77), ddim())


def xl_wide(seed=6700):
    model = unet_model(
        seed, "ox", [64, 128], layers=2, heads=[1, 2], width=320, norm_num_groups=32, use_linear_projection=True,
        transformer_layers_per_block=[1, 2], addition_embed_type="text_time", addition_time_embed_dim=256,
        projection_class_embeddings_input_dim=6 * 256 + 192)
    return diffusers.StableDiffusionXLPipeline(
        unet=model, vae=wide_vae(seed + 1, scaling_factor=0.13025), text_encoder=wide_text(seed + 2),
        tokenizer=tokenizer(tokens=77), tokenizer_2=tokenizer("!", 77), scheduler=euler(),
        text_encoder_2=wide_text(
            seed + 3, CLIPTextModelWithProjection, width=192, projection_dim=192, hidden_act="gelu"))


def sd3_pipeline(seed=6300):
    model = diffusers.SD3Transformer2DModel(**{
        **sd3(2, qk_norm="rms_norm"), "joint_attention_dim": 20, "pooled_projection_dim": 14})
    return diffusers.StableDiffusion3Pipeline(
        transformer=fill(model, seed), vae=vae(seed + 1, shift_factor=0.0609, scaling_factor=1.5305,
                                               use_quant_conv=False, use_post_quant_conv=False),
        text_encoder=text(seed + 2, CLIPTextModelWithProjection, projection_dim=6), tokenizer=tokenizer(),
        text_encoder_2=text(seed + 3, CLIPTextModelWithProjection, projection_dim=8, hidden_act="gelu"),
        tokenizer_2=tokenizer("!"), text_encoder_3=t5_encoder(seed + 4, width=20), tokenizer_3=t5_tokenizer(),
        scheduler=diffusers.FlowMatchEulerDiscreteScheduler(shift=3.0))


def flux_pipeline(seed=6400):
    model = diffusers.FluxTransformer2DModel(**{
        **flux(1, 1, guided=True, heads=1), "joint_attention_dim": 12, "pooled_projection_dim": 8})
    return diffusers.FluxPipeline(
        transformer=fill(model, seed), vae=vae(seed + 1, shift_factor=0.1159, scaling_factor=0.3611,
                                               use_quant_conv=False, use_post_quant_conv=False),
        text_encoder=text(seed + 2), tokenizer=tokenizer(), text_encoder_2=t5_encoder(seed + 3, width=12),
        tokenizer_2=t5_tokenizer(),
        scheduler=diffusers.FlowMatchEulerDiscreteScheduler(use_dynamic_shifting=True, shift=3.0, base_shift=0.5,
                                                            max_shift=1.15, base_image_seq_len=256, max_image_seq_len=4096))


def prompts_of(pipeline):
    """Embeddings of PROMPTS as the pipeline's own code makes them."""
    if isinstance(pipeline, diffusers.StableDiffusionPipeline):
        return {"encoder_hidden_states": pipeline.encode_prompt(PROMPTS, "cpu", 1, False)[0]}
    if isinstance(pipeline, diffusers.FluxPipeline):
        states, pooled, _ = pipeline.encode_prompt(PROMPTS, None, device="cpu", max_sequence_length=TOKENS)
        return {"encoder_hidden_states": states, "pooled_projections": pooled}
    if isinstance(pipeline, diffusers.StableDiffusion3Pipeline):
        states, _, pooled, _ = pipeline.encode_prompt(
            PROMPTS, None, None, device="cpu", do_classifier_free_guidance=False, max_sequence_length=TOKENS)
        return {"encoder_hidden_states": states, "pooled_projections": pooled}
    states, _, pooled, _ = pipeline.encode_prompt(PROMPTS, device="cpu", do_classifier_free_guidance=False)
    return {"encoder_hidden_states": states, "text_embeds": pooled}


def denoised(pipeline, inputs):
    """One call of the denoiser; the noise or velocity it predicts, as an image-shaped latent."""
    sample, states = inputs["sample"], inputs["encoder_hidden_states"]
    if isinstance(pipeline, diffusers.FluxPipeline):
        height, width = sample.shape[2:]
        inputs["guidance"] = torch.tensor([3.5])
        tokens = pipeline.transformer(
            packed(sample), states, inputs["pooled_projections"], inputs["timestep"].expand(2), positions(height, width),
            torch.zeros(states.shape[1], 3), inputs["guidance"].expand(2)).sample
        return unpacked(tokens, height, width)
    if isinstance(pipeline, diffusers.StableDiffusion3Pipeline):
        return pipeline.transformer(sample, states, inputs["pooled_projections"], inputs["timestep"].expand(2)).sample
    added = None
    if "text_embeds" in inputs:
        sizes = [sample.shape[2] * pipeline.vae_scale_factor * 1.0, sample.shape[3] * pipeline.vae_scale_factor * 1.0]
        inputs["time_ids"] = torch.tensor([sizes + [0.0, 0.0] + sizes]).expand(2, -1)
        added = {"text_embeds": inputs["text_embeds"], "time_ids": inputs["time_ids"]}
    return pipeline.unet(sample, inputs["timestep"], states, added_cond_kwargs=added).sample


def golden(pipeline):
    flow = isinstance(pipeline, diffusers.FluxPipeline)
    inputs = {
        "sample": torch.randn(2, 4, 4, 6, generator=rng(1)), "timestep": torch.tensor([0.501 if flow else 501.0]),
        "image": torch.rand(2, 3, 8, 12, generator=rng(2)) * 2 - 1,
        **prompts_of(pipeline),
    }
    out = denoised(pipeline, inputs)
    vae, mode = pipeline.vae, pipeline.vae.encode(inputs["image"]).latent_dist.mode()
    shift = vae.config.shift_factor or 0
    decoded = vae.decode(inputs["sample"] / vae.config.scaling_factor + shift).sample
    return {**inputs, "out": out, "scaled": (mode - shift) * vae.config.scaling_factor, "decoded": decoded}


PIPELINES = {
    "sd1": sd1, "sd2": sd2, "xl": xl, "sd3": sd3_pipeline, "flux": flux_pipeline,
    "sd1-single": sd1_single, "sd1-wide": sd1_wide, "sd2-wide": sd2_wide, "xl-wide": xl_wide,
}
HALF = ["sd1-single"]
SINGLE_FILES = ["sd1", "sd2", "xl", "sd1-single", "sd1-wide", "sd2-wide", "xl-wide"]


def instaflow(source, folder):
    """Stable Diffusion 1's parts under the index of InstaFlow's pipeline class."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(source, folder)
    index = json.loads((folder / "model_index.json").read_text())
    index["_class_name"] = "RectifiedFlowPipeline"
    (folder / "model_index.json").write_text(json.dumps(index, indent=2) + "\n")


def make(folder, name):
    folder.mkdir(parents=True, exist_ok=True)
    if name == "instaflow":
        make(folder, "sd1") if not (folder / "sd1").exists() else None
        return instaflow(folder / "sd1", folder / name)
    pipeline = PIPELINES[name]()
    shutil.rmtree(folder / name, ignore_errors=True)
    save_tensors(folder / f"{name}.golden.safetensors", golden(pipeline))
    # In half precision the numbers are the same.
    (pipeline.to(dtype=torch.float16) if name in HALF else pipeline).save_pretrained(folder / name)
    if name in SINGLE_FILES:
        original.write(folder / name, folder / f"{name}.safetensors")
        original.check(folder / name, folder / f"{name}.safetensors")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join([*PIPELINES, "instaflow"]))
    arguments = parser.parse_args()
    quiet()
    for name in arguments.names or [*PIPELINES, "instaflow"]:
        make(arguments.folder, name)


if __name__ == "__main__":
    main()
