"""Attacked images of grove, judged in four ways: the tables of docs/robustness.md and docs/reports/robustness.html.

    python3 benchmarks/robustness.py [--count N] [--work DIR] [--threads N] [-o docs/robustness.md]

Makes N marked and N clean images (guidance 3, 50 steps, 16 prompts in turn) and runs one `ringkey robustness` for each way.
What is in the work folder is not made again; a larger count later adds images.
"""

import argparse
import json
import pathlib
import subprocess

import document

ROOT = pathlib.Path(__file__).resolve().parents[1]
TERRAINS = ("mountains", "hills", "dunes", "sea")
TIMES = ("dawn", "noon with sun", "dusk with clouds", "night with moon")
WAYS = {
    "none/0": ("encoder-0", ["--looks", "none/0", "--calibration", "none"]),
    "none/10": ("encoder-10", ["--looks", "none/10", "--calibration", "none"]),
    "anderson:4/10": ("inversion", ["--looks", "anderson:4/10", "--calibration", "none"]),
    "default": ("default", []),
}
REFERENCE_WAY = "anderson:4/10"
# AUC of the Tree-Ring paper, Stable Diffusion 2, its ring key (Wen et al. 2023, table 2).
PAPER = {"none": 1.000, "rotation:75": 0.935, "jpeg:25": 0.999, "crop:75": 0.961, "blur:4": 0.999, "noise:0.1": 0.944,
         "brightness:6": 0.983, "all together": 0.975}


def run(arguments, *command):
    subprocess.run([arguments.ringkey, *map(str, command), "--threads", str(arguments.threads), "--quiet"],
                   cwd=arguments.work, check=True, stdout=subprocess.DEVNULL)


def images(arguments):
    prompts = arguments.work / f"prompts-{arguments.count}.txt"
    prompts.write_text("".join(
        f"{TERRAINS[i // 4 % 4]} at {TIMES[i % 4]}\n" for i in range(arguments.count)))
    key = arguments.work / "robustness.key.json"
    if not key.exists():
        subprocess.run([arguments.ringkey, "keygen", "-o", key, "--name", "robustness", "--model", arguments.model],
                       check=True, stdout=subprocess.DEVNULL)
    for folder, seed, marked in (("marked", 10000, ["--key", key.name]), ("clean", 20000, [])):
        if len(list((arguments.work / folder).glob("*.png"))) < arguments.count:
            run(arguments, "generate", "--model", arguments.model, "--guidance", 3, "--prompt-file", prompts.name, "--seed",
                seed, "--force", *marked, "-o", folder)


def study(arguments, folder, settings):
    resume = ["--resume"] if (arguments.work / folder).exists() else []
    run(arguments, "robustness", "--model", arguments.model, "--marked", "marked", "--clean", "clean", "-n", arguments.count,
        "--key", "robustness.key.json", "--decoys", 0, "--batch", 8, *settings, *resume, "-o", folder)
    return json.loads((arguments.work / folder / "report.json").read_text())["evaluation"]


def groups(evaluation):
    return {group["name"]: group for group in evaluation["groups"]} | {"all together": evaluation["all"]}


def reference_auc(group):
    """The distance's AUC on the same images."""
    for comparison in group["comparisons"]:
        if comparison["reference"]["measure"] == "reference_l1":
            return f'{comparison["reference"]["auc"]:.3f}'
    return ""


def table(evaluations):
    by_way = {way: groups(evaluation) for way, evaluation in evaluations.items()}
    rows = []
    for name in by_way["default"]:
        found = [by_way[way][name]["positives"] for way in WAYS]
        rows.append([
            name, *(f'{100 * x["watermarked"] / x["images"]:.1f} %' for x in found),
            *(f'{by_way[way][name]["score"]["auc"]:.3f}' for way in WAYS),
            reference_auc(by_way[REFERENCE_WAY][name]), f"{PAPER[name]:.3f}" if name in PAPER else ""])
    looks = [f"`{way}`" if "/" in way else way for way in WAYS]
    return document.table(["attack", *looks, *(f"AUC: {look}" if not i else look for i, look in enumerate(looks)),
                           "reference L1", "paper"], rows)


def grouped(arguments):
    """The table by attack of the default way's report."""
    lines = (arguments.work / "default" / "report.md").read_text().splitlines()
    start = next(i for i, line in enumerate(lines) if line.startswith("| group |"))
    end = next(i for i in range(start, len(lines)) if not lines[i])
    cells = [line.split(" | ")[:7] for line in lines[start:end]]
    return "\n".join(" | ".join(line).rstrip(" |") + " |" for line in cells)


def summary(arguments, evaluations):
    clean = sum(e["all"]["negatives"]["images"] for e in evaluations.values())
    found = sum(e["all"]["negatives"]["watermarked"] for e in evaluations.values())
    return f"{arguments.count} marked and {arguments.count} clean images; of {clean:,} judged clean images {found} were found."


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ringkey", type=pathlib.Path, default=ROOT / ".build/release/ringkey")
    parser.add_argument("--model", type=pathlib.Path, default=ROOT / "samples/grove")
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--work", type=pathlib.Path, default=ROOT / "out/robustness")
    parser.add_argument("-o", "--output", type=pathlib.Path)
    arguments = parser.parse_args()
    arguments.ringkey, arguments.model = arguments.ringkey.resolve(), arguments.model.resolve()
    arguments.work.mkdir(parents=True, exist_ok=True)
    images(arguments)
    evaluations = {way: study(arguments, *how) for way, how in WAYS.items()}
    sections = {"ways": table(evaluations), "default": grouped(arguments), "count": summary(arguments, evaluations)}
    print("\n\n".join(sections.values()))
    if arguments.output:
        document.write(arguments.output, sections)


if __name__ == "__main__":
    main()
