"""The activations of a network, found by what they do: values that follow others element by element along a curve."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from unstuck.doctor.scripts.examination import Examination
    from unstuck.doctor.scripts.identified import Identified
    from unstuck.doctor.scripts.trace import Key, Trace

_MOST_SITES = 14
_MOST_KEYS = 64
_SLOW = 0.1
_STRAIGHT = 1e-6
_HALF = 0.5
_STEP = 1e-3
_NUDGE = 0.5
_TOO_NEAR = 1e-6
_LEAKIEST = 0.35
_OUTSIDE = 1.3
_FLATTER = 0.8
_MOST_ROWS = 20_000


@dataclass(frozen=True)
class Activation:
    """A layer's activation.

    Attributes:
        inputs: The values that go in, one for each time within the step; where the code computes unit by unit, one for each unit.
        outputs: For each of these what comes out.
        batch: The axis of ``inputs`` along which the rows of the data lie; None if they hold one row.
        is_last: Whether it is nothing but the output itself, element by element.
        steepest: The largest slope of the curve between -2 and 2.
        is_broken: Whether the curve is made of two straight pieces, as ReLU is.
        is_squashing: Whether the curve gets flatter towards both sides, as sigmoid and tanh do.
    """

    inputs: tuple[Key, ...]
    outputs: tuple[Key, ...]
    batch: int | None
    is_last: bool
    steepest: float
    is_broken: bool
    is_squashing: bool


def find_activations(found: Identified) -> list[Activation]:
    """Return the activations before the outputs, in order; none where outputs and targets do not meet.

    Each value of the forward pass is replaced by random numbers between -2 and 2, and then half of them once more by others: what
    changes in that half alone, and along a curve, is an activation, however its value was before.
    """
    if found.pair is None or min(found.own.seconds, found.base.seconds) > _SLOW:
        return []
    order = found.own.order
    end = order.get(found.pair.key, 0)
    activations: list[Activation] = []
    taken: set[int] = set()
    for number, keys in enumerate(_candidates(found, end)):
        if keys[0][0] in taken:
            continue
        groups, followers = _follow(found, keys, number, end)
        taken |= followers
        activations += groups
    return activations


def _candidates(found: Identified, end: int) -> list[list[Key]]:
    """Return the values, by site, that may go into an activation: of sites that hold the same the last."""
    own = found.own
    sites: dict[int, list[Key]] = {}
    for key in sorted((key for key, place in own.order.items() if place < end), key=lambda key: own.order[key]):
        if key not in own.integers and found.sites[key[0]].kind != "loop-target":
            sites.setdefault(key[0], []).append(key)
    outputs = own.shapes[found.pair.key] if found.pair is not None else ()
    rows = max(outputs, default=1)
    last: dict[tuple[object, ...], list[Key]] = {}
    for keys in sites.values():
        sums = tuple(own.sums[key] for key in keys)
        if (
            len(keys) > _MOST_KEYS
            or not np.isfinite(sums).all()
            or int(np.prod(own.shapes[keys[0]])) > max(_MOST_ROWS, 100 * rows)
        ):
            continue
        last[(sums, tuple(own.shapes[key] for key in keys))] = keys
    dependent = set().union(*found.dependents.values()) if found.dependents else set()
    chosen = [
        keys
        for keys in last.values()
        if not dependent or any(key in dependent for key in keys) or keys[0] in own.values
    ]
    chosen.sort(key=lambda keys: (not any(key in dependent for key in keys), own.order[keys[0]]))
    return sorted(chosen[:_MOST_SITES], key=lambda keys: own.order[keys[0]])


def _follow(found: Identified, keys: list[Key], number: int, end: int) -> tuple[list[Activation], set[int]]:
    """Return the activations that a site's values go into, and the sites that follow it element by element.

    Where a later value is this one plus a constant, there are none: the later one goes into the activation.
    """
    rng = np.random.default_rng(number)
    own = found.own
    first = {key: rng.uniform(-2, 2, own.shapes[key]) for key in keys}
    second = {key: values.copy() for key, values in first.items()}
    chosen: dict[Key, NDArray[np.bool_]] = {}
    for place, key in enumerate(keys):
        size = int(np.prod(own.shapes[key]))
        mask = rng.random(size) < _HALF if size > 1 else np.array([place % 2 == 0])
        chosen[key] = mask.reshape(own.shapes[key])
        second[key][chosen[key]] = rng.uniform(-2, 2, int(mask.sum()))
    base, moved = found.step.replay_all([{"replace": values, "pairs": True} for values in (first, second)])
    if not base.is_whole or not moved.is_whole:
        return [], set()
    followers: set[int] = set()
    best: tuple[Key, ...] | None = None
    for site in _later_sites(found, keys, end):
        outputs = _next_of(base, keys, site)
        if outputs is None or not _follows(base, moved, keys, outputs, chosen):
            continue
        if _is_straight(first, second, chosen, [moved.values[key] - base.values[key] for key in outputs]):
            return [], set()
        followers.add(site)
        if _reaches_outputs(found, first, base, outputs):
            best = outputs
    if best is None:
        return [], followers
    curve = _curve(
        np.concatenate([first[key].ravel() for key in keys]), np.concatenate([base.values[key].ravel() for key in best])
    )
    if len(keys) > 1 and all(int(np.prod(own.shapes[key])) > 1 for key in keys):  # a layer each
        layers = zip(keys, (_batch_axis(found, key, first) for key in keys), best, strict=True)
        return [Activation((key,), (output,), axis, last, *curve) for key, (axis, last), output in layers], followers
    batch, is_last = _batch_axis(found, keys[0], first)
    return [Activation(tuple(keys), best, batch, is_last and len(keys) == 1, *curve)], followers


def _later_sites(found: Identified, keys: list[Key], end: int) -> list[int]:
    order = found.own.order
    size = int(np.prod(found.own.shapes[keys[0]]))
    later = {
        key[0]: place
        for key, place in order.items()
        if order[keys[0]] < place < end
        and int(np.prod(found.own.shapes[key])) == size
        and key not in found.own.integers
    }
    return sorted(later, key=lambda site: later[site])


def _next_of(trace: Trace, keys: Iterable[Key], site: int) -> tuple[Key, ...] | None:
    """Return for each key the first value of a site after it; None if two of them share it or one has none."""
    places = sorted((place, key) for key, place in trace.order.items() if key[0] == site)
    found = []
    for key in keys:
        after = [other for place, other in places if place > trace.order.get(key, 1 << 60)]
        if not after or after[0] not in trace.values or trace.values[after[0]].size != int(np.prod(trace.shapes[key])):
            return None
        found.append(after[0])
    return tuple(found) if len(set(found)) == len(found) else None


def _follows(
    base: Trace, moved: Trace, keys: Iterable[Key], outputs: tuple[Key, ...], chosen: dict[Key, NDArray[np.bool_]]
) -> bool:
    """Whether values changed where their inputs were, and nowhere else."""
    changed_any = False
    for key, output in zip(keys, outputs, strict=True):
        if output not in moved.values or moved.values[output].shape != base.values[output].shape:
            return False
        changed = (base.values[output] != moved.values[output]).ravel()
        if np.any(changed & ~chosen[key].ravel()):
            return False
        changed_any |= bool(changed.any())
    return changed_any and sum(mask.size for mask in chosen.values()) > 1


def _is_straight(
    first: dict[Key, NDArray[np.float64]],
    second: dict[Key, NDArray[np.float64]],
    chosen: dict[Key, NDArray[np.bool_]],
    changes: list[NDArray[np.float64]],
) -> bool:
    """Whether values moved by the same multiple of what their inputs moved by."""
    given = np.concatenate([(second[key] - first[key])[chosen[key]] for key in first])
    result = np.concatenate([change.ravel()[chosen[key].ravel()] for key, change in zip(first, changes, strict=True)])
    slopes = result[given != 0] / given[given != 0]
    return slopes.size > 1 and float(np.ptp(slopes)) <= _STRAIGHT * max(1e-12, float(np.max(np.abs(slopes))))


def _curve(given: NDArray[np.float64], result: NDArray[np.float64]) -> tuple[float, bool, bool]:
    """Return the largest slope of a curve known at some points, whether it is two straight pieces, and whether it is an S."""
    places = np.argsort(given)
    steps = np.diff(given[places])
    wide = steps > _TOO_NEAR
    slopes = np.abs(np.diff(result[places])[wide] / steps[wide])
    if not slopes.size:
        return 1.0, False, False
    middles = ((given[places][1:] + given[places][:-1]) / 2)[wide]
    above, below = given > 0, given < 0
    is_broken = bool(
        above.any() and below.any()
        and np.ptp(result[above] / given[above]) < _STRAIGHT and np.ptp(result[below] / given[below]) < _STRAIGHT
        and np.all(np.abs(result[below]) <= _LEAKIEST * np.abs(given[below]))
    )  # fmt: skip
    steepest = float(np.max(slopes))
    ends = [slopes[middles > _OUTSIDE], slopes[middles < -_OUTSIDE]]
    is_squashing = not is_broken and all(end.size > 0 and float(np.median(end)) < _FLATTER * steepest for end in ends)
    return steepest, is_broken, is_squashing


def _reaches_outputs(
    found: Identified, first: dict[Key, NDArray[np.float64]], base: Trace, outputs: tuple[Key, ...]
) -> bool:
    """Whether the outputs that meet the targets change with these values."""
    pair = found.pair
    if pair is None:
        return False
    wobble = {
        key: 0.3 + 0.1 * np.cos(np.arange(base.values[key].size)).reshape(base.values[key].shape) for key in outputs
    }
    trace = found.step.replay(replace=first, add=wobble, pairs=True, record=False)
    return _outputs(trace, pair.key, pair.target) != _outputs(base, pair.key, pair.target)


def _outputs(trace: Trace, key: Key, target: str) -> bytes:
    return b"".join(
        (pair.right if target == "left" else pair.left).tobytes()
        for at, pair in sorted(trace.pairs.items())
        if at[0] == key[0]
    )


def _batch_axis(found: Identified, key: Key, first: dict[Key, NDArray[np.float64]]) -> tuple[int | None, bool]:
    """Return the axis of the rows, and whether each element belongs to one output alone.

    What happens to one row changes only its own outputs; what happens to one unit changes those of all rows.
    """
    pair = found.pair
    shape = found.own.shapes[key]
    if pair is None:
        return None, False
    base = found.step.replay(replace={key: first[key]}, pairs=True, record=False).pairs.get(pair.key)
    side = "right" if pair.target == "left" else "left"
    shares: dict[int, float] = {}
    for axis in range(len(shape)):
        if shape[axis] == 1:
            continue
        moved = first[key].copy()
        moved.swapaxes(0, axis)[0] += _NUDGE
        there = found.step.replay(replace={key: moved}, pairs=True, record=False).pairs.get(pair.key)
        if base is not None and there is not None and getattr(there, side).shape == getattr(base, side).shape:
            shares[axis] = float(np.mean(getattr(there, side) != getattr(base, side)))
    if base is None:
        return None, False
    rows = [axis for axis, share in shares.items() if share <= (1 + 1e-9) / shape[axis]]
    is_last = base.left.size == int(np.prod(shape)) and len(rows) == len(shares)
    if len(rows) > 1:  # each element has its own output: the rows are as many as no layer has units
        lengths = {length for variable in found.parameters for length in variable.shape}
        unlike = [axis for axis in rows if shape[axis] not in lengths]
        return (unlike[0] if len(unlike) == 1 else None), is_last
    if is_last and len(shape) > 1 and rows and 1 not in shape:
        return None, is_last
    return (rows[0] if rows else None), is_last


def activations_of(examination: Examination) -> list[Activation]:
    """Return the activations of a script under examination, found at the first call."""
    if "activations" not in examination.notes:
        examination.notes["activations"] = find_activations(examination.found)
    found: list[Activation] = examination.notes["activations"]
    return found


def slopes_at(found: Identified, activation: Activation) -> tuple[NDArray[np.float64], NDArray[np.float64]] | None:
    """Return what goes into an activation at the state of ``found``, and the slope there by central differences."""
    given = [found.own.values.get(key) for key in activation.inputs]
    if any(values is None or not np.isfinite(values).all() for values in given):
        return None
    known = [values for values in given if values is not None]
    moved = []
    for sign in (1.0, -1.0):
        shift = {key: np.full(found.own.shapes[key], sign * _STEP) for key in activation.inputs}
        trace = found.step.replay(add=shift, values=activation.outputs)
        if any(key not in trace.values for key in activation.outputs):
            return None
        moved.append(np.concatenate([trace.values[key].ravel() for key in activation.outputs]))
    shape = (len(known),) if len(known) > 1 else known[0].shape
    slopes = (moved[0] - moved[1]) / (2 * _STEP)
    return np.concatenate([values.ravel() for values in known]).reshape(shape), slopes.reshape(shape)


def units_and_rows(activation: Activation, values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return values of an activation as a matrix with a row for each row of the data and a column for each unit."""
    if activation.batch is None or values.ndim == 0:
        return values.reshape(1, -1)
    moved = np.moveaxis(values, activation.batch, 0)
    return moved.reshape(moved.shape[0], -1)
