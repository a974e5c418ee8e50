"""Writes benign model files with the libraries that people use, for bench/benign.ts. Usage: benign.py FOLDER

Needs torch, safetensors, onnx, keras, joblib, scikit-learn, numpy, scipy, pandas, xgboost, lightgbm, h5py; what is not installed is left out and named.
"""

import argparse
import collections
import datetime
import os
import pathlib
import pickle
import sys
import warnings

warnings.filterwarnings("ignore")
os.environ.setdefault("KERAS_BACKEND", "torch")
os.makedirs(sys.argv[1], exist_ok=True)
os.chdir(sys.argv[1])


def part(make):
    try:
        make()
    except ImportError as error:
        print(f"left out: {make.__name__} ({error})", file=sys.stderr)


def torch_files():
    import numpy
    import torch
    from torch import nn

    torch.manual_seed(0)
    net = nn.Sequential(nn.Conv2d(3, 8, 3), nn.BatchNorm2d(8), nn.ReLU(), nn.Flatten(), nn.LazyLinear(10))
    net(torch.zeros(2, 3, 8, 8))
    transformer = nn.TransformerEncoder(nn.TransformerEncoderLayer(16, 2, 32, batch_first=True), 2)
    lstm = nn.LSTM(8, 16, 2, bidirectional=True)
    optimizer = torch.optim.AdamW(net.parameters())
    net(torch.zeros(2, 3, 8, 8)).sum().backward()
    optimizer.step()
    scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, 10)
    args = argparse.Namespace(lr=0.1, output=pathlib.Path("out"), started=datetime.datetime(2026, 1, 1))
    checkpoint = {"model": net.state_dict(), "optimizer": optimizer.state_dict(), "scheduler": scheduler.state_dict(), "epoch": 3, "args": args}
    checkpoint["best"] = numpy.float64(0.5)
    checkpoint["classes"] = numpy.array(["cat", "dog"])
    checkpoint["history"] = collections.defaultdict(list, loss=[0.5, 0.25])
    checkpoint["rng"] = torch.get_rng_state()
    shared = torch.arange(24.0).reshape(4, 6)
    odd = {
        "bf16": torch.zeros(3, dtype=torch.bfloat16),
        "f8": torch.zeros(4).to(torch.float8_e4m3fn),
        "complex": torch.zeros(2, dtype=torch.complex64),
        "bool": torch.zeros(5, dtype=torch.bool),
        "scalar": torch.tensor(7),
        "empty": torch.zeros(0, 4),
        "view": shared.t(),
        "slice": shared[1:3, 2:],
        "sparse": torch.eye(4).to_sparse(),
        "csr": torch.eye(4).to_sparse_csr(),
        "parameter": nn.Parameter(torch.ones(2)),
        "u16": torch.zeros(2, dtype=torch.uint16),
        "size": torch.Size([1, 2]),
        "device": torch.device("cpu"),
        "dtype": torch.float16,
    }
    quantized = torch.quantize_per_tensor(torch.rand(4, 4), 0.1, 2, torch.qint8)
    per_channel = torch.quantize_per_channel(torch.rand(4, 4), torch.ones(4), torch.zeros(4, dtype=torch.long), 0, torch.qint8)
    torch.save(net.state_dict(), "torch-state.pt")
    torch.save(net.state_dict(), "torch-state-legacy.pth", _use_new_zipfile_serialization=False)
    torch.save(net, "torch-module.pt")
    torch.save(net, "torch-module-legacy.pt", _use_new_zipfile_serialization=False)
    torch.save(transformer.state_dict(), "torch-transformer.bin")
    torch.save(transformer, "torch-transformer-module.pt")
    torch.save(lstm, "torch-lstm-module.pt")
    torch.save(optimizer.state_dict(), "optimizer.pt")
    torch.save(checkpoint, "torch-checkpoint.ckpt")
    torch.save(checkpoint, "torch-checkpoint-legacy.ckpt", _use_new_zipfile_serialization=False)
    torch.save(odd, "torch-odd.pt")
    torch.save({"q": quantized, "c": per_channel}, "torch-quantized.pt")
    torch.save(torch.rand(10), "torch-tensor.pt")
    torch.save([shared, shared[0]], "torch-shared.pt")
    torch.save(net.state_dict(), "torch-protocol-4.pt", pickle_protocol=4)
    torch.jit.script(nn.Sequential(nn.Linear(4, 4), nn.ReLU())).save("torch-script.pt")
    torch.jit.trace(net.eval(), torch.zeros(1, 3, 8, 8)).save("torch-trace.pt")
    torch.export.save(torch.export.export(nn.Linear(4, 4), (torch.zeros(1, 4),)), "torch-export.pt2")
    with open("torch-pickled.pkl", "wb") as file:
        pickle.dump(net.state_dict(), file)


def safetensors_files():
    import torch
    from safetensors.torch import save_file

    save_file({"a": torch.rand(3, 4), "b": torch.zeros(2, dtype=torch.bfloat16)}, "model.safetensors", {"format": "pt"})
    save_file({f"layer.{index}.weight": torch.rand(4) for index in range(50)}, "many.safetensors")


def numpy_files():
    import numpy

    numpy.save("array.npy", numpy.arange(12.0).reshape(3, 4))
    numpy.save("strings.npy", numpy.array(["a", "bc"]))
    numpy.save("records.npy", numpy.zeros(3, dtype=[("x", "f4"), ("y", "i8")]))
    numpy.save("objects.npy", numpy.array([{"a": 1}, [2]], dtype=object), allow_pickle=True)
    numpy.savez("arrays.npz", a=numpy.ones(3), b=numpy.zeros((2, 2), dtype="i4"))
    numpy.savez_compressed("packed.npz", a=numpy.random.default_rng(0).random(1000))
    for protocol in range(6):
        with open(f"numpy-protocol-{protocol}.pkl", "wb") as file:
            pickle.dump({"a": numpy.arange(5), "s": numpy.float32(1.5), "r": numpy.random.default_rng(1), "m": numpy.ma.array([1, 2])}, file, protocol)


def python_files():
    words = {f"token_{index}": index for index in range(20000)}
    shared = ["x"] * 1000
    for protocol in range(6):
        with open(f"vocabulary-{protocol}.pkl", "wb") as file:
            pickle.dump({"words": words, "shared": [shared] * 10, "set": {1, 2}, "bytes": b"\x00\xff", "none": None, "big": 1 << 80}, file, protocol)
    with open("several.pkl", "wb") as file:
        for index in range(3):
            pickle.dump({"index": index}, file)


def sklearn_files():
    import joblib
    import numpy
    from sklearn import cluster, compose, decomposition, ensemble, feature_extraction, gaussian_process, impute, linear_model
    from sklearn import mixture, naive_bayes, neighbors, neural_network, pipeline, preprocessing, svm, tree

    rng = numpy.random.default_rng(0)
    x = rng.random((60, 4))
    y = (x[:, 0] > 0.5).astype(int)
    models = {
        "logistic": linear_model.LogisticRegression(),
        "ridge": linear_model.Ridge(),
        "sgd": linear_model.SGDClassifier(),
        "forest": ensemble.RandomForestClassifier(8),
        "boosting": ensemble.GradientBoostingClassifier(n_estimators=8),
        "histogram": ensemble.HistGradientBoostingClassifier(max_iter=8),
        "isolation": ensemble.IsolationForest(n_estimators=8),
        "tree": tree.DecisionTreeClassifier(),
        "svc": svm.SVC(probability=False),
        "knn": neighbors.KNeighborsClassifier(algorithm="kd_tree"),
        "balls": neighbors.KNeighborsClassifier(algorithm="ball_tree"),
        "bayes": naive_bayes.GaussianNB(),
        "mlp": neural_network.MLPClassifier((8,), max_iter=20),
        "kmeans": cluster.KMeans(3, n_init=1),
        "dbscan": cluster.DBSCAN(),
        "pca": decomposition.PCA(2),
        "mixture": mixture.GaussianMixture(2),
        "process": gaussian_process.GaussianProcessRegressor(),
    }
    for name, model in models.items():
        joblib.dump(model.fit(x, y), f"sklearn-{name}.joblib")
        with open(f"sklearn-{name}.pkl", "wb") as file:
            pickle.dump(model, file)
    columns = compose.ColumnTransformer([("scale", preprocessing.StandardScaler(), [0, 1]), ("bin", preprocessing.KBinsDiscretizer(3), [2])])
    steps = pipeline.make_pipeline(impute.SimpleImputer(), columns, ensemble.RandomForestClassifier(5))
    joblib.dump(steps.fit(x, y), "sklearn-pipeline.joblib")
    text = pipeline.make_pipeline(feature_extraction.text.TfidfVectorizer(), naive_bayes.MultinomialNB())
    joblib.dump(text.fit(["a good one", "a bad one"], [1, 0]), "sklearn-text.joblib")
    for method in ("zlib", "gzip"):
        joblib.dump(steps, f"sklearn-pipeline-{method}.joblib", compress=(method, 3))
    joblib.dump({"x": x, "labels": numpy.array(["a", None], dtype=object)}, "joblib-arrays.joblib")


def pandas_files():
    import pandas
    from scipy import sparse

    frame = pandas.DataFrame({"a": [1, 2], "b": ["x", "y"], "c": pandas.Categorical(["p", "q"]), "d": pandas.to_datetime(["2026-01-01", "2026-01-02"])})
    frame.to_pickle("frame.pkl")
    frame.set_index("d").to_pickle("frame-indexed.pkl")
    with open("sparse.pkl", "wb") as file:
        pickle.dump([sparse.eye(4, format=kind) for kind in ("csr", "csc", "coo", "lil", "dok")], file)
    sparse.save_npz("sparse.npz", sparse.eye(4, format="csr"))


def boosting_files():
    import joblib
    import lightgbm
    import numpy
    import xgboost

    rng = numpy.random.default_rng(0)
    x, y = rng.random((60, 4)), rng.integers(0, 2, 60)
    joblib.dump(xgboost.XGBClassifier(n_estimators=5).fit(x, y), "xgboost.joblib")
    joblib.dump(lightgbm.LGBMClassifier(n_estimators=5, verbose=-1).fit(x, y), "lightgbm.joblib")
    with open("xgboost.pkl", "wb") as file:
        pickle.dump(xgboost.train({}, xgboost.DMatrix(x, y), 3), file)


def keras_files():
    import keras

    model = keras.Sequential([keras.layers.Input((8, 8, 3)), keras.layers.Conv2D(4, 3), keras.layers.Flatten(), keras.layers.Dense(2)])
    model.compile("adam", "mse")
    model.save("keras.keras")
    model.save("keras.h5")
    model.save_weights("keras.weights.h5")


def onnx_files():
    import numpy
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    weight = numpy_helper.from_array(numpy.ones((4, 4), dtype=numpy.float32), "w")
    graph = helper.make_graph(
        [helper.make_node("MatMul", ["x", "w"], ["y"])],
        "g",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 4])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, [1, 4])],
        [weight],
    )
    onnx.save(helper.make_model(graph), "plain.onnx")
    model = helper.make_model(graph)
    onnx.save(model, "external.onnx", save_as_external_data=True, location="external.bin", size_threshold=0)


for make in (torch_files, safetensors_files, numpy_files, python_files, sklearn_files, pandas_files, boosting_files, keras_files, onnx_files):
    part(make)
