"""Are the inputs on a scale that the first layer can work with?"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from unstuck.doctor.checks.definitions import insertion, remedy_of
from unstuck.doctor.checks.non_finite_report import numbers_that_are_nan
from unstuck.doctor.checks.target_source import Made, made_at
from unstuck.doctor.checks.training_data import data_of, samples_axis
from unstuck.doctor.findings import Finding, Remedy
from unstuck.doctor.scripts.suspicion import Suspicion

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from unstuck.doctor.scripts.examination import Examination
    from unstuck.doctor.scripts.script_step import StepVariable

_LARGE, _SMALL, _APART = 10.0, 0.05, 30.0
_FEWEST = 4
_MANY_COLUMNS = 20


def check(examination: Examination) -> Iterator[Suspicion]:
    """How large are the inputs, and how far apart are their columns?

    That alone is no fault: the trial runs the script with each column shifted to mean 0 and scaled to spread 1.
    """
    inputs = [
        variable for variable in data_of(examination).inputs if variable.size >= _FEWEST and variable.start is not None
    ]
    for variable in inputs[:1]:
        if variable.start is None or not np.isfinite(variable.start).all():
            continue
        axis = 0 if len(variable.shape) == 1 else samples_axis(examination, variable)
        if axis is None:
            continue
        columns = np.moveaxis(variable.start, axis, 0).reshape(variable.shape[axis], -1)
        sizes = np.sqrt(np.mean(columns**2, axis=0))
        used = sizes[sizes > 0]
        if not used.size:
            continue
        large, apart = float(np.sqrt(np.mean(columns**2))), float(used.max() / used.min())
        if _SMALL <= large <= _LARGE and (
            apart <= _APART or columns.shape[1] > _MANY_COLUMNS
        ):  # pixels at the margin are nearly always 0
            examination.checked.append(f"The inputs '{variable.name}' are on an ordinary scale.")
            continue
        yield _suspicion(examination, variable, columns, axis, large, apart)


def _suspicion(
    examination: Examination,
    variable: StepVariable,
    columns: NDArray[np.float64],
    axis: int,
    large: float,
    apart: float,
) -> Suspicion:
    made = made_at(examination, variable)
    sizes = np.sqrt(np.mean(columns**2, axis=0))
    summary = (
        f"Give every column of '{variable.name}' mean 0 and spread 1, and use the same two numbers for all other rows."
    )
    remedy, change = Remedy(summary), None
    text = _scaled(variable, columns, axis)
    if made is not None and made.definition is not None and text is not None:
        edit = insertion(examination, made.definition.statement, text)
        if edit is not None:
            remedy, change = remedy_of(examination.source, summary, [edit])
    what = (
        f"are of size {large:.3g}"
        if not _SMALL <= large <= _LARGE
        else f"differ by a factor of {apart:.3g} from column to column"
    )
    is_spoilt = large > _LARGE and _saturates_a_loss(examination)
    finding = Finding(
        "input-scale",
        f"The inputs '{variable.name}' {what}: they run from {columns.min():.4g} to {columns.max():.4g}. "
        "The gradient of a first-layer weight is proportional "
        "to its input, so that no learning rate suits them all, or the first layer is saturated."
        + (" Numbers that the script computes with them are NaN." if is_spoilt else ""),
        None if made is None else made.location,
        {
            "root mean square": large,
            "largest column": float(sizes.max()),
            "smallest column": float(sizes.min()),
            "columns": columns.shape[1],
        },
        lines=_lines(made),
        remedies=(remedy,),
    )
    return Suspicion(finding, change, needs_proof=not is_spoilt)


def _saturates_a_loss(examination: Examination) -> bool:
    """Whether a logarithm or an exponential that the script reports is NaN, as it becomes behind outputs of exactly 0 and 1."""
    return any(
        re.search(r"\b(log|exp)", examination.found.sites[site].expression)
        for site in numbers_that_are_nan(examination)
    )


def _lines(made: Made | None) -> tuple[int, ...]:
    return () if made is None else (made.location.line,)


def _scaled(variable: StepVariable, columns: NDArray[np.float64], axis: int) -> list[str] | None:
    """Return the lines that scale an array: its columns each, or all alike where a column is constant."""
    name = variable.root
    if not variable.is_array:
        return None
    if not np.all(columns.std(0) > 0):
        return [f"{name} = ({name} - {name}.mean()) / {name}.std()"] if columns.std() > 0 else None
    keep = f"axis={axis}, keepdims=True" if len(variable.shape) > 1 else ""
    return [f"{name} = ({name} - {name}.mean({keep})) / {name}.std({keep})"]
