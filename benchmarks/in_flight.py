"""Threads, batches and processes at the size of Stable Diffusion 2.1: seconds an image.

    python3 benchmarks/in_flight.py FOLDER/sd21 [--rounds 2] [--write]     (FOLDER/sd21 by scripts/interop/real.py)

Audits four images at 512×512, each by the encoder and one UNet call in int8 (look none/1, no search), with 1 and 2 threads,
batches of 1, 2 and 4, and as two processes with one thread each. Opening is taken out: the time of eight images less that of four.
"""

import argparse
import pathlib
import subprocess
import tempfile
import time

import document

ROOT = pathlib.Path(__file__).resolve().parents[1]
BINARY = ROOT / ".build/release/ringkey"
PAGE = ROOT / "docs/benchmarks.md"
IMAGES = sorted((ROOT / "samples/images").glob("*.png"))[:8]
SETTINGS = [(1, 1, 1), (2, 1, 1), (2, 2, 1), (2, 4, 1), (1, 1, 2)]


def seconds(model, key, threads, batch, processes, images):
    start = time.monotonic()
    running = []
    for part in range(processes):
        own = images[part::processes]
        running.append(subprocess.Popen(
            [BINARY, "audit", *own, "--model", model, "--key", key, "--looks", "none/1", "--search", "none", "--thorough",
             "--calibration", "none", "--precision", "int8", "--threads", str(threads), "--batch", str(batch), "-o", "/dev/null",
             "--quiet"], stdout=subprocess.DEVNULL))
    codes = [process.wait() for process in running]
    if any(code not in (0, 1, 3) for code in codes):
        raise SystemExit(f"exit codes {codes}")
    return time.monotonic() - start


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    best = {setting: [] for setting in SETTINGS}
    with tempfile.TemporaryDirectory() as folder:
        key = pathlib.Path(folder) / "k.json"
        subprocess.run([BINARY, "keygen", "-o", key, "--latent", "4x64x64", "--quiet"], check=True, stdout=subprocess.DEVNULL)
        # Prepares the weights.
        seconds(options.model, key, 2, 1, 1, IMAGES[:1])
        for _ in range(options.rounds):
            for setting in SETTINGS:
                few, many = (seconds(options.model, key, *setting, IMAGES[:count]) for count in (4, 8))
                best[setting].append((many - few) / 4)
    rows = [
        [f"{processes} × {threads}", batch, f"{min(best[threads, batch, processes]):.2f}"]
        for threads, batch, processes in SETTINGS]
    text = document.table(["processes × threads", "batch", "seconds an image"], rows)
    print(text)
    if options.write:
        document.write(PAGE, {"in-flight": text})


if __name__ == "__main__":
    main()
