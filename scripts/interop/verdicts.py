"""Verdicts of the sample images by the sample model's export and by the same model in every form of a checkpoint.

    make interop
    python3 scripts/interop/verdicts.py [--ringkey .build/release/ringkey]

All looks are made of every image, without a calibration, which belongs to one model's digest. Prints, for each form,
whether the decisions are the export's, how many looks give the very same numbers, and the largest differences of log10 p and of the cosine with the key; exits with 1 where a decision
differs.
"""

import argparse
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

import plain
import variants
from golden import ROOT, quiet

SAMPLES = ROOT / "samples"


def verify(ringkey, model, *flags):
    """The documents of all sample images, by path."""
    images = sorted(path for path in (SAMPLES / "images").rglob("*") if path.is_file())
    process = subprocess.run(
        [ringkey, "verify", "--json", "--quiet", "--all-looks", "--model", model, "--key", SAMPLES / "demo.key.json",
         "--calibration", "none", *flags, *images],
        capture_output=True, text=True)
    documents = [json.loads(line) for line in process.stdout.splitlines() if line.startswith("{")]
    if process.returncode not in (0, 1, 3) or len(documents) != len(images):
        sys.exit(f"{model}: exit {process.returncode}\n{process.stderr}")
    return {document["path"]: document for document in documents}


def row(name, reference, documents):
    """One line of the table; whether all decisions are the reference's."""
    decisions = sum(documents[path]["verdict"] == document["verdict"] for path, document in reference.items())
    looks = [
        (ours, theirs) for path, document in reference.items()
        for ours, theirs in zip(documents[path]["looks"], document["looks"], strict=True)]
    equal = sum(ours["cosine"] == theirs["cosine"] for ours, theirs in looks)
    apart = {
        member: max(abs(ours[member] - theirs[member]) for ours, theirs in looks) for member in ("log10_p", "cosine")}
    print(f"| {name} | {decisions} of {len(reference)} | {equal} of {len(looks)} | {apart['log10_p']:.1e} "
          f"| {apart['cosine']:.1e} |", flush=True)
    return decisions == len(reference)


def autoencoder_alone(source, target):
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(source / "vae", target)
    return target


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ringkey", type=pathlib.Path, default=ROOT / ".build/release/ringkey")
    ringkey = parser.parse_args().ringkey.resolve()
    quiet()
    print("| grove as | decisions | looks with equal cosines | log10 p at most apart | cosine at most apart |")
    print("| :-- | --: | --: | --: | --: |")
    with tempfile.TemporaryDirectory() as name:
        work = pathlib.Path(name)
        plain.copy(SAMPLES / "grove", work / "plain")
        forms = {"diffusers folder": work / "plain", **variants.make_all(work / "plain", work / "forms")}
        export = verify(ringkey, SAMPLES / "grove")
        passed = [row(form, export, verify(ringkey, folder)) for form, folder in forms.items()]
        alone = autoencoder_alone(work / "plain", work / "vae")
        first = verify(ringkey, SAMPLES / "grove", "--looks", "none/0")
        passed.append(row("autoencoder alone, look none/0", first, verify(ringkey, alone, "--looks", "none/0")))
    sys.exit(0 if all(passed) else 1)


main()
