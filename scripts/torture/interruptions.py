"""Faults that end an audit: kills, signals, a second audit, a clock that jumps."""

import os
import signal

from tool import Skipped, checked, demand


def kills(scene, random, folder):
    """SIGKILL at random moments, then `--resume`, until the audit comes to its end"""
    results, hits, before = folder / "r.jsonl", 0, b""
    for _ in range(40):
        running = scene.tool.start(scene.audit(results, "--resume", "--batch", random.choice("124")))
        size = len(before) + random.randrange(1, 6000)
        if random.random() < 0.7:
            running.until(lambda: results.exists() and results.stat().st_size >= size, 30)
        running.until(lambda: False, random.uniform(0, 0.2))
        running.send(signal.SIGKILL)
        end = running.end()
        after = results.read_bytes() if results.exists() else b""
        whole = before[: before.rfind(b"\n") + 1]
        demand(after.startswith(whole), f"a result was lost: {end}")
        scene.check_part(results, may_be_torn=True)
        if end.code != -signal.SIGKILL:
            checked(end, {2})
            break
        hits, before = hits + 1, after
    scene.resume(results)
    return hits


def signals(scene, random, folder):
    """SIGINT, SIGTERM, SIGHUP at random moments; at times a second one"""
    results, hits = folder / "r.jsonl", 0
    number = random.choice([signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
    running = scene.tool.start(scene.audit(results, "--batch", "1"))
    running.until(lambda: results.exists() and results.stat().st_size > random.randrange(10, 9000), 30)
    running.until(lambda: False, random.uniform(0, 0.05))
    running.send(number)
    if random.random() < 0.3:
        running.until(lambda: False, random.uniform(0, 0.02))
        running.send(number)
    # A signal that comes before the audit listens ends the process as it ends any.
    end = checked(running.end(), {2, 128 + number, -number})
    done = scene.check_part(results)
    if end.code == 128 + number and done < len(scene.expected):
        hits = 1
    scene.resume(results)
    return hits


def two_writers(scene, random, folder):
    """Two to four audits at once that write one file"""
    results = folder / "r.jsonl"
    if random.random() < 0.5:
        scene.tool.run(scene.audit(results), {2})
        results.write_bytes(b"".join(results.read_bytes().splitlines(keepends=True)[: random.randrange(1, 20)]))
    started = [scene.tool.start(scene.audit(results, "--resume")) for _ in range(random.randrange(2, 5))]
    ends = [checked(running.end(), {2}) for running in started]
    refused = sum("another audit" in end.err for end in ends)
    demand(refused < len(ends), f"all were refused: {ends[0]}")
    scene.check_part(results)
    scene.resume(results)
    return refused


def clock(scene, random, folder):
    """An audit that is killed and goes on in another year, past or future (libfaketime)"""
    library = next((path for path in FAKETIME if os.path.exists(path)), None)
    if library is None:
        raise Skipped("libfaketime is missing: apt-get install faketime")
    results, years = folder / "r.jsonl", ["1969", "1970", "1999", "2027", "2038", "2106", "2200"]
    for _ in range(3):
        # Time that is set when the program starts and then runs; monotonic time is left alone.
        year = random.choice(years)
        env = {"LD_PRELOAD": library, "FAKETIME": f"@{year}-06-01 00:00:00", "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
        running = scene.tool.start(scene.audit(results, "--resume"), env=env)
        running.until(lambda: results.exists() and results.stat().st_size > random.randrange(10, 12000), 30)
        running.send(signal.SIGKILL)
        checked(running.end(), {2, -signal.SIGKILL})
        scene.check_part(results, may_be_torn=True)
    scene.resume(results, env={**env, "FAKETIME": "@2001-01-01 00:00:00"})
    return 4


def file_times(scene, random, folder):
    """Images with times of change from 1902 to 2446, whole and with nanoseconds"""
    images = folder / "images"
    images.mkdir()
    moments = [-2_000_000_000, -1, 0, 1, 9_223_372_036, 9_223_372_037, 9_223_372_800, 15_000_000_000]
    for index, moment in enumerate(moments):
        image = images / f"{index}.png"
        image.write_bytes(scene.image.read_bytes())
        nanoseconds = moment * 1_000_000_000 + random.choice([0, 1, 999_999_999])
        os.utime(image, ns=(nanoseconds, nanoseconds))
    results, arguments = folder / "r.jsonl", ["audit", images, *scene.fast, "-o", folder / "r.jsonl"]
    scene.tool.run(arguments, {0})
    before = results.read_bytes()
    scene.tool.run([*arguments, "--resume"], {0})
    demand(results.read_bytes() == before, "files with strange times were judged again")
    demand(len(scene.ends(results)) == len(moments), "a file with a strange time has no result")
    return len(moments)


FAKETIME = [f"/usr/lib/{machine}-linux-gnu/faketime/libfaketime.so.1" for machine in ("x86_64", "aarch64")]
