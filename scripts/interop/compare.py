"""Compares what ringkey builds over checkpoints with what diffusers and transformers compute from the same files.

    make interop
    python3 scripts/interop/compare.py [--interop .build/release/interop] [--work FOLDER] [--real FOLDER]

Three kinds of checkpoints: the tiny networks of Tests/Fixtures/checkpoints, a class at a time; tiny pipelines, made in
FOLDER, as folders in every form and as single files; and, with --real, what real.py made there. Prints a table of
relative differences and exits with 1 where one is above 1e-4 or a checkpoint is refused that should not be, or taken that
should be refused.
"""

import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

import pipelines
import variants
from golden import CHECKPOINTS, ROOT, quiet

LIMIT = 1e-4
CLASSES = ["AutoencoderKL", "AutoencoderTiny", "UNet2DConditionModel", "CLIPTextModel", "CLIPTextModelWithProjection",
           "SD3Transformer2DModel", "FluxTransformer2DModel", "T5EncoderModel"]
# An inpainting model sees more than a latent; a consistency model's guidance would have to be chosen.
REFUSED = ["UNet2DConditionModel/nine-channels", "UNet2DConditionModel/guidance-condition"]


class Table:
    """Rows as they come, and whether all of them are as they should be."""

    def __init__(self):
        self.failures, self.rows, self.places = 0, 0, [ROOT]

    def head(self, title):
        print(f"\n### {title}\n\n| checkpoint | output | max abs(a - b) / max abs(b) | ‖a - b‖ / ‖b‖ |\n| :-- | :-- | --: | --: |")

    def add(self, name, line, refused=False):
        for comparison in line["comparisons"]:
            bad = refused or comparison["largest"] > LIMIT
            self.row(name, comparison["output"], f"{comparison['largest']:.1e}", f"{comparison['norm']:.1e}", bad)
        if not line["comparisons"]:
            reason = " ".join(line.get("refusal", "nothing was compared").replace("|", "/").split())
            for place in self.places:
                reason = reason.replace(f"{place}/", "")
            self.row(name, f"refused: {reason}", "", "", not refused)

    def row(self, name, output, largest, norm, bad):
        self.rows += 1
        self.failures += bad
        print(f"| {name} | {output}{' **FAIL**' if bad else ''} | {largest} | {norm} |", flush=True)


class Runner:
    """Calls of the compiled comparison."""

    def __init__(self, binary, table):
        self.binary, self.table = binary, table

    def __call__(self, name, path, golden, *flags, refused=False):
        process = subprocess.run([self.binary, *flags, path, golden], capture_output=True, text=True)
        lines = [json.loads(line) for line in process.stdout.splitlines()]
        if process.returncode or not lines:
            lines = [{"comparisons": [], "refusal": f"exit {process.returncode}: {process.stderr.strip()[-200:]}"}]
        self.table.add(name, lines[0], refused)


def compare_classes(run):
    for kind in CLASSES:
        run.table.head(kind)
        for folder in sorted((CHECKPOINTS / kind).iterdir()):
            refused = f"{kind}/{folder.name}" in REFUSED
            run(folder.name, folder, folder / "golden.safetensors", refused=refused)
    run.table.head("Classes and options that are not supported")
    for folder in sorted((CHECKPOINTS / "refused").iterdir()):
        # What stands for expected outputs is not reached.
        golden = CHECKPOINTS / "UNet2DConditionModel/sd1/golden.safetensors"
        run(folder.name, folder, golden, refused=True)


def prompts(name):
    """Of T5 the tool knows the empty prompt alone."""
    return ["--empty-prompt"] if name in ("sd3", "flux") else []


def compare_pipelines(run, work):
    run.table.places.append(work)
    run.table.head("Pipelines as folders")
    for name in [*pipelines.PIPELINES, "instaflow"]:
        pipelines.make(work, name)
        golden = work / f"{'sd1' if name == 'instaflow' else name}.golden.safetensors"
        run(name, work / name, golden, "--models", *prompts(name))
    run.table.head("Other forms of the same folders")
    for name in pipelines.PIPELINES:
        for form, folder in variants.make_all(work / name, work / "forms" / name).items():
            run(f"{name}, {form}", folder, work / f"{name}.golden.safetensors", "--models", *prompts(name))
    run.table.head("Single files in the original names")
    for name in pipelines.SINGLE_FILES:
        if name.endswith(("-wide", "-single")):
            told = ["--prediction", "v_prediction"] if name.startswith("sd2") else []
            file, golden = work / f"{name}.safetensors", work / f"{name}.golden.safetensors"
            run(name, file, golden, "--models", "--empty-prompt", *told)


def compare_real(run, real):
    run.table.places.append(real)
    for family in sorted(path for path in real.iterdir() if (path / "golden").is_dir()):
        run.table.head(f"Real configuration, random weights: {family.name}")
        for golden in sorted((family / "golden").glob("*.safetensors")):
            run(golden.stem, family / golden.stem, golden)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--interop", type=pathlib.Path, default=ROOT / ".build/release/interop")
    parser.add_argument("--work", type=pathlib.Path, help="where tiny pipelines go (default: a temporary folder)")
    parser.add_argument("--real", type=pathlib.Path, help="the folder of what real.py made")
    parser.add_argument("--only", choices=["classes", "pipelines", "real"], help="one kind of checkpoints")
    arguments = parser.parse_args()
    quiet()
    table = Table()
    run = Runner(arguments.interop.resolve(), table)
    if arguments.only in (None, "classes"):
        compare_classes(run)
    if arguments.only in (None, "pipelines"):
        with tempfile.TemporaryDirectory() as temporary:
            compare_pipelines(run, arguments.work or pathlib.Path(temporary))
    if arguments.real and arguments.only in (None, "real"):
        compare_real(run, arguments.real)
    print(f"\n{table.rows} comparisons, {table.failures} failures")
    sys.exit(1 if table.failures else 0)


main()
