#!/usr/bin/env python3
"""make torture: breaks the surroundings of ringkey while it runs, and checks what is left.

    scripts/torture/run.py BINARY [--rounds N | --minutes M] [--seed S] [--only NAME,…] [--write docs/reliability.md]

A round applies every fault once, with moments, sizes and places drawn from the seed, the round and the fault's name, so that
`--seed S --round R --only NAME` draws a violation's numbers again; how far the tool has got at a moment still depends on the
machine. Every run of the tool must end by itself, with a documented code, without a trap, with a line on stderr where there
is an error to tell of; and no verdict may be lost, doubled or changed against an undisturbed audit. Ends with 1 if anything
of that was violated. Standard library only; some faults need root or libfaketime, and are skipped, by name, without.
"""

import argparse
import pathlib
import random
import shutil
import sys
import tempfile
import time

import crowd
import folders
import interruptions
import limits
import streams
from scene import REPOSITORY, Scene
from tool import Skipped, Tool, Violation

sys.path.append(str(REPOSITORY / "benchmarks"))
import document

# In order, with the number of rounds that go by between two turns of a fault.
FAULTS = {
    "kills": (interruptions.kills, 1),
    "signals": (interruptions.signals, 1),
    "two-writers": (interruptions.two_writers, 1),
    "clock": (interruptions.clock, 1),
    "file-times": (interruptions.file_times, 5),
    "full-disk": (limits.full_disk, 1),
    "file-size": (limits.file_size, 1),
    "memory": (limits.memory, 1),
    "threads": (limits.threads, 1),
    "descriptors": (limits.descriptors, 1),
    "closed": (streams.closed, 2),
    "full-stream": (streams.full, 5),
    "broken-pipe": (streams.broken, 5),
    "readers": (streams.readers, 1),
    "read-only": (folders.read_only, 5),
    "vanished": (folders.vanished, 1),
    "results-gone": (folders.results_gone, 1),
    "no-current-folder": (folders.no_current_folder, 5),
    "own-input": (folders.own_input, 5),
    "many-files": (crowd.many_files, 50),
}


class Count:
    """What became of one fault over the campaign."""

    def __init__(self):
        self.rounds = self.faults = self.runs = self.violations = 0
        self.skipped, self.seconds = None, 0.0


def options():
    """The command line."""
    parser = argparse.ArgumentParser(description="break the surroundings of ringkey while it runs")
    parser.add_argument("binary")
    parser.add_argument("--rounds", type=int, default=1, help="how many rounds (1)")
    parser.add_argument("--minutes", type=float, help="rounds until this time is over, at least one")
    parser.add_argument("--seed", type=int, default=1, help="what random numbers are drawn from (1)")
    parser.add_argument("--round", type=int, default=0, dest="first", help="the first round's number (0)")
    parser.add_argument("--only", help="names of faults, comma-separated")
    parser.add_argument("--write", type=pathlib.Path, help="the document whose table is written anew")
    chosen = parser.parse_args()
    names = chosen.only.split(",") if chosen.only else list(FAULTS)
    for name in names:
        if name not in FAULTS:
            parser.error(f"--only: expected names of {', '.join(FAULTS)}, found {name}")
    return chosen, names


def turn(name, scene, seed, number, folder, count):
    """One fault, once. Returns the texts of violations."""
    tool = scene.tool
    runs, began, tool.violations = tool.runs, time.monotonic(), []
    folder.mkdir()
    folder.chmod(0o755)
    try:
        count.faults += FAULTS[name][0](scene, random.Random(f"{seed}/{number}/{name}"), folder)
    except Skipped as skipped:
        count.skipped = str(skipped)
    except Violation as violation:
        tool.violations.append(str(violation))
    count.rounds += 1
    count.runs += tool.runs - runs
    count.violations += len(tool.violations)
    count.seconds += time.monotonic() - began
    shutil.rmtree(folder, ignore_errors=True)
    again = f"again: --seed {seed} --round {number} --only {name}"
    return [f"{name}: {violation}\n      {again}" for violation in tool.violations]


def figures(counts, seed, seconds, rounds):
    """The counts as Markdown."""
    rows = []
    for name, count in counts.items():
        hold = f"skipped: {count.skipped}" if count.skipped else f"{count.faults:,}"
        what = f"**{name}**: {FAULTS[name][0].__doc__}"
        rows.append([what, f"{count.rounds:,}", f"{count.runs:,}", hold, f"{count.violations:,}"])
    whole = [sum(getattr(count, part) for count in counts.values()) for part in ("rounds", "runs", "faults", "violations")]
    rows.append(["**all**", *(f"{number:,}" for number in whole)])
    text = document.table(["fault", "turns", "runs of the tool", "took hold", "violations"], rows)
    told = f"{rounds} rounds from seed {seed}, {seconds / 60:.0f} minutes."
    return f"{text}\n\n{told} {getattr(crowd.many_files, 'note', '')}".rstrip()


def campaign(chosen, names, scene, folder):
    """All rounds. Returns the counts, the violations and the number of rounds."""
    counts, violations, number = {name: Count() for name in names}, [], chosen.first
    began = time.monotonic()
    while True:
        for name in names:
            if (number - chosen.first) % FAULTS[name][1]:
                continue
            for violation in turn(name, scene, chosen.seed, number, folder / "turn", counts[name]):
                violations.append(violation)
                print(f"torture: {violation}", file=sys.stderr, flush=True)
        number += 1
        passed = time.monotonic() - began
        if passed >= chosen.minutes * 60 if chosen.minutes else number - chosen.first >= chosen.rounds:
            return counts, violations, number - chosen.first, passed


def main():
    chosen, names = options()
    libraries = sorted((REPOSITORY / ".deps/onnxruntime/capi").glob("libonnxruntime.so*"))
    with tempfile.TemporaryDirectory(prefix="torture-") as name:
        folder = pathlib.Path(name)
        folder.chmod(0o755)
        (folder / "home").mkdir(mode=0o777)
        tool = Tool(chosen.binary, folder / "home", libraries[-1] if libraries else None)
        scene = Scene(tool, folder)
        if tool.violations:
            sys.exit("torture: without any fault: " + "\n".join(tool.violations))
        counts, violations, rounds, seconds = campaign(chosen, names, scene, folder)
    text = figures(counts, chosen.seed, seconds, rounds)
    print(text)
    if chosen.write:
        document.write(chosen.write, {"torture": text})
    print(f"torture: {len(violations)} violations" if violations else "torture: nothing was violated")
    return int(bool(violations))


if __name__ == "__main__":
    sys.exit(main())
