"""The losses that a script may descend without saying so, computed from its outputs and targets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from unstuck.doctor.scripts.variables import as_floats

if TYPE_CHECKING:
    from numpy.typing import NDArray

_TINY = 1e-300
_LARGEST_COMPARED = 4096


def pair_losses(outputs: NDArray[np.float64], targets: NDArray[np.float64]) -> dict[str, float]:
    r"""Return candidate losses of outputs against targets, each summed over all elements.

    ``half_sum`` is :math:`\sum (o - t)^2 / 2`, ``mae`` :math:`\sum |o - t|`, ``bce`` the binary cross-entropy of outputs within (0, 1),
    ``ce`` :math:`-\sum t \log o`, ``softmax-ce-0`` and ``softmax-ce-1`` the cross-entropy of the softmax of the outputs along the first
    and the last axis.
    """
    with np.errstate(all="ignore"):
        outputs, targets = np.broadcast_arrays(outputs, targets)
        error = outputs - targets
        losses = {"half_sum": float((error * error).sum() / 2), "mae": float(np.abs(error).sum())}
        if outputs.size and outputs.min() >= 0 and outputs.max() <= 1:
            positive = float((targets * np.log(outputs + _TINY)).sum())
            losses["bce"] = -positive - float(((1 - targets) * np.log(1 - outputs + _TINY)).sum())
            losses["ce"] = -positive
        for axis in {0, outputs.ndim - 1} if outputs.ndim else ():
            if outputs.shape[axis] > 1:
                logits = outputs - outputs.max(axis, keepdims=True)
                logs = logits - np.log(np.exp(logits).sum(axis, keepdims=True))
                losses[f"softmax-ce-{axis}"] = -float((targets * logs).sum())
    return losses


def pair_gradients(outputs: NDArray[np.float64], targets: NDArray[np.float64], loss: str) -> NDArray[np.float64] | None:
    """Return the derivative of a candidate loss with respect to the outputs; None where it is not defined."""
    shape = outputs.shape
    try:
        outputs, targets = np.broadcast_arrays(outputs, targets)
    except ValueError:
        return None
    with np.errstate(all="ignore"):
        gradient = _gradient(outputs, targets, loss)
    if gradient is None:
        return None
    while gradient.ndim > len(shape):
        gradient = gradient.sum(0)
    for axis, length in enumerate(shape):
        if length == 1 and gradient.shape[axis] != 1:
            gradient = gradient.sum(axis, keepdims=True)
    return gradient.reshape(shape)


def _gradient(outputs: NDArray[np.float64], targets: NDArray[np.float64], loss: str) -> NDArray[np.float64] | None:
    if loss == "half_sum":
        return outputs - targets
    if loss == "mae":
        return np.sign(outputs - targets)
    if loss in ("bce", "ce"):
        if outputs.min() < 0 or outputs.max() > 1:
            return None
        toward_one = -targets / (outputs + _TINY)
        return toward_one if loss == "ce" else toward_one + (1 - targets) / (1 - outputs + _TINY)
    axis = int(loss.rpartition("-")[2])
    if axis >= outputs.ndim or outputs.shape[axis] == 1:
        return None
    exponentials = np.exp(outputs - outputs.max(axis, keepdims=True))
    gradient: NDArray[np.float64] = (
        exponentials / exponentials.sum(axis, keepdims=True) * targets.sum(axis, keepdims=True) - targets
    )
    return gradient


class Meetings:
    """Tells apart the times that outputs met targets: a script may subtract the same two more than once within a step.

    Args:
        repeats: Whether that is another sample with the same numbers, which counts.
    """

    def __init__(self, *, repeats: bool = False) -> None:
        self._repeats = repeats
        self._seen: set[tuple[bytes, bytes]] = set()

    def is_new(self, outputs: NDArray[np.float64], targets: NDArray[np.float64]) -> bool:
        """Whether these outputs have not met these targets before."""
        if self._repeats or outputs.size > _LARGEST_COMPARED:
            return True
        looks = (outputs.tobytes(), targets.tobytes())
        if looks in self._seen:
            return False
        self._seen.add(looks)
        return True


class PairLosses:
    """Candidate losses summed over every time that outputs met targets within a step; ``repeats`` as of :class:`Meetings`."""

    def __init__(self, *, repeats: bool = False) -> None:
        self._totals: dict[str, float] | None = None
        self._meetings = Meetings(repeats=repeats)

    def add(self, outputs: Any, targets: Any) -> None:
        """Add one meeting of outputs and targets."""
        output_numbers, target_numbers = as_floats(outputs), as_floats(targets)
        if (
            output_numbers is None
            or target_numbers is None
            or not self._meetings.is_new(output_numbers, target_numbers)
        ):
            return
        try:
            losses = pair_losses(output_numbers, target_numbers)
        except ValueError:
            return
        if self._totals is None:
            self._totals = losses
        else:
            self._totals = {name: total + losses[name] for name, total in self._totals.items() if name in losses}

    def totals(self) -> dict[str, float]:
        """Return the sums."""
        return self._totals or {}
