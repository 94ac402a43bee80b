"""Other libraries at the same task; one that is not installed, or cannot do the task, has no side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.speed.peers import (
    fann_peer,
    jax_peer,
    keras_peer,
    micrograd_peer,
    numpy_peer,
    sklearn_peer,
    tinygrad_peer,
    torch_peer,
    unstuck_side,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from benchmarks.speed.sides import Side
    from benchmarks.speed.task import Task

_PEERS = {
    "NumPy": numpy_peer.side,
    "torch": torch_peer.side,
    "torch compiled": torch_peer.compiled_side,
    "JAX": jax_peer.side,
    "scikit-learn": sklearn_peer.side,
    "Keras": keras_peer.side,
    "tinygrad": tinygrad_peer.side,
    "FANN": fann_peer.side,
    "micrograd": micrograd_peer.side,
}

_OWN_WEIGHTS = ("scikit-learn", "FANN", "tinygrad")
"""Those that draw their first weights themselves, or tell the loss of the last batch alone."""
_TOLERANCES = {"float32": 1e-2, "float64": 1e-5}


def sides_of(task: Task, shorter: Mapping[str, float] | None = None) -> list[Side]:
    """Return our side first, then every other library that is here and can do the task.

    Those that can be given the first weights must come to the loss that we come to in as many steps: to rounding with all rows a step,
    within a fifth where each library draws its own order.

    Args:
        task: What to do.
        shorter: By how much to shorten the task for which library, since a slow one need not be waited for; 0 leaves it out.
    """
    shorter = shorter or {}
    made = [unstuck_side.side(task)]
    for name, make in _PEERS.items():
        factor = shorter.get(name, 1.0)
        given = task.shortened(factor) if factor else task
        side = make(given) if factor else None
        if side is not None:
            made.append(side)
            if name not in _OWN_WEIGHTS:
                side.expected = unstuck_side.side(given).work()
                side.tolerance = _TOLERANCES[task.dtype] if task.is_full else 0.2
    return made
