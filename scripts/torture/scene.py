"""A folder of images, a model that is quick to open, and what an undisturbed audit says of them."""

import json
import os
import pathlib
import shutil

from tool import demand

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent.parent
SAMPLES = REPOSITORY / "samples"
LEFT_OUT = ("diffusion_pytorch_model.safetensors", "calibration.safetensors", "samples.png", "README.md")


class Scene:
    """Everything that the faults work on.

    images: links to the samples, with a torn file, an empty one and a text among them, so that verdicts and errors both
    have to survive.
    """

    def __init__(self, tool, folder, count=36):
        self.tool, self.folder = tool, pathlib.Path(folder)
        self.images, self.model = self.folder / "images", self.folder / "model"
        self.key = self.folder / "demo.key.json"
        shutil.copy(SAMPLES / "demo.key.json", self.key)
        self.key.chmod(0o600)
        self.sound_model = SAMPLES / "grove"
        self._make_model()
        self._make_images(count)
        self.fast = ["--key", self.key, "--model", self.model, "--looks", "none/0", "--decoys", "0"]
        self.image = self.images / "0001.png"
        clean = self.folder / "clean.jsonl"
        end = tool.run(["audit", self.images, *self.fast, "-o", clean], {2})
        self.expected = self.ends(clean)
        self.results = clean
        demand(len(self.expected) == count + 3, f"the undisturbed audit has {len(self.expected)} results: {end}")

    def _make_model(self):
        """The sample model without its UNet, which takes longer to hash than the encoder to load."""
        for file in (SAMPLES / "grove").rglob("*"):
            if file.is_file() and file.name not in LEFT_OUT:
                copy = self.model / file.relative_to(SAMPLES / "grove")
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(file, copy)
        (self.model / "unet/model.onnx").write_text("no graph")

    def _make_images(self, count):
        (self.images / "sub").mkdir(parents=True)
        for index in range(count):
            sample = SAMPLES / "images" / f"{('clean', 'marked')[index % 2]}-{index // 2 % 8 + 1}.png"
            shutil.copy(sample, self.images / ("sub" if index % 3 == 0 else "") / f"{index:04}.png")
        (self.images / "torn.png").write_bytes((SAMPLES / "images/clean-1.png").read_bytes()[:5000])
        (self.images / "empty.png").write_bytes(b"")
        (self.images / "text.png").write_text("no image\n")

    def audit(self, results, *more):
        """The arguments of an audit of the images, which can be resumed."""
        return ["audit", self.images, *self.fast, "-o", results, *more]

    @staticmethod
    def lines(results, may_be_torn=False):
        """The lines of a file of results; each has to be a whole object, but for the last after a kill."""
        content = pathlib.Path(results).read_bytes() if os.path.exists(results) else b""
        whole, _, rest = content.rpartition(b"\n")
        demand(may_be_torn or not rest, f"{results}: the last line is torn: {rest[:80]!r}")
        found = []
        for number, line in enumerate(whole.split(b"\n") if whole else [], 1):
            try:
                found.append(json.loads(line))
            except ValueError:
                demand(False, f"{results}: line {number} is not JSON: {line[:80]!r}")
        return found

    def ends(self, results, may_be_torn=False):
        """What each file came to, by path; a file with two lines is a violation."""
        ends = {}
        for line in self.lines(results, may_be_torn):
            if line["format"] == "ringkey.audit/1":
                continue
            demand(line["path"] not in ends, f"{results}: two results of {line['path']}")
            # Batches of another size may add in another order.
            cosine = line.get("cosine")
            ends[line["path"]] = (line.get("verdict") or line["code"], None if cosine is None else round(cosine, 3))
        return ends

    def check_part(self, results, may_be_torn=False):
        """Results of an audit that was stopped: nothing wrong among them. Returns how many there are."""
        ends = self.ends(results, may_be_torn)
        for path, end in ends.items():
            demand(self.expected.get(path) == end, f"{results}: {path}: {end}, not {self.expected.get(path)}")
        return len(ends)

    def check_whole(self, results):
        """Results that must be those of the undisturbed audit."""
        found = self.check_part(results)
        demand(found == len(self.expected), f"{results}: {found} results, not {len(self.expected)}")

    def resume(self, results, **options):
        """Goes on with an audit undisturbed, and checks that the whole is right."""
        self.tool.run(self.audit(results, "--resume"), {2}, **options)
        self.check_whole(results)
