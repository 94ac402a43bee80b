"""tinygrad, each step compiled by its TinyJit."""

from __future__ import annotations

import importlib.util
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.speed.sides import Side

if TYPE_CHECKING:
    from benchmarks.speed.task import Task


def side(task: Task) -> Side | None:
    """Train on its CPU device."""
    if importlib.util.find_spec("tinygrad") is None:
        return None
    import tinygrad  # noqa: PLC0415 (only where it is installed)
    from tinygrad.nn import optim  # noqa: PLC0415 (as above)

    tensor: Any = tinygrad.Tensor
    try:
        tensor([1.0]).realize()
    except RuntimeError:  # it has no compiler for this machine
        return None

    def work() -> float:
        parameters = [tensor(array).is_param_() for layer in task.start() for array in layer]
        rule = optim.SGD(parameters, task.rate) if task.rule == "gd" else optim.Adam(parameters, task.rate)

        def step_once(rows: Any, targets: Any) -> Any:
            with tinygrad.Context(TRAINING=1):
                rule.zero_grad()
                for at in range(0, len(parameters) - 2, 2):
                    rows = getattr(rows @ parameters[at] + parameters[at + 1], task.hidden)()
                z = rows @ parameters[-2] + parameters[-1]
                if task.loss == "ce":
                    loss = -(targets * z.log_softmax()).sum(1).mean()
                elif task.loss == "bce":
                    loss = z.binary_crossentropy_logits(targets)
                else:
                    loss = ((z.sigmoid() - targets) ** 2).mean()
                loss.backward()
                rule.step()
                return loss.realize()

        step = tinygrad.TinyJit(step_once)
        rng, whole, loss = np.random.default_rng(0), len(task.x) // min(task.batch, len(task.x)), None
        for _ in range(task.epochs):
            order = np.arange(len(task.x)) if task.is_full else rng.permutation(len(task.x))
            for rows in order[: whole * task.batch].reshape(whole, -1):
                loss = step(tensor(task.x[rows]).realize(), tensor(task.y[rows]).realize())
        return float("nan") if loss is None else float(loss.numpy())

    return Side(
        f"tinygrad {tinygrad.__version__ if hasattr(tinygrad, '__version__') else ''}".strip(), work, task.steps
    )
