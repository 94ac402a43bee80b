"""Whether inputs tell anything about targets: can anything be learned that holds for rows not trained on?"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from unstuck.doctor.checks.signal_probe import signal_of
from unstuck.doctor.findings import Finding
from unstuck.doctor.networks.remedies import standard_inputs, standard_targets
from unstuck.doctor.networks.setup import relative_errors, train
from unstuck.nets import Network, dense_layers
from unstuck.training.optimizers import IRpropMinus

if TYPE_CHECKING:
    from unstuck.doctor.networks.setup import Setup
    from unstuck.training.history import Row
    from unstuck.training.trainer import Trainer

_FEWEST_ROWS = 40
_MOSTLY = 0.5
_MOST_ROWS = 600
_ORDERS = 12
_SURPRISING = 2.7
_HIDDEN = (32, 32)
_EPOCHS, _EVERY = 800, 50


def no_signal(setup: Setup) -> Finding | None:
    """Return a finding if nothing that can be learned holds for other rows: neither by simple models nor by a network that fits most tasks.

    Both are trained again on targets in random orders, and must do no better on the right ones. What has an order is also learned by heart
    more quickly (Zhang et al., *Understanding deep learning requires rethinking generalization*, ICLR 2017), which tells where rows
    held out lie between others, as on two spirals.
    """
    equal = _of_equal_rows(setup)
    if equal > _MOSTLY:
        return _equal_rows(equal)
    if len(setup.inputs) < _FEWEST_ROWS:
        return None
    signal = signal_of(setup.inputs.astype(float), setup.targets.astype(float))
    if signal.is_clear:
        return None
    learned, by_chance = _by_network(setup)
    if any(_is_lower(measure) for measure in zip(learned, *by_chance, strict=True)):
        return None
    return Finding(
        "no-signal",
        "The inputs do not tell what the targets are: whatever is learned does no better on other rows than what is learned from targets "
        "in a random order. Are rows and targets still in the same order?",
        None,
        {
            "share of the error left on other rows, at best": learned[0],
            "the same from targets in random orders": [each[0] for each in by_chance],
            "rows": len(setup.inputs),
        },
        severity="fatal",
    )


def _of_equal_rows(setup: Setup) -> float:
    """Return the share of the targets' spread that lies between rows with equal inputs: no function of the inputs comes below it."""
    targets = setup.targets.astype(np.float64)
    _, group = np.unique(setup.inputs, axis=0, return_inverse=True)
    group = group.reshape(-1)
    sums = np.zeros((int(group.max()) + 1, targets.shape[1]))
    np.add.at(sums, group, targets)
    means = sums / np.bincount(group)[:, None]
    spread = float(np.square(targets - targets.mean(axis=0)).sum())
    return float(np.square(targets - means[group]).sum()) / spread if spread > 0 else 0.0


def _equal_rows(share: float) -> Finding:
    return Finding(
        "no-signal",
        f"Rows that are equal have different targets: whatever is learned, {share:.0%} of the error stays.",
        None,
        {"share of the error that no function of the inputs can remove": share},
        severity="fatal",
    )


def _is_lower(measure: tuple[float, ...]) -> bool:
    """Whether the first number is clearly lower than the others."""
    own, *others = measure
    return own < float(np.mean(others)) - _SURPRISING * float(np.std(others, ddof=1))


def _by_network(setup: Setup) -> tuple[tuple[float, float], list[tuple[float, float]]]:
    """Return what a network leaves of the error, see :func:`_left`; the same for targets in random orders."""
    layers = dense_layers(
        setup.network.n_in, _HIDDEN, setup.network.n_out, activation="tanh", output_activation="identity"
    )
    rows = slice(min(len(setup.inputs), _MOST_ROWS))
    n_training = min(setup.n_training, int(0.8 * min(len(setup.inputs), _MOST_ROWS)))
    scaled = standard_targets(standard_inputs(setup))
    probe = replace(
        scaled, network=Network(layers, "mse"), inputs=scaled.inputs[rows].astype(np.float64), n_training=n_training,
        targets=scaled.targets[rows].astype(np.float64), optimizer=IRpropMinus(), batch_size="full", epochs=_EPOCHS, is_drawn=True,
    )  # fmt: skip
    rng = np.random.default_rng(0)
    orders = [rng.permutation(len(probe.targets)) for _ in range(_ORDERS)]
    return _left(probe), [_left(replace(probe, targets=probe.targets[order])) for order in orders]


def _left(setup: Setup) -> tuple[float, float]:
    """Return the least that is left on the rows held out while the training goes on, and the mean loss on the way."""
    least = [math.inf]

    def watch(trainer: Trainer, row: Row) -> None:
        if row["epoch"] % _EVERY == 0:
            least.append(relative_errors(setup, trainer.network)[1])

    curve = train(setup, callbacks=[watch]).curve
    return min(least), float(np.mean(curve))
