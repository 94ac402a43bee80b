"""What may be wrong with a training that does not learn: each suspicion has its evidence, and a changed setup to prove it with."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from unstuck.doctor.networks import remedies
from unstuck.nets import ACTIVATIONS, LOSSES, Dense

if TYPE_CHECKING:
    from collections.abc import Iterator

    from unstuck.doctor.findings import Evidence as Facts
    from unstuck.doctor.networks.evidence import Evidence
    from unstuck.doctor.networks.setup import Outcome, Setup

_VANISHING = 1e-3
_DEAD = 0.5
_SATURATED = 0.5
_LARGE_STEP, _GOOD_STEP, _SMALL_STEP = 0.1, 1e-2, 1e-3
_ODD_SCALE = 30.0
_FALLING = 0.02
_FLAT, _NOTHING = 0.1, 0.9
_RATES_DOWN = (0.1, 0.01, 1e-3, 1e-4, 1e-5, 1e-6)
_RATES_UP = (10.0, 100.0, 1000.0, 1e4, 1e5, 1e6)
_DEEP = 4


@dataclass(frozen=True)
class Change:
    """A remedy to try.

    Attributes:
        what: In which terms to say it: ``rate``, ``inputs``, ``targets``, ``weights``, ``activation``, ``width``, ``depth``, ``epochs``,
            ``optimizer`` or ``output``.
        value: To what: a rate, a name, a number.
        setup: The training with it.
    """

    what: str
    value: str | float
    setup: Setup


@dataclass(frozen=True)
class Suspicion:
    """Something that may be wrong, and what would mend it, the most likely first.

    Attributes:
        fault: Its code.
        message: What is wrong.
        evidence: What was measured.
        changes: What would mend it.
        is_measured: Whether the evidence is of this fault alone, so that a remedy is proved by the rows of the training; otherwise it
            has to hold for other rows as well, since more weights and more steps learn anything by heart.
    """

    fault: str
    message: str
    evidence: Facts
    changes: tuple[Change, ...]
    is_measured: bool = True


@dataclass(frozen=True)
class Case:
    """A training, what it came to, and what was measured of it."""

    setup: Setup
    outcome: Outcome
    evidence: Evidence


def suspicions(case: Case) -> Iterator[Suspicion]:
    """Yield what the evidence speaks for, the likeliest cause first: data before weights, weights before steps, steps before size."""
    for ask in _QUESTIONS:
        yield from ask(case)


def _inputs(case: Case) -> Iterator[Suspicion]:
    least, most = case.evidence.input_sizes
    if most > _ODD_SCALE or (0 < most < 1 / _ODD_SCALE) or (least > 0 and most / least > _ODD_SCALE**2):
        yield Suspicion(
            "input-scale",
            f"The columns of the inputs have typical sizes from {least:.3g} to {most:.3g}; weights and steps are made for sizes around 1.",
            {"smallest size of a column": least, "largest size of a column": most},
            (Change("inputs", "standard", remedies.standard_inputs(case.setup)),),
        )


def _targets(case: Case) -> Iterator[Suspicion]:
    lowest, highest = case.setup.network.output_activation.output_range
    if case.evidence.target_size > _ODD_SCALE and lowest == -math.inf and highest == math.inf:
        yield Suspicion(
            "target-scale",
            f"The targets have a typical size of {case.evidence.target_size:.3g}; the outputs begin around 0, and the error is that large.",
            {"typical size of the targets": case.evidence.target_size},
            (Change("targets", "standard", remedies.standard_targets(case.setup)),),
        )


def _range(case: Case) -> Iterator[Suspicion]:
    lowest, highest = case.setup.network.output_activation.output_range
    least, most = float(case.setup.targets.min()), float(case.setup.targets.max())
    if least < lowest or most > highest:
        name = ACTIVATIONS.describe(case.setup.network.output_activation)
        low, high = max(lowest, -1.0), min(highest, 1.0)
        yield Suspicion(
            "output-range",
            f"The targets go from {least:.3g} to {most:.3g}, but {name} gives only values from {lowest:g} to {highest:g}.",
            {"smallest target": least, "largest target": most},
            (
                Change(
                    "output", "identity", remedies.with_output(remedies.standard_targets(case.setup), "identity", "mse")
                ),
                Change("targets", f"from {low:g} to {high:g}", remedies.targets_within(case.setup, low, high)),
            ),
        )


def _symmetric(case: Case) -> Iterator[Suspicion]:
    if case.evidence.start.equal_units:
        yield Suspicion(
            "symmetric-init",
            "All units of a hidden layer begin with the same weights and stay copies of each other.",
            {"layers with equal units": "at the start"},
            (Change("weights", "drawn", remedies.redrawn(case.setup)),),
        )


def _dead(case: Case) -> Iterator[Suspicion]:
    if case.evidence.end.dead >= _DEAD:
        changes = [
            Change("weights", "drawn", remedies.redrawn(case.setup)),
            Change("activation", "tanh", remedies.with_hidden_activation(case.setup, "tanh")),
            *_shallower(case.setup),
        ]
        if math.isfinite(case.setup.rate):
            changes[:0] = [
                Change("rate", case.setup.rate * factor, case.setup.with_rate(factor)) for factor in (0.1, 0.01)
            ]
        yield Suspicion(
            "dead-relu",
            f"{case.evidence.end.dead:.0%} of the hidden ReLU units give 0 for every row (at the start {case.evidence.start.dead:.0%}).",
            {"dead at the start": case.evidence.start.dead, "dead at the end": case.evidence.end.dead},
            tuple(changes),
        )


def _vanishing(case: Case) -> Iterator[Suspicion]:
    ratio = case.evidence.start.gradient_ratio
    if ratio < _VANISHING:
        yield Suspicion(
            "vanishing",
            f"At the start the gradient of the first layer is {ratio:.1e} times that of the last: the first layers hardly learn.",
            {"gradient of the first layer over that of the last": ratio},
            (
                Change("activation", "relu", remedies.with_hidden_activation(case.setup, "relu")),
                Change("activation", "tanh", remedies.with_hidden_activation(case.setup, "tanh")),
                *_shallower(case.setup),
            ),
        )


def _saturated(case: Case) -> Iterator[Suspicion]:
    share = max(
        (each for each in (case.evidence.start.saturated, case.evidence.end.saturated) if math.isfinite(each)),
        default=0,
    )
    if share >= _SATURATED:
        changes = [
            Change("weights", "drawn", remedies.redrawn(case.setup)),
            Change("inputs", "standard", remedies.standard_inputs(case.setup)),
        ]
        if math.isfinite(case.setup.rate):
            changes += [
                Change("rate", case.setup.rate * factor, case.setup.with_rate(factor)) for factor in (0.1, 0.01)
            ]
        yield Suspicion(
            "saturation",
            f"{share:.0%} of the hidden values lie where the activation is flat, and hardly any gradient passes.",
            {
                "saturated at the start": case.evidence.start.saturated,
                "saturated at the end": case.evidence.end.saturated,
            },
            tuple(changes),
        )


def _large_step(case: Case) -> Iterator[Suspicion]:
    if math.isfinite(case.setup.rate) and (
        case.evidence.first_step > _LARGE_STEP or case.evidence.rises or case.outcome.left == math.inf
    ):
        facts: Facts = {"first update over weights": case.evidence.first_step, "learning rate": case.setup.rate}
        yield Suspicion(
            "step-too-large",
            f"The first update is {case.evidence.first_step:.3g} times as long as the weights, and the loss does not go down as it should.",
            facts,
            _rates(case, _RATES_DOWN),
        )


def _small_step(case: Case) -> Iterator[Suspicion]:
    if math.isfinite(case.setup.rate) and case.evidence.first_step < _SMALL_STEP:
        facts: Facts = {"first update over weights": case.evidence.first_step, "learning rate": case.setup.rate}
        yield Suspicion(
            "step-too-small",
            f"The first update is {case.evidence.first_step:.3g} times as long as the weights, which hardly move.",
            facts,
            _rates(case, _RATES_UP),
        )


def _plateau(case: Case) -> Iterator[Suspicion]:
    start = case.evidence.start
    stands_still = not case.evidence.still_falling > _FALLING and case.outcome.left > _NOTHING
    if start.gradient_is_zero or (start.gradient_ratio < _FLAT and stands_still):
        yield Suspicion(
            "plateau-init",
            "The first weights leave the network where the loss is flat.",
            {"gradient of the first layer over that of the last": case.evidence.start.gradient_ratio},
            (Change("weights", "drawn", remedies.redrawn(case.setup)), *_redrawn_and_faster(case)),
            is_measured=case.evidence.start.gradient_is_zero,
        )


def _redrawn_and_faster(case: Case) -> Iterator[Change]:
    """Yield other first weights with larger rates: whoever stands on a plateau has never seen what the rate can do."""
    if math.isfinite(case.setup.rate):
        for factor in (10.0, 100.0):
            faster = remedies.redrawn(case.setup).with_rate(factor)
            yield Change("weights and rate", case.setup.rate * factor, faster)


def _steps(case: Case) -> Iterator[Suspicion]:
    if case.evidence.still_falling > _FALLING:
        yield Suspicion(
            "too-few-steps",
            f"The loss is still falling: by {case.evidence.still_falling:.1%} over the last quarter of the {case.setup.epochs} epochs.",
            {"fall over the last quarter": case.evidence.still_falling, "epochs": case.setup.epochs},
            is_measured=False,
            changes=(
                *(
                    Change("rate", case.setup.rate * factor, case.setup.with_rate(factor))
                    for factor in (3.0, 10.0)
                    if math.isfinite(case.setup.rate)
                ),
                *(
                    Change("epochs", case.setup.epochs * factor, remedies.with_epochs(case.setup, factor))
                    for factor in (5, 20)
                ),
            ),
        )


def _size(case: Case) -> Iterator[Suspicion]:
    units = sum(layer.n_out for layer in case.setup.network.layers[:-1] if isinstance(layer, Dense))
    kind = LOSSES.describe(case.setup.network.loss)
    changes = [Change("width", factor, remedies.widened(case.setup, factor)) for factor in (4, 16)]
    if kind == "mse" and ACTIVATIONS.describe(case.setup.network.output_activation) == "sigmoid":
        changes.append(Change("output", "bce", remedies.with_output(case.setup, "sigmoid", "bce")))
    yield Suspicion(
        "no-hidden-layer",
        f"The network has {units} hidden units, and comes to a standstill with {case.outcome.left:.0%} of the error left.",
        {"hidden units": units, "share of the error that is left": case.outcome.left},
        tuple(changes),
        is_measured=False,
    )


def _rates(case: Case, factors: tuple[float, ...]) -> tuple[Change, ...]:
    """Return other rates, those first with which the first update is about a hundredth of the weights."""

    def distance(factor: float) -> float:
        return abs(math.log10(max(case.evidence.first_step, 1e-300) * factor / _GOOD_STEP))

    ordered = sorted(factors, key=distance) if math.isfinite(case.evidence.first_step) else factors
    return tuple(Change("rate", case.setup.rate * factor, case.setup.with_rate(factor)) for factor in ordered)


def _shallower(setup: Setup) -> list[Change]:
    depth = sum(isinstance(layer, Dense) for layer in setup.network.layers)
    return [Change("depth", 1, remedies.shallow(setup))] if depth > _DEEP else []


_QUESTIONS = (
    _inputs,
    _targets,
    _range,
    _symmetric,
    _large_step,
    _dead,
    _vanishing,
    _saturated,
    _small_step,
    _plateau,
    _steps,
    _size,
)
