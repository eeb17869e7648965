"""Programs that stay alive and do what they are told, one line of their standard input at a time."""

import os
import pathlib
import subprocess
import sys
import threading
import time


class Conversation:
    """A program that answers each line with one line: the seconds that it took."""

    def __init__(self, command, cores, environment=()):
        allowed = sorted(os.sched_getaffinity(0))
        self.start = time.perf_counter()
        self.command = list(map(str, command))
        self.process = subprocess.Popen(
            self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1,
            env={**os.environ, "HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1", **dict(environment)},
            preexec_fn=lambda: os.sched_setaffinity(0, allowed[:cores]))
        self.status = pathlib.Path(f"/proc/{self.process.pid}/status")
        self.anonymous, self.over = 0, threading.Event()
        self.watch = threading.Thread(target=self.watching, daemon=True)
        self.watch.start()

    def ask(self, line):
        """The seconds of one call."""
        try:
            self.process.stdin.write(f"{line}\n")
        except BrokenPipeError:
            self.fail(line)
        return float(self.process.stdout.readline().strip() or self.fail(line))

    def since_start(self):
        """Seconds since the process was started."""
        return time.perf_counter() - self.start

    def peak(self):
        """The largest resident set so far in bytes, mapped files included, and the largest anonymous part of it that was
        seen, looked for 100 times a second."""
        return self.bytes("VmHWM"), self.anonymous

    def close(self):
        self.over.set()
        self.watch.join()
        self.process.stdin.close()
        self.process.wait()

    def fail(self, line):
        sys.exit(f"{' '.join(self.command)}: no answer to {line}, exit {self.process.wait()}")

    def watching(self):
        while not self.over.wait(0.01):
            self.anonymous = max(self.anonymous, self.bytes("RssAnon"))

    def bytes(self, field):
        """A field of /proc/PID/status; 0 for a process that ended."""
        for line in self.status.read_text().splitlines():
            if line.startswith(f"{field}:"):
                return int(line.split()[1]) * 1024
        return 0
