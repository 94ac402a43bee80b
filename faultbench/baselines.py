"""What simpler means say to the same scripts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from faultbench.running.oracle import original_start, states_for
from faultbench.running.runs import Run, run

if TYPE_CHECKING:
    from faultbench.originals import Original

_FALLEN = 0.5
_VANISHING, _EXPLODING = 1e-3, 70.0
_SWINGS, _SWING = 0.2, 0.03
_SLOW = 1e-2
_STEP, _WRONG = 1e-6, 1e-2


def loss_only(seen: Run) -> bool:
    """Whether the loss looks wrong: the script fails, or its loss has not even halved."""
    return bool(seen.error) or not np.isfinite(seen.last) or seen.last > _FALLEN * seen.first


def symptom_rules(seen: Run) -> bool:
    """Whether one of the published rules raises an alarm.

    DeepLocalize (Wardat et al. 2021): a value that is not finite. AutoTrainer (Zhang et al. 2021): a ratio of the first to the last layer's
    gradient below 1e-3 (vanishing) or above 70 (exploding), a loss that swings by 0.03 in a fifth of the epochs (oscillating), a
    loss that changes by less than 0.01 over the training (slow convergence). The change of each parameter stands for its gradient.
    """
    losses = np.array(seen.losses)
    if seen.error or not len(losses) or not np.isfinite(losses).all() or abs(losses[0] - seen.last) < _SLOW:
        return True
    swings = np.abs(np.diff(losses)) >= _SWING
    turns = np.sign(np.diff(losses))[1:] != np.sign(np.diff(losses))[:-1]
    if len(turns) and float((swings[1:] & turns).mean()) >= _SWINGS:
        return True
    if seen.start is None or seen.end is None or len(seen.start) != len(seen.end):
        return seen.end is None
    changed = np.abs(np.array(seen.end) - np.array(seen.start))
    sizes = [int(np.prod(shape)) for shape in seen.shapes]
    parts = [changed[end - size : end].mean() for end, size in zip(np.cumsum(sizes), sizes, strict=True) if size > 1]
    if not np.isfinite(changed).all() or len(parts) < 2:  # noqa: PLR2004 (a first and a last)
        return not np.isfinite(changed).all()
    ratio = parts[0] / max(parts[-1], 1e-30)
    return bool(ratio < _VANISHING or ratio > _EXPLODING)


def plain_gradient_check(original: Original, text: str) -> bool:
    """Whether the update at one state is something else than downhill by the usual check: differences of 1e-6, relative error 1e-2.

    The loss is the one that the script tells; each entry of the parameters is moved for a step of its own. Where the script tells a
    loss of other rows than it has just used, as with mini-batches, this is what the check gives its user: an alarm.
    """
    state = states_for(original_start(original), 1)[0]
    moved = [state + sign * _STEP * np.eye(1, len(state), place)[0] for place in range(len(state)) for sign in (1, -1)]
    losses = run(text, original, patience=60.0, states=moved, holds=True).losses[-len(moved) :]
    updates = run(text, original, states=[state]).updates
    if len(losses) < len(moved) or not updates:
        return True
    slope = (np.array(losses[::2]) - np.array(losses[1::2])) / (2 * _STEP)
    update = -np.array(updates[0])
    if not np.isfinite(slope).all() or not np.isfinite(update).all():
        return True
    scale = float(update @ slope) / max(float(slope @ slope), 1e-30)
    error = np.linalg.norm(update - scale * slope) / max(float(np.linalg.norm(update)), 1e-30)
    return scale <= 0 or bool(error > _WRONG)
