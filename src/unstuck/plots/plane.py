"""A grid over two inputs of a network, the others held still, and what the network computes there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from unstuck.errors import DataError, OptionError, ShapeError
from unstuck.limits import check_count, check_finite

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

_AXES = 2
_MOST_NAMED = 8


class Predictor(Protocol):
    """Whatever computes outputs ``(batch, n_out)`` from inputs ``(batch, n_in)``, such as a :class:`~unstuck.nets.Network`."""

    def predict(self, inputs: Any, /) -> Any:
        """Return the outputs, shape ``(batch, n_out)``."""


@dataclass(frozen=True, eq=False)
class Plane:
    """A grid over two inputs.

    Args:
        features: Which inputs lie along x and y.
        x: Values of the first, shape ``(n_x,)``.
        y: Values of the second, shape ``(n_y,)``.
        held: A value for each input, shape ``(n_in,)``; those of the two features are not used.
    """

    features: tuple[int, int]
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    held: NDArray[np.float64]

    def outputs(self, network: Predictor) -> NDArray[np.float64]:
        """Return what the network computes on the grid, shape ``(n_y, n_x, n_out)``; it may be NaN or infinite in places.

        Raises:
            ShapeError: ``network.predict`` returns another shape.
            DataError: It returns nothing finite.
        """
        rows = np.tile(self.held, (len(self.x), 1))
        rows[:, self.features[0]] = self.x
        lines = []
        with np.errstate(over="ignore", invalid="ignore"):  # a network that diverged is drawn as far as it goes
            for value in self.y:  # line by line: the whole grid at once is large where there are many inputs
                rows[:, self.features[1]] = value
                lines.append(_predict(network, rows))
        outputs = np.stack(lines)
        if not np.isfinite(outputs).any():
            raise DataError(
                "network.predict returned no finite number anywhere on the grid.\n"
                "  Its parameters are NaN or infinite, or far too large: train again with a smaller learning rate."
            )
        return outputs

    def held_in_words(self) -> str:
        """Return at which values the other inputs are held, or an empty string where there are none.

        >>> Plane((0, 2), np.zeros(1), np.zeros(1), np.array([0, 0.5, 0, 1])).held_in_words()
        'held: input 1 = 0.5, input 3 = 1'
        """
        others = [index for index in range(len(self.held)) if index not in self.features]
        named = [f"input {index} = {self.held[index]:.4g}" for index in others[:_MOST_NAMED]]
        if len(others) > _MOST_NAMED:
            named.append(f"and {len(others) - _MOST_NAMED} more")
        return f"held: {', '.join(named)}" if named else ""


def _predict(network: Predictor, rows: NDArray[np.float64]) -> NDArray[np.float64]:
    outputs = np.asarray(network.predict(rows), dtype=np.float64)
    if outputs.ndim != _AXES or len(outputs) != len(rows) or outputs.shape[1] == 0:
        raise ShapeError(
            f"network.predict returned shape {outputs.shape} for {len(rows)} rows, expected ({len(rows)}, n_out)."
        )
    return outputs


def check_features(features: Sequence[int], n_in: int) -> tuple[int, int]:
    """Return which two inputs are drawn.

    Raises:
        OptionError: They are not two different inputs of the ``n_in`` there are.
    """
    if len(features) != _AXES or features[0] == features[1]:
        raise OptionError(f"features must name two different inputs, such as (0, 1). Got {features!r} instead.")
    for place, feature in enumerate(features):
        check_count(f"features[{place}]", feature, least=0)
        if feature >= n_in:
            raise OptionError(
                f"features names input {feature}, but the network takes {counted(n_in, 'input')}, counted from 0."
            )
    return int(features[0]), int(features[1])


def check_fixed(fixed: Mapping[int, float] | None, features: tuple[int, int], n_in: int) -> dict[int, float]:
    """Return the inputs to be held at a value.

    Raises:
        OptionError: An input that does not exist or is drawn, or a value that is no finite number.
    """
    held: dict[int, float] = {}
    for index, value in (fixed or {}).items():
        check_count("an input in fixed", index, least=0)
        if index >= n_in:
            raise OptionError(
                f"fixed holds input {index}, but the network takes {counted(n_in, 'input')}, counted from 0."
            )
        if index in features:
            raise OptionError(f"fixed holds input {index}, which is drawn. Leave it out, or name other features.")
        check_finite(f"fixed[{index}]", value)
        held[int(index)] = float(value)
    return held


def counted(n: int, what: str) -> str:
    """Return such as ``1 input`` or ``3 inputs``."""
    return f"{n} {what}" if n == 1 else f"{n} {what}s"
