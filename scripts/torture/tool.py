"""The tool as a process: started under limits, watched, and judged by how it ends."""

import dataclasses
import os
import resource
import signal
import subprocess
import tempfile
import time

TRAPS = {signal.SIGILL, signal.SIGTRAP, signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS, signal.SIGFPE, signal.SIGXFSZ}
NOBODY = 65534


class Violation(Exception):
    """Something that must not happen has happened."""


class Skipped(Exception):
    """The fault cannot be made here; the text says why."""


def demand(condition, text):
    """Raises a violation with this text unless the condition holds."""
    if not condition:
        raise Violation(text)


@dataclasses.dataclass
class End:
    """How a process ended: code as the shell has it, but negative for a signal; what it wrote; how long it took."""

    arguments: list
    code: int
    out: bytes
    err: str
    seconds: float

    def __str__(self):
        command = "ringkey " + " ".join(str(part) for part in self.arguments)
        return f"{command}\n      code {self.code}, stderr {self.err[-300:]!r}"


def limit(kind, value):
    """A step for `before` that sets a limit of the process."""
    return lambda: resource.setrlimit(kind, (value, resource.getrlimit(kind)[1]))


def closing(descriptors):
    """A step for `before` that closes descriptors."""
    return lambda: [os.close(number) for number in descriptors]


def ignoring(number):
    """A step for `before` that makes the process ignore a signal."""
    return lambda: signal.signal(number, signal.SIG_IGN)


def as_nobody():
    """A step for `before` that gives up root, which may write everywhere."""
    os.setgroups([])
    os.setgid(NOBODY)
    os.setuid(NOBODY)


class Running:
    """A process that was started and has not been waited for."""

    def __init__(self, tool, arguments, *, before=(), stdout=None, stderr=None, env=None):
        def prepare():
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
            for step in before:
                step()

        self.tool, self.arguments, self.began = tool, list(arguments), time.monotonic()
        self.out, self.err = tempfile.TemporaryFile(), tempfile.TemporaryFile()
        self.process = subprocess.Popen(
            [tool.binary, *map(str, arguments)],
            stdin=subprocess.DEVNULL,
            stdout=self.out if stdout is None else stdout,
            stderr=self.err if stderr is None else stderr,
            env=tool.environment | (env or {}),
            preexec_fn=prepare,
            restore_signals=True,
        )

    @property
    def is_over(self):
        """Whether the process has ended."""
        return self.process.poll() is not None

    def send(self, number):
        """Sends a signal, if the process is still there."""
        if not self.is_over:
            self.process.send_signal(number)

    def until(self, condition, seconds):
        """Waits until something holds, the process ends, or the time is up."""
        deadline = time.monotonic() + seconds
        while not self.is_over and time.monotonic() < deadline and not condition():
            time.sleep(0.001)

    def end(self):
        """Waits, and checks what every end must fulfil."""
        try:
            code = self.process.wait(timeout=self.tool.timeout)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise Violation(f"hangs: no end after {self.tool.timeout} s: {' '.join(map(str, self.arguments))}") from None
        texts = []
        for file in (self.out, self.err):
            file.seek(0)
            texts.append(file.read())
            file.close()
        seconds = time.monotonic() - self.began
        return End(self.arguments, code, texts[0], texts[1].decode(errors="replace"), seconds)


class Tool:
    """The binary under test."""

    def __init__(self, binary, home, library, timeout=120):
        self.binary, self.timeout, self.runs = os.path.abspath(binary), timeout, 0
        self.violations = []
        self.environment = {"PATH": os.environ["PATH"], "HOME": str(home), "SWIFT_BACKTRACE": "enable=no"}
        if library:
            self.environment["RINGKEY_ONNXRUNTIME"] = str(library)

    def start(self, arguments, **options):
        """Starts it; the options are those of `Running`."""
        self.runs += 1
        return Running(self, arguments, **options)

    def run(self, arguments, codes, *, says=True, **options):
        """Runs it to its end, which must be one of these codes, with a line on stderr where it is 2.

        Another end is noted in `violations`, so that what comes after it is tried too.

        says: False where stderr cannot be read.
        """
        end = self.start(arguments, **options).end()
        try:
            checked(end, codes, says)
        except Violation as violation:
            self.violations.append(str(violation))
        return end


def checked(end, codes, says=True):
    """An end that is one of these codes, and clear: no trap, nothing of the runtime's own words, a line for an error."""
    if end.code < 0:
        name = signal.Signals(-end.code).name
        demand(-end.code not in TRAPS, f"trap: {name}: {end}")
        demand(end.code in codes, f"died of {name}: {end}")
    demand(end.code in codes, f"code {end.code}, not of {sorted(codes)}: {end}")
    demand("Fatal error" not in end.err, f"the runtime speaks: {end}")
    if says and end.code == 2:
        # What failed in an earlier run of an audit is in its summary alone.
        told = any(line.startswith("ringkey: ") for line in end.err.splitlines()) or b"\n  failed: " in end.out
        demand(told, f"says nothing: {end}")
    return end
