"""Tiny random models made by diffusers and transformers, with what these libraries compute from them.

    python3 scripts/interop/tiny.py [WORD ...]

Writes Tests/Fixtures/checkpoints; with words, only the cases whose "class/case" has one of them. The README there lists
the cases and says what is in the files.
"""

import sys

import autoencoders
import images
import texts
import unets
from golden import quiet


def main():
    quiet()
    words = sys.argv[1:]

    def wanted(kind, name):
        return not words or any(word in f"{kind}/{name}" for word in words)

    for module in (autoencoders, unets, texts, images):
        module.make_all(wanted)


main()
