#!/usr/bin/env python3
"""Measures what an audit costs beyond the model's own time.

    python3 benchmarks/audit_overhead.py .build/release/ringkey IMAGES… [-- ringkey's flags]

Two measures, `--rounds` times in turn:

wall   `seconds` of the audit's summary (loading not counted) against the model stages of `ringkey verify` on the same
       images, which does one thing after the other: encoding, decoder inversion, diffusion inversion.
CPU    of the audit's own threads (source, examiners: reading, hashing, decoding, resampling; writer: JSON, journal),
       from /proc/PID/task/*/schedstat, against that of all other threads; and detection's share of the judges' time.

Printed are medians. Other programs on the machine spoil the first measure and hardly the second.
"""

import argparse
import glob
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

MODEL_STAGES = ("encoding", "decoder_inversion", "diffusion_inversion")
SPLIT = sys.argv.index("--") if "--" in sys.argv else len(sys.argv)
FLAGS = sys.argv[SPLIT + 1:]


def stages(verdicts, names):
    return sum(stage["seconds"] for verdict in verdicts for stage in verdict["stages"] if stage["stage"] in names)


def verify(program, images):
    """Seconds of model and detection, one thing after the other."""
    command = [program, "verify", *images, "--json", "--quiet", *FLAGS]
    lines = subprocess.run(command, stdout=subprocess.PIPE, text=True).stdout.splitlines()
    verdicts = [json.loads(line) for line in lines]
    return stages(verdicts, MODEL_STAGES), stages(verdicts, ("detection",))


def audit(program, images):
    """The summary, and CPU seconds of the audit's own threads and of the others.

    What loading took is left out; the last look before the end misses at most 10 ms."""
    with tempfile.TemporaryDirectory() as folder:
        command = [program, "audit", *images, "--json", "--quiet", "-o", folder + "/r.jsonl", *FLAGS]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        seconds, loading = {}, None
        while process.poll() is None:
            for task in glob.glob(f"/proc/{process.pid}/task/*"):
                try:
                    with open(task + "/schedstat") as stat, open(task + "/comm") as name:
                        seconds[task] = (name.read().strip(), int(stat.read().split()[0]) / 1e9)
                except OSError:
                    pass
            main_thread = min(seconds, key=lambda task: int(os.path.basename(task)), default=None)
            if loading is None and any(name == "judge" for name, _ in seconds.values()):
                loading = sum(cpu for _, cpu in seconds.values()), seconds[main_thread][1]
            time.sleep(0.01)
        own = sum(
            cpu for task, (name, cpu) in seconds.items() if name in ("source", "examiner") or task == main_thread)
        everything = sum(cpu for _, cpu in seconds.values()) - loading[0]
        own -= loading[1]
        return json.loads(process.stdout.read()), own, everything - own


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("ringkey")
    parser.add_argument("images", nargs="+")
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args(sys.argv[1:SPLIT])
    rows = []
    for _ in range(arguments.rounds):
        model, detection = verify(arguments.ringkey, arguments.images)
        summary, own, rest = audit(arguments.ringkey, arguments.images)
        rows.append((model, detection, summary["seconds"], summary["judging_seconds"], own, rest))
        print("model %.2f s, detection %.2f s | audit %.2f s, judging %.2f s | CPU: own %.3f s, rest %.2f s" % rows[-1])
    wall = statistics.median(row[2] / row[0] - 1 for row in rows)
    idle = statistics.median(1 - row[3] / row[2] for row in rows)
    cpu = statistics.median(row[4] / row[5] for row in rows)
    detection = statistics.median(row[1] / row[0] for row in rows)
    print(f"{len(arguments.images)} images, load {os.getloadavg()[0]:.1f}: wall {wall:+.1%} of the model's time;"
          f" no batch in the model for {idle:.2%} of the time;"
          f" CPU of reading, decoding and writing {cpu:.2%}; detection {detection:.2%} of the model's time")


if __name__ == "__main__":
    main()
