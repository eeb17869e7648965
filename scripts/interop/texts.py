"""Tiny text encoders and what transformers' make of token ids."""

import torch
from filling import fill
from golden import CHECKPOINTS, rng, save_case
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTextModelWithProjection, T5Config, T5EncoderModel

WORDS, TOKENS = 24, 9
START, END = WORDS - 2, WORDS - 1


def clip(layers=2, width=8, inner=20, heads=2, **options):
    return {
        "vocab_size": WORDS, "hidden_size": width, "intermediate_size": inner, "num_hidden_layers": layers,
        "num_attention_heads": heads, "max_position_embeddings": TOKENS, "projection_dim": 6,
        "bos_token_id": START, "eos_token_id": END, "pad_token_id": END, **options,
    }


def t5(layers=2, width=8, head=3, inner=20, heads=4, **options):
    return {
        "vocab_size": WORDS, "d_model": width, "d_kv": head, "d_ff": inner, "num_layers": layers, "num_heads": heads,
        "feed_forward_proj": "gated-gelu", "tie_word_embeddings": False, "relative_attention_num_buckets": 8,
        "relative_attention_max_distance": 12, **options,
    }


def prefixed(tensors):
    """A file of transformers 4: all names under text_model., and the positions among the tensors."""
    named = {f"text_model.{name}": tensor for name, tensor in tensors.items()}
    return named | {"text_model.embeddings.position_ids": torch.arange(TOKENS)[None]}


def embedding_in_the_encoder(tensors):
    """The embedding under the name that files of the encoder alone may have."""
    return {
        {"shared.weight": "encoder.embed_tokens.weight"}.get(name, name): tensor for name, tensor in tensors.items()
    }


CLIPS = {
    "quick-gelu": (CLIPTextModel, clip(), None),
    "gelu": (CLIPTextModel, clip(layers=3, heads=4, inner=12, hidden_act="gelu", layer_norm_eps=1e-6), None),
    # As Stable Diffusion 2 and the second encoder of XL: texts are filled up with id 0, and the configuration's
    # end id 2 is older than the rule that it marks the end.
    "filled-with-0": (CLIPTextModel, clip(hidden_act="gelu", pad_token_id=0, eos_token_id=2), None),
    "prefixed": (CLIPTextModel, clip(layers=1), prefixed),
    "gelu-projection": (CLIPTextModelWithProjection, clip(hidden_act="gelu", pad_token_id=0), None),
    "quick-gelu-projection": (CLIPTextModelWithProjection, clip(layers=1, width=12, heads=3, projection_dim=12), None),
}
T5S = {
    "gated-gelu": (t5(), None),
    "three-layers": (t5(layers=3, width=12, head=4, heads=2), embedding_in_the_encoder),
    "relu": (t5(feed_forward_proj="relu"), None),
}


def ids_of(padding, seed):
    """Three texts: an empty one, one in the middle, one that fills all places. Start, words, end, padding."""
    ids = torch.full((3, TOKENS), padding)
    words = torch.randint(3, START, (3, TOKENS), generator=rng(seed))
    for row, count in enumerate([0, 3, TOKENS - 2]):
        ids[row, 0] = START
        ids[row, 1 : 1 + count] = words[row, :count]
        ids[row, 1 + count] = END
    return ids


def make_clip(name, kind, options, rewrite, seed):
    model = fill(kind(CLIPTextConfig(**options)), seed)
    ids = ids_of(options["pad_token_id"], seed)

    def compute(model):
        output = model(ids, output_hidden_states=True)
        return {
            "last_hidden_state": output.last_hidden_state, "penultimate": output.hidden_states[-2],
            **({"pooled": output.pooler_output} if kind is CLIPTextModel else {"text_embeds": output.text_embeds}),
        }

    save_case(CHECKPOINTS / kind.__name__ / name, model, {"input_ids": ids}, compute, rewrite)


def make_t5(name, options, rewrite, seed):
    """Twenty places, so that relative positions reach the last bucket. No mask, as the pipelines call it."""
    model = fill(T5EncoderModel(T5Config(**options)), seed)
    ids = torch.randint(0, WORDS, (2, 20), generator=rng(seed))
    save_case(CHECKPOINTS / "T5EncoderModel" / name, model, {"input_ids": ids},
              lambda model: {"last_hidden_state": model(ids).last_hidden_state}, rewrite)


def make_all(wanted):
    for seed, (name, (kind, options, rewrite)) in enumerate(CLIPS.items()):
        if wanted(kind.__name__, name):
            make_clip(name, kind, options, rewrite, 2000 + 10 * seed)
    for seed, (name, (options, rewrite)) in enumerate(T5S.items()):
        if wanted("T5EncoderModel", name):
            make_t5(name, options, rewrite, 2500 + 10 * seed)
