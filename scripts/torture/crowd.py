"""Many files: what an audit has to remember, not what it has to compute."""

import os
import signal
import time

from tool import checked, demand

FILES = 100_000


def many_files(scene, random, folder):
    """100,000 files, most of them no images, one in a thousand an image; killed twice and resumed"""
    images, results = folder / "images", folder / "r.jsonl"
    for index in range(FILES):
        place = images / f"{index // 1000:03}"
        if index % 1000 == 0:
            place.mkdir(parents=True)
            # A file has at most 65,000 names.
            (place / "000.png").write_text("no image\n")
        elif index % 1000 == 500:
            os.link(scene.image, place / "500.png")
        else:
            os.link(place / "000.png", place / f"{index % 1000:03}.png")
    arguments = ["audit", images, *scene.fast, "--quiet", "-o", results, "--resume"]
    began = time.monotonic()
    for _ in range(2):
        running = scene.tool.start(arguments)
        running.until(lambda: results.exists() and results.stat().st_size > random.randrange(1, 20_000_000), 300)
        running.send(signal.SIGKILL)
        checked(running.end(), {2, -signal.SIGKILL})
        scene.lines(results, may_be_torn=True)
    end = scene.tool.run(arguments, {2})
    ends = scene.ends(results)
    words = {True: "watermarked", False: "not_an_image"}
    wrong = [path for path, found in ends.items() if found[0] != words[path.endswith("/500.png")]]
    demand(len(ends) == FILES and not wrong, f"{len(ends)} results, {len(wrong)} of them wrong: {wrong[:1]}: {end}")
    before = results.stat().st_size
    scene.tool.run(arguments, {2})
    demand(results.stat().st_size == before, "a second resume wrote something")
    many_files.note = f"{FILES:,} files in {time.monotonic() - began:.0f} s, with two kills and two resumes"
    return FILES
