#!/usr/bin/env python3
"""A checkpoint of Stable Diffusion 2.1's configuration, random weights: ringkey at each precision against PyTorch eager.

    make bench-checkpoints REAL=FOLDER      (FOLDER/sd21 by: python3 scripts/interop/real.py sd21 FOLDER/sd21 --no-golden)
    python3 benchmarks/checkpoints.py FOLDER/sd21 [--sides float32.quick int8.packed …] [--rounds 5] [--quick] [--write]

A side is a precision and what opening the network may cost. Each side is a process of its own. First, round by round,
each is started, calls its UNet once and ends. Then all are started, stay alive, and take turns call by call:
a UNet call (batch 1, 64×64 latents), the encoder and the decoder at 512×512. The calls before the first round are not
counted. Needs memory for all sides at once: some 6 GB for PyTorch, as much for each side opened in full, 4 GB for others.
"""

import argparse
import os
import pathlib
import sys
import tempfile
import time

from conversations import Conversation
from document import command, table, write
from processes import alternately, median, ratio, run

ROOT = pathlib.Path(__file__).resolve().parent.parent
PAGE = "docs/benchmarks.md"
TORCH = "PyTorch"
# 10⁹ multiply-adds by shape: torch.utils.flop_counter counts twice as many operations.
WORK = {"predict": 402, "encode": 558, "decode": 1257}
LABELS = {"predict": "a UNet call", "encode": "encode 512×512", "decode": "decode 512×512"}
# anderson:4/10: the encoder, four pairs of decoder and encoder, ten UNet calls.
VERIFY = {"predict": 10, "encode": 5, "decode": 4}
SIZE = 2048


def torch_side(folder, threads):
    """The other program: run as this file with --torch."""
    import torch
    from diffusers import AutoencoderKL, UNet2DConditionModel

    torch.set_num_threads(threads)
    torch.set_grad_enabled(False)
    models = {}

    def model(kind, part):
        if part not in models:
            models[part] = kind.from_pretrained(folder / part, torch_dtype=torch.float32).eval()
        return models[part]

    unet = lambda: model(UNet2DConditionModel, "unet")
    vae = lambda: model(AutoencoderKL, "vae")
    image, latent, words = torch.rand(1, 3, 512, 512) * 2 - 1, torch.randn(1, 4, 64, 64), torch.randn(1, 77, 1024)
    calls = {
        "predict": lambda: unet()(latent, torch.tensor(501), encoder_hidden_states=words),
        "encode": lambda: vae().encode(image).latent_dist.mode(), "decode": lambda: vae().decode(latent).sample}
    for line in sys.stdin:
        start = time.perf_counter()
        calls[line.strip()]()
        print(time.perf_counter() - start, flush=True)


def peaks(threads):
    """The other program: run as this file with --peaks. Prints 10⁹ operations a second of ONNX Runtime's products of
    matrices, the fastest of ten calls."""
    import numpy as np
    import onnxruntime
    from onnx import TensorProto, helper, numpy_helper

    rng = np.random.default_rng(1)
    shape = [SIZE, SIZE]
    port = lambda name: helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)
    constant = lambda name, values: numpy_helper.from_array(values, name)
    int8 = rng.integers(-127, 128, shape, dtype=np.int8)
    graphs = {
        "float32": (
            [helper.make_node("MatMul", ["a", "b"], ["c"])],
            [constant("b", rng.standard_normal(shape, dtype=np.float32))]),
        "int8": (
            [helper.make_node("DynamicQuantizeLinear", ["a"], ["quantized", "scale", "zero"]),
             helper.make_node(
                 "MatMulIntegerToFloat", ["quantized", "b", "scale", "scales", "zero"], ["c"], domain="com.microsoft")],
            [constant("b", int8), constant("scales", np.full(SIZE, 0.01, np.float32))]),
    }
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    a = rng.standard_normal(shape, dtype=np.float32)
    fastest = {}
    for name, (nodes, constants) in graphs.items():
        graph = helper.make_graph(nodes, name, [port("a")], [port("c")], constants)
        model = helper.make_model(
            graph, ir_version=10, opset_imports=[helper.make_opsetid("", 20), helper.make_opsetid("com.microsoft", 1)])
        session = onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
        seconds = []
        for _ in range(10):
            start = time.perf_counter()
            session.run(None, {"a": a})
            seconds.append(time.perf_counter() - start)
        fastest[name] = 2 * SIZE**3 / min(seconds) / 1e9
    print('{"float32": %f, "int8": %f}' % (fastest["float32"], fastest["int8"]))


class Study:
    """The programs, and what was measured of them."""

    def __init__(self, arguments, cache):
        self.arguments, self.sides = arguments, [TORCH, *arguments.sides]
        # Prepared weights are made anew in the first opening of all.
        self.environment = {"RINGKEY_CACHE": cache}
        self.peaks = {}

    @property
    def threads(self):
        return ["--threads", self.arguments.threads]

    def measure_peaks(self):
        """Keeps the larger of what was and what is measured of products of matrices."""
        program = [sys.executable, __file__, self.arguments.checkpoint, "--peaks", *self.threads]
        for name, value in run(program, self.arguments.threads).lines[0].items():
            self.peaks[name] = max(value, self.peaks.get(name, 0))

    def start(self, side):
        if side == TORCH:
            program = [sys.executable, __file__, self.arguments.checkpoint, "--torch"]
        else:
            precision, optimization = side.split(".")
            program = [
                self.arguments.interop, "time", self.arguments.checkpoint, "--width", 1024, "--precision", precision,
                "--optimization", optimization]
        return Conversation([*program, *self.threads], self.arguments.threads, self.environment)

    def opening(self, side):
        """A process up to the end of its first UNet call: seconds, and bytes as `Conversation.peak`."""
        conversation = self.start(side)
        conversation.ask("predict")
        seconds = conversation.since_start()
        peak = conversation.peak()
        conversation.close()
        return seconds, *peak

    def calls(self):
        """Seconds of each call, by kind and side, and the bytes that each side ends with."""
        conversations = [self.start(side) for side in self.sides]
        for conversation in conversations:
            for call in WORK:
                conversation.ask(call)
        seconds = {
            call: alternately(self.arguments.rounds, *[lambda c=c, call=call: c.ask(call) for c in conversations])
            for call in WORK}
        memory = [conversation.peak() for conversation in conversations]
        for conversation in conversations:
            conversation.close()
        return seconds, memory

    def peak(self, side):
        return self.peaks["int8" if side.startswith("int8") else "float32"]

    def rows(self, openings, seconds, memory):
        def compared(label, form, values):
            ratios = [f"{ratio(values[0], v):.2f}" for v in values[1:]]
            return [label, *(form.format(median(v)) for v in values), *ratios]

        columns = lambda index: [[opening[index] for opening in side] for side in openings]
        gigabytes = lambda sides: [[value / 1e9 for value in side] for side in sides]
        further = [median(values) for values in seconds["predict"]]
        opened = [[first - call for first in firsts] for firsts, call in zip(columns(0), further)]
        yield compared("start until the first UNet call ended, s", "{:.2f}", columns(0))
        yield compared("less a further call: opening, s", "{:.2f}", opened)
        for call, values in seconds.items():
            yield compared(f"{LABELS[call]}, s", "{:.2f}", values)
        for call, values in seconds.items():
            rates = [2 * WORK[call] / median(v) for v in values]
            shares = [f"{rate:.0f} ({rate / self.peak(side):.0%})" for rate, side in zip(rates, self.sides)]
            yield [f"{LABELS[call]}, 10⁹ operations a second", *shares, *[""] * (len(shares) - 1)]
        sums = [
            [sum(VERIFY[call] * seconds[call][i][turn] for call in VERIFY) for turn in range(self.arguments.rounds)]
            for i in range(len(self.sides))]
        yield compared("a whole verify by these, s", "{:.1f}", sums)
        yield compared("peak memory, UNet, GB", "{:.2f}", gigabytes(columns(1)))
        yield compared("of it anonymous, GB", "{:.2f}", gigabytes(columns(2)))
        yield compared("peak memory, all three, GB", "{:.2f}", gigabytes([[peak] for peak, _ in memory]))
        yield compared("of it anonymous, GB", "{:.2f}", gigabytes([[anonymous] for _, anonymous in memory]))

    def section(self):
        self.measure_peaks()
        openings = alternately(self.arguments.rounds, *[lambda side=side: self.opening(side) for side in self.sides])
        calls = self.calls()
        self.measure_peaks()
        headers = ["", f"{TORCH} eager float32", *self.sides[1:], *(f"{TORCH} / {side}" for side in self.sides[1:])]
        body = table(headers, self.rows(openings, *calls))
        first = ", ".join(f"{opening[0][0]:.1f} s for {side}" for side, opening in zip(self.sides, openings))
        rounds, threads = self.arguments.rounds, self.arguments.threads
        return "\n\n".join([
            command(f"python3 benchmarks/checkpoints.py CHECKPOINT --sides {' '.join(self.sides[1:])} --rounds {rounds} "
                    f"--threads {threads}"),
            f"{cpu()}, {threads} threads on {min(threads, CORES)} cores, load before the run {LOAD:.1f}. ONNX Runtime's "
            f"product of {SIZE}×{SIZE} matrices: {self.peaks['float32']:.0f}·10⁹ operations a second in float32, "
            f"{self.peaks['int8']:.0f}·10⁹ in int8 with the quantising of one side, the fastest of twenty; a share in brackets "
            "is of that. "
            f"{'One turn' if rounds == 1 else f'Medians of {rounds} turns'}.",
            body,
            f"The very first call, by which weights in int8 are prepared, ended after {first}. A whole verify is the "
            "encoder, four pairs of decoder and encoder, and ten UNet calls."])


def cpu():
    """The processor's name."""
    lines = pathlib.Path("/proc/cpuinfo").read_text().splitlines()
    return next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), os.uname().machine)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint", type=pathlib.Path)
    parser.add_argument("--interop", type=pathlib.Path, default=ROOT / ".build/release/interop")
    parser.add_argument(
        "--sides", nargs="+", default=["float32.quick", "float32.full", "int8.quick"], help="PRECISION.OPTIMIZATION …")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--quick", action="store_true", help="one round")
    parser.add_argument("--write", action="store_true", help=f"write the table into {PAGE}")
    parser.add_argument("--torch", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--peaks", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.torch:
        return torch_side(arguments.checkpoint, arguments.threads)
    if arguments.peaks:
        return peaks(arguments.threads)
    if arguments.quick:
        arguments.rounds = 1
    with tempfile.TemporaryDirectory() as cache:
        body = Study(arguments, cache).section()
    print(body)
    if arguments.write:
        write(ROOT / PAGE, {"checkpoints": body})


LOAD, CORES = os.getloadavg()[0], len(os.sched_getaffinity(0))
if __name__ == "__main__":
    main()
