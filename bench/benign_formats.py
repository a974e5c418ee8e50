"""Writes benign models in the formats beside PyTorch, larger than fixtures and as people export them. Usage: benign_formats.py FOLDER

Needs tensorflow, keras, onnx, safetensors, gguf, h5py, flax, skops, scikit-learn, openvino, coremltools, tokenizers, mlx; what is not
installed is left out and named. Weights are drawn at random: nothing is downloaded.
"""

import os
import pathlib
import sys
import warnings

warnings.filterwarnings("ignore")
os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
FOLDER = pathlib.Path(sys.argv[1])
FOLDER.mkdir(parents=True, exist_ok=True)


def part(make):
    folder = FOLDER / make.__name__
    folder.mkdir(exist_ok=True)
    try:
        make(folder)
    except ImportError as error:
        print(f"left out: {make.__name__} ({error})", file=sys.stderr)


def keras(out):
    import keras as library

    layers = library.layers
    mobile = library.applications.MobileNetV2(weights=None, input_shape=(96, 96, 3), classes=10)
    text = library.Sequential(
        [layers.Input((20,)), layers.Embedding(100, 8, mask_zero=True), layers.Bidirectional(layers.LSTM(4)), layers.Dense(3, "softmax")]
    )
    inputs = library.Input((16, 8))
    attended = layers.MultiHeadAttention(2, 4)(inputs, inputs)
    attention = library.Model(inputs, layers.LayerNormalization()(attended + inputs), name="attention")
    vectorizer = layers.TextVectorization(max_tokens=50, output_sequence_length=5)
    vectorizer.adapt(["some made up words", "and some more"])
    words = library.Sequential([library.Input((1,), dtype="string"), vectorizer, layers.Embedding(50, 4), layers.GlobalAveragePooling1D()])
    for name, model in (("mobile", mobile), ("text", text), ("attention", attention), ("words", words)):
        model.compile("adam", "mse", metrics=["mae", library.metrics.RootMeanSquaredError()])
        model.save(out / f"{name}.keras")
        if name != "words":
            model.save(out / f"{name}.h5")
            model.save_weights(out / f"{name}.weights.h5")
        model.export(out / f"{name}_saved_model", verbose=False)
    text.save(out / "renamed.keras.bin.keras")


def tflite(out):
    import keras as library
    import numpy as np
    import tensorflow as tf

    model = library.applications.MobileNetV2(weights=None, input_shape=(96, 96, 3), classes=10)
    for name in ("float", "dynamic", "int8"):
        converter = tf.lite.TFLiteConverter.from_keras_model(model)
        if name != "float":
            converter.optimizations = [tf.lite.Optimize.DEFAULT]
        if name == "int8":
            converter.representative_dataset = lambda: ([np.random.rand(1, 96, 96, 3).astype(np.float32)] for _ in range(2))
            converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
        (out / f"{name}.tflite").write_bytes(converter.convert())


def tensorflow(out):
    import keras as library
    import tensorflow as tf
    from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

    model = library.applications.MobileNetV2(weights=None, input_shape=(96, 96, 3), classes=10)
    call = tf.function(model).get_concrete_function(tf.TensorSpec((1, 96, 96, 3), tf.float32))
    frozen = convert_variables_to_constants_v2(call)
    (out / "frozen.pb").write_bytes(frozen.graph.as_graph_def().SerializeToString())
    tf.train.Checkpoint(step=tf.Variable(1), weights=tf.Variable(tf.random.normal((512, 256)))).write(str(out / "training.ckpt"))
    table = tf.lookup.StaticHashTable(tf.lookup.KeyValueTensorInitializer(["a", "b"], [1, 2]), -1)

    class Lookup(tf.Module):
        def __init__(self):
            self.table = table

        @tf.function(input_signature=[tf.TensorSpec((None,), tf.string)])
        def __call__(self, words):
            return self.table.lookup(tf.strings.lower(words))

    tf.saved_model.save(Lookup(), str(out / "lookup_saved_model"))


def openvino(out):
    import keras as library
    import openvino as ov

    model = library.applications.MobileNetV2(weights=None, input_shape=(96, 96, 3), classes=10)
    model.export(out / "source", verbose=False)
    converted = ov.convert_model(str(out / "source"))
    ov.save_model(converted, str(out / "half.xml"))
    ov.save_model(converted, str(out / "full.xml"), compress_to_fp16=False)


def gguf(out):
    import numpy as np
    from gguf import GGUFWriter, GGMLQuantizationType, quantize

    kinds = ["F32", "F16", "BF16", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q8_0", "TQ1_0", "TQ2_0", "MXFP4"]
    for kind in kinds:
        writer = GGUFWriter(out / f"model-{kind}.gguf", "llama")
        writer.add_block_count(2)
        writer.add_tokenizer_model("gpt2")
        writer.add_token_list([f"token{index}" for index in range(2000)])
        writer.add_array("tokenizer.ggml.merges", [f"a b{index}" for index in range(2000)])
        type = GGMLQuantizationType[kind]
        try:
            for layer in range(2):
                packed = quantize(np.random.rand(16, 256).astype(np.float32), type)
                writer.add_tensor(f"blk.{layer}.attn_q.weight", packed, raw_dtype=type)
                writer.add_tensor(f"blk.{layer}.attn_norm.weight", np.ones(256, np.float32))
        except NotImplementedError:
            continue
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.write_tensors_to_file()
        writer.close()


def safetensors(out):
    import ml_dtypes
    import numpy as np
    from safetensors.numpy import save_file

    types = [np.float32, np.float16, np.float64, np.int8, np.uint8, np.int16, np.int32, np.int64, np.uint16, np.uint32, np.uint64, np.bool_]
    types += [ml_dtypes.bfloat16, ml_dtypes.float8_e4m3fn, ml_dtypes.float8_e5m2, np.complex64]
    save_file({f"as.{np.dtype(type).name}": np.zeros((3, 5), type) for type in types}, out / "types.safetensors")
    layer = {"self_attn.q_proj.weight": (32, 32), "mlp.gate_proj.weight": (64, 32), "input_layernorm.weight": (32,)}
    names = {f"model.layers.{index}.{name}": np.zeros(shape, np.float16) for index in range(32) for name, shape in layer.items()}
    save_file(names, out / "llama.safetensors", {"format": "pt"})


def onnx(out):
    import numpy as np
    import onnx as library
    from onnx import TensorProto, helper, numpy_helper

    initializers = [numpy_helper.from_array(np.random.rand(64, 64).astype(np.float32), f"w{index}") for index in range(50)]
    nodes = [helper.make_node("MatMul", [f"x{index}", f"w{index}"], [f"x{index + 1}"], name=f"n{index}") for index in range(50)]
    nodes += [helper.make_node("Constant", [], [f"c{index}"], value=numpy_helper.from_array(np.ones(index + 1))) for index in range(20)]
    value = helper.make_tensor_value_info("x0", TensorProto.FLOAT, [1, 64])
    model = helper.make_model(helper.make_graph(nodes, "chain", [value], [], initializers), producer_name="made up")
    library.save(model, out / "inside.onnx")
    library.save_model(model, out / "outside.onnx", save_as_external_data=True, location="outside.data", size_threshold=16)


def coreml(out):
    import coremltools as ct
    import numpy as np
    from coremltools.converters.mil import Builder as mb
    from coremltools.optimize.coreml import OptimizationConfig, OpLinearQuantizerConfig, OpPalettizerConfig, linear_quantize_weights
    from coremltools.optimize.coreml import palettize_weights

    @mb.program(input_specs=[mb.TensorSpec(shape=(1, 256))])
    def program(x):
        for index in range(4):
            weight = np.random.rand(256, 256).astype(np.float32)
            x = mb.relu(x=mb.linear(x=x, weight=weight, bias=np.ones(256, np.float32), name=f"dense{index}"))
        return x

    model = ct.convert(program, convert_to="mlprogram", skip_model_load=True)
    model.save(str(out / "half.mlpackage"))
    linear_quantize_weights(model, OptimizationConfig(OpLinearQuantizerConfig("linear_symmetric"))).save(str(out / "int8.mlpackage"))
    palettize_weights(model, OptimizationConfig(OpPalettizerConfig(mode="kmeans", nbits=4))).save(str(out / "palette.mlpackage"))


def flax(out):
    import jax
    import jax.numpy as jnp
    from flax import linen
    from flax.serialization import to_bytes

    class Net(linen.Module):
        @linen.compact
        def __call__(self, x):
            x = linen.Dense(32)(x)
            x = linen.BatchNorm(use_running_average=True)(x)
            return linen.Dense(4, param_dtype=jnp.bfloat16)(x)

    (out / "flax_model.msgpack").write_bytes(to_bytes(Net().init(jax.random.key(0), jnp.ones((1, 16)))))


def skops(out):
    import numpy as np
    import skops.io
    from sklearn import ensemble, linear_model, neural_network, svm

    x = np.random.default_rng(0).random((60, 4))
    y = (x[:, 0] > 0.5).astype(int)
    for model in (ensemble.RandomForestClassifier(4), linear_model.SGDClassifier(), svm.SVC(), neural_network.MLPClassifier(4, max_iter=20)):
        skops.io.dump(model.fit(x, y), out / f"{type(model).__name__}.skops")


def mlx(out):
    import mlx.core as mx

    mx.savez(str(out / "weights.npz"), **{f"layers.{index}.weight": mx.random.normal((8, 8)) for index in range(10)})
    mx.save_safetensors(str(out / "weights.safetensors"), {"a": mx.zeros((2, 3), mx.bfloat16)}, {"format": "mlx"})


for make in (keras, tflite, tensorflow, openvino, gguf, safetensors, onnx, coreml, flax, skops, mlx):
    part(make)
