"""Attacked images of grove over several keys: the tables of docs/robustness.md and docs/reports/robustness.html.

    python3 benchmarks/robustness.py [--count N] [--keys K] [--attacks LIST] [--work DIR] [--threads N] [--write]

Makes K keys, N images that carry them in turn and N clean ones (guidance 3, 50 steps, 16 prompts in turn), attacks them all
and judges each with all keys, by `ringkey robustness`; then judges the first 20 marked ones of each attack without the search,
by `ringkey audit`.
What is in the work folder is not made or judged again: a run that was stopped goes on there, and a larger count or more
attacks are added to it.
"""

import argparse
import collections
import csv
import json
import math
import pathlib
import subprocess

import document

ROOT = pathlib.Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs/robustness.md"
REPORT = ROOT / "docs/reports/robustness.html"
TERRAINS = ("mountains", "hills", "dunes", "sea")
TIMES = ("dawn", "noon with sun", "dusk with clouds", "night with moon")
ATTACKS = "paper,common,moved,redrawn"
RATE = 1e-6
# Marked images of each attack that are judged without the search too.
PLAIN_COUNT = 20
# What others report for Stable Diffusion, by our attack: AUC of Tree-Ring (Wen et al. 2023, table 2, its ring key); its true
# positives at a false-positive rate of 1 % as Lee and Cho measured them (ICCV 2025, arXiv 2509.07647, MS-COCO, their
# strengths); and at 0.1 % under the strongest settings of An et al. (ICML 2024, WAVES), read from a plot.
PUBLISHED = {
    "none": ("1.000", "95.7 %", ""),
    "rotation:75": ("0.935", "", "1 %"),
    "jpeg:25": ("0.999", "54.8 %", "69 %"),
    "crop:75": ("0.961", "73.4 %", "1 %"),
    "centrecrop:25": ("", "50.9 %", ""),
    "blur:4": ("0.999", "93.4 %", "23 %"),
    "noise:0.1": ("0.944", "41.2 %", ""),
    "brightness:6": ("0.983", "46.3 %", ""),
    "vae:1": ("", "50.9 %", ""),
    "regenerate:60": ("", "54.3 %", "40 %"),
    "regenerate:60+regenerate:60": ("", "", "22 %"),
    "regenerate:50+regenerate:50+regenerate:50+regenerate:50": ("", "", "17 %"),
}


def run(arguments, *command):
    """Runs ringkey in the work folder, to its end or not at all: an image that cannot be judged is a fault here."""
    subprocess.run([arguments.ringkey, *map(str, command)], cwd=arguments.work, check=True, stdout=subprocess.DEVNULL)


def keys(arguments):
    """The flags that name the keys, which are made where they are not there."""
    flags = []
    for number in range(1, arguments.keys + 1):
        key = f"key-{number}.key.json"
        if not (arguments.work / key).exists():
            run(arguments, "keygen", "-o", key, "--name", f"key-{number}", "--model", arguments.model)
        flags += ["--key", key]
    return flags


def study(arguments, flags):
    """Makes, attacks and judges the images in the folder `study`."""
    prompts = arguments.work / "prompts.txt"
    prompts.write_text("".join(f"{terrain} at {time}\n" for terrain in TERRAINS for time in TIMES))
    resume = ["--resume"] if (arguments.work / "study/robustness.json").exists() else []
    run(arguments, "robustness", *flags, "-n", arguments.count, "--prompts", prompts.name, "--attacks", arguments.attacks,
        "--model", arguments.model, "--threads", arguments.threads, "--decoys", 0, "--batch", 8, *resume, "-o", "study")


def without_search(arguments, flags):
    """Judges the first marked images of each attack once more, by the plain looks alone: all of those take long."""
    results = arguments.work / "without-search.jsonl"
    resume = ["--resume"] if results.exists() else []
    by_attack = collections.defaultdict(list)
    for label in csv.DictReader((arguments.work / "study/labels.csv").open()):
        if label["label"] == "watermarked":
            by_attack[label["group"]].append(label["path"])
    (arguments.work / "plain.txt").write_text(
        "".join(f"{path}\n" for paths in by_attack.values() for path in paths[:PLAIN_COUNT]))
    run(arguments, "audit", "@plain.txt", *flags, "--search", "none", "--model", arguments.model, "--threads",
        arguments.threads, "--decoys", 0, "--batch", 8, *resume, "-o", results.name)
    run(arguments, "report", results.name, "--labels", "study/labels.csv", "--quiet", "--force", "-o", "without-search.html",
        "--json", "without-search.json")
    return groups(arguments.work / "without-search.json")


def groups(path):
    evaluation = json.loads(path.read_text())["evaluation"]
    return {group["name"]: group for group in evaluation["groups"]} | {"all together": evaluation["all"]}


def interval(found, count):
    """Clopper and Pearson's 95 % interval of a share."""
    def tail(share, successes):
        """The chance of at least so many successes."""
        return sum(math.comb(count, k) * share**k * (1 - share) ** (count - k) for k in range(successes, count + 1))

    def solved(successes, goal):
        low, high = 0.0, 1.0
        for _ in range(40):
            middle = (low + high) / 2
            low, high = (middle, high) if tail(middle, successes) < goal else (low, middle)
        return low

    if count > 400:
        # The normal approximation with Agresti and Coull's two more of each.
        share, size = (found + 2) / (count + 4), count + 4
        reach = 1.96 * (share * (1 - share) / size) ** 0.5
        return max(0, share - reach), min(1, share + reach)
    return (0 if found == 0 else solved(found, 0.025)), (1 if found == count else solved(found + 1, 0.975))


def share(counts):
    return f'{100 * counts["watermarked"] / counts["images"]:.1f} %'


def attack_table(found, plain):
    rows = []
    for name, group in found.items():
        marked, clean = group["positives"], group["negatives"]
        low, high = interval(marked["watermarked"], marked["images"])
        rows.append([
            f"`{name}`" if name != "all together" else name, share(marked), f"{100 * low:.1f} to {100 * high:.1f} %",
            share(plain[name]["positives"]), f'{clean["watermarked"]} of {clean["images"]}',
            f'{group["score"]["auc"]:.3f}'])
    return document.table(
        ["attack", "found of marked", "95 % interval", f"without search, of {PLAIN_COUNT}", "found of clean", "AUC"], rows)


def beside_table(found):
    rows = [
        [f"`{name}`", share(found[name]["positives"]), f'{found[name]["score"]["auc"]:.3f}', *figures]
        for name, figures in PUBLISHED.items() if name in found
    ]
    return document.table(
        ["attack", f"ringkey, corrected p ≤ {RATE:.0e}".replace("e-06", "e-6"), "ringkey, AUC", "Tree-Ring, AUC [1]",
         "Tree-Ring at 1 % [2]", "Tree-Ring at 0.1 %, strongest [3]"], rows)


def verdicts(arguments):
    """The study's verdicts by path; the last line of a path counts."""
    lines = (json.loads(line) for line in (arguments.work / "study/results.jsonl").open())
    return {line["path"]: line for line in lines if line["format"] == "ringkey.verdict/1"}


def key_table(arguments, judged, labels):
    """How often each key was found, and how often another one in its place."""
    carried, right, wrong, names = collections.Counter(), collections.Counter(), collections.Counter(), {}
    for label in labels:
        verdict = judged.get(label["path"])
        if not verdict:
            continue
        names |= {score["key"]["id"]: score["key"]["name"] for score in verdict.get("scores", [])}
        if label["label"] == "watermarked":
            own = label.get("key") or "one key"
            carried[own] += 1
            if verdict["verdict"] == "watermarked":
                (right if own in (verdict["key"]["id"], "one key") else wrong)[own] += 1
    rows = [
        [names.get(own, own), count, f"{100 * right[own] / count:.1f} %", wrong[own]] for own, count in carried.items()
    ]
    return document.table(["key", "attacked images that carry it", "found", "another key found"], rows)


def summary(arguments, found, judged, labels):
    clean = found["all together"]["negatives"]

    def seconds(kind):
        times = [judged[label["path"]]["seconds"] for label in labels if label["label"] == kind and label["path"] in judged]
        return sum(times) / len(times)

    return (
        f"{arguments.count} marked images over {arguments.keys} keys and {arguments.count} clean ones under"
        f" {len(found) - 1} attacks. Of {clean['images']:,} judged clean images {clean['watermarked']} were found. A marked"
        f" image took {seconds('watermarked'):.2f} s and a clean one"
        f" {seconds('clean'):.2f} s, {arguments.threads} thread{'s' * (arguments.threads > 1)} of ONNX Runtime.")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ringkey", type=pathlib.Path, default=ROOT / ".build/release/ringkey")
    parser.add_argument("--model", type=pathlib.Path, default=ROOT / "samples/grove")
    parser.add_argument("--count", type=int, default=100, help="marked images, and clean ones")
    parser.add_argument("--keys", type=int, default=5)
    parser.add_argument("--attacks", default=ATTACKS)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--work", type=pathlib.Path, default=ROOT / "out/robustness")
    parser.add_argument("--write", action="store_true", help=f"fill the tables of {PAGE.relative_to(ROOT)}")
    arguments = parser.parse_args()
    arguments.ringkey, arguments.model = arguments.ringkey.resolve(), arguments.model.resolve()
    arguments.work = arguments.work.resolve()
    arguments.work.mkdir(parents=True, exist_ok=True)
    flags = keys(arguments)
    study(arguments, flags)
    plain = without_search(arguments, flags)
    found = groups(arguments.work / "study/report.json")
    judged = verdicts(arguments)
    labels = list(csv.DictReader((arguments.work / "study/labels.csv").open()))
    sections = {
        "count": summary(arguments, found, judged, labels), "attacks": attack_table(found, plain),
        "keys": key_table(arguments, judged, labels), "beside": beside_table(found),
    }
    if arguments.write:
        document.write(PAGE, sections)
        html = (arguments.work / "study/report.html").read_text()
        REPORT.write_text(html.replace(f"{arguments.work}/", "").replace(f"{ROOT}/", ""))
    print("\n\n".join(sections.values()))


if __name__ == "__main__":
    main()
