"""The commands that a fault is tried on, besides an audit."""

import dataclasses


LATENT = ["--stage", "latent", "--decoder-inversion", "none"]


@dataclasses.dataclass
class Command:
    """name, arguments, the usual code, and whether results or notes of it go to stdout."""

    name: str
    arguments: list
    code: int = 0
    prints: bool = True


def writers(scene, folder):
    """Name, arguments and output of every command that writes a file which is there whole or not at all."""
    outputs = {
        "keygen": ("k.json", ["keygen", "--latent", "4x32x32"]),
        "noise": ("z.npy", ["noise", "--key", scene.key, "--seed", "1"]),
        "invert": ("i.npy", ["invert", scene.image, "--model", scene.model, *LATENT]),
        "report": ("r.html", ["report", scene.results]),
        "key export": ("e.npy", ["key", "export", scene.key]),
        "verify --plot": ("p.svg", ["verify", scene.image, *scene.fast]),
    }
    for name, (file, arguments) in outputs.items():
        flag = "--plot" if name.endswith("--plot") else "-o"
        yield name, [*arguments, flag, folder / file], folder / file


def printers(scene, folder):
    """Every command that prints its results, or what it has done."""
    images = sorted(scene.images.glob("00*.png"))[:6]
    yield Command("verify", ["verify", *images, *scene.fast])
    yield Command("verify --json", ["verify", *images, *scene.fast, "--json"])
    yield Command("audit", ["audit", scene.images, *scene.fast], 2)
    yield Command("key show", ["key", "show", scene.key])
    yield Command("key show --json", ["key", "show", scene.key, "--json"])
    yield Command("models", ["models", scene.sound_model])
    yield Command("models --json", ["models", scene.sound_model, "--json"])
    for name, arguments, _ in writers(scene, folder):
        yield Command(name, [*arguments, "--force"])
        if name in ("keygen", "noise", "invert"):
            yield Command(name, [*arguments, "--force", "--json"])
    yield Command("an error", ["verify", "no/such.png", *scene.fast], 2, prints=False)
    yield Command("a usage", ["verify", "--no-such-flag"], 64, prints=False)
