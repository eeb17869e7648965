"""Tiny graphs in the spellings and types that exporters have used, each below 2 kB.

    python3 Tests/Fixtures/OnnxModels/make_graphs.py

UNets compute 2·sample + timestep + mean(conditioning of the item). Encoders average 2×2 pixels: latent channel c is the
mean of image channel c; moments have two more channels, ten times the means. Decoders repeat pixels: image channel 0 and 1
are latent channel 0 and 1, channel 2 is their sum. Text encoders give id·[1, 2, 3] / 4.
"""

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto as T, helper as h, numpy_helper

FOLDER = Path(__file__).parent / "graphs"
NUMPY = {T.FLOAT: np.float32, T.FLOAT16: np.float16}


def save(name, nodes, inputs, outputs, weights=(), external=None):
    graph = h.make_graph(nodes, "g", inputs, outputs, [numpy_helper.from_array(w, n) for n, w in weights])
    model = h.make_model(graph, opset_imports=[h.make_opsetid("", 17)], ir_version=8, producer_name="make_graphs")
    onnx.checker.check_model(model)
    path = FOLDER / f"{name}.onnx"
    if external:
        (FOLDER / external).unlink(missing_ok=True)  # onnx would append to it
        onnx.save(model, path, save_as_external_data=True, location=external, size_threshold=0)
        (FOLDER / external).chmod(0o644)
    else:
        path.write_bytes(model.SerializeToString(deterministic=True))
    assert path.stat().st_size < 2000, path


def per_item():
    """Timesteps [B] to [B, 1, 1, 1], by indices that only the data give: ONNX Runtime would optimise away everything that
    fails on a wrong number of timesteps otherwise."""
    return [
        h.make_node("Greater", ["mean", "low"], ["yes"]),
        h.make_node("NonZero", ["yes"], ["indices"]),
        h.make_node("Split", ["indices"], ["items", "a", "b"], axis=0),
        h.make_node("Gather", ["time", "items"], ["gathered"]),
        h.make_node("Reshape", ["gathered", "column"], ["times"]),
    ]


def unet(name, dtype=T.FLOAT, time=T.INT64, steps=(), names=("sample", "timestep", "encoder_hidden_states"),
         output="out_sample", batch="batch_size", channels=2, width=3, extra=()):
    x, t, c = names
    nodes = [
        h.make_node("Cast", [t], ["time"], to=dtype),
        h.make_node("ReduceMean", [c], ["mean"], axes=[1, 2], keepdims=1),
        *(per_item() if steps == [batch] else [h.make_node("Reshape", ["time", "column"], ["times"])]),
        h.make_node("Unsqueeze", ["mean", "last"], ["means"]),
        h.make_node("Add", [x, x], ["double"]),
        h.make_node("Add", ["double", "times"], ["moved"]),
        h.make_node("Add", ["moved", "means"], [output]),
    ]
    shape = [batch, channels, "height", "width"]
    save(
        name, nodes,
        [h.make_tensor_value_info(x, dtype, shape), h.make_tensor_value_info(t, time, list(steps)),
         h.make_tensor_value_info(c, dtype, [batch, "sequence_length", width]), *extra],
        [h.make_tensor_value_info(output, dtype, shape)],
        [("column", np.array([-1, 1, 1, 1])), ("last", np.array([3])),
         *([("low", np.array(-1e3, NUMPY[dtype]))] if steps == [batch] else [])])


def encoder(name, channels, output, dtype=T.FLOAT, batch="batch_size", random=False):
    weights = np.zeros((channels, 3, 2, 2), NUMPY[dtype])
    for c in range(channels):
        weights[c, c % 2] = 0.25 * (10 if c >= 2 else 1)
    nodes = [h.make_node("Conv", ["sample", "w"], ["mean" if random else output], kernel_shape=[2, 2], strides=[2, 2])]
    if random:
        nodes += [h.make_node("RandomNormalLike", ["mean"], ["noise"], scale=0.01),
                  h.make_node("Add", ["mean", "noise"], [output])]
    save(name, nodes, [h.make_tensor_value_info("sample", dtype, [batch, 3, "height", "width"])],
         [h.make_tensor_value_info(output, dtype, [batch, channels, "h", "w"])], [("w", weights)])


def decoder(name, dtype=T.FLOAT, source="latent_sample", external=None):
    weights = np.zeros((2, 3, 2, 2), NUMPY[dtype])
    weights[0, 0] = weights[1, 1] = weights[0, 2] = weights[1, 2] = 1
    save(name, [h.make_node("ConvTranspose", [source, "w"], ["sample"], kernel_shape=[2, 2], strides=[2, 2])],
         [h.make_tensor_value_info(source, dtype, ["b", 2, "h", "w"])],
         [h.make_tensor_value_info("sample", dtype, ["b", 3, "H", "W"])], [("w", weights)], external)


def text(name, ids=T.INT64, dtype=T.FLOAT, width=3, pooled=True):
    nodes = [
        h.make_node("Cast", ["input_ids"], ["floats"], to=dtype),
        h.make_node("Unsqueeze", ["floats", "last"], ["column"]),
        h.make_node("Mul", ["column", "w"], ["last_hidden_state"]),
    ]
    outputs = [h.make_tensor_value_info("last_hidden_state", dtype, ["batch", "tokens", width])]
    if pooled:  # before the one that is wanted
        nodes.append(h.make_node("ReduceMax", ["last_hidden_state"], ["pooler_output"], axes=[1], keepdims=0))
        outputs.insert(0, h.make_tensor_value_info("pooler_output", dtype, ["batch", width]))
    save(name, nodes, [h.make_tensor_value_info("input_ids", ids, ["batch", "tokens"])], outputs,
         [("last", np.array([2])), ("w", (np.arange(1, width + 1) / 4).astype(NUMPY[dtype]))])


FOLDER.mkdir(exist_ok=True)
unet("unet-i64-scalar")
unet("unet-i64-one", steps=[1])
unet("unet-i64-steps", steps=["steps"])
unet("unet-i32-scalar", time=T.INT32)
unet("unet-f32-scalar", time=T.FLOAT)
unet("unet-f32-batch", time=T.FLOAT, steps=["batch_size"])
unet("unet-f64-one", time=T.DOUBLE, steps=[1])
unet("unet-half-i64-one", dtype=T.FLOAT16, steps=[1])
unet("unet-half-half-scalar", dtype=T.FLOAT16, time=T.FLOAT16)
unet("unet-old-names", time=T.FLOAT, names=("latent_model_input", "t", "text_embeddings"), output="noise_pred")
unet("unet-batch-1", batch=1)
unet("unet-batch-2", batch=2, steps=[2])
unet("unet-eight-channels", channels=8)
unet("unet-wide-conditioning", width=5)
unet("unet-extra-input", extra=[h.make_tensor_value_info("time_ids", T.FLOAT, ["batch_size", 6])])
encoder("encoder-moments", 4, "latent_parameters")
encoder("encoder-sample", 2, "latent_sample")
encoder("encoder-half", 4, "latent_parameters", dtype=T.FLOAT16)
encoder("encoder-batch-2", 4, "latent_parameters", batch=2)
encoder("encoder-random", 2, "latent_sample", random=True)
encoder("encoder-three-channels", 3, "latent_sample")
decoder("decoder")
decoder("decoder-half", dtype=T.FLOAT16)
decoder("decoder-old-name", source="sample_latent")
decoder("decoder-external", external="weights.onnx_data")
text("text")
text("text-i32", ids=T.INT32, pooled=False)
text("text-half", dtype=T.FLOAT16)
text("text-wide", width=5)
