"""FANN, through its C library for double precision."""

from __future__ import annotations

import ctypes
import ctypes.util
from typing import TYPE_CHECKING, Any

from benchmarks.speed.sides import Side

if TYPE_CHECKING:
    from benchmarks.speed.task import Task

_INCREMENTAL, _BATCH = 0, 1
_SIGMOID = 3
_LINEAR_ERROR = 0
_SAME_AS_LOGISTIC = 0.5
_FILL = ctypes.CFUNCTYPE(
    None, ctypes.c_uint, ctypes.c_uint, ctypes.c_uint, ctypes.POINTER(ctypes.c_double), ctypes.POINTER(ctypes.c_double)
)


def side(task: Task) -> Side | None:
    """Train on squared errors, row by row or with the whole batch; it draws its own first weights."""
    path = ctypes.util.find_library("doublefann")
    fits = task.loss == "mse" and task.rule == "gd" and task.hidden == "sigmoid" and (task.is_full or task.batch == 1)
    if path is None or not fits:
        return None
    fann = ctypes.CDLL(path)
    for name in ("fann_create_standard_array", "fann_create_train_from_callback"):
        getattr(fann, name).restype = ctypes.c_void_p
    fann.fann_train_epoch.restype = ctypes.c_float
    data = _data(fann, task)

    def work() -> float:
        sizes = (ctypes.c_uint * len(task.sizes))(*task.sizes)
        network = ctypes.c_void_p(fann.fann_create_standard_array(len(task.sizes), sizes))
        fann.fann_randomize_weights(network, ctypes.c_double(-1), ctypes.c_double(1))
        fann.fann_set_training_algorithm(network, _BATCH if task.is_full else _INCREMENTAL)
        fann.fann_set_train_error_function(network, _LINEAR_ERROR)
        for layers in ("hidden", "output"):
            getattr(fann, f"fann_set_activation_function_{layers}")(network, _SIGMOID)
            getattr(fann, f"fann_set_activation_steepness_{layers}")(network, ctypes.c_double(_SAME_AS_LOGISTIC))
        fann.fann_set_learning_rate(network, ctypes.c_float(task.rate))
        loss = float("nan")
        for _ in range(task.epochs):
            loss = fann.fann_train_epoch(network, data)
        fann.fann_destroy(network)
        return float(loss)

    return Side("FANN (doublefann, 1 thread)", work, task.steps)


def _data(fann: Any, task: Task) -> ctypes.c_void_p:
    def fill(row: int, n_in: int, n_out: int, inputs: Any, outputs: Any) -> None:
        for i in range(n_in):
            inputs[i] = float(task.x[row, i])
        for j in range(n_out):
            outputs[j] = float(task.y[row, j])

    n_in, n_out = task.sizes[0], task.sizes[-1]
    return ctypes.c_void_p(fann.fann_create_train_from_callback(len(task.x), n_in, n_out, _FILL(fill)))
