"""The autoencoder of a diffusers folder as a folder of its own, in float16.

    python3 scripts/autoencoder_alone.py samples/grove samples/grove-vae
"""

import json
import pathlib
import sys

import torch
from diffusers import AutoencoderKL

source, target = map(pathlib.Path, sys.argv[1:])
AutoencoderKL.from_pretrained(source / "vae", dtype=torch.float16).save_pretrained(target)
# Where it came from on this machine is no part of it.
config = json.loads((target / "config.json").read_text())
config.pop("_name_or_path", None)
(target / "config.json").write_text(json.dumps(config, indent=2) + "\n")
