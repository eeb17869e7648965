"""The same checkpoint in the other forms that folders of diffusers have: half-precision variants, shards, links.

    python3 scripts/interop/variants.py FOLDER TARGET

Writes TARGET/fp16, TARGET/bf16, TARGET/sharded, TARGET/sharded-fp16 and TARGET/hub, a cache as huggingface_hub keeps it, whose snapshot
links to blobs. All have the golden outputs of FOLDER if its weights are exact in half precision.
"""

import hashlib
import os
import pathlib
import shutil
import sys

import torch
from diffusers import DiffusionPipeline
from golden import quiet

SHARD = "20KB"
REVISION = "0123456789abcdef0123456789abcdef01234567"


def load(folder, dtype=torch.float32):
    """The pipeline, in the given type throughout."""
    return DiffusionPipeline.from_pretrained(folder, dtype=dtype)


def halved(folder, target, name, dtype):
    load(folder, dtype).save_pretrained(target, variant=name)


def plain_bfloat16(folder, target):
    load(folder, torch.bfloat16).save_pretrained(target)


def sharded(folder, target):
    load(folder).save_pretrained(target, max_shard_size=SHARD)


def sharded_half(folder, target):
    load(folder, torch.float16).save_pretrained(target, variant="fp16", max_shard_size=SHARD)


def hub_cache(folder, target):
    """blobs by hash, refs/main, and snapshots/REVISION of relative links; returns the snapshot."""
    blobs, snapshot = target / "blobs", target / "snapshots" / REVISION
    blobs.mkdir(parents=True)
    (target / "refs").mkdir()
    (target / "refs/main").write_text(REVISION)
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        blob = blobs / hashlib.sha256(file.read_bytes()).hexdigest()
        shutil.copyfile(file, blob)
        link = snapshot / file.relative_to(folder)
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(os.path.relpath(blob, link.parent))
    return snapshot


def make_all(folder, target):
    """Folders by the name of their form."""
    shutil.rmtree(target, ignore_errors=True)
    halved(folder, target / "fp16", "fp16", torch.float16)
    plain_bfloat16(folder, target / "bf16")
    sharded(folder, target / "sharded")
    sharded_half(folder, target / "sharded-fp16")
    return {
        "fp16 variant": target / "fp16", "bf16": target / "bf16", "sharded": target / "sharded",
        "fp16 variant, sharded": target / "sharded-fp16",
        "links of a hub cache": hub_cache(folder, target / "hub"),
    }


if __name__ == "__main__":
    quiet()
    make_all(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
