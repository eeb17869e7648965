#!/usr/bin/env python3
"""Kills every training script on the way, starts it again, and compares with an unbroken run of the same few steps.

    python3 samples/training/check_resume.py [--work out/check]

Six steps of each on small settings; the checkpoints must agree to the last bit (one thread, CPU).
"""

import argparse
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import torch

STEPS, KILLED_AT = 6, 3
HERE = Path(__file__).resolve().parent


def run(command, log, kill=False):
    """Runs a script; with `kill`, ends it by SIGKILL as soon as it reports step KILLED_AT."""
    command = [sys.executable, *map(str, command)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    with log.open("a") as file:
        for line in process.stdout:
            file.write(line)
            if kill and f"step {KILLED_AT}:" in line:
                process.send_signal(signal.SIGKILL)
                break
    status = process.wait()
    if status != (-signal.SIGKILL if kill else 0):
        sys.exit(f"{' '.join(command)}: status {status}; see {log}")


def same(name, checkpoint, command, work):
    """Compares the checkpoint of a killed and resumed run with that of an unbroken one."""
    log, states = work / f"{name}.log", []
    common = ["--steps", STEPS, "--report", 1, "--checkpoint-seconds", 0, "--threads", 1]
    for kind in ("resumed", "unbroken"):
        folder = work / kind
        arguments = [HERE / command[0], *(str(part).format(folder) for part in command[1:]), *common]
        if kind == "resumed":
            run(arguments, log, kill=True)
            reached = torch.load(folder / checkpoint, weights_only=True)["step"]
            assert KILLED_AT <= reached < STEPS, reached
        run(arguments, log)
        states.append(torch.load(folder / checkpoint, weights_only=True))
    a, b = states
    assert a["step"] == b["step"] == STEPS, (a["step"], b["step"])
    for one, other in ((a["module"], b["module"]), (a["average"]["values"], b["average"]["values"])):
        for key in one:
            assert torch.equal(one[key], other[key]), f"{name}: {key} differs"
    print(f"{name}: killed at step {reached}, resumed; same weights as without a break", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=Path, default="out/check")
    parser.add_argument("--teacher", type=Path, default=HERE.parent / "grove")
    arguments = parser.parse_args()
    work = arguments.work
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    torch.set_num_threads(1)
    same("autoencoder", "vae.pt", ["train_vae.py", "--work", "{}", "--output", "{}/model/vae", "--batch", 4], work)
    same("UNet", "unet.pt", ["train_unet.py", "--vae", "{}/model/vae", "--work", "{}", "--output", "{}/model",
                             "--batch", 4, "--scenes", 48], work)
    pairs = ["--model", arguments.teacher, "--pairs", work / "pairs"]
    run([HERE / "flow_pairs.py", "--model", arguments.teacher, "--output", work / "pairs", "--pairs", 96, "--steps", 2],
        work / "pairs.log")
    for stage in ("rectify", "distil"):
        same(stage, f"{stage}.pt", ["train_flow.py", "--stage", stage, *pairs, "--work", "{}", "--batch", 4], work)


if __name__ == "__main__":
    main()
