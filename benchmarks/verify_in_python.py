"""The work of `ringkey verify` in Python with PyTorch and diffusers, for comparison.

    python3 benchmarks/verify_in_python.py MODEL KEY.npy EVALUATIONS STEPS THREADS IMAGE [IMAGE …]

KEY.npy is what `ringkey key export` writes. Encodes each image, inverts the decoder by Anderson acceleration, walks DDIM
back with the empty prompt at guidance 1, and takes the cosine of the recovered spectrum with the key's. Prints one JSON
line an image with the cosine and the seconds, then one with the seconds before the first image.
"""

import json
import sys
import time

start = time.perf_counter()
import warnings

import numpy as np
import torch
from diffusers import AutoencoderKL, DDIMInverseScheduler, UNet2DConditionModel
from PIL import Image
from transformers import CLIPTextModel, CLIPTokenizer

warnings.filterwarnings("ignore")
torch.set_grad_enabled(False)
model, key_file, evaluations, steps, threads = sys.argv[1], sys.argv[2], *map(int, sys.argv[3:6])
torch.set_num_threads(threads)

vae = AutoencoderKL.from_pretrained(f"{model}/vae")
unet = UNet2DConditionModel.from_pretrained(f"{model}/unet")
tokenizer = CLIPTokenizer.from_pretrained(f"{model}/tokenizer")
text = CLIPTextModel.from_pretrained(f"{model}/text_encoder")
scheduler = DDIMInverseScheduler.from_pretrained(f"{model}/scheduler")
scheduler.set_timesteps(steps)
scale = vae.config.scaling_factor
ids = tokenizer("", padding="max_length", max_length=tokenizer.model_max_length, return_tensors="pt").input_ids
empty = text(ids)[0]
key = np.load(key_file)[0]


def encode(images):
    return vae.encode(images).latent_dist.mode() * scale


def invert_decoder(encoded):
    """Anderson acceleration of z = z - (E(D(z)) - E(x)); the evaluated point of the smallest residual."""
    point, points, residuals = encoded, [], []
    for _ in range(evaluations):
        residual = encode(vae.decode(point / scale).sample) - encoded
        points.append(point)
        residuals.append(residual)
        step = residual
        shift = torch.zeros_like(point)
        if len(points) > 1:
            z = torch.stack([b - a for a, b in zip(points, points[1:])][-5:]).flatten(1)
            t = torch.stack([b - a for a, b in zip(residuals, residuals[1:])][-5:]).flatten(1)
            gram = t @ t.T
            gram += 1e-6 * gram.trace() / len(gram) * torch.eye(len(gram))
            gamma = torch.linalg.solve(gram, t @ residual.flatten())
            shift = ((z - t) * gamma[:, None]).sum(0).view_as(point)
        point = point - step - shift
    return points[int(np.argmin([r.norm() for r in residuals]))]


def cosine(noise):
    spectrum = np.fft.fftshift(np.fft.fft2(noise), axes=(-1, -2))
    mask = key != 0
    measured, wanted = spectrum[mask], key[mask]
    return float((measured.conj() * wanted).real.sum() / np.linalg.norm(measured) / np.linalg.norm(wanted))


ready = time.perf_counter() - start
for path in sys.argv[6:]:
    begin = time.perf_counter()
    pixels = np.asarray(Image.open(path).convert("RGB"), dtype=np.float32) / 127.5 - 1
    encoded = encode(torch.from_numpy(pixels).permute(2, 0, 1)[None])
    after_encoding = time.perf_counter()
    latent = invert_decoder(encoded)
    after_decoder = time.perf_counter()
    for timestep in scheduler.timesteps:
        latent = scheduler.step(unet(latent, timestep, empty).sample, timestep, latent).prev_sample
    after_diffusion = time.perf_counter()
    value = cosine(latent[0].numpy())
    print(json.dumps({"path": path, "cosine": value, "seconds": time.perf_counter() - begin,
                      "encoding": after_encoding - begin, "decoder_inversion": after_decoder - after_encoding,
                      "diffusion_inversion": after_diffusion - after_decoder}), flush=True)
print(json.dumps({"ready": ready}))
