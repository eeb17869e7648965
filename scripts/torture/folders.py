"""Faults of folders and files: read-only, taken away, replaced while an audit runs."""

import os
import shutil

from commands import LATENT, writers
from limits import leaves_nothing_half
from tool import Skipped, as_nobody, checked, demand

def read_only(scene, random, folder):
    """Every command that writes a file, and an audit, into a folder without permission to write"""
    if os.geteuid() != 0:
        raise Skipped("needs root, to be somebody else than the owner of the files")
    target = folder / "target"
    target.mkdir()
    scene.key.chmod(0o644)
    hits = 0
    try:
        results = target / "r.jsonl"
        for name, arguments, output in [*writers(scene, target), ("audit", scene.audit(results), results)]:
            end = scene.tool.run(arguments, {2}, before=[as_nobody])
            leaves_nothing_half(name, end, output)
            hits += 1
        # A folder that cannot be listed, and files that cannot be read, are results with an error.
        hidden, results = folder / "hidden", folder / "hidden.jsonl"
        shutil.copytree(scene.images, hidden)
        (hidden / "sub").chmod(0o700)
        (hidden / "0001.png").chmod(0o600)
        folder.chmod(0o777)
        scene.tool.run(["audit", hidden, *scene.fast, "-o", results], {2}, before=[as_nobody])
        refused = sorted(line["path"] for line in scene.lines(results) if line.get("code") == "not_readable")
        demand(refused == [str(hidden / "0001.png"), str(hidden / "sub")], f"not readable: {refused}")
    finally:
        scene.key.chmod(0o600)
    return hits + 1


def vanished(scene, random, folder):
    """The folder of images, a subfolder, or single images taken away while an audit runs, and put back"""
    images, results = folder / "images", folder / "r.jsonl"
    shutil.copytree(scene.images, images)
    arguments = ["audit", images, *scene.fast, "-o", results, "--batch", "1"]
    running = scene.tool.start(arguments)
    running.until(lambda: results.exists() and results.stat().st_size > random.randrange(1, 12_000), 30)
    moved = images / random.choice([".", "sub", "sub/0000.png", "0034.png", "0035.png"])
    moved.rename(folder / "away")
    checked(running.end(), {2})
    (folder / "away").rename(moved)
    known = {path.replace(str(scene.images), str(images)): end for path, end in scene.expected.items()}
    for path, end in scene.ends(results).items():
        demand(end == known.get(path) or end[0] in ("missing", "not_readable"), f"{path}: {end}")
    scene.tool.run([*arguments, "--resume"], {2})
    last = {line["path"]: line for line in scene.lines(results) if "path" in line}
    words = {path: line.get("verdict") or line["code"] for path, line in last.items() if path in known}
    demand(words == {path: end[0] for path, end in known.items()}, "what was put back has no result, or another")
    return 1


def results_gone(scene, random, folder):
    """The file of results, or its folder, deleted, moved away or replaced while an audit runs"""
    place = folder / "place"
    place.mkdir()
    results, how = place / "r.jsonl", random.choice(["file", "folder", "replaced", "moved"])
    running = scene.tool.start(scene.audit(results, "--batch", "1"))
    running.until(lambda: results.exists() and results.stat().st_size > random.randrange(1, 9_000), 30)
    was_over = running.is_over
    kept = results.read_bytes()
    if how == "folder":
        shutil.rmtree(place)
    elif how == "moved":
        place.rename(folder / "elsewhere")
    else:
        results.unlink()
        if how == "replaced":
            results.write_text("something else\n")
    end = checked(running.end(), {2})
    # The last moment to notice is the end of the audit; the summary must not sound as if all were well.
    demand(was_over or "r.jsonl" in end.err, f"{how}: does not say that the results are gone: {end}")
    if how == "replaced":
        demand(results.read_text() == "something else\n", "wrote into a file that is not its own")
    place.mkdir(exist_ok=True)
    results.write_bytes(kept[: kept.rfind(b"\n") + 1])
    scene.resume(results)
    return int(not was_over)


def no_current_folder(scene, random, folder):
    """A current folder that was deleted before the start"""
    hits = 0
    for _, arguments, output in writers(scene, folder):
        gone = folder / f"gone-{hits}"
        gone.mkdir()
        leave = lambda: (os.chdir(gone), os.rmdir(gone))
        scene.tool.run(arguments, {0, 1, 2}, before=[leave])
        hits += 1
    gone.mkdir()
    scene.tool.run(scene.audit(folder / "r.jsonl"), {2}, before=[lambda: (os.chdir(gone), os.rmdir(gone))])
    scene.check_whole(folder / "r.jsonl")
    return hits + 1


def own_input(scene, random, folder):
    """Outputs that name an input: nothing that was read is destroyed"""
    results, image, latent = folder / "r.jsonl", folder / "i.png", folder / "z.npy"
    shutil.copy(scene.results, results)
    shutil.copy(scene.image, image)
    scene.tool.run(["noise", "--key", scene.key, "--seed", "1", "-o", latent], {0})
    key = folder / "k.json"
    shutil.copy(scene.key, key)
    model = ["--model", scene.model]
    cases = [
        (results, ["report", results, "-o", results, "--force"]),
        (results, ["report", results, "-o", folder / "h.html", "--csv", results, "--force"]),
        (image, ["verify", image, *scene.fast, "--plot", image, "--force"]),
        (image, ["invert", image, *model, *LATENT, "-o", image, "--force"]),
        (key, ["key", "export", key, "-o", key, "--force"]),
        (key, ["noise", "--key", key, "-o", key, "--force"]),
        (image, ["audit", image, *scene.fast, "-o", image]),
        (key, ["audit", image, *model, "--key", key, "-o", key, "--resume"]),
    ]
    for file, arguments in cases:
        before = file.read_bytes()
        end = scene.tool.run(arguments, {2, 64})
        if file.read_bytes() != before:
            scene.tool.violations.append(f"destroyed its input: {end}")
            file.write_bytes(before)
    return len(cases)
