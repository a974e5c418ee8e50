"""Writes the small model files that the format tests read, with the libraries that people write them with.

usage: python3 scripts/make-format-fixtures.py [--out FOLDER] [--only NAME]
All numbers are made up here; nothing is downloaded. Beside the files goes expected.json: for each file the tensors as its
reference library lists them (scripts/reference_tensors.py). What a library that is not installed would write is left out and said.
"""

import argparse
import json
import os
import pathlib
import sys

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
sys.path.insert(0, str(pathlib.Path(__file__).parent))
from reference_tensors import reference  # noqa: E402

MAKERS = []


def maker(function):
    MAKERS.append(function)
    return function


@maker
def safetensors(out):
    import ml_dtypes
    import numpy as np
    from safetensors.numpy import save_file

    save_file(
        {
            "embed.weight": np.arange(12, dtype=np.float32).reshape(3, 4),
            "half": np.zeros((2, 1, 3), np.float16),
            "brain": np.ones(4, ml_dtypes.bfloat16),
            "scalar": np.array(1.5),
            "empty": np.zeros((0, 7), np.int64),
            "flags": np.array([True, False]),
        },
        out / "small.safetensors",
        metadata={"format": "np", "note": "made up"},
    )
    shards = {"model-00001-of-00002.safetensors": ["a", "b"], "model-00002-of-00002.safetensors": ["c"]}
    for file, names in shards.items():
        save_file({name: np.zeros(2, np.float32) for name in names}, out / file)
    index = {"metadata": {"total_size": 24}, "weight_map": {name: file for file, names in shards.items() for name in names}}
    (out / "model.safetensors.index.json").write_text(json.dumps(index))


@maker
def gguf(out):
    import numpy as np
    from gguf import GGUFEndian, GGUFWriter, GGMLQuantizationType, quantize

    for name, endian in (("small.gguf", GGUFEndian.LITTLE), ("big-endian.gguf", GGUFEndian.BIG)):
        writer = GGUFWriter(out / name, "llama", endianess=endian)
        writer.add_name("made up")
        writer.add_license("apache-2.0")
        writer.add_context_length(128)
        writer.add_block_count(1)
        writer.add_chat_template("{% for m in messages %}{{ m['content'] }}{% endfor %}")
        writer.add_token_list(["<s>", "</s>", "a", "b"])
        writer.add_token_scores([0.0, 0.5, 1.0, 1.5])
        writer.add_tensor("token_embd.weight", np.ones((4, 64), np.float32))
        writer.add_tensor("output_norm.weight", np.ones(64, np.float16))
        if endian == GGUFEndian.LITTLE:
            packed = quantize(np.ones((3, 64), np.float32), GGMLQuantizationType.Q8_0)
            writer.add_tensor("blk.0.attn_q.weight", packed, raw_dtype=GGMLQuantizationType.Q8_0)
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.write_tensors_to_file()
        writer.close()


@maker
def onnx(out):
    import numpy as np
    import onnx as library
    from onnx import TensorProto, helper, numpy_helper

    weight = numpy_helper.from_array(np.ones((4, 3), np.float32), "weight")
    half = numpy_helper.from_array(np.ones(3, np.float16), "bias")
    typed = helper.make_tensor("typed", TensorProto.INT64, [2], [1, 2])
    words = helper.make_tensor("words", TensorProto.STRING, [2], [b"a", b"b"])
    brain = helper.make_tensor("brain", TensorProto.BFLOAT16, [2], [1.0, 2.0])
    nibbles = helper.make_tensor("nibbles", TensorProto.INT4, [3], [1, 2, 3])
    sparse = helper.make_sparse_tensor(
        helper.make_tensor("sparse_values", TensorProto.FLOAT, [2], [1.0, 2.0]),
        helper.make_tensor("sparse_indices", TensorProto.INT64, [2], [0, 3]),
        [4],
    )
    constant = helper.make_node("Constant", [], ["k"], value=numpy_helper.from_array(np.zeros(2, np.int64)))
    branch = helper.make_graph([constant], "branch", [], [helper.make_tensor_value_info("k", TensorProto.INT64, [2])])
    nodes = [
        helper.make_node("MatMul", ["x", "weight"], ["y"]),
        helper.make_node("If", ["c"], ["z"], then_branch=branch, else_branch=branch),
        helper.make_node("twice", ["y"], ["w"], domain="made.up"),
    ]
    value = helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 4])
    graph = helper.make_graph(nodes, "made up", [value], [], [weight, half, typed, words, brain, nibbles], sparse_initializer=[sparse])
    twice = helper.make_function("made.up", "twice", ["a"], ["b"], [helper.make_node("Add", ["a", "a"], ["b"])], [helper.make_opsetid("", 21)])
    opsets = [helper.make_opsetid("", 21), helper.make_opsetid("made.up", 1)]
    model = helper.make_model(graph, producer_name="made up", opset_imports=opsets, functions=[twice])
    helper.set_model_props(model, {"license": "apache-2.0"})
    library.save(model, out / "small.onnx")
    plain = helper.make_model(helper.make_graph(nodes[:1], "external", [value], [], [weight, half]), opset_imports=opsets[:1])
    library.save_model(plain, out / "external.onnx", save_as_external_data=True, location="external.onnx.data", size_threshold=0)


@maker
def hdf5(out):
    import h5py
    import numpy as np

    for version in ("earliest", "latest"):
        with h5py.File(out / f"{version}.h5", "w", libver=version) as file:
            group = file.create_group("weights/dense", track_order=False)
            group["kernel:0"] = np.zeros((3, 4), np.float32)
            group["half"] = np.zeros(4, np.float16)
            group["wide"] = np.zeros(2, np.float64)
            group["big-endian"] = np.zeros(3, ">f4")
            group["flags"] = np.zeros(3, bool)
            group["complex"] = np.zeros(3, np.complex64)
            group["scalar"] = np.float64(3)
            group["none"] = np.zeros((0, 3), np.uint8)
            group["words"] = ["a", "bc"]
            group["letters"] = np.array([b"abc"])
            group["record"] = np.zeros(2, [("a", "f4"), ("b", "i4", (2,))])
            group.create_dataset("packed", data=np.zeros((20, 20), np.int16), chunks=(10, 10), compression="gzip", shuffle=True)
            file["type"] = np.dtype(np.float32)
            group.create_dataset("typed", (2,), dtype=file["type"])
            many = file.create_group("many")
            for index in range(40):
                many[f"layer_{index:03}"] = np.zeros(1, np.int8)
            for index in range(20):
                many.attrs[f"attribute_{index}"] = "v" * index
            file["again"] = file["weights"]
            file["soft"] = h5py.SoftLink("/weights")
            file.attrs["layer_names"] = ["dense", "many"]
            file.attrs["count"] = 5
    with h5py.File(out / "user-block.hdf5", "w", userblock_size=1024) as file:
        file["x"] = np.zeros(3, np.float32)
    # The smallest that still use a tree of names, a heap of texts, and the dense storage of newer libraries.
    for name, version, links in (("tiny.h5", "earliest", 2), ("tiny-dense.h5", "latest", 9)):
        with h5py.File(out / name, "w", libver=version) as file:
            for index in range(links):
                file[f"w{index}"] = np.zeros(2, np.float32)
            file.attrs["model_config"] = '{"class_name": "Sequential", "config": {"name": "tiny", "layers": []}}'
            for index in range(links):
                file.attrs[f"a{index}"] = index


@maker
def outside(out):
    """What no honest model has: links and data in other files, a shape far beyond the file."""
    import h5py
    import numpy as np

    for name, version in (("old.h5", "earliest"), ("new.h5", "latest")):
        with h5py.File(out / name, "w", libver=version) as file:
            file["link"] = h5py.ExternalLink("/made/up.h5", "/secret")
            file.create_dataset("data", (10,), np.uint8, external=[("/made/up.bin", 0, 10)])
            file.create_dataset("huge", (1 << 36,), np.float32, chunks=(1 << 20,))
            if version == "latest":
                for target, source in (("view", "other.h5"), ("own", ".")):
                    layout = h5py.VirtualLayout((3,), np.float32)
                    layout[:] = h5py.VirtualSource(source, "x", (3,))
                    file.create_virtual_dataset(target, layout)


@maker
def keras(out):
    import keras as library

    library.utils.set_random_seed(1)
    model = library.Sequential(
        [library.layers.Input((8,)), library.layers.Dense(4, activation="relu", name="first"), library.layers.Dense(2, name="second")],
        name="made_up",
    )
    model.compile(optimizer="adam", loss="mse", metrics=["mae"])
    model.save(out / "small.keras")
    model.save(out / "legacy.h5")
    model.save_weights(out / "small.weights.h5")
    inputs = library.Input((6, 6, 1), name="image")
    x = library.layers.Conv2D(2, 3, name="conv")(inputs)
    x = library.layers.BatchNormalization(name="norm")(x)
    x = library.layers.Flatten(name="flat")(x)
    functional = library.Model(inputs, library.layers.Dense(1, name="out")(x) * 2.0, name="functional")
    functional.save(out / "functional.keras")
    model.quantize("int8")
    model.save(out / "quantized.keras")


@maker
def lambdas(out):
    """Layers with code of their own: a lambda that adds one, in both containers."""
    import keras as library

    # Bytecode remembers the path of its source, which should be nobody's.
    plus = eval(compile("lambda x: x + 1.0", "made-up.py", "eval"))  # noqa: S307
    model = library.Sequential([library.layers.Input((2,)), library.layers.Lambda(plus, name="plus")], name="coded")
    model.save(out / "lambda.keras")
    model.save(out / "lambda.h5")


@maker
def tensorflow(out):
    import tensorflow as tf

    class Made(tf.Module):
        def __init__(self):
            self.weight = tf.Variable(tf.ones((4, 3)), name="weight")
            self.half = tf.Variable(tf.zeros(3, tf.bfloat16), name="half")
            self.count = tf.Variable(5, name="count")

        @tf.function(input_signature=[tf.TensorSpec((None, 4), tf.float32)])
        def __call__(self, x):
            return tf.matmul(x, self.weight) + tf.constant([[1.0, 2.0, 3.0]]) + tf.cast(self.half, tf.float32)

    made = Made()
    tf.saved_model.save(made, str(out / "saved"))
    tf.train.Checkpoint(model=made).write(str(out / "made-up.ckpt"))
    from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

    frozen = convert_variables_to_constants_v2(made.__call__.get_concrete_function())
    (out / "frozen.pb").write_bytes(frozen.graph.as_graph_def().SerializeToString())


@maker
def tflite(out):
    import tensorflow as tf

    @tf.function(input_signature=[tf.TensorSpec((1, 64), tf.float32)])
    def dense(x):
        return tf.nn.relu(tf.matmul(x, tf.reshape(tf.range(64 * 8, dtype=tf.float32), (64, 8)) / 512.0) + tf.ones(8))

    @tf.function(input_signature=[tf.TensorSpec((4, 4), tf.float32)])
    def flex(x):
        return tf.linalg.det(x)

    @tf.function(input_signature=[tf.TensorSpec((1, 4), tf.float32)])
    def custom(x):
        return tf.raw_ops.Betainc(a=x, b=x, x=x)

    made = (("small", dense, ()), ("quantized", dense, ("default",)), ("flex", flex, ("flex",)), ("custom", custom, ("custom",)))
    for name, function, options in made:
        module = tf.Module()
        module.run = function
        converter = tf.lite.TFLiteConverter.from_concrete_functions([function.get_concrete_function()], module)
        if "default" in options:
            converter.optimizations = [tf.lite.Optimize.DEFAULT]
            converter.target_spec.supported_types = [tf.float16]
        if "flex" in options:
            converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS, tf.lite.OpsSet.SELECT_TF_OPS]
        converter.allow_custom_ops = "custom" in options
        (out / f"{name}.tflite").write_bytes(converter.convert())


@maker
def coreml(out):
    import coremltools as ct
    import numpy as np
    from coremltools.converters.mil import Builder as mb
    from coremltools.models import datatypes
    from coremltools.models.neural_network import NeuralNetworkBuilder

    builder = NeuralNetworkBuilder([("x", datatypes.Array(4))], [("y", datatypes.Array(3))])
    weights = np.arange(12, dtype=np.float32).reshape(3, 4)
    builder.add_inner_product("dense", weights, np.ones(3, np.float32), 4, 3, True, "x", "h")
    builder.add_activation("act", "PRELU", "h", "y", params=np.full(3, 0.5, np.float32))
    builder.spec.description.metadata.license = "Apache-2.0"
    ct.models.MLModel(builder.spec, skip_model_load=True).save(str(out / "network.mlmodel"))

    @mb.program(input_specs=[mb.TensorSpec(shape=(1, 16))])
    def program(x):
        weight = np.arange(8 * 16, dtype=np.float32).reshape(8, 16)
        return mb.linear(x=x, weight=weight, bias=np.ones(8, np.float32), name="dense")

    model = ct.convert(program, convert_to="mlprogram", compute_precision=ct.precision.FLOAT32, skip_model_load=True)
    model.save(str(out / "program.mlpackage"))


@maker
def openvino(out):
    import numpy as np
    import openvino as ov
    from openvino import opset13 as ops

    x = ops.parameter([1, 4], np.float32, name="x")
    weight = ops.constant(np.arange(12, dtype=np.float32).reshape(3, 4), name="weight")
    half = ops.convert(ops.constant(np.ones((1, 3), np.float16), name="half"), np.float32)
    then_x, else_x = ops.parameter([1, 3], np.float32), ops.parameter([1, 3], np.float32)
    then_body = ov.Model([ops.add(then_x, ops.constant(np.ones(3, np.float32), name="inner"))], [then_x], "then")
    else_body = ov.Model([ops.relu(else_x)], [else_x], "else")
    branch = ops.if_op(ops.constant(True, np.bool_, name="flag"))
    branch.set_then_body(then_body)
    branch.set_else_body(else_body)
    dense = ops.add(ops.matmul(x, weight, False, True), half)
    branch.set_input(dense.output(0), then_x, else_x)
    result = branch.set_output(then_body.results[0], else_body.results[0])
    model = ov.Model([ops.result(result)], [x], "made up")
    ov.save_model(model, str(out / "small.xml"), compress_to_fp16=False)


@maker
def flax(out):
    import jax.numpy as jnp
    import numpy as np
    from flax.serialization import msgpack_serialize

    tree = {
        "params": {
            "Dense_0": {"kernel": np.arange(12, dtype=np.float32).reshape(3, 4), "bias": np.zeros(4, np.float16)},
            "brain": np.asarray(jnp.ones((2, 2), jnp.bfloat16)),
            "scalar": np.float32(2.5),
        },
        "step": 7,
        "name": "made up",
        "ratio": 0.5,
        "nothing": None,
        "list": {"0": np.ones(1, np.int32), "1": np.ones(2, np.int32)},
    }
    (out / "flax_model.msgpack").write_bytes(msgpack_serialize(tree))


@maker
def skops(out):
    import numpy as np
    import skops.io
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    values = np.arange(30, dtype=float).reshape(10, 3) % 7
    skops.io.dump(make_pipeline(StandardScaler(), LogisticRegression()).fit(values, values[:, 0] > 3), out / "pipeline.skops")


@maker
def mlx(out):
    import mlx.core as mx

    arrays = {"layers.0.weight": mx.arange(12, dtype=mx.float32).reshape(3, 4), "layers.0.bias": mx.zeros(3, mx.float16)}
    mx.savez(str(out / "weights.npz"), **arrays)
    packed, scales, biases = mx.quantize(mx.ones((4, 64)), group_size=64, bits=4)
    mx.save_safetensors(str(out / "model.safetensors"), {"w.weight": packed, "w.scales": scales, "w.biases": biases}, {"format": "mlx"})


@maker
def tokenizers(out):
    import io

    import sentencepiece
    import tokenizers as library

    words = [" ".join(f"word{a}{b}" for b in range(5)) for a in range(20)]
    tokenizer = library.Tokenizer(library.models.BPE(unk_token="<unk>"))
    tokenizer.pre_tokenizer = library.pre_tokenizers.Whitespace()
    tokenizer.train_from_iterator(words, library.trainers.BpeTrainer(vocab_size=60, special_tokens=["<unk>", "<s>"]))
    tokenizer.save(str(out / "tokenizer.json"))
    model = io.BytesIO()
    # From an iterator: a path would be kept in the model.
    options = {"vocab_size": 30, "model_type": "bpe", "normalization_rule_name": "identity", "hard_vocab_limit": False}
    sentencepiece.SentencePieceTrainer.train(sentence_iterator=iter(words), model_writer=model, **options)
    (out / "tokenizer.model").write_bytes(model.getvalue())


@maker
def operators(out):
    """Graphs that read, write and call out, each by one harmless path."""
    import tensorflow as tf

    def save(name, body, *spec):
        module = tf.Module()
        module.run = tf.function(body, input_signature=list(spec))
        tf.saved_model.save(module, str(out / name))
        for path in sorted((out / name).rglob("*")):
            if path.is_file() and path.name != "saved_model.pb":
                path.unlink()

    def first(value, _operation):
        return value

    text = tf.TensorSpec((), tf.string)
    save("read", lambda: tf.io.read_file("/made/up"))
    save("read-any", tf.io.read_file, text)
    save("write", lambda x: first(x, tf.io.write_file("/made/up", x)), text)
    save("python", lambda x: tf.py_function(lambda y: y, [x], tf.float32), tf.TensorSpec((2,), tf.float32))
    save("restore", lambda: tf.raw_ops.RestoreV2(prefix="/made/up", tensor_names=["a"], shape_and_slices=[""], dtypes=[tf.float32])[0])
    save("print", lambda x: first(x, tf.raw_ops.PrintV2(input=x, output_stream="file:///made/up")), text)



def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", default=str(pathlib.Path(__file__).parents[1] / "test" / "formats" / "fixtures"))
    parser.add_argument("--only", action="append")
    options = parser.parse_args()
    root = pathlib.Path(options.out)
    expected_file = root / "expected.json"
    expected = json.loads(expected_file.read_text()) if expected_file.exists() else {}
    for make in MAKERS:
        if options.only is not None and make.__name__ not in options.only:
            continue
        folder = root / make.__name__
        folder.mkdir(parents=True, exist_ok=True)
        try:
            make(folder)
        except ImportError as error:
            print(f"{make.__name__}: left out, {error}", file=sys.stderr)
            continue
        for path in sorted(folder.rglob("*")):
            name = path.relative_to(root).as_posix()
            try:
                expected[name] = reference(path)
            except (KeyError, ImportError):
                continue
        print(make.__name__, file=sys.stderr)
    lines = [f"{json.dumps(name)}: {json.dumps(expected[name])}" for name in sorted(expected)]
    expected_file.write_text("{\n" + ",\n".join(lines) + "\n}\n")


if __name__ == "__main__":
    main()
