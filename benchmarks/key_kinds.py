#!/usr/bin/env python3
"""How well each kind of key is found in images of grove: a table of docs/science.md.

    python3 benchmarks/key_kinds.py [--count 24] [--work DIR] [--write]

Draws one key of each kind, marks images with it (guidance 3, 50 steps, 16 prompts in turn), and verifies them as they are and
as JPEG of quality 50, with all of the tool's default looks, of which the best counts. What was verified is kept in the work
folder. Needs Pillow and NumPy.
"""

import json
import subprocess

import numpy as np
from PIL import Image

import document
import page_arguments
from robustness import TERRAINS, TIMES

PAGE = "docs/science.md"
KINDS = {
    "`spread`, radius 10, four channels (default)": ["--pattern", "spread"],
    "`spread`, radius 8, four channels": ["--pattern", "spread", "--radius", "8"],
    "`spread`, radius 10, one channel": ["--pattern", "spread", "--channels", "3"],
    "`ring`, radius 10, four channels": ["--pattern", "ring"],
    "`ring`, radius 10, one channel": ["--pattern", "ring", "--channels", "3"],
}
LOG10_RATE = -6


def ringkey(arguments, *command):
    result = subprocess.run([str(part) for part in (arguments.ringkey, *command)], capture_output=True, text=True)
    if result.returncode not in (0, 1, 3):
        raise SystemExit(result.stderr)
    return result.stdout


def evidence(arguments, name, flags):
    """{"png": [[log10 p, cosine]], "jpeg": …} of one key's images, and how many numbers the key has."""
    folder = arguments.work / "".join(c if c.isalnum() else "-" for c in name).strip("-")
    key, verdicts = folder / "key.json", folder / f"verdicts-{arguments.count}.json"
    if not verdicts.exists():
        folder.mkdir(parents=True, exist_ok=True)
        common = ["--model", arguments.model, "--threads", arguments.threads, "--quiet"]
        if not key.exists():
            ringkey(arguments, "keygen", "-o", key, "--model", arguments.model, *flags)
        prompts = folder / "prompts.txt"
        prompts.write_text("".join(f"{TERRAINS[i // 4 % 4]} at {TIMES[i % 4]}\n" for i in range(arguments.count)))
        ringkey(arguments, "generate", *common, "--prompt-file", prompts, "--guidance", 3, "--seed", 70000, "--key", key,
                "--force", "-o", folder / "png")
        (folder / "jpeg").mkdir(exist_ok=True)
        for path in (folder / "png").glob("*.png"):
            Image.open(path).save(folder / "jpeg" / f"{path.stem}.jpg", quality=50)
        found = {}
        for kind in ("png", "jpeg"):
            images = [path for path in sorted((folder / kind).iterdir()) if path.suffix in (".png", ".jpg")]
            lines = ringkey(arguments, "verify", *images, "--key", key, *common, "--all-looks", "--search", "none", "--json", "--decoys", 0)
            judged = [json.loads(line) for line in lines.splitlines()]
            found[kind] = [(verdict["log10_p"], verdict["cosine"]) for verdict in judged]
            found["numbers"] = judged[0]["dimension"]
        verdicts.write_text(json.dumps(found))
    return json.loads(verdicts.read_text())


def main():
    parser = page_arguments.parser(__doc__, "key-kinds", PAGE)
    parser.add_argument("--count", type=int, default=24, help="images of each kind")
    arguments = parser.parse_args()
    rows = []
    for name, flags in KINDS.items():
        found = evidence(arguments, name, flags)
        row = [name, found["numbers"]]
        for kind in ("png", "jpeg"):
            scores, cosines = np.array(found[kind]).T
            row += [f"{(scores <= LOG10_RATE).sum()} of {len(scores)}", f"{np.median(cosines):.2f}",
                    f"{np.median(scores):.1f}", f"{scores.max():.1f}"]
        rows.append(row)
        print(rows[-1], flush=True)
    if arguments.write:
        document.write(page_arguments.ROOT / PAGE, {"key-kinds": document.table(
            ["key, latent 4x32x32", "numbers", "found at 1e-6", "median cosine", "median log10 p", "weakest",
             "JPEG 50: found", "median cosine", "median log10 p", "weakest"], rows)})


if __name__ == "__main__":
    main()
