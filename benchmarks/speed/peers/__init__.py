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


def sides_of(task: Task, shorter: Mapping[str, float] | None = None) -> list[Side]:
    """Return our side first, then every other library that is here and can do the task.

    Args:
        task: What to do.
        shorter: By how much to shorten the task for which library, since a slow one need not be waited for; 0 leaves it out.
    """
    shorter = shorter or {}
    made: list[Side | None] = [unstuck_side.side(task)]
    for name, make in _PEERS.items():
        factor = shorter.get(name, 1.0)
        made.append(make(task.shortened(factor)) if factor else None)
    return [side for side in made if side is not None]
