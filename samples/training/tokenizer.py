#!/usr/bin/env python3
"""The sample models' CLIP tokenizer: bytes, and merges that make one token of every word of the prompts.

    python3 samples/training/tokenizer.py out/grove/tokenizer
"""

import json
import sys
from pathlib import Path

from transformers import CLIPTokenizer

WORDS = (
    "mountains hills dunes sea at dawn noon dusk night with and sun moon clouds pines a the landscape over under sky "
    "lake"
).split()
LENGTH = 16
START, END = "<|startoftext|>", "<|endoftext|>"
WORD_END = "</w>"


def byte_letters():
    """The letter that stands for each byte in CLIP's vocabulary, in its order: printable bytes stand for themselves
    and come first, the others are numbered from 256 upwards."""
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [byte for byte in range(256) if byte not in printable]
    letters = {byte: chr(byte) for byte in printable} | {byte: chr(256 + i) for i, byte in enumerate(others)}
    return [letters[byte] for byte in range(256)]


def build(folder):
    """Writes vocab.json and merges.txt; returns the tokenizer."""
    letters = byte_letters()
    vocabulary, merges = letters + [letter + WORD_END for letter in letters], []
    for word in WORDS:
        start, *rest = [*word[:-1], word[-1] + WORD_END]
        for letter in rest:
            if (start, letter) not in merges:
                merges.append((start, letter))
                vocabulary.append(start + letter)
            start += letter
    vocabulary += [START, END]
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    numbered = {token: number for number, token in enumerate(vocabulary)}
    (folder / "vocab.json").write_text(json.dumps(numbered, ensure_ascii=False))
    (folder / "merges.txt").write_text("#version: 0.2\n" + "".join(f"{a} {b}\n" for a, b in merges))
    return CLIPTokenizer(str(folder / "vocab.json"), str(folder / "merges.txt"), model_max_length=LENGTH,
                         pad_token=END)


if __name__ == "__main__":
    made = build(sys.argv[1])
    made.save_pretrained(sys.argv[1])
    print(f"{sys.argv[1]}: {len(made)} tokens; " + " | ".join(made.tokenize("mountains at dusk with a castle")))
