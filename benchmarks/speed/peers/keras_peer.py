"""Keras, on the backend that it is set to."""

from __future__ import annotations

import importlib.util
import os
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from benchmarks.speed.sides import Side

if TYPE_CHECKING:
    from benchmarks.speed.task import Task


def side(task: Task) -> Side | None:
    """Train with compile and fit."""
    if importlib.util.find_spec("keras") is None:
        return None
    os.environ.setdefault("KERAS_BACKEND", "jax" if importlib.util.find_spec("jax") is not None else "torch")
    import keras  # noqa: PLC0415 (only where it is installed)

    pairs = list(pairwise(task.sizes))
    last = "softmax" if task.loss == "ce" else "sigmoid"
    names: list[Any] = [task.hidden] * (len(pairs) - 1) + [last]
    keras.backend.set_floatx(task.dtype)
    network = keras.Sequential(
        [
            keras.Input((task.sizes[0],)),
            *(keras.layers.Dense(n_out, name) for (_, n_out), name in zip(pairs, names, strict=True)),
        ]
    )
    loss = {"ce": "categorical_crossentropy", "bce": "binary_crossentropy", "mse": "mean_squared_error"}[task.loss]

    def work() -> float:
        for layer, start in zip(network.layers, task.start(), strict=True):
            layer.set_weights(start)
        rule = keras.optimizers.SGD(task.rate) if task.rule == "gd" else keras.optimizers.Adam(task.rate)
        network.compile(optimizer=rule, loss=loss)
        history = network.fit(
            task.x,
            task.y,
            batch_size=min(task.batch, len(task.x)),
            epochs=task.epochs,
            verbose=0,
            shuffle=not task.is_full,
        )
        return float(history.history["loss"][-1])

    return Side(f"Keras {keras.__version__} on {keras.backend.backend()}", work, task.steps)
