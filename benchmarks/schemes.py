#!/usr/bin/env python3
"""Compares the schemes on images of the same prompts under the same attacks, and writes the tables of docs/schemes.md.

    benchmarks/schemes.py RINGKEY FOLDER [--count 16] [--only WORD] [--write]

For each scheme a key is made, `robustness` makes and attacks images with it, and the tables are what its results say. Keys
whose message is not known cannot mark: they are looked for in the images of those whose is. With --only the rows whose names
have the word are measured, and the others stay as they are.
"""
import argparse
import csv
import hashlib
import json
import pathlib
import re
import statistics
import subprocess

import document

ATTACKS = ["none", "jpeg:50", "jpeg:25", "resize:50", "blur:4", "noise:0.1", "crop:75", "rotation:15", "vae:1", "regenerate:60"]
root = pathlib.Path(__file__).resolve().parent.parent


def run(*arguments) -> None:
    subprocess.run([str(argument) for argument in arguments], check=True, stdout=subprocess.DEVNULL)


def make_keys(ringkey, folder) -> dict:
    """The options that name each scheme's key, and the study whose images it is looked for in."""
    keys = {name: folder / f"{name}.key.json" for name in ["spread", "ring", "shading", "seed", "votes", "prc", "ringid"]}
    shape = ["--latent", "4x32x32"]
    run(ringkey, "keygen", "-o", keys["spread"], *shape)
    run(ringkey, "keygen", "-o", keys["ring"], "--pattern", "ring", *shape)
    run(ringkey, "keygen", "-o", keys["shading"], "--scheme", "gaussian-shading", "--message", "user 7", *shape)
    run(ringkey, "key", "import", "--torch-seed", 42, "--shape", "4x32x32", "-o", keys["seed"])
    shading = json.loads(keys["shading"].read_text())
    secret = folder / "chacha.hex"
    secret.write_text(shading["secret"])
    secret.chmod(0o600)
    run(ringkey, "key", "import", "--chacha-key", secret, "--chacha-nonce", shading["nonce"], "--shape", "4x32x32", "-o",
        keys["votes"])
    run(ringkey, "keygen", "-o", keys["prc"], "--scheme", "prc", "--message", "user 7", *shape)
    run(ringkey, "keygen", "-o", keys["ringid"], "--scheme", "ringid", *shape)
    unknown = without_message(json.loads(keys["prc"].read_text()))
    (folder / "any.key.json").write_text(json.dumps(unknown))
    (folder / "any.key.json").chmod(0o600)
    ring, labels = folder / "customers.ring", folder / "labels.txt"
    labels.write_text("".join(f"customer-{index}\n" for index in range(1000)))
    run(ringkey, "keyring", "new", ring, *shape)
    run(ringkey, "keyring", "derive", ring, "--from", labels)
    run(ringkey, "keyring", "derive", ring, "customer-7", "--again", "-o", folder)
    return {
        "`spread`, 4 channels": (["--key", keys["spread"]], None),
        "`ring`, 4 channels": (["--key", keys["ring"]], None),
        "Gaussian Shading, 64 bits": (["--key", keys["shading"]], None),
        "Gaussian Shading, message not known": (["--key", keys["votes"]], "Gaussian Shading, 64 bits"),
        "PRC, 64 bits": (["--key", keys["prc"]], None),
        "PRC, message not known": (["--key", folder / "any.key.json"], "PRC, 64 bits"),
        "RingID, 2 channels": (["--key", keys["ringid"]], None),
        "seed": (["--key", keys["seed"]], None),
        "`spread+pilot`": (["--key", folder / "customer-7.key.json"], None),
        "one of 1,000 keys of a ring": (["--keyring", ring], "`spread+pilot`"),
    }


def without_message(key) -> dict:
    """The same key of PRC reading any message, with its fingerprint (docs/schemes/prc.md)."""
    del key["message"]
    text = (f"prc source=secret check_weight={key['check_weight']} message_bits={key['message_bits']} "
            f"test_bits={key['test_bits']} latent={'x'.join(map(str, key['latent']))} message=unknown")
    content = f"{key['format']} id\n{text}\n".encode() + bytes.fromhex(key["secret"])
    return key | {"id": hashlib.sha256(content).hexdigest()[:16]}


def kept(section) -> dict:
    """The rows of a table of docs/schemes.md, by their first columns."""
    text = (root / "docs" / "schemes.md").read_text()
    body = re.search(f"<!-- bench:{section} -->(.*?)<!-- /bench:{section} -->", text, re.S)[1]
    rows = [[cell.strip() for cell in line.strip("|\n ").split("|")] for line in body.splitlines() if line.startswith("|")]
    return {row[0]: row for row in rows[2:]}


def results(study) -> tuple[dict, int, int]:
    """By attack the logarithms of the marked images' p-values and how many were found; finds among clean images."""
    with open(study / "labels.csv", newline="") as file:
        labels = {row["path"]: row for row in csv.DictReader(file)}
    found, wrong, clean = {attack: [] for attack in ATTACKS}, 0, 0
    for line in open(study / "results.jsonl"):
        verdict = json.loads(line)
        if verdict.get("format") != "ringkey.verdict/1":
            continue
        label, is_found = labels[verdict["path"]], verdict["verdict"] == "watermarked"
        if label["label"] == "clean":
            clean += 1
            wrong += is_found
        else:
            found[label["group"]].append((verdict.get("log10_p", 0), is_found))
    return found, wrong, clean


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("ringkey")
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--count", type=int, default=16)
    parser.add_argument("--only", default="")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    options.folder.mkdir(parents=True)
    keys, studies = make_keys(options.ringkey, options.folder), {}
    rows = {"found": {}, "p": {}}
    for number, (name, (key, other)) in enumerate(keys.items()):
        if options.only not in name:
            for section in rows:
                if name in (old := kept(section)):
                    rows[section][name] = old[name]
            continue
        study = studies[name] = options.folder / f"study-{number}"
        images = ["--marked", studies[other] / "marked", "--clean", studies[other] / "clean"] if other else []
        run(options.ringkey, "robustness", *key, *images, "-n", options.count, "--attacks", ",".join(ATTACKS), "-o", study,
            "--seed", 1, "--quiet")
        found, wrong, clean = results(study)
        rows["found"][name] = [name] + [sum(one for _, one in found[attack]) for attack in ATTACKS] + [f"{wrong} of {clean}"]
        rows["p"][name] = [name] + [f"{round(statistics.median(p for p, _ in found[attack]))}" for attack in ATTACKS]
        print(rows["found"][name], rows["p"][name], flush=True)
    names = [f"`{attack}`" for attack in ATTACKS]
    sections = {
        "found": document.table([f"of {options.count}"] + names + ["clean"], list(rows["found"].values())),
        "p": document.table(["log₁₀ p"] + names, list(rows["p"].values())),
    }
    print(sections["found"], sections["p"], sep="\n\n")
    if options.write:
        document.write(root / "docs" / "schemes.md", sections)


main()
