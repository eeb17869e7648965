"""What int8 costs in evidence on grove: the table of docs/models.md.

    python3 benchmarks/int8_evidence.py [--count N] [--attacks LIST] [--work DIR] [--write]

Makes N marked images, attacks them by `ringkey robustness`, and judges the attacked images by grove as a plain folder of
diffusers with --precision float32 and int8: all looks, no search, no calibration, one key. Prints for each attack how many
are found at 1e-6 and the median log10 p with both. What is in the work folder is not made again.
"""

import argparse
import csv
import json
import pathlib
import statistics
import subprocess

import document

ROOT = pathlib.Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs/models.md"
BINARY = ROOT / ".build/release/ringkey"
KEY = ROOT / "samples/demo.key.json"
PARTS = ["model_index.json", "unet", "vae", "text_encoder", "tokenizer", "scheduler"]
COMMAND = "python3 benchmarks/int8_evidence.py --write"
ATTACKS = (
    "none,jpeg:75,jpeg:50,jpeg:25,resize:50,blur:4,noise:0.1,median:3,brightness:6,contrast:0.5,gamma:1.5,crop:90,vae:1,"
    "regenerate:60")


def run(*arguments):
    subprocess.run([str(BINARY), *map(str, arguments)], cwd=ROOT, check=False)


def checkpoint(folder):
    """grove without its graphs."""
    folder.mkdir(parents=True, exist_ok=True)
    for part in PARTS:
        link = folder / part
        if not link.exists():
            link.symlink_to(ROOT / "samples/grove" / part)
    return folder


def results(path):
    """log10 p and verdict of every file, by path."""
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    return {line["path"]: line for line in lines if "verdict" in line}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=40)
    parser.add_argument("--attacks", default=ATTACKS)
    parser.add_argument("--work", type=pathlib.Path, default=ROOT / "out/int8")
    parser.add_argument("--write", action="store_true", help="write the table into docs/models.md")
    options = parser.parse_args()
    study = options.work / "study"
    run("robustness", "--key", KEY, "-n", options.count, "--attacks", options.attacks, "--search", "none",
        "-o", study, "--resume")
    with open(study / "labels.csv") as file:
        rows = [row for row in csv.DictReader(file) if row["label"] == "watermarked"]
    listed = options.work / "marked.txt"
    listed.write_text("".join(f"{row['path']}\n" for row in rows))
    model = checkpoint(options.work / "grove")
    judged = {}
    for precision in ["float32", "int8"]:
        output = options.work / f"{precision}.jsonl"
        run("audit", f"@{listed}", "--key", KEY, "--model", model, "--precision", precision, "--all-looks",
            "--search", "none", "--calibration", "none", "-o", output, "--resume")
        judged[precision] = results(output)
    def line(name, group):
        both = [[judged[precision][row["path"]] for row in group] for precision in judged]
        found = [sum(result["verdict"] == "watermarked" for result in results) for results in both]
        medians = [statistics.median(result["log10_p"] for result in results) for results in both]
        moved = 100 * (medians[1] - medians[0]) / abs(medians[0])
        return [name, len(group), *found, *(f"{median:.1f}" for median in medians), f"{moved:+.1f} %"]

    groups = dict.fromkeys(row["group"] for row in rows)
    lines = [line(f"`{group}`", [row for row in rows if row["group"] == group]) for group in groups]
    lost = sum(
        judged["float32"][row["path"]]["verdict"] == "watermarked" != judged["int8"][row["path"]]["verdict"] for row in rows)
    headers = ["attack", "images", "found in float32", "in int8", "median log₁₀ p in float32", "in int8", "moved by"]
    text = document.table(headers, lines + [line("all", rows)]) + f"\n\nFound in float32 and not in int8: {lost}."
    print(text)
    if options.write:
        document.write(PAGE, {"int8-evidence": document.command(COMMAND) + "\n\n" + text})


if __name__ == "__main__":
    main()
