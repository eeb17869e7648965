"""How often one fixed key matches unrelated photographs: the table of docs/science.md.

    python3 benchmarks/fixed_keys/photographs.py OUT
    benchmarks/false_positives/grove_images.sh RINGKEY OUT/grove
    benchmarks/false_positives/marked_images.sh RINGKEY OUT/marked
    python3 benchmarks/fixed_keys/rates.py RINGKEY OUT [--keys 10000] [--write]

Photographs are taken back to noise once (OUT/latents keeps that). They are parted into four; each quarter is judged with a
null model that was learnt from the other three and from grove's images. The rate of the 99th-percentile key is given as
counted, and without what counting a limited number of photographs adds: the variance of the true rates is the covariance of
matches between different photographs, and the quantile is that of a gamma distribution of this mean and variance.
Needs NumPy and SciPy.
"""

import argparse
import json
import pathlib
import subprocess
import sys

import numpy as np
from scipy.stats import beta, binom, gamma

import treatment

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
import document

LEVELS = (0.01, 0.001)
ROUTES = {"none/0": 0, "none/5": 5}
PARTS = 4
# What a verdict multiplies p by for its three attempts; where moved pictures are searched for it is twice as much.
PRICE = 3
ALL = [0, 1, 2, 3]
KINDS = {
    "`spread`, all channels": (treatment.spread_reading, ALL), "`spread`, one channel": (treatment.spread_reading, [0]),
    "`ring`, all channels": (treatment.ring_reading, ALL), "`ring`, one channel": (treatment.ring_reading, [0]),
}


def recovered(ringkey, images, steps, folder):
    """Latents [n, C, h, w] of all images of a folder, and the images' names."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = sorted(images.glob("*.png"))
    for path in paths:
        if not (folder / f"{path.stem}.npy").exists():
            subprocess.run([ringkey, "invert", path, "--steps", str(steps), "--decoder-inversion", "none", "--threads", "1",
                            "--model", HERE.parents[1] / "samples/grove", "--quiet", "-o", folder / f"{path.stem}.npy"],
                           check=True)
    return np.concatenate([np.load(folder / f"{path.stem}.npy") for path in paths]).astype(float), [p.stem for p in paths]


def unit(rows):
    return rows / np.linalg.norm(rows, axis=-1, keepdims=True)


def key_rates(looks, photographs, keys, price=1):
    """By level: rate of the 99th-percentile key as counted, the same of equal keys, and without counting noise.

    A photograph matches where it does so in any of the looks, after its p-value is multiplied by the price.
    """
    count, dimension = looks[0].shape
    order = np.argsort(photographs, kind="stable")
    starts = np.unique(photographs[order], return_index=True)[1]
    cosines = np.max([unit(readings[order]).astype(np.float32) @ keys.T for readings in looks], axis=0)
    pairs = count**2 - (np.bincount(photographs) ** 2).sum()
    cells = []
    for level in LEVELS:
        matches = cosines > np.sqrt(beta.isf(2 * level / price, 0.5, (dimension - 1) / 2))
        by_photograph = np.add.reduceat(matches, starts, axis=0, dtype=np.int32)
        products = (by_photograph.sum(0) ** 2 - (by_photograph**2).sum(0)).mean() / pairs
        mean = matches.mean()
        variance = max(products - mean**2, 1e-4 * mean**2)
        cells.append((np.quantile(matches.mean(0), 0.99), binom.ppf(0.99, count, mean) / count,
                      gamma.ppf(0.99, mean**2 / variance, scale=variance / mean)))
    return [f"{cell / level:.2f}" for level, group in zip(LEVELS, cells) for cell in group]


def decades(latents, ringkey, out, key):
    """log₁₀ p of marked latents for a `spread` key of all channels, whose numbers are read from noise marked with it."""
    noise = out / "latents/key-noise.npy"
    subprocess.run([ringkey, "noise", "--key", key, "--seed", "1", "--quiet", "--force", "-o", noise], check=True,
                   stdout=subprocess.DEVNULL)
    numbers = treatment.spread_reading(np.load(noise).astype(float), ALL)
    cosines = unit(treatment.spread_reading(latents, ALL)) @ unit(numbers)[0]
    dimension = numbers.shape[1]
    return np.sort((beta.logsf(cosines**2, 0.5, (dimension - 1) / 2) - np.log(2)) / np.log(10))


def treatments(photographs, parts, grove, marked):
    """Name, photographs and marked latents, each treated, before the step that `spread` keys have besides."""
    yield "none", photographs, marked
    filtered = np.empty_like(photographs)
    for part in range(PARTS):
        null = treatment.Null(np.concatenate([photographs[parts != part], grove]))
        filtered[parts == part] = null.filtered(photographs[parts == part])
    yield "calibrated", filtered, null.filtered(marked)


def random_keys(count, dimension):
    return unit(np.random.default_rng(dimension).standard_normal((count, dimension), np.float32))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("ringkey")
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--keys", type=int, default=10000)
    parser.add_argument("--write", action="store_true", help="put the tables into docs/science.md")
    arguments = parser.parse_args()
    out, key = arguments.out, HERE.parents[1] / "samples/demo.key.json"
    rows, power, together = [], [], {}
    for route, steps in ROUTES.items():
        def latents(name):
            return recovered(arguments.ringkey, out / name, steps, out / "latents" / route.replace("/", "-") / name)
        whole, quarters, marked = latents("whole"), latents("quarters"), latents("marked/plain")[0]
        grove = np.concatenate([latents(f"grove/{path.name}")[0] for path in sorted((out / "grove").glob("guidance-*"))])
        own = np.concatenate([whole[0], quarters[0]])
        numbers = np.array([int(name[:4]) for name in whole[1] + quarters[1]])
        for name, treated, treated_marked in treatments(own, numbers % PARTS, grove, marked):
            for evened in (False, True):
                step = treatment.self_whitened if evened else np.asarray
                label = f"{name}, self-whitened" if evened else name
                logs = decades(step(treated_marked), arguments.ringkey, out, key)
                power.append([f"`{route}`", label, f"{np.median(logs):.1f}", f"{logs[-1]:.1f}"])
                for kind, (reading, channels) in KINDS.items():
                    if evened and "ring" in kind:
                        continue
                    readings = reading(step(treated), channels)
                    cells = key_rates([readings], numbers, random_keys(arguments.keys, readings.shape[1]))
                    rows.append([f"`{route}`", kind, label, *cells])
                    print(json.dumps(rows[-1]), file=sys.stderr, flush=True)
                    if evened:
                        together.setdefault((kind, label), []).append(readings)
    rows.sort(key=lambda row: (row[0], list(KINDS).index(row[1])))
    for (kind, label), looks in together.items():
        cells = key_rates(looks, numbers, random_keys(arguments.keys, looks[0].shape[1]), price=PRICE)
        rows.append([f"both, p × {PRICE}", kind, label, *cells])
    headers = ["look", "keys", "noise", *(f"{level}: {text}" for level in LEVELS for text in ("counted", "equal", "true"))]
    count = f"{len(own)} crops of {len(set(numbers))} photographs, {arguments.keys:,} keys of each kind."
    tables = {
        "fixed-keys": f"{count}\n\n{document.table(headers, rows)}",
        "fixed-keys-power": document.table(["look", "noise", "log₁₀ p: median", "worst"], power),
    }
    for table in tables.values():
        print(table, end="\n\n")
    if arguments.write:
        document.write(HERE.parents[1] / "docs/science.md", tables)


main()
