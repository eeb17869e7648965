"""Timed runs of other programs."""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass


@dataclass
class Run:
    """One finished process: wall seconds, CPU seconds, peak resident bytes, and its JSON lines."""

    wall: float
    cpu: float
    peak: int
    lines: list

    def having(self, key):
        return [line for line in self.lines if key in line]


def run(command, cores=None, answers=(0,)):
    """Runs a program to its end, on the first `cores` of this process's cores where a number is given.

    The peak is that of wait4's ru_maxrss: this process must stay small, its own pages count until exec.
    """
    allowed = sorted(os.sched_getaffinity(0))
    environment = dict(os.environ, HF_HUB_OFFLINE="1", TRANSFORMERS_OFFLINE="1", TOKENIZERS_PARALLELISM="false")
    pin = (lambda: os.sched_setaffinity(0, allowed[:cores])) if cores else None
    with tempfile.TemporaryFile("w+") as output, tempfile.TemporaryFile("w+") as errors:
        start = time.perf_counter()
        process = subprocess.Popen(
            list(map(str, command)), stdin=subprocess.DEVNULL, stdout=output, stderr=errors, env=environment,
            preexec_fn=pin)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        errors.seek(0)
        if process.returncode not in answers:
            sys.exit(f"{' '.join(map(str, command))}: exit {process.returncode}\n{errors.read()}")
        lines = [json.loads(line) for line in output if line.startswith("{")]
    return Run(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024, lines)


def alternately(rounds, *programs):
    """Each program once a round, in turn and in the opposite order every other round; a list of runs for each."""
    runs = [[] for _ in programs]
    for turn in range(rounds):
        for index in range(len(programs))[:: -1 if turn % 2 else 1]:
            runs[index].append(programs[index]())
    return runs


def median(values):
    return statistics.median(values)


def ratio(slower, faster):
    """The median over the rounds of the quotient within a round: load that comes and goes hits both alike."""
    return median([a / b for a, b in zip(slower, faster)])
