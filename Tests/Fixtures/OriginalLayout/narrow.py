"""Single files that say all by themselves: heads, groups and widths are those that the original code always has.

    python Tests/Fixtures/OriginalLayout/narrow.py        (the environment of make interop)

As small as that allows: one resolution of the UNet, one layer. Most weights are 0 and the others powers of two, so that the files are
compressed well and half precision holds them exactly. Writes NAME.safetensors and NAME.golden.safetensors for sd1, sd2 and
xl: what diffusers computes with the empty prompt, as scripts/interop/pipelines.py describes it.
"""

import math
import pathlib
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[2] / "scripts" / "interop"))

import diffusers
import original
import pipelines
import torch
from golden import quiet, save_tensors
from transformers import CLIPTextModelWithProjection

# One weight in so many is not 0.
SPARSITY = 64


@torch.no_grad()
def sparse(module, seed):
    generator = torch.Generator().manual_seed(seed)
    for name, parameter in module.named_parameters():
        shape = tuple(parameter.shape)
        signs = torch.randint(0, 2, shape, generator=generator) * 2.0 - 1
        if len(shape) == 1:
            parameter.copy_((1 if name.endswith("weight") else 0) + 0.25 * signs)
            continue
        is_kept = torch.randint(0, SPARSITY, shape, generator=generator) == 0
        width = math.prod(shape[1:]) if "embedding" not in name else 4 * SPARSITY
        parameter.copy_(signs * is_kept * 2.0 ** round(math.log2(math.sqrt(SPARSITY / width))))
    return module.eval().requires_grad_(False)


def unet(seed, channels, width, **options):
    return sparse(diffusers.UNet2DConditionModel(
        **pipelines.unet("x", [channels], width=width, norm_num_groups=32, **options)), seed)


def vae(seed, **options):
    return sparse(diffusers.AutoencoderKL(**pipelines.kl([32, 32], latent=4, norm_num_groups=32, **options)), seed)


def text(seed, *kind, **options):
    return sparse(pipelines.text(
        seed, *kind, layers=2, width=64, inner=64, heads=1, max_position_embeddings=77, **options), seed)


def sd1(seed=7000):
    return pipelines.stable(
        unet(seed, 32, 64, heads=8), vae(seed + 1), text(seed + 2), pipelines.tokenizer(tokens=77), pipelines.pndm())


def sd2(seed=7100):
    return pipelines.stable(
        unet(seed, 64, 64, heads=[1], use_linear_projection=True), vae(seed + 1), text(seed + 2, hidden_act="gelu"),
        pipelines.tokenizer("!", 77), pipelines.ddim())


def xl(seed=7200):
    added = {"addition_embed_type": "text_time", "addition_time_embed_dim": 8,
             "projection_class_embeddings_input_dim": 6 * 8 + 32}
    return diffusers.StableDiffusionXLPipeline(
        unet=unet(seed, 64, 128, heads=[1], use_linear_projection=True, **added), scheduler=pipelines.euler(),
        vae=vae(seed + 1, scaling_factor=0.13025), text_encoder=text(seed + 2),
        text_encoder_2=text(seed + 3, CLIPTextModelWithProjection, projection_dim=32, hidden_act="gelu"),
        tokenizer=pipelines.tokenizer(tokens=77), tokenizer_2=pipelines.tokenizer("!", 77))


def main():
    quiet()
    for name, make in {"sd1": sd1, "sd2": sd2, "xl": xl}.items():
        pipeline = make()
        outputs = pipelines.golden(pipeline)
        wanted = {key: value[:1] if value.shape[0] == 2 else value for key, value in outputs.items()}
        save_tensors(HERE / f"{name}.golden.safetensors", wanted)
        with tempfile.TemporaryDirectory() as folder:
            pipeline.to(torch.float16).save_pretrained(folder)
            original.write(pathlib.Path(folder), HERE / f"{name}.safetensors")
        print(name, {key: round(value.std().item(), 3) for key, value in wanted.items() if value.numel() > 6})


if __name__ == "__main__":
    main()
