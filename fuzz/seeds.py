#!/usr/bin/env python3
"""Makes fuzz/seeds from the samples and the test fixtures: python3 fuzz/seeds.py

Whole, small, valid inputs of each reader that has none among the fixtures of the tests. The readers of several files get
them joined by NUL, which no text has.
"""
import hashlib
import json
import math
import pathlib
import re
import shutil
import struct
import subprocess
import zlib

root = pathlib.Path(__file__).resolve().parent.parent
seeds = root / "fuzz" / "seeds"
fixtures = root / "Tests" / "Fixtures"
samples = root / "samples"


def put(target: str, name: str, content: bytes) -> None:
    folder = seeds / target
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content)


def copy(target: str, paths) -> None:
    for path in paths:
        if path.is_file():
            put(target, path.name, path.read_bytes())


def safetensors(tensors: dict, metadata: dict | None = None) -> bytes:
    header, body = {}, b""
    for name, (shape, values) in tensors.items():
        data = struct.pack(f"<{len(values)}f", *values)
        header[name] = {"dtype": "F32", "shape": shape, "data_offsets": [len(body), len(body) + len(data)]}
        body += data
    if metadata:
        header["__metadata__"] = metadata
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + body


def calibration() -> bytes:
    """A null of 2x2 numbers; the digest is described in docs/calibration.md."""
    fields = {"format": "ringkey.calibration/1", "model": "0" * 64, "prompt": "", "guidance": "1.0", "images": "16"}
    tensors = {"none/0 mean": ([1, 1, 2, 2], [0.0, 0.5, -0.5, 0.25]), "none/0 whitening": ([1, 1, 2, 2], [1.0] * 4)}
    digest = hashlib.sha256("".join(f"{name} {fields[name]}\n" for name in sorted(fields)).encode())
    for name, (shape, values) in tensors.items():
        digest.update(f"{name} {shape}\n".encode() + struct.pack(f"<{len(values)}f", *values))
    return safetensors(tensors, fields | {"sha256": digest.hexdigest()})


def png() -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    rows = b"".join(b"\0" + bytes([r * 40, c * 40, 7][i] for c in range(5) for i in range(3)) for r in range(3))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 5, 3, 8, 2, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def tokenizer() -> bytes:
    """A vocabulary of all bytes and a few merges, as CLIP's."""
    printable = list(range(33, 127)) + list(range(161, 173)) + list(range(174, 256))
    letters = [chr(b) for b in printable] + [chr(256 + i) for i in range(256 - len(printable))]
    merges = [("a", "t</w>"), ("p", "h"), ("ph", "o"), ("o", "f</w>")]
    tokens = letters + [letter + "</w>" for letter in letters] + ["".join(pair) for pair in merges]
    tokens += ["<|startoftext|>", "<|endoftext|>"]
    vocabulary = json.dumps({token: index for index, token in enumerate(tokens)}, ensure_ascii=False).encode()
    lines = "\n".join(["#version: 0.2"] + [" ".join(pair) for pair in merges]).encode()
    settings = json.dumps({"model_max_length": 16, "pad_token": "<|endoftext|>", "bos_token": "<|startoftext|>",
                           "eos_token": "<|endoftext|>", "unk_token": "<|endoftext|>"}).encode()
    return b"\0".join([vocabulary, lines, settings])


def network(folder: pathlib.Path, without: tuple = ()) -> bytes:
    """config.json, and weights of the same names and shapes, all of them zeros: small, and nobody reads them."""
    (file,) = (path for path in folder.glob("*.safetensors") if path.name != "golden.safetensors")
    content = file.read_bytes()
    (length,) = struct.unpack("<Q", content[:8])
    header, size = {}, 0
    for name, entry in json.loads(content[8:8 + length]).items():
        if name not in ("__metadata__", *without):
            count = 2 * math.prod(entry["shape"])
            header[name] = {"dtype": "F16", "shape": entry["shape"], "data_offsets": [size, size + count]}
            size += count
    text = json.dumps(header, separators=(",", ":")).encode()
    fields = json.loads((folder / "config.json").read_text())
    kept = {name: value for name, value in fields.items() if name not in without}
    return json.dumps(kept, separators=(",", ":")).encode() + b"\0" + struct.pack("<Q", len(text)) + text + bytes(size)


def listed(family: str):
    """Names and shapes of the tensors of a real single file; the format is described beside them, in names.py."""
    name, shape = "", ""
    for line in (fixtures / "OriginalLayout" / f"{family}.names").read_text().splitlines():
        if not line.startswith("["):
            columns = line.split("\t") + [""] * 3
            count = re.match(r"\d+", columns[1]).group()
            name = name[:int(count)] + columns[1][len(count):]
            shape = shape if columns[2] == "=" else columns[2]
            yield name, [int(extent) for extent in shape.split("x") if extent]


def single_file(family: str) -> bytes:
    """One line a tensor: the real model cut to one resolution and one layer, NAME EXTENT EXTENT."""
    unet, last = "model.diffusion_model.", 6 if family == "xl" else 9
    kept = re.compile(
        rf"{unet}(time_embed|label_emb|out|middle_block|input_blocks\.[01]|output_blocks\.({last}|{last + 1}))\."
        r"|first_stage_model\.(.*(conv|norm_out|mid)|encoder\.down\.0\.block\.[01]\.|decoder\.up\.0\.block)"
        r"|con.*(embedding|text_projection|final_layer_norm|ln_final|layers\.0\.|resblocks\.[01]\.)")
    lines = {}
    for name, shape in listed(family):
        if not kept.match(name) or re.search(r"transformer_blocks\.[1-9]|\.(down|up)\.[1-9]\.|up.*nin_shortcut|sample", name):
            continue
        if "middle_block" in name:
            time = shape[1:] if "emb_layers.1.weight" in name else []
            shape = [{1280: 320, 5120: 1280, 10240: 2560}.get(extent, extent) for extent in shape[:len(shape) - len(time)]] + time
        if f"output_blocks.{last}." in name:
            shape = [640 if extent == 960 else extent for extent in shape]
        if name.startswith("first_stage_model."):
            shape = [128 if extent in (256, 512) else extent for extent in shape]
        name = re.sub(r"output_blocks\.(\d+)", lambda match: f"output_blocks.{int(match.group(1)) - last}", name)
        lines[name] = " ".join(map(str, [name, *shape]))
    return "\n".join(lines.values()).encode()


def audit() -> bytes:
    """A header, two verdicts and a failure, by the tool itself (`make build`)."""
    arguments = [root / ".build" / "release" / "ringkey", "audit", "samples/images/marked-1.png",
                 "samples/images/clean-1.png", "LICENSE", "--key", "samples/demo.key.json", "--model", "samples/grove",
                 "--quiet"]
    return subprocess.run(arguments, cwd=root, capture_output=True).stdout.replace(str(root).encode(), b"/ringkey")


def main() -> None:
    shutil.rmtree(seeds, ignore_errors=True)
    put("safetensors", "metadata.safetensors", safetensors({"a": ([2, 3], [1, 2, 3, 4, 5, 6])}, {"k": "v"}))
    put("calibration", "small.safetensors", calibration())
    copy("key", samples.glob("*.key.json"))
    put("image", "small.png", png())
    put("tokenizer", "small", tokenizer())
    put("tokenizer", "one-file", b"\0\0" + b"\0".join(
        (fixtures / "ModelFolders" / "tokenizer" / name).read_bytes() for name in ["tokenizer_config.json", "tokenizer.json"]))
    models = [samples / "grove", samples / "grove-flow"]
    files = ["model_index.json", "unet/config.json", "vae/config.json", "vae_encoder/config.json",
             "vae_decoder/config.json", "text_encoder/config.json", "scheduler/scheduler_config.json"]
    for model in models:
        parts = [(model / name).read_bytes() if (model / name).exists() else b"" for name in files]
        put("model-folder", model.name, b"\0".join(parts))
        put("scheduler", model.name + ".json", parts[-1])
    for entry in json.loads((fixtures / "Diffusion" / "schedulers.json").read_text())["classes"]:
        document = {"_class_name": entry["class"], "prediction_type": "epsilon", "num_train_timesteps": 1000,
                    "beta_start": 0.00085, "beta_end": 0.012, "beta_schedule": "scaled_linear"}
        put("scheduler", entry["class"] + ".json", json.dumps(document).encode())
    checkpoints = fixtures / "checkpoints"
    for file in sorted(checkpoints.glob("*/*/config.json")):
        seed = network(file.parent)
        # What is longer is cut by the fuzzer.
        if len(seed) < 32768 and file.parts[-3] != "refused":
            put("network", "-".join(file.parts[-3:-1]), seed)
    classes = ("num_class_embeds", "class_embedding.weight")
    put("network", "UNet2DConditionModel-one-block", network(checkpoints / "refused/class-embeddings", classes))
    for family in ["sd1", "sd2", "xl"]:
        put("single-file", family, single_file(family))
    put("prepared-weights", "another-layer", b"ringkey8" + struct.pack("<QQ", 1, 192) + bytes(168))
    results = audit()
    put("results", "audit.jsonl", results)
    put("repair", "whole.jsonl", results)
    put("repair", "damaged.jsonl", results.replace(b"\n", b"\nringkey: a message\n", 2) + b'{"torn')
    put("labels", "labels.csv", b'path,label,group,key\na.png,watermarked,jpeg,k\n"b, c.png",clean,,\nd.png,0,x,\n')
    put("lines", "lines.txt", b"a.png\nb c.png\r\n\n" + "é.png\n".encode() + b"\xff.png\nlast")
    put("lines", "nul.txt", b"a.png\0b\nc.png\0")
    put("prompts", "prompts.txt", b"a house by a lake\n\na red boat\r\nlast")
    put("json", "every.json", b'{"a":[1,-2.5e-3,true,false,null,{}],"b\\u00e9\\n":"\\ud83d\\ude00 \xc3\xa9","c":{"d":[[]]}}')
    for number, texts in enumerate([["none/5", "anderson:4/10,none/0", "adam:100/50"],
                                    ["ddim", "dpm++2m", "dpm++2m-karras"],
                                    ["jpeg:25", "all", "flip+jpeg:50,crop:0.5", "noise"], ["3/16", "1/1"]]):
        for index, text in enumerate(texts):
            put("spellings", f"{number}-{index}", bytes([number]) + text.encode())


if __name__ == "__main__":
    main()
