#!/usr/bin/env python3
"""Times ringkey against the same work in PyTorch and writes the tables of docs/benchmarks.md.

    make bench        (or: python3 benchmarks/bench.py .build/release/ringkey)

Every figure is a median; the two sides run in turn. --rounds N: more or fewer runs of each.
"""

import argparse
import datetime
import os
import pathlib
import platform
import subprocess
import sys
import tempfile
from importlib.metadata import version

from document import command, table, write
from processes import alternately, median, ratio, run

ROOT = pathlib.Path(__file__).resolve().parent.parent
MODEL, KEY, SAMPLE = "samples/grove", "samples/demo.key.json", "samples/images/marked-1.png"
MARKED = [f"samples/images/marked-{i}.png" for i in range(1, 9)]
CLEAN = [f"samples/images/clean-{i}.png" for i in range(1, 9)]
IMAGES = MARKED + CLEAN
BATCHES = (1, 4)
# The one look that the script in Python takes too.
LOOK = "anderson:4/10"
DEFAULT_LOOKS = "none/0,none/5,anderson:4/10"
UNET_CALLS, FEWER_CALLS = 50, 10
MODEL_STAGES = ("encoding", "decoder_inversion", "diffusion_inversion")


class Bench:
    """The two programs, and what they say."""

    def __init__(self, ringkey, rounds, folder):
        self.ringkey, self.rounds = ringkey, rounds
        self.key = folder / "key.npy"
        subprocess.run([ringkey, "key", "export", KEY, "-o", self.key], check=True, stdout=subprocess.DEVNULL)
        self.cores = len(os.sched_getaffinity(0))
        self.threads = [n for n in (1, 2) if n <= self.cores]

    def verify(self, images, *flags, cores=None):
        if not {"--steps", "--looks"} & set(flags):
            flags = ["--looks", LOOK, "--search", "none", *flags]
        # The script in Python has no calibration.
        if "--calibration" not in flags:
            flags = ["--calibration", "none", *flags]
        arguments = ["verify", *images, "--model", MODEL, "--key", KEY, "--json", "--quiet", *flags]
        return run([self.ringkey, *arguments], cores, answers=(0, 1, 3))

    def python(self, images, *flags, cores=None):
        script = ROOT / "benchmarks/verify_in_python.py"
        return run([sys.executable, script, MODEL, self.key, *images, *flags], cores)

    def whole_process(self):
        """One image, from the start of the program to its end."""
        rows, cosines = [], []
        for threads in [None, 1]:
            flags = ["--threads", threads] if threads else []
            ours, theirs = alternately(
                self.rounds,
                lambda: self.verify([SAMPLE], *flags, cores=threads),
                lambda: self.python([SAMPLE], *flags, cores=threads))
            cosines += [r.having("cosine")[0]["cosine"] for r in ours + theirs]
            label = f"{threads} thread, 1 core" if threads else f"default ({self.cores} cores)"
            for name, one, all_ in (
                    ("wall, s", lambda r: r.wall, "{:.2f}"), ("CPU, s", lambda r: r.cpu, "{:.2f}"),
                    ("peak memory, MB", lambda r: r.peak / 1e6, "{:.0f}")):
                a, b = [one(r) for r in ours], [one(r) for r in theirs]
                rows.append([f"{label}: {name}", all_.format(median(a)), all_.format(median(b)), f"{ratio(b, a):.1f}"])
        spread = max(cosines) - min(cosines)
        if spread > 1e-3:
            sys.exit(f"bench: not the same work: the cosines differ by {spread:.1e}")
        return "\n\n".join([
            command(f"ringkey verify {SAMPLE} --key {KEY} --calibration none --looks {LOOK}\n"
                    f"python3 benchmarks/verify_in_python.py {MODEL} key.npy {SAMPLE}"),
            table(["", "ringkey", "Python", "ratio"], rows),
            f"Both find the cosine {median(cosines):.4f}; all runs agree to {max(spread, 1e-9):.0e}. "
            f"{self.rounds} runs each."])

    def steady_state(self):
        """Seconds an image inside one process, the first batch left out, and UNet calls."""
        rows, calls = [], []
        for threads in self.threads:
            flags = ["--threads", threads]
            batches = ",".join(map(str, BATCHES))
            ours = [lambda b=b: self.verify(IMAGES, *flags, "--batch", b, cores=threads) for b in BATCHES]
            bare = [lambda b=b, steps=steps: self.verify(
                MARKED[:b], *flags, "--batch", b, "--decoder-inversion", "none", "--steps", steps,
                "--decoys", 0, cores=threads) for b in BATCHES for steps in (UNET_CALLS, FEWER_CALLS)]
            *runs, python = alternately(
                self.rounds, *ours, *bare, lambda: self.python(
                    IMAGES, *flags, "--batch", batches, "--unet-calls", UNET_CALLS, cores=threads))
            for index, batch in enumerate(BATCHES):
                lines = [r.having("cosine")[batch:] for r in runs[index]]
                theirs = [[x for x in r.having("cosine") if x["batch"] == batch][batch:] for r in python]
                for label, seconds in (("all stages", lambda x: x["seconds"]), ("model stages", model_seconds)):
                    a, b = [[mean(map(seconds, r)) for r in side] for side in (lines, theirs)]
                    rows.append([f"{count(threads, 'thread')}, batch {batch}, {label}", f"{median(a):.3f}",
                                 f"{median(b):.3f}", f"{ratio(b, a):.2f}"])
                many, few = runs[len(BATCHES) + 2 * index :][:2]
                theirs = [x for r in python for x in r.having("unet_call_seconds") if x["batch"] == batch]
                a = [batch * diffusion_seconds(r) / UNET_CALLS for r in many]
                b = [x["unet_call_seconds"] for x in theirs]
                a_cpu = [(x.cpu - y.cpu) / (UNET_CALLS - FEWER_CALLS) for x, y in zip(many, few)]
                b_cpu = [x["unet_call_cpu_seconds"] for x in theirs]
                calls.append([f"{count(threads, 'thread')}, batch {batch}", f"{1 / median(a):.1f}",
                              f"{1 / median(b):.1f}", f"{ratio(b, a):.2f}", f"{1000 * median(a_cpu):.1f}",
                              f"{1000 * median(b_cpu):.1f}", f"{ratio(b_cpu, a_cpu):.2f}"])
        steady = "\n\n".join([
            command("ringkey verify samples/images/marked-?.png samples/images/clean-?.png "
                    f"--key {KEY} --json --calibration none --looks {LOOK} --threads N --batch B\n"
                    f"python3 benchmarks/verify_in_python.py {MODEL} key.npy samples/images/marked-?.png "
                    "samples/images/clean-?.png --threads N --batch B"),
            table(["seconds an image", "ringkey", "PyTorch", "ratio"], rows),
            f"{self.rounds} runs of {len(IMAGES)} images each, N cores for N threads."])
        unet = "\n\n".join([
            command(f"ringkey verify IMAGE... --key {KEY} --json --decoder-inversion none --steps {UNET_CALLS} "
                    "--threads N --batch B\n"
                    f"python3 benchmarks/verify_in_python.py {MODEL} key.npy IMAGE... --threads N --batch B "
                    f"--unet-calls {UNET_CALLS}"),
            table(["", "ringkey, calls/s", "PyTorch, calls/s", "ratio", "ringkey, CPU ms a call",
                   "PyTorch, CPU ms a call", "ratio"], calls),
            f"ringkey's CPU time is the difference between {UNET_CALLS} and {FEWER_CALLS} steps."])
        return steady, unet

    def where_the_time_goes(self):
        """One image and one look, by stages."""
        whole, models, version_only, plain = alternately(
            2 * self.rounds,
            lambda: self.verify([SAMPLE]), lambda: run([self.ringkey, "models", MODEL, "--json"]),
            lambda: run([self.ringkey, "--version"]), lambda: self.verify([SAMPLE], "--decoys", 0))
        wall = median([r.wall for r in whole])
        verdict = [r.having("cosine")[0] for r in whole]
        steps = {s["stage"]: s.get("steps", 1) for s in verdict[0]["stages"]}
        seconds = {name: median([stage(v, name) for v in verdict]) for name in steps}
        loads = {g["part"]: median([part["loadSeconds"] for m in models for part in m.lines[0]["graphs"]
                                    if part["part"] == g["part"]]) for g in models[0].lines[0]["graphs"]}
        decoys = seconds["detection"] - median([stage(r.having("cosine")[0], "detection") for r in plain])
        before = wall - sum(seconds.values())
        calls, evaluations = steps["diffusion_inversion"], steps["decoder_inversion"]
        milliseconds = lambda s: f"{1000 * s:.0f}"
        share = lambda s: f"{100 * s / wall:.0f} %"
        rows = [
            ["start-up, load, exit", milliseconds(before), share(before),
             "loads one after the other: " + ", ".join(f"{part} {milliseconds(s)}" for part, s in loads.items())],
            ["decode the file", milliseconds(seconds["preprocessing"]), share(seconds["preprocessing"]), ""],
            ["encode", milliseconds(seconds["encoding"]), share(seconds["encoding"]), ""],
            ["decoder inversion", milliseconds(seconds["decoder_inversion"]), share(seconds["decoder_inversion"]),
             f"{evaluations} × {milliseconds(seconds['decoder_inversion'] / evaluations)}, "
             "one decoding and one encoding each"],
            ["diffusion inversion", milliseconds(seconds["diffusion_inversion"]),
             share(seconds["diffusion_inversion"]),
             f"{calls} UNet calls × {milliseconds(seconds['diffusion_inversion'] / calls)}"],
            ["detection", milliseconds(seconds["detection"]), share(seconds["detection"]),
             f"{milliseconds(decoys)} of it for {verdict[0]['decoys']:,} decoy keys"],
            ["**whole process**", milliseconds(wall), "",
             f"`ringkey --version`: {milliseconds(median([r.wall for r in version_only]))}"]]
        return "\n\n".join([
            command(f"ringkey verify {SAMPLE} --key {KEY} --calibration none --looks {LOOK} --json\nringkey models {MODEL} --json"),
            table(["", "ms", "share", "of which"], rows), f"Medians of {2 * self.rounds} runs."])

    def settings(self):
        """What the defaults buy: evidence and time by the number of steps and of evaluations."""
        rows = []
        for inversion in ("none", "forward:4", "anderson:2", "anderson:4", "anderson:8"):
            for steps in (0, 5, 10, 25) if inversion in ("none", "anderson:4") else (10,):
                lines = self.verify(
                    IMAGES, "--decoder-inversion", inversion, "--steps", steps, "--decoys", 0).having("cosine")
                marked = sorted(x["log10_p"] for x in lines[: len(MARKED)])
                clean = min(x["log10_p"] for x in lines[len(MARKED) :])
                rows.append([f"`--decoder-inversion {inversion} --steps {steps}`", f"{median(marked):.0f}",
                             f"{marked[-1]:.1f}", f"{clean:.1f}", f"{mean(x['seconds'] for x in lines):.2f}"])
        return "\n\n".join([
            command("ringkey verify samples/images/marked-?.png samples/images/clean-?.png "
                    f"--key {KEY} --json --calibration none --decoder-inversion M --steps N"),
            table(["", "marked, median log10 p", "weakest marked", "strongest clean", "seconds an image"], rows)])

    def looks(self):
        """What looking in turn saves, and what it costs where nothing is found."""
        rows = []
        calibration = f"{MODEL}/calibration.safetensors"
        for label, images in ((f"{len(MARKED)} marked", MARKED), (f"{len(CLEAN)} clean", CLEAN)):
            alone, turn = alternately(
                self.rounds, lambda: self.verify(images, "--batch", 1, "--calibration", calibration),
                lambda: self.verify(images, "--batch", 1, "--looks", DEFAULT_LOOKS, "--calibration", calibration))
            a, b = [[mean(x["seconds"] for x in r.having("cosine")) for r in side] for side in (alone, turn)]
            taken = [len(x["looks"]) for x in turn[0].having("cosine")]
            rows.append([label, f"{median(a):.3f}", f"{median(b):.3f}", f"{ratio(a, b):.2f}",
                         ", ".join(f"{taken.count(n)} after {n}" for n in sorted(set(taken)))])
        return "\n\n".join([
            command(f"ringkey verify IMAGE... --key {KEY} --json --batch 1 --looks {LOOK}\n"
                    f"ringkey verify IMAGE... --key {KEY} --json --batch 1 --looks {DEFAULT_LOOKS}"),
            table(["seconds an image", f"{LOOK} alone", "in turn", "ratio", "ended"], rows)])

    def machine(self):
        """What everything ran on."""
        runtime = next(line.split("==")[1].split()[0] for line in open(ROOT / "scripts/onnxruntime.txt")
                       if line.startswith("onnxruntime=="))
        tool = subprocess.run([self.ringkey, "--version"], capture_output=True, text=True, check=True).stdout.strip()
        packages = ", ".join(f"{name} {version(name)}" for name in ("torch", "diffusers", "transformers", "numpy"))
        rows = [
            ["date", datetime.date.today().isoformat()],
            ["CPU", f"{cpu_model()}, {count(self.cores, 'core')}"],
            ["load before the run", f"{LOAD:.1f} (0 is a quiet machine)"],
            ["system", f"{platform.freedesktop_os_release()['PRETTY_NAME']}, {platform.machine()}"],
            ["ringkey", f"{tool.split()[-1]} with ONNX Runtime {runtime}"],
            ["Python", f"{platform.python_version()} with {packages}"]]
        rows += [["environment", f"`{name}={os.environ[name]}`"] for name in THREAD_VARIABLES if name in os.environ]
        return table(["", ""], rows).replace("--:", ":--")


LOAD = os.getloadavg()[0]
THREAD_VARIABLES = ("OMP_WAIT_POLICY", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "GOMP_SPINCOUNT")


def stage(verdict, name):
    return next((s["seconds"] for s in verdict["stages"] if s["stage"] == name), 0.0)


def diffusion_seconds(process):
    """Of one image's share; all images of a batch have the same."""
    return stage(process.having("cosine")[0], "diffusion_inversion")


def model_seconds(line):
    """Without decoding the file and detection; both programs' lines."""
    stages = line["stages"]
    if isinstance(stages, dict):
        return sum(stages[name] for name in MODEL_STAGES)
    return sum(stage(line, name) for name in MODEL_STAGES)


def mean(values):
    values = list(values)
    return sum(values) / len(values)


def count(number, noun):
    return f"{number} {noun}" + ("" if number == 1 else "s")


def cpu_model():
    with open("/proc/cpuinfo") as file:
        names = [line.split(":", 1)[1].strip() for line in file if line.startswith("model name")]
    return names[0] if names else platform.processor() or "unknown"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("ringkey", type=pathlib.Path)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--document", type=pathlib.Path, default=ROOT / "docs/benchmarks.md")
    args = parser.parse_args()
    ringkey = args.ringkey.resolve()
    os.chdir(ROOT)
    os.chmod(KEY, 0o600)
    if LOAD > 0.5:
        print(f"bench: a load of {LOAD:.1f} before the start: PyTorch's waiting threads spin, and on busy cores two of "
              "them can be ten times slower than one", file=sys.stderr)
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(ringkey, args.rounds, pathlib.Path(folder))
        sections = {}
        for names, measure in (
                (["machine"], bench.machine), (["whole"], bench.whole_process), (["where"], bench.where_the_time_goes),
                (["steady", "unet"], bench.steady_state), (["looks"], bench.looks), (["settings"], bench.settings)):
            bodies = measure()
            for name, body in zip(names, bodies if len(names) > 1 else [bodies]):
                sections[name] = body
                print(f"{name}\n{body}\n", flush=True)
    write(args.document, sections)


if __name__ == "__main__":
    main()
