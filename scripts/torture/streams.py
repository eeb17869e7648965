"""Faults of the three standard streams: closed, full, broken."""

import contextlib
import itertools
import os
import signal

from commands import printers, writers
from tool import closing, demand, ignoring


def closed(scene, random, folder):
    """Every combination of closed descriptors 0, 1 and 2, on an audit and on every command"""
    hits, results = 0, folder / "r.jsonl"
    for count in range(1, 4):
        for numbers in itertools.combinations((0, 1, 2), count):
            results.unlink(missing_ok=True)
            options = {"before": [closing(numbers)], "says": 2 not in numbers}
            scene.tool.run(["audit", scene.images, *scene.fast, "-o", results], {2}, **options)
            scene.check_whole(results)
            for command in printers(scene, folder):
                # Nobody reads the results: they are dropped, or that is an error.
                scene.tool.run(command.arguments, {command.code, 2}, **options)
                hits += 1
            for name, arguments, output in writers(scene, folder):
                demand(output.stat().st_size > 0, f"{name}: an empty {output}")
                demand(b"ringkey: " not in output.read_bytes()[:9], f"{name}: a message in {output}")
    return hits


@contextlib.contextmanager
def opened(path, flags):
    """A descriptor for the time of the block."""
    descriptor = os.open(path, flags)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def full(scene, random, folder):
    """stdout, stderr or both on /dev/full: results that could not be written are an error, messages are not"""
    hits, results = 0, folder / "r.jsonl"
    with opened("/dev/full", os.O_WRONLY) as device:
        for command in printers(scene, folder):
            scene.tool.run(command.arguments, {command.code}, stderr=device, says=False)
            expected = {2} if command.prints else {command.code}
            scene.tool.run(command.arguments, expected, stdout=device)
            scene.tool.run(command.arguments, expected, stdout=device, stderr=device, says=False)
            hits += 3
        loud = ["audit", scene.images, *scene.fast, "-o", results]
        for streams in ({"stderr": device}, {"stdout": device}, {"stdout": device, "stderr": device}):
            results.unlink(missing_ok=True)
            scene.tool.run(loud, {2}, says="stderr" not in streams, **streams)
            scene.check_whole(results)
            hits += 1
    return hits


@contextlib.contextmanager
def broken_pipe():
    """The writing end of a pipe whose reader has gone."""
    reading, writing = os.pipe()
    os.close(reading)
    try:
        yield writing
    finally:
        os.close(writing)


def broken(scene, random, folder):
    """stdout, stderr or both on a pipe without a reader, with SIGPIPE as it is and ignored"""
    hits, results = 0, folder / "r.jsonl"
    for before, died in (([], {-signal.SIGPIPE}), ([ignoring(signal.SIGPIPE)], set())):
        with broken_pipe() as pipe:
            for command in printers(scene, folder):
                usual, arguments = {command.code}, command.arguments
                scene.tool.run(arguments, {2} | died if command.prints else usual, stdout=pipe, before=before, says=False)
                # As everywhere, a message to a pipe that is broken may end the process where SIGPIPE is not ignored.
                scene.tool.run(arguments, usual | died, stderr=pipe, before=before, says=False)
                hits += 2
            for streams in ({"stderr": pipe}, {"stdout": pipe}, {"stdout": pipe, "stderr": pipe}):
                results.unlink(missing_ok=True)
                loud = ["audit", scene.images, *scene.fast, "-o", results]
                end = scene.tool.run(loud, {2} | died, before=before, says=False, **streams)
                scene.check_part(results) if end.code < 0 else scene.check_whole(results)
                scene.resume(results)
                hits += 1
    return hits


def readers(scene, random, folder):
    """A reader of `audit` and of `verify --json` that goes away after a random number of bytes"""
    hits = 0
    for arguments in (["audit", scene.images, *scene.fast], ["verify", *scene.images.glob("0*.png"), *scene.fast, "--json"]):
        reading, writing = os.pipe()
        running = scene.tool.start(arguments, stdout=writing, before=random.choice([[], [ignoring(signal.SIGPIPE)]]))
        os.close(writing)
        got, wanted = b"", random.randrange(1, 12_000)
        while len(got) < wanted and (chunk := os.read(reading, wanted - len(got))):
            got += chunk
        os.close(reading)
        end = running.end()
        demand(end.code in {-signal.SIGPIPE, 2, 0}, f"code {end.code}: {end}")
        hits += 1
    return hits
