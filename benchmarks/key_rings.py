#!/usr/bin/env python3
"""Times a million keys against NumPy, and writes the table of docs/keyring.md: key_rings.py RINGKEY KEY-RINGS [KEYS]

Makes a ring in a temporary folder (some GB while it runs), prepares it, and looks for all of its keys in one reading and in 32.
NumPy's side is a float32 product of the readings with a quarter of the keys, times four.
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

import numpy

import document

root = pathlib.Path(__file__).resolve().parent.parent


def seconds(body) -> float:
    times = []
    for _ in range(5):
        start = time.perf_counter()
        body()
        times.append(time.perf_counter() - start)
    return sorted(times)[2]


def numpy_times(keys: int, numbers: int) -> tuple[float, float]:
    rows = keys // 4
    generator = numpy.random.default_rng(1)
    matrix = generator.standard_normal((rows, numbers), dtype=numpy.float32)
    readings = generator.standard_normal((numbers, 32), dtype=numpy.float32)

    def best(count: int) -> None:
        products = matrix @ readings[:, :count]
        numpy.argpartition(products, rows - 3, axis=0)

    return 4 * seconds(lambda: best(1)), 4 * seconds(lambda: best(32))


def main() -> None:
    ringkey, program = sys.argv[1:3]
    keys = int(sys.argv[3]) if len(sys.argv) > 3 else 1_000_000
    with tempfile.TemporaryDirectory() as folder:
        ring, labels = f"{folder}/million.ring", f"{folder}/labels.txt"
        pathlib.Path(labels).write_text("".join(f"customer-{index}\n" for index in range(keys)))
        subprocess.run(
            [ringkey, "keyring", "new", ring, "--latent", "4x64x64", "--no-pilot"], check=True, stdout=subprocess.DEVNULL)
        times = {}
        for name, command in [("derive", ["derive", ring, "--from", labels]), ("prepare", ["prepare", ring])]:
            start = time.perf_counter()
            subprocess.run([ringkey, "keyring"] + command, check=True, stdout=subprocess.DEVNULL)
            times[name] = time.perf_counter() - start
        measured = json.loads(subprocess.run([program, ring], check=True, capture_output=True, text=True).stdout)
        size = os.path.getsize(ring + ".matrix") / 1e9
    one, many = numpy_times(keys, int(measured["numbers"]))
    rows = [
        ["labels into the ring", f"{times['derive']:.1f} s", ""],
        [f"the matrix, {size:.2f} GB", f"{times['prepare']:.1f} s", ""],
        ["opening", f"{measured['opening_seconds']:.3f} s", ""],
        ["one image, the first after opening", f"{measured['first_seconds']:.3f} s", ""],
        ["one image", f"{measured['one_seconds']:.3f} s", f"{one:.3f} s"],
        ["32 images at once", f"{measured['thirty_two_seconds']:.3f} s", f"{many:.3f} s"],
        ["memory", f"{measured['resident_megabytes'] / 1e3:.2f} GB", f"{4 * keys * measured['numbers'] / 1e9:.2f} GB"],
        ["reading memory, all cores", f"{measured['bandwidth_gigabytes']:.1f} GB/s", ""],
    ]
    table = document.table(["", f"ringkey, {int(measured['cores'])} cores", "NumPy, float32"], rows)
    print(table)
    if "--write" in sys.argv:
        document.write(root / "docs" / "keyring.md", {"times": table})


main()
