"""Tiny text encoders and what transformers' make of token ids."""

import torch
from filling import fill
from golden import CHECKPOINTS, rng, save_case
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTextModelWithProjection

WORDS, TOKENS = 24, 9


def clip(layers=2, width=8, inner=20, heads=2, **options):
    return {
        "vocab_size": WORDS, "hidden_size": width, "intermediate_size": inner, "num_hidden_layers": layers,
        "num_attention_heads": heads, "max_position_embeddings": TOKENS, "projection_dim": 6,
        "bos_token_id": WORDS - 2, "eos_token_id": WORDS - 1, "pad_token_id": WORDS - 1, **options,
    }


CLIPS = {
    "quick-gelu": (CLIPTextModel, clip()),
}


def ids_of(config, seed):
    """Three texts: an empty one, one in the middle, one that fills all places. Start, words, end, padding."""
    ids = torch.full((3, TOKENS), config.pad_token_id)
    words = torch.randint(2, WORDS - 2, (3, TOKENS), generator=rng(seed))
    for row, count in enumerate([0, 3, TOKENS - 2]):
        ids[row, 0] = config.bos_token_id
        ids[row, 1 : 1 + count] = words[row, :count]
        ids[row, 1 + count] = WORDS - 1
    return ids


def make_clip(name, kind, options, seed):
    model = fill(kind(CLIPTextConfig(**options, attn_implementation="eager")), seed)
    ids = ids_of(model.config, seed)
    output = model(ids, output_hidden_states=True)
    outputs = {"last_hidden_state": output.last_hidden_state, "penultimate": output.hidden_states[-2]}
    if kind is CLIPTextModel:
        outputs["pooled"] = output.pooler_output
    else:
        outputs["text_embeds"] = output.text_embeds
    save_case(CHECKPOINTS / kind.__name__ / name, model, {"input_ids": ids}, outputs)


def make_all(wanted):
    for seed, (name, (kind, options)) in enumerate(CLIPS.items()):
        if wanted(kind.__name__, name):
            make_clip(name, kind, options, 2000 + 10 * seed)
