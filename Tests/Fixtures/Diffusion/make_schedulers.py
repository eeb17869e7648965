"""Golden data of what diffusers' schedulers make of their files.

From the root of the repository, with torch, torchsde and diffusers installed:

    python3 Tests/Fixtures/Diffusion/make_schedulers.py

Writes schedulers.json beside itself: every class that has alphas_cumprod with its own defaults, and the files in
schedulers/, which are written as models on the hubs have them.
"""

import inspect
import json
import pathlib

import diffusers

HERE = pathlib.Path(__file__).parent
PLACES = [0, 1, 250, 500, 998, 999]
# CogVideoX's two classes shift their signal-to-noise ratio and belong to models without a UNet.
CLASSES = [
    "DDIMScheduler", "DDIMInverseScheduler", "DDIMParallelScheduler", "DDPMScheduler", "DDPMParallelScheduler",
    "PNDMScheduler", "LCMScheduler", "TCDScheduler", "RePaintScheduler", "UnCLIPScheduler", "EulerDiscreteScheduler",
    "EulerAncestralDiscreteScheduler", "LMSDiscreteScheduler", "HeunDiscreteScheduler", "KDPM2DiscreteScheduler",
    "KDPM2AncestralDiscreteScheduler", "DPMSolverSDEScheduler", "DPMSolverMultistepScheduler",
    "DPMSolverMultistepInverseScheduler", "DPMSolverSinglestepScheduler", "UniPCMultistepScheduler",
    "DEISMultistepScheduler", "SASolverScheduler",
]


def alphas(scheduler):
    return [scheduler.alphas_cumprod[i].item() for i in PLACES]


def timesteps(scheduler, count):
    """Those at which the model is asked, ascending, each once."""
    scheduler.set_timesteps(count)
    return sorted({float(t) for t in scheduler.timesteps})


def final(scheduler):
    """ᾱ at the clean end of a run; None for a class that runs the other way."""
    if hasattr(scheduler, "final_alpha_cumprod"):
        return float(scheduler.final_alpha_cumprod)
    if hasattr(scheduler, "initial_alpha_cumprod"):
        return float(scheduler.initial_alpha_cumprod)
    if "Inverse" in type(scheduler).__name__:
        return None
    if not hasattr(scheduler, "sigmas"):
        return 1.0
    scheduler.set_timesteps(10)
    return 1 / (1 + float(scheduler.sigmas[-1]) ** 2)


def accepted(kind, options):
    return {k: v for k, v in options.items() if k in inspect.signature(kind.__init__).parameters}


def row(name):
    kind = getattr(diffusers, name)
    parameters = inspect.signature(kind.__init__).parameters
    scheduler = kind()
    runs = {}
    for spacing in ["leading", "linspace", "trailing"]:
        if name == "DDIMInverseScheduler" and spacing == "linspace":
            continue
        runs[spacing] = timesteps(kind(**accepted(kind, {"timestep_spacing": spacing, "steps_offset": 1})), 10)
    zero = None
    if "rescale_betas_zero_snr" in parameters:
        zero = kind(rescale_betas_zero_snr=True, prediction_type="v_prediction").alphas_cumprod[-1].item()
    return {
        "class": name, "prediction": scheduler.config.get("prediction_type", "epsilon"),
        "clips": bool(scheduler.config.get("clip_sample", False)), "alphas": alphas(scheduler), "final": final(scheduler),
        "zeroSNR": zero, "timesteps": runs,
    }


def file(path):
    configuration = json.loads(path.read_text())
    kind = getattr(diffusers, configuration["_class_name"])
    scheduler = kind.from_config(configuration)
    return {"file": path.name, "prediction": scheduler.config.prediction_type, "alphas": alphas(scheduler)}


assert set(CLASSES) >= {
    name for name in dir(diffusers)
    if name.endswith("Scheduler") and "beta_start" in inspect.signature(getattr(diffusers, name).__init__).parameters
} - {"CogVideoXDDIMScheduler", "CogVideoXDPMScheduler"}
(HERE / "schedulers.json").write_text(json.dumps({
    "places": PLACES, "classes": [row(name) for name in CLASSES],
    "files": [file(path) for path in sorted((HERE / "schedulers").glob("*.json"))],
}, indent=1) + "\n")
