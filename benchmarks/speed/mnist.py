"""One epoch of MNIST 784-128-10, ReLU, softmax, Adam, batches of 128, float32."""

from __future__ import annotations

import importlib.util
import os
from itertools import pairwise

import numpy as np

import unstuck as us
from benchmarks.speed.sides import Side, table, take_turns
from unstuck.training.optimizers import Adam

_ROWS, _BATCH = 60_000, 128


def mnist(repeats: int, hidden: tuple[int, ...] = (128,), batch: int = _BATCH) -> str:
    """Time an epoch. The digits are random numbers where MNIST's files are not at hand; the time does not depend on them."""
    rng = np.random.default_rng(0)
    x, labels = rng.random((_ROWS, 784), np.float32), rng.integers(0, 10, _ROWS)
    y = np.eye(10, dtype=np.float32)[labels]
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    made = [
        _ours(x, y, hidden, batch, cores),
        _ours(x, y, hidden, batch, 1),
        _torch(x, labels, hidden, batch, cores),
        _products(x, hidden, batch),
    ]
    sides = [side for side in made if side is not None]
    take_turns(sides, repeats)
    name = "-".join(map(str, (784, *hidden, 10)))
    return table(f"{name}, {_ROWS} rows, Adam, batch {batch}, float32", "s an epoch", 1.0, sides, "loss")


def _ours(x: np.ndarray, y: np.ndarray, hidden: tuple[int, ...], batch: int, threads: int) -> Side:
    sizes = (784, *hidden)

    def work() -> float:
        layers = [us.Dense(n_in, n_out, "relu") for n_in, n_out in zip(sizes, hidden, strict=False)]
        net = us.Network([*layers, us.Dense(sizes[-1], 10, "softmax")], loss="ce", dtype="float32")
        return us.train(net, x, y, optimizer=Adam(), batch_size=batch, epochs=1, threads=threads)[-1]["loss"]

    return Side(f"unstuck ({threads} threads)", work, 1)


def _torch(x: np.ndarray, labels: np.ndarray, hidden: tuple[int, ...], batch: int, threads: int) -> Side | None:
    if importlib.util.find_spec("torch") is None:
        return None
    import torch  # noqa: PLC0415 (only where it is installed)

    inputs, targets = torch.from_numpy(x), torch.from_numpy(labels)
    sizes = (784, *hidden, 10)

    def work() -> float:
        torch.set_num_threads(threads)
        torch.manual_seed(0)
        layers: list[torch.nn.Module] = []
        for n_in, n_out in pairwise(sizes):
            layers += [torch.nn.Linear(n_in, n_out), torch.nn.ReLU()]
        net = torch.nn.Sequential(*layers[:-1])
        optimizer, loss_of = torch.optim.Adam(net.parameters()), torch.nn.CrossEntropyLoss()
        total = 0.0
        for rows in torch.randperm(len(inputs)).split(batch):  # type: ignore[no-untyped-call]
            optimizer.zero_grad()
            loss = loss_of(net(inputs[rows]), targets[rows])
            loss.backward()
            optimizer.step()
            total += float(loss.detach()) * len(rows)
        return total / len(inputs)

    return Side(f"torch {torch.__version__} eager ({threads} threads)", work, 1)


def _products(x: np.ndarray, hidden: tuple[int, ...], batch: int) -> Side:
    """The matrix products of the first layer alone, forward and for its gradient: what no library can leave out."""
    weights, delta = np.ones((784, hidden[0]), np.float32), np.ones((batch, hidden[0]), np.float32)
    forward, slope = np.empty((batch, hidden[0]), np.float32), np.empty((784, hidden[0]), np.float32)

    def work() -> float:
        for begin in range(0, _ROWS - batch, batch):
            rows = x[begin : begin + batch]
            np.matmul(rows, weights, out=forward)
            np.matmul(rows.T, delta, out=slope)
        return 0.0

    return Side("the two large products alone, NumPy (BLAS's own threads)", work, 1)
