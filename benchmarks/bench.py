"""Times ringkey against the same work in Python and writes the tables of docs/benchmarks.md.

    make bench      (or: python3 benchmarks/bench.py path/to/ringkey)

Whole processes are run in turn, A B A B …, so that a ratio holds where the machine's speed drifts; medians are printed.
"""

import json
import os
import pathlib
import platform
import re
import statistics
import subprocess
import sys
import tempfile
import time

root = pathlib.Path(__file__).resolve().parent.parent
ringkey = pathlib.Path(sys.argv[1]).resolve()
model, key = "samples/grove", "samples/demo.key.json"
images = sorted(str(p.relative_to(root)) for p in (root / "samples/images").glob("*.png"))
EVALUATIONS, STEPS, RUNS = 4, 10, 5
os.chdir(root)
os.chmod(key, 0o600)


def run(command):
    """Wall seconds, peak memory in MB, and stdout of a whole process."""
    begin = time.perf_counter()
    process = subprocess.Popen(list(map(str, command)), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    output = process.stdout.read().decode()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):
        sys.exit(f"{' '.join(map(str, command))}: exit {process.returncode}")
    return time.perf_counter() - begin, usage.ru_maxrss / 1024, [json.loads(line) for line in output.splitlines() if line[:1] == "{"]


def median(values):
    return statistics.median(values)


def python(exported, threads, *paths):
    return [sys.executable, "benchmarks/verify_in_python.py", model, exported, EVALUATIONS, STEPS, threads, *paths]


def native(threads, *paths, batch=4):
    return [ringkey, "verify", "--model", model, "--key", key, "--json", "--quiet", "--threads", threads,
            "--batch", batch, *paths]


def stage(verdict, name):
    return sum(s["seconds"] for s in verdict["stages"] if s["stage"] == name)


def whole_process(exported):
    ours, theirs = [], []
    for _ in range(RUNS):
        ours.append(run([ringkey, "verify", "--model", model, "--key", key, "--json", "--quiet", images[8]]))
        theirs.append(run(python(exported, os.cpu_count(), images[8])))
    a, b = ours[-1][2][0]["cosine"], theirs[-1][2][0]["cosine"]
    if abs(a - b) > 2e-3:
        sys.exit(f"not the same work: cosine {a} here, {b} in Python")
    rows = [("wall, seconds", 0, "{:.2f}"), ("peak memory, MB", 1, "{:.0f}")]
    lines = ["| | ringkey | Python | ratio |", "|---|---|---|---|"]
    for label, index, form in rows:
        x, y = median(r[index] for r in ours), median(r[index] for r in theirs)
        lines.append(f"| {label} | {form.format(x)} | {form.format(y)} | {y / x:.1f} |")
    lines.append(f"\nBoth find the same cosine: {a:.4f} and {b:.4f}.")
    return lines


def steady_state(exported):
    lines = ["| threads | ringkey, batches of 1 | ringkey, batches of 4 | Python | ratio (best) |", "|---|---|---|---|---|"]
    for threads in sorted({1, os.cpu_count()}):
        single, four, other = [], [], []
        for _ in range(3):
            for batch, list_ in ((1, single), (4, four)):
                verdicts = run(native(threads, *images, batch=batch))[2]
                # The first batch pays for warming up, as Python's first image does.
                list_.append(median(v["seconds"] for v in verdicts[batch:]))
            other.append(median(r["seconds"] for r in run(python(exported, threads, *images))[2][1:-1]))
        x, y, z = median(single), median(four), median(other)
        lines.append(f"| {threads} | {1000 * x:.0f} | {1000 * y:.0f} | {1000 * z:.0f} | {z / min(x, y):.2f} |")
    return lines


def where_time_goes():
    wall, verdicts = [], []
    for _ in range(RUNS):
        seconds, _, out = run([ringkey, "verify", "--model", model, "--key", key, "--json", "--quiet", images[8]])
        wall.append(seconds)
        verdicts.append(out[0])
    names = ["preprocessing", "encoding", "decoder_inversion", "diffusion_inversion", "detection"]
    parts = {n: median(stage(v, n) for v in verdicts) for n in names}
    rest = median(w - sum(stage(v, n) for n in names) for w, v in zip(wall, verdicts))
    lines = ["| part | milliseconds |", "|---|---|",
             f"| start, loading of ONNX Runtime and four graphs, key, end | {1000 * rest:.0f} |"]
    labels = {"preprocessing": "reading and decoding the image", "encoding": "encoder",
              "decoder_inversion": f"decoder inversion, {EVALUATIONS} evaluations of E∘D",
              "diffusion_inversion": f"diffusion inversion, {STEPS} UNet calls",
              "detection": "detection, 10,000 decoy keys among it"}
    for name in names:
        lines.append(f"| {labels[name]} | {1000 * parts[name]:.1f} |")
    lines.append(f"\nOne UNet call: {100 * parts['diffusion_inversion']:.1f} ms.")
    for graph in run([ringkey, "models", model, "--json"])[2][0]["graphs"]:
        lines.append(f"Loading {graph['part']}: {1000 * graph['loadSeconds']:.0f} ms.")
    return lines


def machine():
    name = next((l.split(":")[1].strip() for l in open("/proc/cpuinfo") if l.startswith("model name")), platform.machine())
    import diffusers
    import torch
    return [f"{name}, {os.cpu_count()} cores; {time.strftime('%Y-%m-%d')}; PyTorch {torch.__version__.split('+')[0]}, "
            f"diffusers {diffusers.__version__}, ONNX Runtime 1.31.1."]


def main():
    document = root / "docs/benchmarks.md"
    text = document.read_text()
    with tempfile.TemporaryDirectory() as folder:
        exported = f"{folder}/key.npy"
        subprocess.run([ringkey, "key", "export", key, "-o", exported], check=True, stdout=subprocess.DEVNULL)
        for name, table in (("machine", machine), ("whole", lambda: whole_process(exported)),
                            ("steady", lambda: steady_state(exported)), ("parts", where_time_goes)):
            lines = table()
            print("\n".join([f"## {name}", *lines, ""]), flush=True)
            text = re.sub(rf"(<!-- {name} -->\n).*?(<!-- end -->)",
                          lambda m: m.group(1) + "\n".join(lines) + "\n" + m.group(2), text, flags=re.S)
    document.write_text(text)


main()
