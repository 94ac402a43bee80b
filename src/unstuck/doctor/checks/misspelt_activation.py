"""Is an activation nearly a well-known one, with a sign turned round?"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from unstuck.doctor.checks.definitions import remedy_of
from unstuck.doctor.checks.edits import operator_change
from unstuck.doctor.findings import Finding, Remedy
from unstuck.doctor.scripts.suspicion import Suspicion

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from numpy.typing import NDArray

    from unstuck.doctor.scripts.examination import Examination
    from unstuck.doctor.scripts.probes import Probe
    from unstuck.doctor.scripts.sites import Site
    from unstuck.doctor.scripts.trace import Key
    from unstuck.doctor.scripts.trials import Change

    Numbers = NDArray[np.float64]

_SAME = 1e-8
_SMALL = 1e-3
_FEWEST = 3
_TIMES = 4


@dataclass(frozen=True)
class _Slip:
    """A function that is written where a well-known one is meant.

    Attributes:
        formula: What it is.
        meant: The well-known one.
        right: The formula of that.
        inverse: What goes into it, by what comes out; no number where nothing can.
        complements: What the derivative of the well-known one, or a loss behind it, computes from its output.
    """

    formula: str
    meant: str
    right: str
    inverse: Callable[[Numbers], Numbers]
    complements: tuple[Callable[[Numbers], Numbers], ...]


_OF_LOGISTIC = (lambda a: 1 - a, lambda a: a * (1 - a))
_SLIPS = (
    _Slip("1 / (1 - exp(-z))", "logistic function", "1 / (1 + exp(-z))", lambda a: -np.log(1 - 1 / a), _OF_LOGISTIC),
    _Slip("1 / (1 - exp(z))", "logistic function", "1 / (1 + exp(-z))", lambda a: np.log(1 - 1 / a), _OF_LOGISTIC),
    _Slip("(exp(z) + exp(-z)) / (exp(z) - exp(-z))", "hyperbolic tangent", "(exp(z) - exp(-z)) / (exp(z) + exp(-z))",
          lambda a: np.arctanh(1 / a), (lambda a: 1 - a * a, lambda a: a * a)),
)  # fmt: skip


def check(examination: Examination) -> Iterator[Suspicion]:
    """Compare values of the forward pass with functions of others that nobody wants: with a pole at 0, where an activation is meant.

    Their derivative in terms of their own output is that of the activation that is meant, so that every update may seem right.
    """
    seen: set[tuple[str, int]] = set()
    for site, slip in _found(examination):
        if (site.module, site.span.line) in seen:
            continue
        seen.add((site.module, site.span.line))
        yield _suspicion(examination, site, slip)
    if seen:  # what else seems wrong about the gradients follows from it
        examination.notes["held right"] = {variable.index for variable in examination.found.parameters}


def _found(examination: Examination) -> Iterator[tuple[Site, _Slip]]:
    """Yield where such a function is computed, and of which the backward pass or the loss makes what it would of the right one."""
    known = _values(examination.probes)
    dependent = set().union(*examination.found.dependents.values()) if examination.found.dependents else set()
    order = examination.probes[0].trace.order
    forward = sorted((key for key in dependent if key in known), key=lambda key: order[key])
    tables = _by_size(known, known)
    inputs = _by_size(known, forward)
    outputs = _outputs(examination)
    explained: list[Numbers] = []
    for key in forward:
        if (
            key[1] >= _TIMES
            or not _is_on_both_sides(known, key)
            or any(_is_among(known[key], {each.size: each[None]}) for each in explained)
        ):
            continue
        for slip in _SLIPS:
            with np.errstate(all="ignore"):
                given = slip.inverse(known[key])
            if not _is_among(given, inputs):
                continue
            met = any(_is_among(known[key], {each.size: each[None]}) for each in outputs)
            if met or any(_is_among(each(known[key]), tables) for each in slip.complements):
                explained += [known[key], 1 - known[key]]
                yield examination.site_of(key), slip
            break


def _values(probes: list[Probe]) -> dict[Key, Numbers]:
    """Return values that are known at every probe, those of all probes one after the other."""
    return {
        key: np.concatenate([probe.trace.values[key].ravel() for probe in probes])
        for key, values in probes[0].trace.values.items()
        if key not in probes[0].trace.integers
        and all(key in probe.trace.values and probe.trace.values[key].shape == values.shape for probe in probes)
    }


def _by_size(known: Mapping[Key, Numbers], keys: Iterable[Key]) -> dict[int, Numbers]:
    """Return values of the same length as the rows of one table."""
    rows: dict[int, list[Numbers]] = {}
    for key in keys:
        rows.setdefault(known[key].size, []).append(known[key])
    return {size: np.stack(each) for size, each in rows.items()}


def _is_among(values: Numbers, tables: Mapping[int, Numbers]) -> bool:
    """Whether one of the rows holds these values, all of which must be numbers and not all the same."""
    if (
        values.size < _FEWEST
        or values.size not in tables
        or not np.isfinite(values).all()
        or float(np.ptp(values)) < _SAME
    ):
        return False
    rows = tables[values.size]
    with np.errstate(all="ignore"):
        return bool(np.any(np.all(np.abs(rows - values) <= _SAME * np.maximum(np.abs(values), _SMALL), axis=1)))


def _is_on_both_sides(known: Mapping[Key, Numbers], key: Key) -> bool:
    """Whether a place has values on both sides of a pole, where what is meant to have one would stay on one."""
    values = [numbers for other, numbers in known.items() if other[0] == key[0]]
    return min(float(each.min()) for each in values) < 0 < max(float(each.max()) for each in values)


def _outputs(examination: Examination) -> list[Numbers]:
    """Return the outputs that meet the targets, each of all probes."""
    pair = examination.found.pair
    if pair is None:
        return []
    side = "right" if pair.target == "left" else "left"
    keys = [key for key in examination.probes[0].trace.pairs if key[0] == pair.key[0]]
    return [
        np.concatenate([getattr(probe.trace.pairs[key], side).ravel() for probe in examination.probes])
        for key in keys
        if all(key in probe.trace.pairs for probe in examination.probes)
    ]


def _suspicion(examination: Examination, site: Site, slip: _Slip) -> Suspicion:
    remedy, change = _mended(examination, site, slip)
    names = ", ".join(variable.name for variable in examination.found.parameters)
    finding = Finding(
        fault="wrong-gradient",
        mistake="wrong-activation-derivative",
        message=(
            f"{site.expression} computes {slip.formula}, which is not the {slip.meant} {slip.right}: a sign is turned round. It is "
            f"infinite at 0 and has no values where those of the {slip.meant} are, but the rest of the script takes it for that."
        ),
        location=examination.location_of_site(site),
        evidence={"computed": slip.formula, "meant": slip.right, "parameters trained through it": names},
        lines=(examination.location_of_site(site).line,),
        remedies=(remedy,),
    )
    return Suspicion(finding, change)


def _mended(examination: Examination, site: Site, slip: _Slip) -> tuple[Remedy, Change | None]:
    """Return the remedy, with its edit where the sign is the only one of its kind below the fraction."""
    summary = f"Write the {slip.meant} as {slip.right}."
    span = site.span
    nodes = [
        node.right
        for node in ast.walk(examination.tree)
        if isinstance(node, ast.BinOp)
        and isinstance(node.op, ast.Div)
        and isinstance(node.right, ast.BinOp)
        and isinstance(node.right.op, ast.Sub)
        and span.line <= node.lineno <= span.end_line
    ]
    if site.module or len(nodes) != 1 or slip is not _SLIPS[0]:
        return Remedy(summary), None
    turned = operator_change(examination.source, nodes[0], "-", "+")
    return remedy_of(examination.source, summary, turned) if turned else (Remedy(summary), None)
