"""XOR by a 2-N-1 network: full batch, float64, plain gradient descent, sigmoid, cross-entropy."""

from __future__ import annotations

import ctypes
import importlib.util
from typing import Any

import numpy as np

import unstuck as us
from benchmarks.speed.hand_written_c import compiled_xor
from benchmarks.speed.sides import Side, table, take_turns
from unstuck.training.optimizers import GradientDescent

X = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
Y = np.array([[0.0], [1.0], [1.0], [0.0]])
RATE = 2.0
ITERATIONS = 1_000_000


def xor(repeats: int, iterations: int = ITERATIONS) -> str:
    """Time an iteration of 2-5-1, and ours at neighbouring sizes, which must cost the same for each weight."""
    sides = [_ours(5, iterations), _script(5, iterations // 50)]
    made = [
        _torch(5, iterations // 500),
        _jax(5, iterations),
        _hand_written(5, iterations),
        *(_ours(n, iterations) for n in (4, 7, 16)),
    ]
    sides += [side for side in made if side is not None]
    take_turns(sides, repeats)
    return table("XOR 2-5-1, full batch, float64, one thread", "µs an iteration", 1e6, sides, "final loss")


def _start(units: int) -> list[np.ndarray]:
    rng = np.random.default_rng(1)
    return [rng.normal(0, 1, (2, units)), np.zeros(units), rng.normal(0, 1, (units, 1)), np.zeros(1)]


def _ours(units: int, iterations: int) -> Side:
    def work() -> float:
        net = us.Network([us.Dense(2, units, "sigmoid"), us.Dense(units, 1, "sigmoid")], loss="bce")
        net.parameters[:] = np.concatenate([array.ravel() for array in _start(units)])
        history = us.train(
            net, X, Y, optimizer=GradientDescent(RATE), batch_size="full", epochs=iterations, history_every=1000
        )
        return history[-1]["loss"]

    return Side(f"unstuck 2-{units}-1 (1 thread)", work, iterations)


def _script(units: int, iterations: int) -> Side:
    """As people write it."""

    def work() -> float:
        w1, b1, w2, b2 = _start(units)
        loss = np.nan
        for _ in range(iterations):
            h = 1 / (1 + np.exp(-(X @ w1 + b1)))
            o = 1 / (1 + np.exp(-(h @ w2 + b2)))
            loss = -np.mean(Y * np.log(o) + (1 - Y) * np.log(1 - o))
            d2 = (o - Y) / len(X)
            d1 = d2 @ w2.T * h * (1 - h)
            w2 -= RATE * h.T @ d2
            b2 -= RATE * d2.sum(0)
            w1 -= RATE * X.T @ d1
            b1 -= RATE * d1.sum(0)
        return float(loss)

    return Side(f"NumPy script 2-{units}-1 (1 thread)", work, iterations)


def _torch(units: int, iterations: int) -> Side | None:
    if importlib.util.find_spec("torch") is None:
        return None
    import torch  # noqa: PLC0415 (only where it is installed)

    x, y = torch.tensor(X), torch.tensor(Y)

    def work() -> float:
        torch.set_num_threads(1)
        w1, b1, w2, b2 = (torch.tensor(array) for array in _start(units))
        net = torch.nn.Sequential(torch.nn.Linear(2, units), torch.nn.Sigmoid(), torch.nn.Linear(units, 1)).double()
        with torch.no_grad():
            for parameter, value in zip(net.parameters(), (w1.T, b1, w2.T, b2), strict=True):
                parameter.copy_(value)
        optimizer, loss_of = torch.optim.SGD(net.parameters(), RATE), torch.nn.BCEWithLogitsLoss()
        loss = torch.tensor(torch.nan)
        for _ in range(iterations):
            optimizer.zero_grad()
            loss = loss_of(net(x), y)
            loss.backward()
            optimizer.step()
        return float(loss.detach())

    return Side(f"torch {torch.__version__} eager 2-{units}-1 (1 thread)", work, iterations)


def _jax(units: int, iterations: int) -> Side | None:
    if importlib.util.find_spec("jax") is None:
        return None
    import jax  # noqa: PLC0415 (only where it is installed)

    jax.config.update("jax_enable_x64", val=True)
    x, y = jax.numpy.asarray(X), jax.numpy.asarray(Y)

    def loss_of(parameters: Any) -> Any:
        w1, b1, w2, b2 = parameters
        z = jax.nn.sigmoid(x @ w1 + b1) @ w2 + b2
        return jax.numpy.mean(jax.numpy.maximum(z, 0) - y * z + jax.numpy.log1p(jax.numpy.exp(-abs(z))))

    def step(_: Any, state: Any) -> Any:
        loss, slopes = jax.value_and_grad(loss_of)(state[0])
        return [w - RATE * g for w, g in zip(state[0], slopes, strict=True)], loss

    run = jax.jit(lambda parameters: jax.lax.fori_loop(0, iterations, step, (parameters, 0.0))[1])

    def work() -> float:
        return float(run([jax.numpy.asarray(array) for array in _start(units)]))

    return Side(f"JAX {jax.__version__} fori_loop 2-{units}-1", work, iterations)


def _hand_written(units: int, iterations: int) -> Side | None:
    train = compiled_xor(units)
    if train is None:
        return None

    def work() -> float:
        parameters = np.concatenate([array.ravel() for array in _start(units)])
        return float(train(parameters.ctypes.data_as(ctypes.POINTER(ctypes.c_double)), iterations, RATE))

    return Side(f"C for 2-{units}-1 alone, -O3 -march=native -ffast-math (1 thread)", work, iterations)
