"""Faults of the machine: full disks, limits of size, memory and descriptors."""

import contextlib
import os
import resource
import signal
import subprocess

from commands import writers
from tool import Skipped, as_nobody, demand, limit


@contextlib.contextmanager
def tmpfs(folder, size):
    """A file system of so many bytes; needs root."""
    if os.geteuid() != 0:
        raise Skipped("mounting needs root")
    folder.mkdir()
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder], capture_output=True, text=True)
    if made.returncode:
        raise Skipped(f"cannot mount: {made.stderr.strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


def full_disk(scene, random, folder):
    """An audit, and every command that writes a file, on a file system that is full at a random size"""
    hits = 0
    with tmpfs(folder / "small", random.randrange(1, 9) * 4096) as small:
        results = small / "r.jsonl"
        end = scene.tool.run(scene.audit(results), {2})
        if scene.check_part(results) < len(scene.expected):
            hits += 1
            demand("room" in end.err, f"does not say that the disk is full: {end}")
        subprocess.run(["mount", "-o", "remount,size=4m", small], check=True)
        scene.resume(results)
        (small / "filler").write_bytes(b"0" * (4 * 1024 * 1024 - results.stat().st_blocks * 512 - 4096))
        for name, arguments, output in writers(scene, small):
            end = scene.tool.run(arguments, {0, 1, 2})
            hits += end.code == 2
            leaves_nothing_half(name, end, output)
    return hits


def leaves_nothing_half(name, end, output):
    """A file that could not be written whole is not there, nor what it was written to first."""
    if end.code != 2:
        return
    demand(not output.exists(), f"{name} left a part of its file: {end}")
    left = [file.name for file in output.parent.iterdir() if output.name in file.name]
    demand(not left, f"{name} left {left}: {end}")


def file_size(scene, random, folder):
    """RLIMIT_FSIZE at a random size, with SIGXFSZ as it is: the audit, and every command that writes a file"""
    results, hits = folder / "r.jsonl", 0
    end = scene.tool.run(scene.audit(results), {2}, before=[limit(resource.RLIMIT_FSIZE, random.randrange(1, 30_000))])
    hits += scene.check_part(results) < len(scene.expected)
    demand("room" in end.err, f"does not say that there is no room: {end}")
    scene.resume(results)
    for name, arguments, output in writers(scene, folder):
        size = random.choice([0, 1, 64, 200])
        end = scene.tool.run(arguments, {0, 1, 2}, before=[limit(resource.RLIMIT_FSIZE, size)], says=False)
        hits += end.code == 2
        leaves_nothing_half(name, end, output)
        if end.code == 2:
            # The same without a limit: nothing that is left is in the way.
            scene.tool.run(arguments, {0, 1})
    return hits


# Swift's runtime and libraries end the process where they get no memory or no thread; nothing can be done about that.
DEATHS = {-number for number in (signal.SIGILL, signal.SIGTRAP, signal.SIGABRT, signal.SIGSEGV, signal.SIGKILL)}


def memory(scene, random, folder):
    """RLIMIT_AS from 60 MB to 3 GB: the process may die of it, but no result is wrong or lost"""
    size = int(60e6 * 50 ** random.random())
    return starved(scene, folder, [limit(resource.RLIMIT_AS, size)])


def threads(scene, random, folder):
    """RLIMIT_NPROC from 2 to 16 threads: the process may die of it, but no result is wrong or lost"""
    if os.geteuid() != 0:
        raise Skipped("needs root, to be somebody who has no other processes")
    folder.chmod(0o777)
    scene.key.chmod(0o644)
    try:
        return starved(scene, folder, [limit(resource.RLIMIT_NPROC, random.randrange(2, 17)), as_nobody])
    finally:
        scene.key.chmod(0o600)


def starved(scene, folder, before):
    """An audit that lacks something, and the same without that lack."""
    results = folder / "r.jsonl"
    end = scene.tool.start(scene.audit(results), before=before).end()
    demand(end.code in DEATHS | {2, 127}, f"code {end.code}: {end}")
    retried = {line["path"] for line in scene.lines(results, may_be_torn=True) if line.get("code") in RETRIED}
    for path, found in scene.ends(results, may_be_torn=True).items():
        demand(path in retried or scene.expected[path] == found, f"{path}: {found}, not {scene.expected[path]}")
    scene.tool.run(scene.audit(results, "--resume"), {2})
    last = {line["path"]: line for line in scene.lines(results) if "path" in line}
    for path, (word, _) in scene.expected.items():
        line = last.get(path, {})
        demand(word in (line.get("verdict"), line.get("code")), f"{path}: {line.get('verdict')}, not {word}")
    return int(end.code != 2 or "audited 39 files" not in end.out.decode())


RETRIED = {"missing", "not_readable", "not_a_file", "not_measurable"}


def descriptors(scene, random, folder):
    """RLIMIT_NOFILE from 3 to 40"""
    results = folder / "r.jsonl"
    number = random.randrange(3, 41)
    end = scene.tool.run(scene.audit(results), {2, 127}, before=[limit(resource.RLIMIT_NOFILE, number)], says=number > 8)
    refused = [line for line in scene.lines(results) if line.get("code") == "not_readable"]
    demand(all("open" in line["found"] for line in refused), f"a file is not readable for another reason: {refused[:1]}")
    scene.tool.run(scene.audit(results, "--resume"), {2})
    last = {line["path"]: line.get("verdict") or line.get("code") for line in scene.lines(results) if "path" in line}
    demand(last == {path: end[0] for path, end in scene.expected.items()}, "the resumed audit has other results")
    return int(len(refused) > 0 or end.code == 127 or "expected" in end.err)
