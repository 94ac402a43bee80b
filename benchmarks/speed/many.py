"""A thousand networks from a thousand seeds."""

from __future__ import annotations

import importlib.util
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

import unstuck as us
from benchmarks.speed.peers.jax_peer import training
from benchmarks.speed.peers.unstuck_side import layers_of
from benchmarks.speed.sides import Side, table, take_turns
from benchmarks.speed.xor import task_of
from unstuck.blas import core_count
from unstuck.training.optimizers import GradientDescent

if TYPE_CHECKING:
    from benchmarks.speed.task import Task

_NETWORKS = 1000
_EPOCHS = 2000


def many(repeats: int) -> str:
    """Time an iteration of one of a thousand XOR networks: all at once, on every core."""
    task = replace(task_of(5, 4, _EPOCHS, 2.0), threads=core_count())
    made = [_ours(task), _one_after_the_other(replace(task, epochs=_EPOCHS)), _jax(task)]
    sides = [side for side in made if side is not None]
    take_turns(sides, repeats)
    return table(
        f"{_NETWORKS} networks XOR 2-5-1, full batch, float64",
        "ns an iteration of one network",
        1e9,
        sides,
        "median loss",
    )


def _ours(task: Task) -> Side:
    network = us.Network(layers_of(task), loss=task.loss)

    def work() -> float:
        runs = us.train_many(
            network, task.x, task.y, seeds=range(_NETWORKS), optimizers=GradientDescent(task.rate), batch_size="full", epochs=task.epochs,
            threads=task.threads,
        )  # fmt: skip
        return float(np.median(runs.losses))

    return Side(f"unstuck train_many ({task.threads} threads)", work, _NETWORKS * task.epochs)


def _one_after_the_other(task: Task) -> Side:
    network, count = us.Network(layers_of(task), loss=task.loss), _NETWORKS // 10

    def work() -> float:
        losses = []
        for seed in range(count):
            history = us.train(
                network.copy().reset(seed), task.x, task.y, optimizer=GradientDescent(task.rate), batch_size="full", epochs=task.epochs,
                history_every=task.epochs, seed=seed,
            )  # fmt: skip
            losses.append(history[-1]["loss"])
        return float(np.median(losses))

    return Side("unstuck one after the other (1 thread)", work, count * task.epochs)


def _jax(task: Task) -> Side | None:
    if importlib.util.find_spec("jax") is None:
        return None
    import jax  # noqa: PLC0415 (only where it is installed)

    jax.config.update("jax_enable_x64", val=True)
    run = jax.jit(jax.vmap(training(task, jax)))
    network = us.Network(layers_of(task), loss=task.loss)
    drawn = [network.copy().reset(seed).layer_views(network.copy().reset(seed).parameters) for seed in range(_NETWORKS)]
    start = [
        tuple(jax.numpy.asarray(np.stack([views[layer][name] for views in drawn])) for name in ("weights", "biases"))
        for layer in range(len(network.layers))
    ]

    def work() -> float:
        return float(np.median(np.asarray(run(start))))

    return Side(f"JAX {jax.__version__} jit vmap (XLA's own threads)", work, _NETWORKS * task.epochs)
