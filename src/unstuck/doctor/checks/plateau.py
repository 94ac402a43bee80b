"""If the loss stands still: is it the bottom, a saddle, saturation, or steps that are too short?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from unstuck.doctor.checks.line_search import is_slow, line_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from unstuck.doctor.scripts.examination import Examination
    from unstuck.doctor.scripts.learning import Learning
    from unstuck.doctor.scripts.suspicion import Suspicion
    from unstuck.doctor.scripts.trials import TrialReport

_STILL = 0.01
_BOTTOM = 0.9
_MOSTLY = 0.5
_LONGER = (1.0, 10.0, 100.0)
_MOMENT = 50


def check(examination: Examination) -> Iterator[Suspicion]:
    """Leave in ``examination.notes["plateau"]`` why the loss stands still, for other findings to tell; nothing is found here."""
    if _stands_still(examination.written, examination.learning):
        examination.notes["plateau"] = _why(examination)
    yield from ()


def _stands_still(written: TrialReport, learning: Learning) -> bool:
    """Whether the last third of the run differs by less than a hundredth from the third before."""
    if len(written.values) < 6 or not np.isfinite(written.values[-1]):  # noqa: PLR2004 (too few to have thirds)
        return False
    third = len(written.values) // 3
    before, last = float(np.mean(written.values[-2 * third : -third])), float(np.mean(written.values[-third:]))
    return (
        bool(np.isfinite(before))
        and abs(before - last) <= _STILL * max(abs(before), 1e-12)
        and learning.window * 3 <= written.steps
    )


def _why(examination: Examination) -> str:
    if examination.learning.closed(examination.written) > _BOTTOM:
        return "bottom"
    if examination.notes.get("saturated late", 0.0) > _MOSTLY:
        return "saturated"
    line = (
        None
        if is_slow(examination)
        else line_at(examination, min(_MOMENT, max(0, examination.written.steps // 2)), _LONGER)
    )
    if line is None:
        return "unknown"
    if line.slope < 0 and all(line.keeps_promise(factor) for factor in _LONGER):
        closed = examination.learning.closed(examination.written)
        return "saddle" if closed < 1 - _BOTTOM and line.ratio > 1e-6 else "too slow"  # noqa: PLR2004 (smaller steps lead nowhere from anywhere)
    return "capacity" if not line.keeps_promise(_LONGER[-1]) else "unknown"
