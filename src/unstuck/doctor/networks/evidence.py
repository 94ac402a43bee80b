"""What is measured of a training before anything is suspected."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from unstuck.doctor.networks.setup import train
from unstuck.nets import ACTIVATIONS, Dense

if TYPE_CHECKING:
    from unstuck.arrays import Matrix
    from unstuck.doctor.networks.setup import Outcome, Setup
    from unstuck.nets import Network

_MOST_ROWS = 512
_RECTIFIERS = ("relu",)
_SATURATING = {"sigmoid": 5.0, "tanh": 2.5}
_LATE = 0.25
_RARE = 0.1


@dataclass(frozen=True)
class Anatomy:
    """One network on some rows.

    Attributes:
        gradient_ratio: The mean gradient of the first dense layer's weights over that of the last one's, NaN where either is zero.
        dead: The share of hidden ReLU units that give 0 for every row; NaN where there are none.
        saturated: The share of hidden values of sigmoid and tanh units that lie where the curve is flat (|z| over 5, or 2.5); NaN
            where there are no such units.
        equal_units: Whether all units of a hidden layer have the same weights.
        gradient_is_zero: Whether the whole gradient is zero.
    """

    gradient_ratio: float
    dead: float
    saturated: float
    equal_units: bool
    gradient_is_zero: bool


@dataclass(frozen=True)
class Evidence:
    """All that was measured.

    Attributes:
        start: The network before the training.
        end: The network after it.
        first_step: The length of the first update of the weights over the length of the weights.
        still_falling: By how much of itself the loss fell over the last quarter of the epochs.
        rises: Whether the loss is, at the end, above what it was at the start.
        input_sizes: The typical size (root mean square) of a column of the inputs: that which a tenth of the columns do not reach, since
            some, such as pixels at the edge, are hardly ever anything but zero, and the largest.
        target_size: The largest typical distance of a column of targets from zero.
    """

    start: Anatomy
    end: Anatomy
    first_step: float
    still_falling: float
    rises: bool
    input_sizes: tuple[float, float]
    target_size: float


def gather(setup: Setup, outcome: Outcome) -> Evidence:
    """Measure a training that was run."""
    x, y = _some_rows(setup)
    curve = outcome.curve
    late = curve[-1 - int(len(curve) * _LATE)] if curve else math.nan
    last = curve[-1] if curve else math.nan
    return Evidence(
        anatomy(setup.start(), x, y),
        anatomy(outcome.network, x, y),
        _first_step(setup),
        (late - last) / abs(late) if late and math.isfinite(late) and math.isfinite(last) else math.nan,
        bool(curve) and not last <= curve[0],
        _column_sizes(setup.inputs),
        float(np.abs(setup.targets.astype(np.float64)).mean(axis=0).max()),
    )


def anatomy(network: Network, x: Matrix, y: Matrix) -> Anatomy:
    """Measure a network on some rows."""
    with np.errstate(all="ignore"):
        _, gradient = network.loss_and_gradient(x, y)
        values = network.forward(x)
    views = network.layer_views(gradient)
    norms = [
        float(np.abs(arrays["weights"]).mean())
        for layer, arrays in zip(network.layers, views, strict=True)
        if isinstance(layer, Dense)
    ]
    ratio = norms[0] / norms[-1] if len(norms) > 1 and norms[0] and norms[-1] else math.nan
    hidden = [
        (ACTIVATIONS.describe(layer.activation), value)
        for layer, value in zip(network.layers[:-1], values, strict=False)
        if isinstance(layer, Dense)
    ]
    dead = [(value.activation <= 0).all(axis=0) for name, value in hidden if name in _RECTIFIERS]
    flat = [np.abs(value.preactivation) > _SATURATING[name] for name, value in hidden if name in _SATURATING]
    return Anatomy(
        ratio,
        float(np.concatenate(dead).mean()) if dead else math.nan,
        float(np.concatenate([each.ravel() for each in flat]).mean()) if flat else math.nan,
        any(_has_equal_units(value.preactivation) for _, value in hidden),
        not np.abs(gradient).any(),
    )


def _has_equal_units(preactivation: Matrix) -> bool:
    return preactivation.shape[1] > 1 and bool((preactivation == preactivation[:, :1]).all())


def _some_rows(setup: Setup) -> tuple[Matrix, Matrix]:
    rows = slice(min(setup.n_training, _MOST_ROWS))
    return setup.inputs[rows], setup.targets[rows]


def _first_step(setup: Setup) -> float:
    """Take one step and return its length over that of the weights."""
    x, y = _some_rows(setup)
    one = replace(setup, inputs=x, targets=y, n_training=len(x), epochs=1, batch_size="full")
    before = one.start().parameters.astype(np.float64)
    after = train(one).network.parameters.astype(np.float64)
    with np.errstate(all="ignore"):
        return float(np.linalg.norm(after - before)) / max(float(np.linalg.norm(before)), 1e-300)


def _column_sizes(inputs: Matrix) -> tuple[float, float]:
    sizes = np.sqrt(np.square(inputs.astype(np.float64)).mean(axis=0))
    sizes = sizes[sizes > 0]
    return (float(np.quantile(sizes, _RARE)), float(sizes.max())) if sizes.size else (0.0, 0.0)
