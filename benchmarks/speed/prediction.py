"""Outputs of 784-128-10 for one row, and for ten thousand."""

from __future__ import annotations

import ctypes
import importlib.util
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

import unstuck as us
from benchmarks.speed.sides import Side, table, take_turns
from unstuck.blas import core_count

_PRODUCTS = """
void products(const float *x, const float *w1, const float *w2, float *h, float *z, long times) {
    for (long t = 0; t < times; ++t) {
        for (int j = 0; j < 128; ++j) h[j] = 0;
        for (int i = 0; i < 784; ++i) for (int j = 0; j < 128; ++j) h[j] += x[i] * w1[i * 128 + j];
        for (int j = 0; j < 10; ++j) z[j] = 0;
        for (int i = 0; i < 128; ++i) for (int j = 0; j < 10; ++j) z[j] += h[i] * w2[i * 10 + j];
    }
}
"""
_ROWS = 10_000
_CALLS = 2000


def prediction(repeats: int) -> str:
    """Time both."""
    network = us.Network([us.Dense(784, 128, "relu"), us.Dense(128, 10, "softmax")], dtype="float32")
    x = np.random.default_rng(0).random((_ROWS, 784), np.float32)
    few = [
        _ours(network, x[:1], _CALLS),
        _onnx(network, x[:1], _CALLS),
        _torch(network, x[:1], _CALLS),
        _products(network, x[:1], _CALLS),
    ]
    many = [_ours(network, x, 5), _onnx(network, x, 5), _torch(network, x, 5)]
    sections = []
    for title, unit, factor, made in (
        ("Prediction of one row, 784-128-10, float32", "µs", 1e6, few),
        (f"Prediction of {_ROWS} rows, 784-128-10, float32, {core_count()} threads", "ms", 1e3, many),
    ):
        sides = [side for side in made if side is not None]
        take_turns(sides, repeats)
        sections.append(table(title, unit, factor, sides, "first output"))
    return "\n".join(sections)


def _ours(network: us.Network, x: np.ndarray, calls: int) -> Side:
    def work() -> float:
        outputs = network.predict(x)
        for _ in range(calls - 1):
            outputs = network.predict(x)
        return float(outputs[0, 0])

    return Side("unstuck", work, calls)


def _products(network: us.Network, x: np.ndarray, calls: int) -> Side | None:
    products = _compiled()
    if products is None:
        return None
    pointer = ctypes.POINTER(ctypes.c_float)
    hidden, z = np.zeros(128, np.float32), np.zeros(10, np.float32)
    arrays = [
        x,
        network.layer_views(network.parameters)[0]["weights"],
        network.layer_views(network.parameters)[1]["weights"],
        hidden,
        z,
    ]

    def work() -> float:
        products(*(np.ascontiguousarray(array).ctypes.data_as(pointer) for array in arrays), calls)
        return float(z[0])

    return Side("the two products alone in C, without a call from Python", work, calls)


@cache
def _compiled() -> Any:
    compiler = shutil.which("gcc") or shutil.which("cc")
    if compiler is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        source, library = Path(folder) / "products.c", Path(folder) / "products.so"
        source.write_text(_PRODUCTS, encoding="utf-8")
        options = ["-O3", "-march=native", "-ffast-math", "-shared", "-fPIC"]
        subprocess.run([compiler, *options, str(source), "-o", str(library)], check=True)  # noqa: S603 (our own program)
        products = ctypes.CDLL(str(library)).products
    products.argtypes = [*[ctypes.POINTER(ctypes.c_float)] * 5, ctypes.c_long]
    return products


def _onnx(network: us.Network, x: np.ndarray, calls: int) -> Side | None:
    if importlib.util.find_spec("onnxruntime") is None or importlib.util.find_spec("onnx") is None:
        return None
    import onnx  # noqa: PLC0415 (only where it is installed)
    import onnxruntime  # noqa: PLC0415 (as above)

    arrays = {
        f"{name}{at}": array
        for at, views in enumerate(network.layer_views(network.parameters))
        for name, array in views.items()
    }
    graph = onnx.helper.make_graph(
        [
            onnx.helper.make_node("Gemm", ["x", "weights0", "biases0"], ["z0"]),
            onnx.helper.make_node("Relu", ["z0"], ["a0"]),
            onnx.helper.make_node("Gemm", ["a0", "weights1", "biases1"], ["z1"]),
            onnx.helper.make_node("Softmax", ["z1"], ["y"]),
        ],
        "network",
        [onnx.helper.make_tensor_value_info("x", onnx.TensorProto.FLOAT, [None, 784])],
        [onnx.helper.make_tensor_value_info("y", onnx.TensorProto.FLOAT, [None, 10])],
        [onnx.numpy_helper.from_array(np.ascontiguousarray(array), name) for name, array in arrays.items()],
    )
    model = onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 17)], ir_version=9)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = core_count()
    session = onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])

    def work() -> float:
        outputs = session.run(None, {"x": x})[0]
        for _ in range(calls - 1):
            outputs = session.run(None, {"x": x})[0]
        return float(outputs[0, 0])

    return Side(f"ONNX Runtime {onnxruntime.__version__}", work, calls)


def _torch(network: us.Network, x: np.ndarray, calls: int) -> Side | None:
    if importlib.util.find_spec("torch") is None:
        return None
    import torch  # noqa: PLC0415 (only where it is installed)

    twin = torch.nn.Sequential(
        torch.nn.Linear(784, 128), torch.nn.ReLU(), torch.nn.Linear(128, 10), torch.nn.Softmax(1)
    )
    layers: Any = (twin[0], twin[2])
    with torch.no_grad():
        for layer, views in zip(layers, network.layer_views(network.parameters), strict=True):
            layer.weight.copy_(torch.from_numpy(views["weights"].T))
            layer.bias.copy_(torch.from_numpy(views["biases"]))
    rows = torch.from_numpy(x)

    def work() -> float:
        torch.set_num_threads(core_count())
        with torch.inference_mode():
            outputs = twin(rows)
            for _ in range(calls - 1):
                outputs = twin(rows)
        return float(outputs[0, 0])

    return Side(f"torch {torch.__version__} eager", work, calls)
