"""PyTorch, eager and compiled."""

from __future__ import annotations

import importlib.util
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from benchmarks.speed.sides import Side

if TYPE_CHECKING:
    from benchmarks.speed.task import Task


def side(task: Task) -> Side | None:
    """Train with torch.nn and torch.optim as its tutorials do."""
    if importlib.util.find_spec("torch") is None:
        return None
    import torch  # noqa: PLC0415 (only where it is installed)

    return Side(
        f"torch {torch.__version__} eager ({task.threads} threads)", _work(task, torch, lambda step: step), task.steps
    )


def compiled_side(task: Task) -> Side | None:
    """The same with loss and gradient compiled by torch.compile; compiling is not counted."""
    if importlib.util.find_spec("torch") is None:
        return None
    import torch  # noqa: PLC0415 (only where it is installed)

    try:
        torch.compile(lambda x: x + 1)(torch.ones(3))
    except Exception:  # noqa: BLE001 (whatever it lacks, such as a compiler: then it cannot take part)
        return None
    return Side(
        f"torch {torch.__version__} compiled ({task.threads} threads)", _work(task, torch, torch.compile), task.steps
    )


def network_of(task: Task, torch: Any) -> Any:
    """Return an ``nn.Sequential`` that gives logits, with the task's first weights."""
    activation = {"sigmoid": torch.nn.Sigmoid, "tanh": torch.nn.Tanh, "relu": torch.nn.ReLU}[task.hidden]
    layers: list[Any] = []
    for n_in, n_out in pairwise(task.sizes):
        layers += [torch.nn.Linear(n_in, n_out), activation()]
    network = torch.nn.Sequential(*layers[:-1]).to(getattr(torch, task.dtype))
    with torch.no_grad():
        for layer, (weights, biases) in zip(network[::2], task.start(), strict=True):
            layer.weight.copy_(torch.from_numpy(weights.T))
            layer.bias.copy_(torch.from_numpy(biases))
    return network


def _work(task: Task, torch: Any, wrap: Any) -> Any:
    x = torch.from_numpy(task.x)
    y = torch.from_numpy(task.y.argmax(1) if task.loss == "ce" else task.y)
    functional = torch.nn.functional
    loss_of = {
        "ce": functional.cross_entropy,
        "bce": functional.binary_cross_entropy_with_logits,
        "mse": lambda z, targets: functional.mse_loss(torch.sigmoid(z), targets),
    }[task.loss]
    network = network_of(task, torch)
    start = [parameter.detach().clone() for parameter in network.parameters()]
    forward = wrap(lambda rows, targets: loss_of(network(rows), targets))

    def work() -> float:
        torch.set_num_threads(task.threads)
        with torch.no_grad():
            for parameter, value in zip(network.parameters(), start, strict=True):
                parameter.copy_(value)
        kind = torch.optim.SGD if task.rule == "gd" else torch.optim.Adam
        optimizer = kind(network.parameters(), task.rate)
        total = 0.0
        for _ in range(task.epochs):
            total = 0.0
            batches = [slice(None)] if task.is_full else torch.randperm(len(x)).split(task.batch)
            for rows in batches:
                optimizer.zero_grad()
                loss = forward(x[rows], y[rows])
                loss.backward()
                optimizer.step()
                total += float(loss.detach()) * len(x[rows]) if not task.is_full else float(loss.detach()) * len(x)
        return total / len(x)

    return work
