"""The gradient of the loss with respect to every value of a step, and which values drive the update of a parameter."""

from __future__ import annotations

import time
from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from unstuck.doctor.scripts.probes import Probe, Prober
    from unstuck.doctor.scripts.trace import Key

_MOST_MEASURED = 100
_NAMED = ("assigned", "updated", "item", "unpacked", "returned")
_NUDGE = 1e-3
_LAYERS = 6
_MOST_TRIED, _SECONDS = 120, 3.0


def sensitivities(prober: Prober, probe: Probe, loss: str) -> dict[Key, NDArray[np.float64]]:
    """Return dJ/dV for the values V that the loss depends on: from the tape, else measured while they are few.

    Values that only hold what a parameter holds are left out.
    """
    taped = prober.taped(probe, [loss], everything=True).get(loss, {}).get("values", {})
    if taped:
        return {key: gradient for key, gradient in taped.items() if key in probe.trace.order}
    return _measured(prober, probe, loss)


def _measured(prober: Prober, probe: Probe, loss: str) -> dict[Key, NDArray[np.float64]]:
    found: dict[Key, NDArray[np.float64]] = {}
    left = _MOST_MEASURED
    dependent = set().union(*prober.found.dependents.values()) if prober.found.dependents else set()
    names = {key: prober.found.sites[key[0]].kind in _NAMED for key in probe.trace.values}
    for key in sorted(probe.trace.values, key=lambda key: (not names[key], probe.trace.order[key])):
        values = probe.trace.values[key]
        if key not in dependent or key in probe.trace.integers or values.size > left or not np.isfinite(values).all():
            continue
        gradient = np.zeros(values.shape)
        units = np.eye(values.size).reshape(values.size, *values.shape)
        first = prober.slopes_of_value(probe, key, units[:1]).get(loss, np.zeros(1))
        if values.size <= 3 or np.any(first):  # noqa: PLR2004 (a longer value that does nothing is not measured to its end)
            gradient = prober.slopes_of_value(probe, key, units).get(loss, np.zeros(values.size)).reshape(values.shape)
        left -= values.size if np.any(gradient) else 1
        if np.any(gradient) and np.isfinite(gradient).all():
            found[key] = gradient
    return found


def drivers(prober: Prober, probe: Probe, forward: set[Key]) -> dict[int, list[Key]]:
    """Return for each parameter the values that change its update but not the loss, in the order in which they appear.

    Of a step with very many values those that come first, as far as there is time.
    """
    found: dict[int, list[Key]] = {variable.index: [] for variable in prober.found.parameters}
    indices = list(found)
    holds = prober.all_holds()
    base = prober.step.replay(state=probe.state, record=False, ends=indices, hold=holds)
    held_sites = set(holds)
    times = Counter(site for site, _ in probe.trace.order)
    tried, deadline = 0, time.monotonic() + _SECONDS
    for key in sorted(probe.trace.order, key=lambda key: probe.trace.order[key]):
        shape = probe.trace.shapes[key]
        if key in forward or key in probe.trace.integers or key[0] in held_sites:
            continue
        is_of_layers = int(np.prod(shape)) > 1 or times[key[0]] <= _LAYERS
        is_last = int(np.prod(shape)) > 1 and key[1] == times[key[0]] - 1  # what a loop leaves behind
        is_repeated = key[1] > (_LAYERS if is_of_layers else 0)
        if is_repeated and not is_last:  # of many numbers in a loop the first says enough about the line
            continue
        tried += 1
        if tried > _MOST_TRIED and time.monotonic() > deadline:
            break
        size = max(1.0, abs(probe.trace.sums[key][0]) / max(1, int(np.prod(shape))))
        disturbed = prober.step.replay(
            state=probe.state, record=False, ends=indices, hold=holds,
            add={key: np.random.default_rng(tried).normal(size=shape) * _NUDGE * size},
        )  # fmt: skip
        for index in disturbed.ends_changed_from(base):
            found[index].append(key)
    return found
