"""Golden data of the grove model from torch, diffusers and transformers.

    python3 Tests/Fixtures/OnnxModels/make_grove.py CHECKPOINT

CHECKPOINT is grove in diffusers' layout, the source of samples/grove. Files are raw little-endian float32, their shape in
the name. Sizes are not square and not the model's own.
"""

import json
import sys
from pathlib import Path

import torch
from diffusers import AutoencoderKL, UNet2DConditionModel
from transformers import CLIPTextModel, CLIPTokenizer

source, folder = Path(sys.argv[1]), Path(__file__).parent / "grove"
folder.mkdir(exist_ok=True)
torch.set_num_threads(1)
generator = torch.Generator().manual_seed(20)
vae = AutoencoderKL.from_pretrained(source / "vae").eval()
unet = UNet2DConditionModel.from_pretrained(source / "unet").eval()
text = CLIPTextModel.from_pretrained(source / "text_encoder").eval()
tokenizer = CLIPTokenizer.from_pretrained(source / "tokenizer")


def save(name, tensor):
    (folder / f"{name}.{'x'.join(map(str, tensor.shape))}.f32").write_bytes(tensor.numpy().astype("<f4").tobytes())


with torch.no_grad():
    images = torch.rand(2, 3, 48, 64, generator=generator) * 2 - 1
    latents = torch.randn(2, 4, 12, 20, generator=generator)
    factor = vae.config.scaling_factor
    save("images", images)
    save("encoded", vae.encode(images).latent_dist.mode() * factor)
    save("latents", latents)
    save("decoded", vae.decode(latents / factor).sample)
    prompts = ["", "mountains at dusk with sun and clouds", "A castle by the sea!"]
    ids = tokenizer(prompts, padding="max_length", truncation=True, return_tensors="pt").input_ids
    states = text(ids).last_hidden_state
    save("states", states)
    for timestep in (1, 501, 999):
        save(f"noise-{timestep}", unet(latents, timestep, states[:2]).sample)

TEXTS = [
    "", " ", "mountains", "mountains at dusk with sun and clouds", "Mountains AT Dusk", "hills,dunes;sea!",
    "the sun's over the lake, it's night", "they're we've I'm she'll he'd", "y'all'll ''s 'S 't'",
    "tab\tnew\nline\r\n\u0085nel\u00a0nbsp\u3000ideographic\u2028line", "\u001c\u001f\u200b\ufeffx",
    "123 4.5 ½ ² Ⅷ ٣", "naïve café e\u0301 Å \u212b ﬁ", "İSTANBUL ΣΑΣ ẞ ǅ", "日本語のテキスト", "한국어 각", "😀 👩‍👩‍👧 🇩🇪",
    "a\u0000b", "x_y-z/w\\v", "!!!???...", "(mountains:1.3) [dusk]", "<|endoftext|>", "sea <|startoftext|> at",
    "sea<|endoftext|>at", "<|STARTOFTEXT|>!", "!<|EndOfText|>sea", "<|endoftext", "mountainsmountains", "moonmo",
    "at " * 40, "q" * 100, "mountains " * 13 + "dusk", "mountains " * 14 + "dusk", "mountains " * 15 + "dusk",
    "\u0301x", "क्षि", "ภาษาไทย", "שלום", "مرحبا", "a\u0328\u0301 a\u0301\u0328", "\U0001d54f \U00010400",
]
cases = [{"text": t, "ids": tokenizer(t, padding="max_length", truncation=True).input_ids} for t in TEXTS]
(folder / "tokens.json").write_text(json.dumps(cases, ensure_ascii=True, indent=0) + "\n")
