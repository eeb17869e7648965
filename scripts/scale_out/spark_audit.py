#!/usr/bin/env python3
"""Audits a folder on Apache Spark: each partition of paths goes through one `ringkey audit -`.

    spark-submit scripts/scale_out/spark_audit.py PHOTOS OUTPUT -- --key my.key.json --model MODEL

PHOTOS has to be mounted at the same place on every worker; so have ringkey, the model and the key. OUTPUT is a folder
that Spark writes part-* files to; their concatenation is a file of results. Everything after -- goes to ringkey.

    --ringkey PATH       the program (default: ringkey)
    --partitions N       tasks; each loads the model once (default: 2 for each core of the cluster)
    --check RESULTS      compare with the results of one `ringkey audit PHOTOS -o RESULTS`, and fail where they differ
"""

import argparse
import os
import subprocess
import sys
import tempfile
import threading

from compare_results import compare, ends

SPLIT = sys.argv.index("--") if "--" in sys.argv else len(sys.argv)
FLAGS = sys.argv[SPLIT + 1:]


ENDINGS = (".png", ".jpg", ".jpeg", ".webp")


def paths_below(folder):
    """Files whose names promise an image. A list of paths from elsewhere does as well."""
    for root, folders, files in os.walk(folder):
        folders.sort()
        yield from (os.path.join(root, name) for name in sorted(files) if name.lower().endswith(ENDINGS))


def judge(program, flags):
    """A function from an iterator of paths to an iterator of result lines, for rdd.mapPartitions."""

    def lines(paths):
        with tempfile.TemporaryFile() as errors:
            process = subprocess.Popen(
                [program, "audit", "-", "--null", "--quiet", *flags], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                stderr=errors)

            def feed():
                # Beside the reading: a full pipe would stop both sides.
                try:
                    for path in paths:
                        process.stdin.write(os.fsencode(path) + b"\0")
                    process.stdin.close()
                except BrokenPipeError:
                    pass

            feeder = threading.Thread(target=feed, daemon=True)
            feeder.start()
            for line in process.stdout:
                yield line.decode().rstrip("\n")
            feeder.join()
            # 0: all judged; 2 also where some files could not be, which the lines tell. Anything else ran into trouble.
            status = process.wait()
            errors.seek(0)
            message = errors.read().decode(errors="replace")
            if status not in (0, 2) or "expected" in message:
                raise RuntimeError(f"ringkey ended with {status}: {message}")

    return lines


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("photos")
    parser.add_argument("output")
    parser.add_argument("--ringkey", default="ringkey")
    parser.add_argument("--partitions", type=int)
    parser.add_argument("--check", metavar="RESULTS")
    arguments = parser.parse_args(sys.argv[1:SPLIT])

    from pyspark import SparkContext

    context = SparkContext(appName="ringkey audit")
    context.setLogLevel("WARN")
    partitions = arguments.partitions or 2 * context.defaultParallelism
    photos = os.path.abspath(arguments.photos)
    context.parallelize(list(paths_below(photos)), partitions) \
        .mapPartitions(judge(arguments.ringkey, FLAGS)) \
        .saveAsTextFile("file://" + os.path.abspath(arguments.output))
    master = context.master
    context.stop()
    parts = sorted(name for name in os.listdir(arguments.output) if name.startswith("part-"))
    lines = [line for part in parts for line in open(os.path.join(arguments.output, part), encoding="utf-8")]
    found = ends(lines)
    print(f"{len(found)} files judged by {partitions} tasks on {master}")
    if arguments.check:
        with open(arguments.check, encoding="utf-8") as single:
            expected = ends(single)
        return 0 if compare(found, expected) else 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
