"""The first value of a backward pass that is wrong: the earliest one that, put right, puts the update of a parameter right."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np

from unstuck.doctor.scripts.matching import compare
from unstuck.doctor.scripts.sensitivities import drivers, sensitivities
from unstuck.doctor.scripts.value_repair import ValueRepair
from unstuck.doctor.scripts.wrong_values import Backward, Entry, Wrong

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from numpy.typing import NDArray

    from unstuck.doctor.scripts.probes import Probe, Prober
    from unstuck.doctor.scripts.trace import Key

_RIGHT = 1e-5
_MOST_TIMES = 500
_ENOUGH = 3
_LAYERS = 6


def look_at_backward(prober: Prober, probes: list[Probe], loss: str) -> Backward:
    """Measure what :func:`first_wrong` needs."""
    gradients = [sensitivities(prober, probe, loss) for probe in probes]
    forward = {key for key, gradient in gradients[0].items() if np.any(gradient)}
    return Backward(gradients, drivers(prober, probes[0], forward))


def first_wrong(
    prober: Prober,
    probes: list[Probe],
    loss: str,
    backward: Backward,
    parameter: int,
    given: Sequence[Wrong] = (),
    innocent: Collection[Key] = (),
) -> Wrong | None:
    """Return the earliest value whose repair makes the update of ``parameter`` a multiple of the gradient, where it reaches.

    Args:
        prober: Runs the step.
        probes: The states to look at.
        loss: The loss that is descended.
        backward: What is known about the backward pass.
        parameter: The number of the parameter.
        given: Values that are repaired as well, since they were found to be wrong before.
        innocent: Values that right updates are made of: another value there would make these wrong.
    """
    repair = ValueRepair(prober, probes, loss, backward, parameter, given)
    deadline = time.monotonic() + prober.patience
    shared = {
        other[0] for other in backward.gradients[0]
    }  # functions that the forward pass calls as well compute no gradients
    for key in backward.drivers[parameter]:
        if (
            key[0] in shared
            or key in innocent
            or any(key == wrong.key for wrong in given)
            or _is_data(prober, probes, loss, backward, key)
        ):
            continue
        reached = repair.reach(key)
        if reached is None or not repair.is_needed(reached):
            continue
        for meant, transposed in (
            *_meanings(prober, probes, loss, backward, key),
            *_entry(probes[0], backward, key, parameter, reached),
        ):
            if time.monotonic() > deadline:
                return None
            if isinstance(meant, int) and _goes_on(prober, backward, key, parameter):
                continue
            for times, stride in dict.fromkeys(_times(backward, probes[0], key, meant)):
                wrong = Wrong(key, meant, transposed, (parameter,), times, stride)
                if repair.works([wrong], reached):
                    return wrong
    return None


def _goes_on(prober: Prober, backward: Backward, key: Key, parameter: int) -> bool:
    """Whether a value of the last pass of a loop is a part of the gradient, which each pass has its own of, and not the whole.

    What only gives such a part another name may be meant to keep the whole.
    """
    site = prober.found.sites[key[0]]
    may_be_whole = site.kind == "updated" or site.reads_itself or site.expression.isidentifier()
    return key[1] > 0 and not may_be_whole and (key[0], 0) in backward.drivers[parameter]


def _times(backward: Backward, probe: Probe, key: Key, meant: Key | int | Entry) -> list[tuple[int, int]]:
    """Return how often to put a line right, and how often the line that it computes the gradient of runs for each time.

    Both run once for each sample or batch; the other one may run once for each layer as well. What belongs to another sample is not
    what is meant: then there is nothing to try, unless it runs so seldom that it may be for each layer.
    """
    if isinstance(meant, int | Entry) or key[1]:
        return [(1, 1)]
    own = sum(other[0] == key[0] for other in probe.trace.order)
    others = sum(other[0] == meant[0] for other in backward.gradients[0])
    stride = others // own
    if own == 1 or own > _MOST_TIMES or others != stride * own:
        return [(1, 1)]
    if meant[1] < stride:
        return [(1, 1), (own, stride)]
    return [(1, 1)] if own <= _LAYERS else []  # layers are gone through backwards


def are_enough(
    prober: Prober, probes: list[Probe], loss: str, backward: Backward, given: Sequence[Wrong], parameter: int
) -> bool:
    """Whether the repair of values that were found to be wrong mends the update of a parameter too."""
    repair = ValueRepair(prober, probes, loss, backward, parameter, ())
    for wrong in given:
        if wrong.key in backward.drivers[parameter]:
            reached = repair.reach(wrong.key)
            if reached is not None and repair.works(given, reached):
                return True
    return False


def is_gradient(probes: list[Probe], backward: Backward, key: Key) -> bool:
    """Whether a value is the gradient with respect to some value of the forward pass, up to a factor that is the same at all probes."""
    observed = [probe.trace.values.get(key) for probe, _ in zip(probes, backward.gradients, strict=False)]
    if any(values is None for values in observed):
        return False
    stacked = np.concatenate([values.ravel() for values in observed if values is not None])
    if stacked.size < _ENOUGH or not np.ptp(stacked):  # one number is a multiple of any other
        return False
    for other in backward.gradients[0]:
        meant = [gradients.get(other) for gradients in backward.gradients]
        if any(
            gradient is None or gradient.size != values.size
            for gradient, values in zip(meant, observed, strict=True)
            if values is not None
        ):
            continue
        if (
            compare(stacked, np.concatenate([gradient.ravel() for gradient in meant if gradient is not None])).error
            < _RIGHT
        ):
            return True
    return False


def _is_data(prober: Prober, probes: list[Probe], loss: str, backward: Backward, key: Key) -> bool:
    """Whether a value has nothing to do with the parameters and goes into the forward pass, or comes before it: data are no gradient."""
    values = [probe.trace.values.get(key) for probe in probes]
    if any(each is None or values[0] is None or not np.array_equal(each, values[0]) for each in values):
        return False
    order = probes[0].trace.order
    if order[key] < min((order[other] for other in backward.gradients[0]), default=-1):
        return True
    everywhere = np.ones((1, *probes[0].trace.shapes[key]))
    return bool(np.any(prober.slopes_of_value(probes[0], key, everywhere).get(loss, np.zeros(1))))


def _meanings(
    prober: Prober, probes: list[Probe], loss: str, backward: Backward, key: Key
) -> Iterator[tuple[Key | int, bool]]:
    """Yield what a value may be meant to be the gradient of: everything of its shape, as it is and turned."""
    shape = probes[0].trace.shapes[key]
    seen: list[NDArray[np.float64]] = []
    own: list[tuple[Key | int, NDArray[np.float64]]] = [
        (variable.index, probes[0].gradients[loss][variable.index]) for variable in prober.found.parameters
    ]
    own += [(other, gradient) for other, gradient in backward.gradients[0].items() if np.any(gradient)]
    for meant, gradient in own:
        if not np.isfinite(gradient).all() or any(
            gradient.shape == earlier.shape and np.allclose(gradient, earlier, rtol=1e-9, atol=0) for earlier in seen
        ):
            continue
        if _fits(gradient.shape, shape):
            seen.append(gradient)
            yield meant, False
        elif len(shape) == 2 and gradient.shape == shape[::-1]:  # noqa: PLR2004 (a matrix)
            seen.append(gradient)
            yield meant, True


def _entry(
    probe: Probe, backward: Backward, key: Key, parameter: int, reached: NDArray[np.bool_]
) -> Iterator[tuple[Entry, bool]]:
    """Yield the only weight that a single number moves: loops over lists compute the gradient of one after the other."""
    is_single = int(np.prod(probe.trace.shapes[key])) == 1 and reached.size > 1 and reached.sum() == 1
    if is_single and not any(key in keys for other, keys in backward.drivers.items() if other != parameter):
        yield Entry(parameter, int(np.argmax(reached))), False


def _fits(gradient: tuple[int, ...], value: tuple[int, ...]) -> bool:
    """Whether two shapes hold the same numbers in the same order: ``(3,)``, ``(1, 3)`` and ``(3, 1)`` do."""
    return gradient == value or tuple(length for length in gradient if length > 1) == tuple(
        length for length in value if length > 1
    )
