"""Golden data of DPM-Solver++ and its naive inversion, made by diffusers.

From the root of the repository, with torch, diffusers and safetensors installed:

    python3 Tests/Fixtures/Diffusion/make_dpm.py

Writes dpm.safetensors beside itself: the last latent of each run in single precision, the key spelling the options.
"""

import pathlib

import torch
from diffusers import DPMSolverMultistepInverseScheduler, DPMSolverMultistepScheduler
from safetensors.torch import save_file

HERE = pathlib.Path(__file__).parent
SD = {"beta_start": 0.00085, "beta_end": 0.012, "beta_schedule": "scaled_linear"}
STEPS = [1, 2, 5, 10, 25, 50]
torch.set_num_threads(1)
torch.set_grad_enabled(False)
ALPHAS = DPMSolverMultistepScheduler(**SD).alphas_cumprod.double()


def constant(z, t):
    return torch.linspace(-0.5, 1, z[0].numel()).reshape(z[:1].shape).expand(z.shape)


def linear(z, t):
    return 0.3 * z + 0.1 * (t / 1000) - 0.05


def mixture(z, t):
    """ε of the mixture 2·N(+0.6, 0.09) + 1·N(-0.4, 0.25) with the same mean in every element, at training step t."""
    alpha, sigma = ALPHAS[int(t)].sqrt(), (1 - ALPHAS[int(t)]).sqrt()
    z = z.double()
    parts = []
    for weight, mean, variance in [(2.0, 0.6, 0.09), (1.0, -0.4, 0.25)]:
        v = alpha**2 * variance + sigma**2
        distance = ((z - alpha * mean) ** 2).flatten(1).sum(1)
        count = z[0].numel()
        density = torch.log(torch.tensor(weight)) - 0.5 * distance / v - 0.5 * count * torch.log(v)
        parts.append((density, sigma / v * (z - alpha * mean)))
    shares = torch.softmax(torch.stack([density for density, _ in parts]), 0)
    return sum(share.reshape(-1, 1, 1, 1) * noise for share, (_, noise) in zip(shares, parts)).float()


def run(scheduler, count, f, z):
    scheduler.set_timesteps(count)
    for t in scheduler.timesteps:
        z = scheduler.step(f(z, t), t, z).prev_sample
    return z


def options():
    for order in [1, 2, 3]:
        for spacing in ["leading", "linspace", "trailing"]:
            for final in ["zero", "sigma_min"]:
                yield f"{order}.{spacing}.{final}", {
                    "solver_order": order, "timestep_spacing": spacing, "final_sigmas_type": final}
        yield f"{order}.karras", {"solver_order": order, "use_karras_sigmas": True}
    yield "2.heun", {"solver_order": 2, "solver_type": "heun"}
    yield "3.full", {"solver_order": 3, "lower_order_final": False, "final_sigmas_type": "sigma_min"}
    yield "2.euler", {"solver_order": 2, "euler_at_final": True, "final_sigmas_type": "sigma_min"}


torch.manual_seed(9)
start = torch.randn(1, 2, 3, 5)
tensors = {"start": start}
for name, settings in options():
    for predictor, kinds in [
        (constant, ["epsilon"]), (linear, ["epsilon", "v_prediction", "sample"]), (mixture, ["epsilon"]),
    ]:
        for kind in kinds:
            for count in STEPS:
                common = SD | {"steps_offset": 1, "prediction_type": kind} | settings
                key = f"{predictor.__name__}.{kind}.{name}.{count}"
                tensors["sample." + key] = run(DPMSolverMultistepScheduler(**common), count, predictor, start)
                inverse = {k: v for k, v in common.items() if k != "final_sigmas_type"}
                # Of Karras's levels some round to one timestep; diffusers then drops timesteps and keeps the levels.
                scheduler = DPMSolverMultistepInverseScheduler(**inverse)
                scheduler.set_timesteps(count)
                if "zero" not in name and len(scheduler.timesteps) == count:
                    z = run(scheduler, count, predictor, start)
                    # The last level of `trailing` is there twice; diffusers' third order divides by their distance.
                    if z.isfinite().all():
                        tensors["invert." + key] = z
for count in STEPS:
    for order in [1, 2, 3]:
        flow = DPMSolverMultistepScheduler(
            prediction_type="flow_prediction", use_flow_sigmas=True, flow_shift=3.0, solver_order=order)
        tensors[f"sample.flow.{order}.{count}"] = run(flow, count, linear, start)
assert all(z.isfinite().all() for z in tensors.values())
save_file({key: value.contiguous() for key, value in tensors.items()}, HERE / "dpm.safetensors")
