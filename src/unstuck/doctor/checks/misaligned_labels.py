"""Do the targets still belong to the rows they stand beside?"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from unstuck.doctor.checks.definitions import definitions, is_called, line_of_training, numpy_name, place_of, remedy_of
from unstuck.doctor.checks.edits import replace, text_of
from unstuck.doctor.checks.no_signal import signal_in
from unstuck.doctor.checks.training_data import batches, data_of
from unstuck.doctor.findings import Finding, Remedy
from unstuck.doctor.scripts.suspicion import Suspicion

if TYPE_CHECKING:
    from collections.abc import Iterator

    from unstuck.doctor.scripts.examination import Examination
    from unstuck.doctor.scripts.sites import Site
    from unstuck.doctor.scripts.trials import Change

_SHARE = 0.2
_FEWEST = 8
_SEEDING = frozenset(["seed", "set_state", "get_state", "setstate", "getstate"])


def check(examination: Examination) -> Iterator[Suspicion]:
    """Is each row trained on its own answer?

    The same row must have the same target each time it comes: two passes through the data are watched. And what was shuffled in
    place must have been shuffled together with what belongs to it.
    """
    found = list(_changing(examination)) or list(_shuffled_alone(examination))
    if found:
        examination.notes["misaligned"] = True
        yield from found
    elif examination.notes.get("rows agree"):
        examination.checked.append("Each row has the same target every time it comes.")


# ---------------------------------------------------------------------- rows whose targets change


def _changing(examination: Examination) -> Iterator[Suspicion]:
    """Rows that have one target in one pass through the data and another in the next."""
    seen: dict[bytes, set[bytes]] = {}
    within: dict[bytes, set[bytes]] = {}
    count = 0
    for batch in batches(examination, 1):
        for row, target in zip(batch.inputs, batch.targets, strict=True):
            within.setdefault(row.tobytes(), set()).add(target.tobytes())
    for batch in batches(examination, 2):
        for row, target in zip(batch.inputs, batch.targets, strict=True):
            seen.setdefault(row.tobytes(), set()).add(target.tobytes())
            count += 1
    if len(seen) < _FEWEST or count < 1.5 * len(seen):
        return
    changed = sum(len(targets) > max(1, len(within.get(row, ()))) for row, targets in seen.items()) / len(seen)
    double = sum(len(targets) > 1 for targets in within.values()) / max(1, len(within))
    if changed < _SHARE or double > _SHARE:
        examination.notes["rows agree"] = changed == 0
        return
    site = _indexed(examination)
    location = None if site is None else examination.location_of_site(site)
    other = _indexed(examination, of_targets=False)
    lines = tuple(dict.fromkeys(examination.location_of_site(each).line for each in (site, other) if each is not None))
    remedy, change = _same_indices(examination, site, other)
    yield Suspicion(
        Finding(
            "misaligned-labels",
            f"The targets do not belong to their rows: of {len(seen)} different rows, {changed:.0%} had another target when they came again"
            + (
                f". '{site.expression}' takes the targets in another order than the rows are taken."
                if site is not None
                else "."
            ),
            location,
            {"different rows": len(seen), "rows whose target changed": changed},
            severity="fatal",
            lines=lines,
            remedies=(remedy,),
        ),
        change,
    )


def _same_indices(examination: Examination, targets: Site | None, inputs: Site | None) -> tuple[Remedy, Change | None]:
    """Return the change that takes the targets with the indices that the inputs are taken with."""
    words = Remedy("Take rows and targets with the same indices, such as x, y = X[batch], Y[batch].")
    if targets is None or inputs is None or targets is inputs or targets.module or inputs.module:
        return words, None
    taken = [_subscript(examination.tree, site) for site in (targets, inputs)]
    if taken[0] is None or taken[1] is None:
        return words, None
    index = text_of(examination.source, taken[1].slice)
    summary = f"Take the targets with the indices of the rows: {text_of(examination.source, taken[0].value)}[{index}]."
    return remedy_of(examination.source, summary, [replace(taken[0].slice, index)])


def _subscript(tree: ast.Module, site: Site) -> ast.Subscript | None:
    """Return the only subscript of which the value of a site consists."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Subscript) and (node.lineno, node.col_offset, node.end_col_offset) == (
            site.span.line,
            site.span.column,
            site.span.end_column,
        ):
            return node
    return None


def _indexed(examination: Examination, *, of_targets: bool = True) -> Site | None:
    """Return where a step takes its targets, or its inputs, out of all of them."""
    data = data_of(examination)
    roots = {variable.root for variable in (data.targets if of_targets else data.inputs)}
    for site in examination.found.sites:
        if site.kind not in ("assigned", "unpacked") or not site.loops:
            continue
        try:
            tree = ast.parse(site.expression.strip(), mode="eval")
        except SyntaxError:
            continue
        if any(
            isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name) and node.value.id in roots
            for node in ast.walk(tree)
        ):
            return site
    return None


# ---------------------------------------------------------------------- shuffled in place


def _shuffled_alone(examination: Examination) -> Iterator[Suspicion]:
    """Inputs that were shuffled in place before the training, while the targets were not, or the other way round."""
    before = line_of_training(examination)
    signal = signal_in(examination)
    if before is None or (signal is not None and signal.is_clear):
        return
    shuffles = [
        statement
        for statement in examination.tree.body
        if isinstance(statement, ast.Expr) and is_called(statement.value, "shuffle") and statement.lineno < before
    ]
    data = data_of(examination)
    inputs, targets = ({variable.root for variable in variables} for variables in (data.inputs, data.targets))
    for statement in shuffles:
        name = _shuffled_name(statement)
        if name is None or _reseeded(examination.tree, shuffles):
            continue
        rows, answers = _made_of(examination.tree, inputs, before), _made_of(examination.tree, targets, before)
        for mine, others in ((rows, answers), (answers, rows)):
            if name in mine and name not in _made_of(
                examination.tree, inputs if others is rows else targets, before, after=statement.lineno
            ):
                partner = _partner(examination, name, inputs if others is rows else targets, statement.lineno)
                yield _alone(examination, statement, name, partner, name in rows)
                return


def _shuffled_name(statement: ast.Expr) -> str | None:
    call = statement.value
    if isinstance(call, ast.Call) and len(call.args) == 1 and isinstance(call.args[0], ast.Name):
        return call.args[0].id
    return None


def _reseeded(tree: ast.Module, shuffles: list[ast.Expr]) -> bool:
    """Whether a generator is set back between two shuffles, so that both give the same order."""
    lines = [statement.lineno for statement in shuffles]
    names = {_shuffled_name(statement) for statement in shuffles}
    if len(names) < 2:  # noqa: PLR2004 (one array alone)
        return False
    return any(
        isinstance(node, ast.Call)
        and (is_called(node, *_SEEDING, "RandomState", "default_rng", "Random"))
        and min(lines) - 2 <= node.lineno <= max(lines)
        for node in ast.walk(tree)
    )


def _made_of(tree: ast.Module, names: set[str], before: int, after: int = 0) -> set[str]:
    """Return every name that went into variables, by the statements between two lines, themselves included."""
    found = set(names)
    for definition in reversed(definitions(tree)):
        if after < definition.line < before and definition.name in found:
            found |= definition.names_read
    return found


def _partner(examination: Examination, name: str, others: set[str], line: int) -> str | None:
    """Return the array that stands beside a shuffled one at that line: the only one that leads to the others, and is no size or setting."""
    known = {definition.name for definition in definitions(examination.tree) if definition.line < line} - {name}
    leading = _made_of(examination.tree, others, line_of_training(examination) or 0, after=line) & known
    return next(iter(leading)) if len(leading) == 1 else None


def _alone(examination: Examination, statement: ast.Expr, name: str, partner: str | None, is_inputs: bool) -> Suspicion:
    signal = signal_in(examination)
    which, rest = ("inputs", "targets") if is_inputs else ("targets", "inputs")
    summary = f"Draw one order and use it for both '{name}' and what belongs to it."
    remedies, change = (Remedy(summary),), None
    numpy = numpy_name(examination.tree)
    if partner is not None and numpy is not None:
        text = f"_order = {numpy}.random.default_rng(0).permutation(len({name})); {name}, {partner} = {name}[_order], {partner}[_order]"
        remedy, change = remedy_of(
            examination.source,
            f"Draw one order and use it for both '{name}' and '{partner}'.",
            [replace(statement, text)],
        )
        remedies = (remedy,)
    evidence = (
        {"rows": 0}
        if signal is None
        else {"rows": signal.rows, **{f"explained by {model}": share for model, share in signal.explained.items()}}
    )
    return Suspicion(
        Finding(
            "misaligned-labels",
            f"'{name}' is shuffled in place, and the {rest} are not: after that line the {which} belong to other rows.",
            place_of(examination, statement),
            evidence,
            severity="fatal" if signal is not None and signal.is_none else "unproven",
            lines=(place_of(examination, statement).line,),
            remedies=remedies,
        ),
        change,
        needs_proof=signal is None,
    )
