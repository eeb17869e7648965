#!/usr/bin/env python3
"""Measures what tells of forgeries, and how often it speaks of images that were made apart; writes the tables of
docs/forgery.md.

    benchmarks/forgery.py RINGKEY FOLDER [--write]

What is in the folder already is not made again: key.json, study/ (robustness), varied/ and same/ (generate).
"""
import argparse
import base64
import collections
import csv
import itertools
import json
import math
import pathlib
import statistics
import subprocess

import document
from PIL import Image

LIMIT, SAME_PICTURE = 0.5, 6.0
PROMPTS = [f"{place} at {time}" for place in ["mountains", "hills", "dunes", "sea"]
           for time in ["dawn with clouds", "noon", "dusk with sun", "night with moon"]]
root = pathlib.Path(__file__).resolve().parent.parent


def run(*arguments) -> str:
    result = subprocess.run([str(argument) for argument in arguments], capture_output=True, text=True)
    if result.returncode not in (0, 1, 3):
        raise SystemExit(result.stderr)
    return result.stdout


def sketches(results) -> dict:
    """Of each found image the numbers of its noise, brought to length 1, and those of its picture."""
    found = {}
    for line in open(results):
        verdict = json.loads(line)
        if sketch := verdict.get("noise_sketch"):
            noise = [byte - 256 * (byte > 127) for byte in base64.b64decode(sketch["noise"])]
            length = math.sqrt(sum(number * number for number in noise))
            found[verdict["path"]] = ([number / length for number in noise], base64.b64decode(sketch["picture"]))
    return found


def correlation(one, other) -> float:
    return sum(a * b for a, b in zip(one[0], other[0]))


def are_one_picture(one, other) -> bool:
    return math.sqrt(sum((a - b) ** 2 for a, b in zip(one[1], other[1])) / len(one[1])) <= SAME_PICTURE


def wilson(successes, trials) -> str:
    """The upper end of Wilson's 95 % interval."""
    z, share = 1.959963984540054, successes / trials
    middle = share + z * z / (2 * trials)
    spread = z * math.sqrt(share * (1 - share) / trials + z * z / (4 * trials * trials))
    return f"{(middle + spread) / (1 + z * z / trials):.2g}"


def forgeries(study) -> list:
    with open(study / "labels.csv", newline="") as file:
        labels = {row["path"]: row for row in csv.DictReader(file)}
    known = sketches(study / "results.jsonl")
    originals = [path for path in known if labels[path]["label"] == "watermarked"]
    total, found, paired, among = (collections.Counter() for _ in range(4))
    for path, label in labels.items():
        if label["label"] != "forged":
            continue
        attack = label["group"]
        total[attack] += 1
        if path not in known:
            continue
        found[attack] += 1
        paired[attack] += any(
            correlation(known[path], known[other]) >= LIMIT and not are_one_picture(known[path], known[other])
            for other in originals)
        among[attack] += any(
            correlation(known[path], known[other]) >= LIMIT for other in known if other != path
            and labels[other]["group"] == attack)
    return [[f"`{attack}`", str(total[attack]), str(found[attack]), str(paired[attack]), str(among[attack])] for attack in total]


def apart(ringkey, folder, name, words) -> list:
    results = folder / f"{name}.jsonl"
    if not results.exists():
        run(ringkey, "audit", folder / name, "--key", folder / "key.json", "-o", results, "--quiet")
    known = list(sketches(results).values())
    values = [correlation(one, other) for one, other in itertools.combinations(known, 2)]
    sharing = sum(value >= LIMIT for value in values)
    return [words, str(len(known)), str(len(values)), f"{max(values):.2f}", str(sharing), wilson(sharing, len(values))]


def kept(ringkey, folder, count=16) -> list:
    """Images with the noise that they started from, and with that of the next one."""
    outcomes = collections.Counter()
    for index in range(count):
        image = folder / "varied" / f"image-{1000 + index}.png"
        for name, seed in [("own", 1000 + index), ("other", 1000 + (index + 1) % count)]:
            noise = folder / f"z-{seed}.npy"
            if not noise.exists():
                run(ringkey, "noise", "--key", folder / "key.json", "--seed", seed, "-o", noise, "--quiet")
            verdict = json.loads(run(ringkey, "verify", image, "--key", folder / "key.json", "--noise", noise, "--json"))
            outcomes.update((name, finding["code"]) for finding in verdict["findings"])
    return [[words, str(count), str(outcomes[name, "shares_noise"]), str(outcomes[name, "noise_disagrees"])]
            for words, name in [("its own noise", "own"), ("another image's noise", "other")]]


def residuals(ringkey, folder) -> list:
    """Of decoder inversion, by what was done to the images."""
    rows = []
    for words, place in [("clean", "clean"), ("marked", "marked"), ("`copy`", "attacked/copy/marked"),
                         ("`average:4`", "attacked/average-4/marked"), ("`average:16`", "attacked/average-16/marked")]:
        lines = run(ringkey, "verify", *sorted((folder / "study" / place).glob("*.png")), "--key", folder / "key.json",
                    "--looks", "anderson:4/10", "--search", "none", "--all-looks", "--json", "--quiet").splitlines()
        values = sorted(stage["residual"] for line in lines for stage in json.loads(line)["stages"] if "residual" in stage)
        rows.append([words, str(len(values))] + [f"{value:.3f}" for value in (values[0], statistics.median(values), values[-1])])
    return rows


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("ringkey")
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    ringkey, folder = options.ringkey, options.folder
    folder.mkdir(parents=True, exist_ok=True)
    key = folder / "key.json"
    if not key.exists():
        run(ringkey, "keygen", "-o", key, "--latent", "4x32x32", "--quiet")
    if not (folder / "study").exists():
        run(ringkey, "robustness", "--key", key, "-n", 17, "--attacks", "none,forged", "-o", folder / "study", "--quiet")
    if not (folder / "varied").exists():
        (folder / "prompts.txt").write_text("\n".join(PROMPTS) + "\n")
        run(ringkey, "generate", "--prompt-file", folder / "prompts.txt", "--count", 10, "--key", key, "--seed", 1000, "-o",
            folder / "varied", "--quiet")
    if not (folder / "same").exists():
        run(ringkey, "generate", "--prompt", "mountains at noon", "--count", 50, "--key", key, "--seed", 5000, "-o",
            folder / "same", "--quiet")
    if not (folder / "compressed").exists():
        (folder / "compressed").mkdir()
        for image in sorted((folder / "varied").glob("*.png")):
            Image.open(image).convert("RGB").save(folder / "compressed" / f"{image.stem}.jpg", quality=50)
    sections = {
        "forgeries": document.table(
            ["attack", "forgeries", "found", "in a pair with an original", "in a pair with each other"],
            forgeries(folder / "study")),
        "apart": document.table(
            ["images", "", "pairs", "largest correlation", "pairs from 0.5 on", "at most (95 %)"],
            [apart(ringkey, folder, "varied", "sixteen prompts"), apart(ringkey, folder, "same", "one prompt"),
             apart(ringkey, folder, "compressed", "sixteen prompts, JPEG of quality 50")]),
        "kept": document.table(
            ["verified with", "images", "`shares_noise`", "`noise_disagrees`"], kept(ringkey, folder)),
        "residuals": document.table(
            ["images", "", "smallest residual", "median", "largest"], residuals(ringkey, folder)),
    }
    print(*sections.values(), sep="\n\n")
    if options.write:
        document.write(root / "docs" / "forgery.md", sections)


main()
