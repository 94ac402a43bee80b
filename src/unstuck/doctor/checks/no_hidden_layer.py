"""Can this network express the task at all?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from unstuck.doctor.checks.few_units import few_units
from unstuck.doctor.findings import Finding, Remedy
from unstuck.doctor.scripts.constants import constants_of
from unstuck.doctor.scripts.fits import unexplained
from unstuck.doctor.scripts.idle_state import is_idle
from unstuck.doctor.scripts.standing_still import standing_still
from unstuck.doctor.scripts.suspicion import Suspicion

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from unstuck.doctor.scripts.examination import Examination
    from unstuck.doctor.scripts.probes import Probe
    from unstuck.doctor.scripts.script_step import StepVariable
    from unstuck.doctor.scripts.trace import Key, Trace

_LINEAR = 1e-7
_MOST_STEPS = 64
_MOST_ROWS = 4000
_MOST_COLUMNS = 64
_GOOD = 0.9
_BAD = 0.3
_NEAR_FLOOR = 0.2
_MUCH_BETTER = 0.5


def check(examination: Examination) -> Iterator[Suspicion]:
    """Ask whether the outputs are a straight line behind their activation, and whether the task is one; else whether more units help."""
    if examination.learning.closed(examination.written) > _GOOD or examination.found.pair is None:
        return
    if any(is_idle(examination, variable) for variable in examination.found.state):
        return  # a layer that is trained without being used: see stale_prediction
    inputs = _inputs(examination)
    if inputs is not None and _is_linear(examination, inputs):
        yield from _straight(examination, inputs)
    else:
        yield from few_units(examination)


# ---------------------------------------------------------------------- a straight line


@dataclass(frozen=True)
class _Inputs:
    """Where the inputs can be moved.

    Attributes:
        variable: What holds them; None where only the values that a loop takes from it can be moved.
        keys: Those values, in the order of the samples, a list for each.
        table: The inputs, samples as rows, without what does not move the outputs.
        steps: How many steps show every sample.
    """

    variable: StepVariable | None
    keys: tuple[tuple[Key, ...], ...]
    table: NDArray[np.float64]
    steps: int


def _inputs(examination: Examination) -> _Inputs | None:
    targets = examination.learning.targets
    steps = max(1, min(examination.learning.window, _MOST_STEPS))
    if (
        targets is None
        or len(targets) > _MOST_ROWS
        or (steps > 1 and standing_still(examination, examination.probes[0], steps) is None)
    ):
        return None
    fitting = [
        constant
        for constant in constants_of(examination)
        if constant.moves_outputs and constant.share is not None and not constant.is_like_a_weight
    ]
    if fitting:
        variable = max(fitting, key=lambda constant: constant.variable.size).variable
        start = variable.start
        if start is None or start.ndim < 1 or len(targets) not in (start.shape[0], start.shape[-1]):
            return None
        table = (
            start.reshape(start.shape[0], -1)
            if start.shape[0] == len(targets)
            else start.reshape(-1, start.shape[-1]).T
        )
        return _Inputs(variable, (), table, steps) if table.shape[1] <= _MOST_COLUMNS else None
    return _taken_by_the_loop(examination, steps)


def _taken_by_the_loop(examination: Examination, steps: int) -> _Inputs | None:
    """Return what the training loop takes from its data in each step, as far as it moves the outputs."""
    found, targets = examination.found, examination.learning.targets
    base = _replay(examination, 0, None, steps)
    names = [
        site.number
        for site in found.sites
        if site.kind == "loop-target" and site.loops and site.loops[-1] == found.step.loop
    ]
    if (
        targets is None
        or steps != len(targets)
        or any((site, step) not in base.values for site in names for step in range(steps))
    ):
        return None
    outputs = _outputs(examination, base)
    columns, sites = [], []
    for site in names:
        shift = {(site, step): np.full(base.shapes[site, step], 0.5) for step in range(steps)}
        moved = _outputs(examination, _replay(examination, 0, shift, steps))
        if outputs is not None and moved is not None and not np.array_equal(moved, outputs):
            sites.append(site)
            columns.append(np.stack([base.values[site, step].ravel() for step in range(steps)]))
    if not columns or len({len(column) for column in columns}) > 1:
        return None
    return _Inputs(
        None, tuple(tuple((site, step) for site in sites) for step in range(steps)), np.hstack(columns), steps
    )


def _replay(examination: Examination, number: int, shift: dict[Key, NDArray[np.float64]] | None, steps: int) -> Trace:
    probe = examination.probes[number]
    return examination.found.step.replay(
        state=probe.state, add=shift, pairs=True, steps=steps, **_kept(examination, probe, steps)
    )


def _kept(examination: Examination, probe: Probe, steps: int) -> dict[str, Any]:
    """Return what keeps the parameters where they are."""
    if steps == 1:
        return {"hold": examination.prober.all_holds()}
    return {"replace": standing_still(examination, probe, steps)}


def _moved(
    examination: Examination, inputs: _Inputs, number: int, direction: NDArray[np.float64]
) -> NDArray[np.float64] | None:
    """Return the outputs with the inputs moved."""
    if inputs.variable is not None:
        start = inputs.variable.start
        is_turned = start is not None and start.shape[0] != len(direction)
        shift = (direction.T if is_turned else direction).reshape(inputs.variable.shape)
        trace = examination.found.step.replay(
            state=examination.probes[number].state, shift={inputs.variable.index: shift}, record=False, pairs=True,
            steps=inputs.steps, **_kept(examination, examination.probes[number], inputs.steps),
        )  # fmt: skip
    else:
        add: dict[Key, NDArray[np.float64]] = {}
        for row, keys in zip(direction, inputs.keys, strict=True):
            width = len(row) // len(keys)
            for place, key in enumerate(keys):
                part = row[place * width : (place + 1) * width]
                add[key] = part if width > 1 else part.reshape(())
        trace = _replay(examination, number, add, inputs.steps)
    return _outputs(examination, trace) if trace.is_whole else None


def _outputs(examination: Examination, trace: Trace) -> NDArray[np.float64] | None:
    """Return the outputs with samples as rows."""
    pair, targets = examination.found.pair, examination.learning.targets
    if pair is None or targets is None:
        return None
    width = targets.shape[1]
    rows = []
    for key in sorted(key for key in trace.pairs if key[0] == pair.key[0]):
        outputs = trace.pairs[key].right if pair.target == "left" else trace.pairs[key].left
        if outputs.ndim > 1 and outputs.shape[-1] != width and outputs.shape[0] == width:
            outputs = outputs.T
        if outputs.size % width:
            return None
        rows.append(outputs.reshape(-1, width))
    return np.concatenate(rows) if rows else None


def _is_linear(examination: Examination, inputs: _Inputs) -> bool:
    """Whether the second differences of the outputs vanish, as they are or with the activation undone."""
    rng = np.random.default_rng(101)
    size = float(np.std(inputs.table)) or 1.0
    undone: set[str] | None = None
    for number in range(min(2, len(examination.probes))):
        direction = 0.5 * size * rng.normal(size=inputs.table.shape)
        below, middle, above = (_moved(examination, inputs, number, times * direction) for times in (-1.0, 0.0, 1.0))
        if below is None or middle is None or above is None or not below.shape == middle.shape == above.shape:
            return False
        fitting = {name for name, undo in _UNDO.items() if _vanishes(undo, below, middle, above)}
        undone = fitting if undone is None else undone & fitting
    return bool(undone)


def _vanishes(
    undo: Callable[[NDArray[np.float64]], NDArray[np.float64]],
    below: NDArray[np.float64],
    middle: NDArray[np.float64],
    above: NDArray[np.float64],
) -> bool:
    with np.errstate(all="ignore"):
        first, second, third = undo(below), undo(middle), undo(above)
        if not all(np.isfinite(values).all() and values.size for values in (first, second, third)):
            return False
        bent = float(np.abs(first - 2 * second + third).max())
        moved = float(np.abs(third - first).max())
    return moved > 1e-6 and bent < _LINEAR * max(moved, float(np.abs(second).max()))  # noqa: PLR2004 (it moves at all)


def _log_ratios(outputs: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.log(outputs[:, 1:]) - np.log(outputs[:, :1])


_UNDO: dict[str, Callable[[NDArray[np.float64]], NDArray[np.float64]]] = {
    "identity": lambda outputs: outputs,
    "sigmoid": lambda outputs: np.log(outputs) - np.log(1 - outputs),
    "tanh": np.arctanh,
    "softmax": _log_ratios,
}


def _straight(examination: Examination, inputs: _Inputs) -> Iterator[Suspicion]:
    """Yield the finding if the run has come as far as a straight line can, and a curved one goes much further."""
    targets = examination.learning.targets
    rows = _useful_columns(examination, inputs)
    if targets is None or not rows.size or len(rows) != len(targets):
        return
    straight, curved = unexplained(rows, targets)
    closed = examination.learning.closed(examination.written)
    if curved > _MUCH_BETTER * straight or straight < _BAD or closed < 1 - straight - _NEAR_FLOOR:
        return
    sites = [
        site for variable in examination.found.parameters if (site := examination.found.dependents.get(variable.index))
    ]
    keys = sorted(set().union(*sites), key=lambda key: examination.found.base.order[key]) if sites else []
    first = next((examination.site_of(key) for key in keys if examination.site_of(key).kind != "returned"), None)
    location = None if first is None else examination.location_of_site(first)
    weights = " and ".join(variable.name for variable in examination.found.parameters)
    finding = Finding(
        fault="no-hidden-layer",
        message=(
            f"Between the inputs and the outputs there is nothing nonlinear but the last activation: with {weights} "
            "the network can draw a straight line only. "
            f"The best straight line leaves {straight:.0%} of the targets' variance unexplained, a curved one "
            f"{curved:.0%}."
        ),
        location=location,
        evidence={
            "second difference of the outputs behind their activation": 0.0,
            "variance left by the best straight line": straight,
            "variance left by a curved one": curved,
            "share of the gap closed by the run": closed,
        },
        parameter=examination.found.parameters[0].name,
        severity="harmful" if examination.learning.has_learned(examination.written) else "fatal",
        lines=() if location is None else (location.line,),
        remedies=(
            Remedy(
                "Put a hidden layer with a nonlinear activation, such as tanh with 8 units, between the inputs and "
                "this layer."
            ),
        ),
    )
    yield Suspicion(finding)


def _useful_columns(examination: Examination, inputs: _Inputs) -> NDArray[np.float64]:
    """Return the inputs without columns that do not move the outputs, such as targets kept beside them."""
    zero = np.zeros(inputs.table.shape)
    base = _moved(examination, inputs, 0, zero)
    kept = []
    for column in range(inputs.table.shape[1]):
        shift = zero.copy()
        shift[:, column] = float(np.std(inputs.table)) or 1.0
        moved = _moved(examination, inputs, 0, shift)
        if moved is not None and base is not None and not np.array_equal(moved, base):
            kept.append(column)
    return inputs.table[:, kept]
