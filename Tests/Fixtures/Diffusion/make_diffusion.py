"""Golden data of schedules and DDIM steps, made by diffusers.

From the root of the repository, with torch, diffusers, transformers and safetensors installed:

    python3 Tests/Fixtures/Diffusion/make_diffusion.py samples/grove

The argument is the grove model, whose UNet is run for the replayed runs. Writes beside itself:
schedules.safetensors, spacings.json, flow.json, ddim.safetensors, grove.safetensors.
"""

import json
import pathlib
import sys

import numpy as np
import torch
from diffusers import DDIMInverseScheduler, DDIMScheduler, FlowMatchEulerDiscreteScheduler
from safetensors.torch import save_file

HERE = pathlib.Path(__file__).parent
SD = {"beta_start": 0.00085, "beta_end": 0.012, "beta_schedule": "scaled_linear"}
STEPS = [1, 2, 5, 10, 25, 50]
TYPES = ["epsilon", "v_prediction", "sample"]
torch.set_num_threads(1)
torch.set_grad_enabled(False)


def schedules():
    """ᾱ of every training step."""
    trained = [0.5, 0.25, 0.125, 0.3]
    configurations = {
        "linear": {},
        "scaled_linear": SD,
        "scaled_linear_7": SD | {"num_train_timesteps": 7},
        "squaredcos_cap_v2": {"beta_schedule": "squaredcos_cap_v2"},
        "trained": {"trained_betas": trained, "num_train_timesteps": len(trained)},
        "scaled_linear_zero_snr": SD | {"rescale_betas_zero_snr": True},
    }
    save_file(
        {name: DDIMScheduler(**c).alphas_cumprod.contiguous() for name, c in configurations.items()},
        HERE / "schedules.safetensors",
    )


def spacings():
    """Timesteps for a few counts in full, and for every count the sum of index times timestep."""
    result = {}
    for spacing in ["leading", "linspace", "trailing"]:
        scheduler = DDIMScheduler(**SD, timestep_spacing=spacing)
        sums, full = [], {}
        for count in range(1, 1001):
            scheduler.set_timesteps(count)
            # For some counts `arange` makes one element too many for `trailing`, a timestep of -1: left out.
            timesteps = [t for t in scheduler.timesteps.tolist()[::-1] if t >= 0]
            assert len(timesteps) == count
            sums.append(sum((i + 1) * t for i, t in enumerate(timesteps)))
            if count in STEPS + [3, 7, 48, 61, 30]:
                full[str(count)] = timesteps
        result[spacing] = {"sums": sums, "full": full}
    (HERE / "spacings.json").write_text(json.dumps(result))


def linear(z, t):
    return 0.3 * z + 0.1 * (t / 1000) - 0.05


def constant(z, t):
    return torch.linspace(-0.5, 1, z[0].numel()).reshape(z[:1].shape).expand(z.shape)


PREDICTORS = {"constant": constant, "linear": linear}


def flow():
    """Timesteps, σ and the latents of a run of the rectified-flow sampler with the linear predictor."""
    rows = []
    noise = torch.linspace(-2, 2, 12).reshape(1, 2, 2, 3)
    for shift in [1.0, 3.0]:
        for count in STEPS:
            scheduler = FlowMatchEulerDiscreteScheduler(shift=shift)
            scheduler.set_timesteps(count)
            z = noise
            for t in scheduler.timesteps:
                z = scheduler.step(linear(z, t), t, z).prev_sample
            rows.append({
                "shift": shift, "count": count, "timesteps": scheduler.timesteps.tolist(),
                "sigmas": scheduler.sigmas.tolist(), "latents": z.flatten().tolist(),
            })
    (HERE / "flow.json").write_text(json.dumps(rows))


def ddim():
    """The last latent of each run; the key spells the options."""
    torch.manual_seed(7)
    start = torch.randn(2, 2, 3, 5)
    tensors = {"start": start}
    for predictor, f in PREDICTORS.items():
        for kind in TYPES:
            for spacing in ["leading", "linspace", "trailing"]:
                for one in [False, True]:
                    for count in STEPS:
                        options = SD | {
                            "timestep_spacing": spacing, "set_alpha_to_one": one, "prediction_type": kind,
                            "steps_offset": 1, "clip_sample": False,
                        }
                        name = f"{predictor}.{kind}.{spacing}.{'one' if one else 'first'}.{count}"
                        tensors["sample." + name] = run(DDIMScheduler(**options), count, f, start)
                        # diffusers has no inverse for linspace; x̂₀ says nothing about ε where there is no noise.
                        if spacing != "linspace" and not (kind == "sample" and one):
                            tensors["invert." + name] = run(DDIMInverseScheduler(**options), count, f, start)
    zero_snr = SD | {
        "timestep_spacing": "trailing", "prediction_type": "v_prediction", "clip_sample": False,
        "rescale_betas_zero_snr": True,
    }
    for count in STEPS:
        tensors[f"zero_snr.sample.{count}"] = run(DDIMScheduler(**zero_snr), count, linear, start)
        tensors[f"zero_snr.invert.{count}"] = run(DDIMInverseScheduler(**zero_snr), count, linear, start)
    save_file({k: v.contiguous() for k, v in tensors.items()}, HERE / "ddim.safetensors")


def run(scheduler, count, f, z):
    scheduler.set_timesteps(count)
    for t in scheduler.timesteps:
        z = scheduler.step(f(z, t), t, z).prev_sample
    assert z.isfinite().all()
    return z


def grove(folder):
    """Runs of the real UNet: a window of its outputs and of the latent after every step.

    DDIM works element by element, so a window of the outputs reproduces the same window of the latents."""
    from diffusers import UNet2DConditionModel
    from transformers import AutoTokenizer, CLIPTextModel

    unet = UNet2DConditionModel.from_pretrained(folder, subfolder="unet")
    text = CLIPTextModel.from_pretrained(folder, subfolder="text_encoder")
    tokenizer = AutoTokenizer.from_pretrained(folder, subfolder="tokenizer")

    def encode(prompt):
        length = text.config.max_position_embeddings
        ids = tokenizer(prompt, padding="max_length", max_length=length, truncation=True, return_tensors="pt")
        return text(ids.input_ids).last_hidden_state

    def window(z):
        return z[:, :, 3:12, 20:27].contiguous()

    conditioning = torch.cat([encode(""), encode("mountains at dusk with sun and clouds")])
    size = unet.config.sample_size
    noise = torch.randn(1, unet.config.in_channels, size, size, generator=torch.manual_seed(11))
    tensors = {}
    for count in [2, 10, 50]:
        scheduler = DDIMScheduler.from_pretrained(folder, subfolder="scheduler")
        inverse = DDIMInverseScheduler.from_config(scheduler.config)
        z = noise
        for direction, stepper, scale in [("sample", scheduler, 3.0), ("invert", inverse, 1.0)]:
            stepper.set_timesteps(count)
            tensors[f"{direction}.{count}.timesteps"] = stepper.timesteps.to(torch.float32)
            latents, outputs = [window(z)], []
            for t in stepper.timesteps:
                if scale == 1:
                    output = unet(z, t, encoder_hidden_states=conditioning[:1]).sample
                    outputs.append(window(output))
                else:
                    both = unet(torch.cat([z, z]), t, encoder_hidden_states=conditioning).sample
                    outputs.append(window(both))
                    output = both[:1] + scale * (both[1:] - both[:1])
                z = stepper.step(output, t, z).prev_sample
                latents.append(window(z))
            tensors[f"{direction}.{count}.latents"] = torch.cat(latents)
            tensors[f"{direction}.{count}.outputs"] = torch.cat(outputs)
    save_file(tensors, HERE / "grove.safetensors")


schedules()
spacings()
flow()
ddim()
grove(sys.argv[1])
