"""The long values of a step: a replay leaves them out unless they are asked for."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from unstuck.doctor.scripts.probes import Probe, Prober

_LONGEST = 50_000
_MOST_NUMBERS = 2_000_000


def look_up_long_values(prober: Prober, probes: Sequence[Probe]) -> None:
    """Fill in the values that the traces of probes lack, the shortest first, as far as they can be held."""
    for probe in probes:
        trace = probe.trace
        lacking = sorted(
            (math.prod(shape), key)
            for key, shape in trace.shapes.items()
            if key not in trace.values and math.prod(shape) <= _LONGEST
        )
        wanted, left = [], _MOST_NUMBERS
        for size, key in lacking:
            left -= size
            if left > 0:
                wanted.append(key)
        if wanted:
            trace.values.update(prober.step.replay(state=probe.state, values=wanted, ends=[]).values)
