"""Tensor lists as the reference libraries see them.

usage: python3 scripts/reference_tensors.py FILE...
Prints one JSON object a line: {"path", "library", "tensors": [{"name", "dtype", "shape"}, ...]}, sorted by name, or {"path", "error"}.
Each format needs its own library (safetensors, gguf, onnx, h5py, tensorflow ...); what is not installed is an error of that file alone.
"""

import json
import os
import pathlib
import sys
import zipfile

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")


def row(name, dtype, shape):
    return {"name": str(name), "dtype": str(dtype), "shape": [int(side) for side in shape]}


def safetensors(path):
    import safetensors

    rows = []
    with safetensors.safe_open(path, framework="numpy") as file:
        for key in file.keys():
            piece = file.get_slice(key)
            rows.append(row(key, piece.get_dtype(), piece.get_shape()))
    return f"safetensors {safetensors.__version__}", rows


def gguf(path):
    import gguf as library
    from importlib.metadata import version

    reader = library.GGUFReader(path)
    # The file has the fastest dimension first.
    return f"gguf {version('gguf')}", [row(t.name, t.tensor_type.name, reversed(t.shape.tolist())) for t in reader.tensors]


def onnx(path):
    import onnx as library

    model = library.load(path, load_external_data=False)
    rows = []

    def tensor(proto, fallback=""):
        rows.append(row(proto.name or fallback, library.TensorProto.DataType.Name(proto.data_type), proto.dims))

    def sparse(proto, fallback=""):
        tensor(proto.values, fallback)
        tensor(proto.indices, fallback)

    def attribute(proto, fallback):
        if proto.HasField("t"):
            tensor(proto.t, fallback)
        for item in proto.tensors:
            tensor(item, fallback)
        if proto.HasField("sparse_tensor"):
            sparse(proto.sparse_tensor, fallback)
        for item in proto.sparse_tensors:
            sparse(item, fallback)
        for inner in ([proto.g] if proto.HasField("g") else []) + list(proto.graphs):
            graph(inner)

    def nodes(items):
        for node in items:
            for item in node.attribute:
                attribute(item, node.output[0] if node.output else "")

    def graph(proto):
        nodes(proto.node)
        for item in proto.initializer:
            tensor(item)
        for item in proto.sparse_initializer:
            sparse(item)

    graph(model.graph)
    for training in model.training_info:
        graph(training.initialization)
        graph(training.algorithm)
    for function in model.functions:
        nodes(function.node)
        for item in function.attribute_proto:
            attribute(item, "")
    return f"onnx {library.__version__}", rows


def hdf5_rows(file):
    import h5py
    import numpy

    rows = []

    def name_of(dtype):
        if h5py.check_string_dtype(dtype) is not None and h5py.check_string_dtype(dtype).length is None:
            return "string"
        if dtype.kind == "V" and dtype.fields is not None:
            return "compound"
        return dtype.str if dtype.byteorder == ">" else str(dtype)

    def visit(name, item):
        if isinstance(item, h5py.Dataset):
            shape = item.shape if item.shape is not None else ()
            rows.append(row(name, name_of(item.dtype), numpy.shape(numpy.empty(shape, "V1")) if item.shape is None else shape))

    file.visititems(visit)
    return f"h5py {h5py.__version__}", rows


def hdf5(path):
    import h5py

    with h5py.File(path, "r") as file:
        return hdf5_rows(file)


def keras(path):
    import h5py

    with zipfile.ZipFile(path) as archive, archive.open("model.weights.h5") as member, h5py.File(member, "r") as file:
        return hdf5_rows(file)


def tensorflow_constants(graphs):
    from tensorflow.core.framework import types_pb2

    rows = []

    def nodes(items, within):
        for node in items:
            if node.op != "Const":
                continue
            tensor = node.attr["value"].tensor
            dtype = types_pb2.DataType.Name(tensor.dtype)
            if dtype != "DT_STRING":
                rows.append(row(within + node.name, dtype, [side.size for side in tensor.tensor_shape.dim]))

    for graph in graphs:
        nodes(graph.node, "")
        for function in graph.library.function:
            nodes(function.node_def, function.signature.name + "/")
    return rows


def tensorflow_graph(path):
    import tensorflow as tf
    from tensorflow.core.framework import graph_pb2
    from tensorflow.core.protobuf import saved_model_pb2

    content = pathlib.Path(path).read_bytes()
    if path.endswith("saved_model.pb"):
        graphs = [meta.graph_def for meta in saved_model_pb2.SavedModel.FromString(content).meta_graphs]
    else:
        graphs = [graph_pb2.GraphDef.FromString(content)]
    return f"tensorflow {tf.__version__}", tensorflow_constants(graphs)


def tensorflow_index(path):
    import tensorflow as tf
    from tensorflow.core.framework import types_pb2

    reader = tf.train.load_checkpoint(path.removesuffix(".index"))
    shapes, types = reader.get_variable_to_shape_map(), reader.get_variable_to_dtype_map()
    rows = [row(name, types_pb2.DataType.Name(types[name].as_datatype_enum), shape) for name, shape in shapes.items()]
    return f"tensorflow {tf.__version__}", rows


def tflite(path):
    import tensorflow as tf
    from tensorflow.lite.python import schema_py_generated as schema

    names = {value: key for key, value in vars(schema.TensorType).items() if not key.startswith("_")}
    model = schema.Model.GetRootAs(pathlib.Path(path).read_bytes(), 0)
    rows = []
    for graph in map(model.Subgraphs, range(model.SubgraphsLength())):
        for tensor in map(graph.Tensors, range(graph.TensorsLength())):
            if tensor.Buffer() > 0 and model.Buffers(tensor.Buffer()).DataLength() > 0:
                shape = [tensor.Shape(index) for index in range(tensor.ShapeLength())]
                rows.append(row(tensor.Name().decode(), names[tensor.Type()], shape))
    return f"tensorflow {tf.__version__}", rows


def coreml(path):
    import coremltools
    from coremltools.proto import MIL_pb2, Model_pb2, NeuralNetwork_pb2

    model = Model_pb2.Model.FromString(pathlib.Path(path).read_bytes())
    rows = []

    def weights(message, name):
        for field, value in message.ListFields():
            if field.message_type is None or field.is_repeated:
                continue
            if field.message_type.full_name != NeuralNetwork_pb2.WeightParams.DESCRIPTOR.full_name:
                weights(value, name)
            elif value.floatValue:
                rows.append(row(f"{name}.{field.name}", "FLOAT32", [len(value.floatValue)]))
            elif value.float16Value:
                rows.append(row(f"{name}.{field.name}", "FLOAT16", [len(value.float16Value) // 2]))

    def block(item):
        for operation in item.operations:
            values = dict(operation.attributes)
            for key, argument in operation.inputs.items():
                values.update({key: binding.value for binding in argument.arguments if binding.HasField("value")})
            for key, value in values.items():
                if not value.HasField("blobFileValue"):
                    continue
                output = operation.outputs[0].name
                type = value.type.tensorType
                shape = [side.constant.size for side in type.dimensions]
                rows.append(row(output if key == "val" else f"{output}.{key}", MIL_pb2.DataType.Name(type.dataType), shape))
            for inner in operation.blocks:
                block(inner)

    for name in ("neuralNetwork", "neuralNetworkClassifier", "neuralNetworkRegressor"):
        if model.HasField(name):
            for layer in getattr(model, name).layers:
                weights(layer, layer.name)
    for function in model.mlProgram.functions.values():
        for item in function.block_specializations.values():
            block(item)
    return f"coremltools {coremltools.__version__}", rows


def openvino(path):
    import openvino as ov

    rows = []

    def walk(model):
        for operation in model.get_ordered_ops():
            if operation.get_type_name() == "Constant":
                rows.append(row(operation.get_friendly_name(), operation.get_element_type().get_type_name(), operation.shape))
            if operation.get_type_name() == "If":
                walk(operation.get_function(0))
                walk(operation.get_function(1))

    walk(ov.Core().read_model(path))
    return f"openvino {ov.__version__.split('-')[0]}", rows


def numpy_type(dtype):
    """As the file's header writes it."""
    import numpy as np

    return dtype.str if dtype.fields is None else np.lib.format.dtype_to_descr(dtype)


def npz(path):
    import numpy as np

    with np.load(path) as arrays:
        rows = [row(name, numpy_type(arrays[name].dtype), arrays[name].shape) for name in arrays.files]
    return f"numpy {np.__version__}", rows


def skops(path):
    import io

    import numpy as np

    rows = []
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if name.endswith(".npy"):
                array = np.load(io.BytesIO(archive.read(name)))
                rows.append(row(name.removesuffix(".npy"), numpy_type(array.dtype), array.shape))
    return f"numpy {np.__version__}", rows


def flax(path):
    import flax
    import numpy as np
    from flax.serialization import msgpack_restore

    rows = []

    def walk(value, name):
        if isinstance(value, dict):
            for key, item in value.items():
                walk(item, f"{name}/{key}" if name else key)
        elif isinstance(value, (np.ndarray, np.generic)):
            rows.append(row(name, value.dtype.name, value.shape))

    walk(msgpack_restore(pathlib.Path(path).read_bytes()), "")
    return f"flax {flax.__version__}", rows


def npy(path):
    import numpy as np

    array = np.load(path, mmap_mode="r")
    return f"numpy {np.__version__}", [row("", numpy_type(array.dtype), array.shape)]


TORCH_TYPES = {
    "float32": "F32", "float64": "F64", "float16": "F16", "bfloat16": "BF16", "int64": "I64", "int32": "I32", "int16": "I16",
    "int8": "I8", "uint8": "U8", "uint16": "U16", "uint32": "U32", "uint64": "U64", "bool": "BOOL", "complex64": "C64",
    "complex128": "C128", "qint8": "QI8", "quint8": "QU8", "qint32": "QI32", "float8_e4m3fn": "F8_E4M3", "float8_e5m2": "F8_E5M2",
}  # fmt: skip


def torch(path):
    import torch as library

    value = library.load(path, map_location="cpu", weights_only=True)
    rows = []

    def walk(item, name):
        if isinstance(item, library.Tensor):
            rows.append(row(name, TORCH_TYPES.get(str(item.dtype).removeprefix("torch."), str(item.dtype)), item.shape))
        elif isinstance(item, dict):
            for key, inner in item.items():
                walk(inner, f"{name}.{key}" if name else str(key))
        elif isinstance(item, (list, tuple)):
            for index, inner in enumerate(item):
                walk(inner, f"{name}.{index}" if name else str(index))

    walk(value, "")
    return f"torch {library.__version__}", rows


def nothing(path):
    """Vocabularies and indexes hold no tensors."""
    return "none", []


READERS = {
    "safetensors": safetensors,
    "gguf": gguf,
    "onnx": onnx,
    "h5": hdf5,
    "hdf5": hdf5,
    "keras": keras,
    "pb": tensorflow_graph,
    "index": tensorflow_index,
    "tflite": tflite,
    "npz": npz,
    "npy": npy,
    "pt": torch,
    "pth": torch,
    "bin": torch,
    "ckpt": torch,
    "skops": skops,
    "msgpack": flax,
    "json": nothing,
    "model": nothing,
    "xml": openvino,
    "mlmodel": coreml,
}


NO_TENSORS = {"fingerprint.pb"}


def reference(path):
    """Library and tensors of one file, sorted by name."""
    if pathlib.Path(path).name in NO_TENSORS:
        raise KeyError(path)
    extension = str(path).rsplit(".", 1)[-1]
    library, rows = READERS[extension](str(path))
    return {"library": library, "tensors": sorted(rows, key=lambda item: (item["name"], item["dtype"], item["shape"]))}


if __name__ == "__main__":
    for path in sys.argv[1:]:
        try:
            print(json.dumps({"path": path, **reference(path)}))
        except Exception as error:  # noqa: BLE001 - a library that is missing or refuses a file is the answer for that file
            print(json.dumps({"path": path, "error": f"{type(error).__name__}: {error}"}))
