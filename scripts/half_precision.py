"""Store the weights of a model folder's UNet as float16.

    python3 scripts/half_precision.py MODEL_FOLDER OUTPUT_FOLDER

MODEL_FOLDER is as `scripts/export_onnx.py --keep-pytorch` writes it: the graph unet/model.onnx reads its large weights
from a safetensors file beside it. In OUTPUT_FOLDER these weights are IEEE half-precision numbers, rounded to nearest, ties
to even, and a Cast after each of them gives the rest of the graph the float32 values it had before; ONNX Runtime folds the
casts when it loads the graph, so that it computes in float32 as ever. Weights that the graph holds itself (biases, most
norms) keep their precision there and in the safetensors file, so that PyTorch and ONNX Runtime go on seeing the same model.

All other files are copied, links as the files they point to. The calibration is left out: it names the digest of the model
that it was learnt from. Refused: a weight that half precision cannot hold (not finite, or above 65504 once rounded).

Needs: numpy, onnx.
"""

import argparse
import json
import shutil
import struct
import sys
import tempfile
from pathlib import Path

import numpy as np
import onnx

CALIBRATION = "calibration.safetensors"
ITEM_SIZES = {"F32": 4, "F16": 2}


def read_safetensors(path):
    """The metadata, the tensors by name (dtype, shape, bytes), and their names by where they begin in the file."""
    raw = path.read_bytes()
    (length,) = struct.unpack("<Q", raw[:8])
    header = json.loads(raw[8 : 8 + length])
    metadata = header.pop("__metadata__", None)
    tensors, names = {}, {}
    for name, entry in header.items():
        if entry["dtype"] not in ITEM_SIZES:
            sys.exit(f"{path}: expected float32 or float16 weights, found {entry['dtype']} in {name}")
        begin, end = (8 + length + offset for offset in entry["data_offsets"])
        tensors[name] = entry["dtype"], entry["shape"], raw[begin:end]
        names[begin] = name
    return metadata, tensors, names


def write_safetensors(path, metadata, tensors):
    """Writes the tensors in safetensors' own order, widest numbers first and then by name, so that all are aligned.
    Returns where each begins in the file."""
    header = {} if metadata is None else {"__metadata__": metadata}
    order = sorted(tensors, key=lambda name: (-ITEM_SIZES[tensors[name][0]], name))
    end = 0
    for name in order:
        dtype, shape, data = tensors[name]
        header[name] = {"dtype": dtype, "shape": shape, "data_offsets": [end, end + len(data)]}
        end += len(data)
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with path.open("wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for name in order:
            file.write(tensors[name][2])
    return {name: 8 + len(text) + header[name]["data_offsets"][0] for name in order}


def halved(name, data):
    """The bytes of float32 numbers as those of float16 numbers."""
    values = np.frombuffer(data, "<f4")
    with np.errstate(over="ignore"):
        rounded = values.astype("<f2")
    beyond = ~np.isfinite(rounded)
    if beyond.any():
        sys.exit(f"{name}: expected weights up to {np.finfo(np.float16).max:.0f}, found {values[beyond][0]:g}")
    return rounded.tobytes()


def external(tensor):
    """Location, offset and length of an initialiser that lies outside the graph."""
    entries = {entry.key: entry.value for entry in tensor.external_data}
    return entries["location"], int(entries.get("offset", 0)), int(entries.get("length", -1))


def halve(source, target):
    """Converts the UNet's folder `source`; `target` has the copied files, which are replaced."""
    model = onnx.load(source / "model.onnx", load_external_data=False)
    outside = [
        tensor for tensor in model.graph.initializer
        if tensor.data_location == onnx.TensorProto.EXTERNAL and tensor.data_type == onnx.TensorProto.FLOAT]
    locations = {external(tensor)[0] for tensor in outside}
    if len(locations) != 1 or not all(name.endswith(".safetensors") for name in locations):
        sys.exit(
            f"{source / 'model.onnx'}: expected float32 weights in one safetensors file, "
            f"found {', '.join(sorted(locations)) or 'none'}")
    (weights,) = locations
    metadata, tensors, names = read_safetensors(source / weights)

    stored = {}
    for tensor in outside:
        _, offset, length = external(tensor)
        name = names.get(offset)
        if name is None or tensors[name][0] != "F32" or len(tensors[name][2]) != length:
            sys.exit(f"{source / weights}: expected a tensor of {length} bytes at {offset} for {tensor.name}")
        stored[tensor.name] = name
    for name in set(stored.values()):
        _, shape, data = tensors[name]
        tensors[name] = "F16", shape, halved(name, data)
    begins = write_safetensors(target / weights, metadata, tensors)

    casts = []
    for tensor in outside:
        name, full = stored[tensor.name], tensor.name
        tensor.name, tensor.data_type = full + ".half", onnx.TensorProto.FLOAT16
        del tensor.external_data[:]
        for key, value in (("location", weights), ("offset", begins[name]), ("length", len(tensors[name][2]))):
            tensor.external_data.add(key=key, value=str(value))
        casts.append(onnx.helper.make_node("Cast", [tensor.name], [full], to=onnx.TensorProto.FLOAT))
    nodes = list(model.graph.node)
    del model.graph.node[:]
    model.graph.node.extend(casts + nodes)
    (target / "model.onnx").write_bytes(model.SerializeToString(deterministic=True))
    onnx.checker.check_model(target / "model.onnx")

    before, after = ((folder / weights).stat().st_size for folder in (source, target))
    print(f"{weights}: {len(casts)} of {len(tensors)} tensors halved, {before:,} bytes before, {after:,} now")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("source", type=Path, metavar="MODEL_FOLDER")
    parser.add_argument("target", type=Path, metavar="OUTPUT_FOLDER")
    arguments = parser.parse_args()
    source, target = arguments.source, arguments.target
    if not (source / "unet" / "model.onnx").is_file():
        sys.exit(f"{source}: expected unet/model.onnx")
    if target.exists():
        sys.exit(f"{target}: exists already")
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as work:
        draft = Path(work) / target.name
        shutil.copytree(source, draft, ignore=lambda folder, _: [CALIBRATION] if Path(folder) == source else [])
        halve(source / "unet", draft / "unet")
        draft.rename(target)


if __name__ == "__main__":
    main()
