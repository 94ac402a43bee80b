"""What the first training steps of a script compute, value by value, and what became of each parameter."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from unstuck.doctor.options import DiagnosisOptions
from unstuck.doctor.scripts.source import read_source
from unstuck.doctor.tools.batch import batch_of
from unstuck.doctor.tools.located_script import failure_of, located
from unstuck.doctor.tools.numbers import to_numbers
from unstuck.doctor.tools.step_rows import StepRows, StepTable, UpdateRow, ValueRow
from unstuck.errors import OptionError, UsageError
from unstuck.limits import check_count

if TYPE_CHECKING:
    from pathlib import Path

    from unstuck.doctor.scripts.identified import Identified
    from unstuck.doctor.scripts.sites import Site
    from unstuck.doctor.scripts.source import Source
    from unstuck.doctor.tools.batch import Batch
    from unstuck.doctor.tools.located_script import LocatedScript

_NAMED = ("assigned", "updated", "item", "unpacked")
_SATURATED = 0.5
_SPARE = 30.0
_LAST = 1 << 60


def trace_script(
    path: str | Path, steps: int = 1, *, sample: int | None = None, options: DiagnosisOptions | None = None
) -> StepTable:
    """Run a script to its training loop and list every named value of the first steps; it is run in a copy of its folder.

    Args:
        path: A script or a notebook.
        steps: How many training steps.
        sample: Show this sample alone, counted from 0: its row or column of every value in which samples lie along an axis, or its
            step where there is one sample a step.
        options: Arguments and limits of the script.

    Raises:
        FileError: The script cannot be read.
        OptionError: ``steps`` or ``sample`` is out of range.
        UsageError: The script does not parse, fails before it trains, or has no training step.
    """
    return trace_source(read_source(path), str(path), steps, sample=sample, options=options)


def trace_source(
    source: Source, target: str, steps: int = 1, *, sample: int | None = None, options: DiagnosisOptions | None = None
) -> StepTable:
    """Do what :func:`trace_script` does with a script that has been read; ``target`` is what it is called."""
    check_count("steps", steps)
    if sample is not None:
        check_count("sample", sample, 0)
    options = options or DiagnosisOptions()
    with located(source, target, options) as script:
        batch = batch_of(script.found)
        first = _first_iteration(script, batch, sample)
        message = _record(script, batch, first, steps, sample, options.time_limit)
        return _table(script, target, batch, sample, message)


def _first_iteration(script: LocatedScript, batch: Batch | None, sample: int | None) -> int:
    """Return the iteration to begin with."""
    if sample is None:
        return 1
    if batch is None:
        raise UsageError(
            f"cannot tell where the samples are in the training step of {script.name}.\n  Leave the sample out to see all values."
        )
    if batch.layout == "steps":
        return sample + 1
    if sample >= batch.length:
        raise OptionError(
            f"sample {sample} is not there: each step of {script.name} has {batch.length} samples, 0 to {batch.length - 1}."
        )
    return 1


def _record(
    script: LocatedScript, batch: Batch | None, first: int, steps: int, sample: int | None, seconds: float
) -> dict[str, Any]:
    """Run the script once more and return what the recorder has written down."""
    found = script.found
    sites = _sites_of_interest(script)
    passes = script.pass_loop(batch) if batch is not None and batch.layout == "passes" else None
    is_sliced = batch is not None and batch.layout != "steps"
    order = {
        "agent": "record", "loop": found.step.loop, "first": first, "steps": steps,
        "sites": sites, "loops": [found.step.loop] + ([] if passes is None else [passes]),
        "variables": [[variable.root, [list(step) for step in variable.steps]] for variable in (*found.parameters, *found.state)],
        "items": [site for site in sites if found.sites[site].kind == "item"], "forward": _activations(found),
        "axis": None if batch is None else batch.axis, "length": 0 if batch is None else batch.length,
        "sample": sample if is_sliced else None, "passes": passes,
    }  # fmt: skip
    try:
        with script.start(order) as session:
            message = session.receive(seconds + _SPARE)
    except TimeoutError as error:
        raise UsageError(
            f"{script.name} did not finish {steps} training steps within {seconds:g} seconds. Ask for fewer steps."
        ) from error
    except EOFError:
        message = {"reason": "died", "error": None, "iterations": 0, "steps": []}
    script.refuse_own_fault(message)
    if not message["steps"] and message["reason"] == "ended":
        raise OptionError(
            f"sample {sample} is not there: {script.name} makes only {message['iterations']} training steps, one for each sample."
        )
    return message


def _sites_of_interest(script: LocatedScript) -> list[int]:
    """Return the places where names are given values, and what the loops around and inside the step run over."""
    found = script.found
    loops = {found.loops[loop].line for loop in script.loops_around}
    return [
        site.number
        for site in found.sites
        if not site.name.startswith("__unstuck")
        and (
            site.kind in _NAMED
            or (site.kind == "loop-target" and (site.span.line in loops or found.step.loop in site.loops))
        )
    ]


def _activations(found: Identified) -> list[int]:
    """Return the places of values that depend on the parameters and come before the outputs meet the targets."""
    order = found.base.order
    end = order.get(
        found.pair.key if found.pair is not None else found.loss.key if found.loss is not None else (-1, 0), 0
    )
    depending = set().union(*(found.dependents.get(variable.index, set()) for variable in found.parameters))
    return sorted({key[0] for key in depending if order.get(key, end) < end and found.sites[key[0]].kind in _NAMED})


# ---------------------------------------------------------------------- from messages to rows


def _table(
    script: LocatedScript, target: str, batch: Batch | None, sample: int | None, message: dict[str, Any]
) -> StepTable:
    found = script.found
    steps = tuple(StepRows(step["iteration"], _rows(script, step)) for step in message["steps"])
    if message["reason"] == "done":
        ending = ""
    elif message["reason"] == "ended":
        ending = "the script came to its end"
    else:
        ending = f"the script failed: {failure_of(message['error'], script.source)}"
    return StepTable(
        target, script.place(found.loop.line).line, steps, sample, None if batch is None else batch.layout,
        None if batch is None else batch.length, script.run.repeat, ending,
    )  # fmt: skip


def _rows(script: LocatedScript, step: dict[str, Any]) -> tuple[ValueRow | UpdateRow, ...]:
    found = script.found
    numeric = [*found.parameters, *found.state]
    updates: list[tuple[int, UpdateRow]] = []
    for index, (variable, entry) in enumerate(zip(numeric, step["parameters"], strict=True)):
        if entry["before"] is not None and (index < len(found.parameters) or _is_unmoved(entry)):
            updates.append((entry["at"] or _LAST, _update_row(script, variable.name, entry)))
    replaced = {at for at, _ in updates}
    values: list[tuple[int, ValueRow | UpdateRow]] = [
        (entry["at"], _value_row(script, found.sites[entry["site"]], entry))
        for entry in step["rows"]
        if entry["at"] not in replaced and _is_of_interest(script, found.sites[entry["site"]], entry)
    ]
    return tuple(row for _, row in sorted([*values, *updates], key=lambda pair: pair[0]))


def _is_unmoved(entry: dict[str, Any]) -> bool:
    """Whether what the optimizer remembers was given a value and has stayed the same; otherwise it is a value like others."""
    return entry["same"] and entry["site"] is not None and entry["before"]["size"] > 1


def _is_of_interest(script: LocatedScript, site: Site, entry: dict[str, Any]) -> bool:
    """Whether a value says something: it is numbers, or holds some, and not the index of a loop inside the step."""
    if entry["shape"] is None:
        return entry["entries"] is not None
    return not (
        site.kind == "loop-target"
        and site.span.line != script.found.loop.line
        and entry["shape"] == []
        and entry["is_integer"]
    )


def _value_row(script: LocatedScript, site: Site, entry: dict[str, Any]) -> ValueRow:
    place = script.place(site.span.line)
    function = (
        "" if site.function == script.found.loop.function and site.module == script.found.loop.module else site.function
    )
    function = f"{site.module}.{function}".strip(".") if site.module else function
    return ValueRow(
        _name(site), place.line, place.cell, function, to_numbers(entry), entry["times"], tuple(_value_flags(entry))
    )


def _name(site: Site) -> str:
    """Return the name that a site gives a value to; of a loop with several targets each is a site of its own."""
    return re.sub(r"\s+", " ", site.name)


def _value_flags(entry: dict[str, Any]) -> list[str]:
    flags = _not_finite(entry)
    saturated = entry.get("saturated")
    if saturated is not None and saturated > _SATURATED:
        ends = "-1 or 1" if entry["range"] and entry["range"][0] < 0 else "0 or 1"
        flags.append(f"is saturated: {saturated * 100:.0f} % of its numbers are within 0.007 of {ends}")
    return flags


def _not_finite(entry: dict[str, Any]) -> list[str]:
    count = entry.get("not_finite", 0)
    if not count:
        return []
    return ["is not finite" if entry["size"] == 1 else f"is not finite: {count:,} of {entry['size']:,} numbers"]


def _update_row(script: LocatedScript, name: str, entry: dict[str, Any]) -> UpdateRow:
    site = None if entry["site"] is None else script.found.sites[entry["site"]]
    place = None if site is None else script.place(site.span.line)
    flags = _not_finite(entry["after"])
    if entry["same"]:
        flags.append(
            "was not updated" if site is None else f"was updated on {script.line(site.span.line)} but did not change"
        )
    return UpdateRow(
        name, None if place is None else place.line, None if place is None else place.cell,
        to_numbers(entry["before"]), to_numbers(entry["after"]), None if entry["change"] is None else to_numbers(entry["change"]),
        entry["norm"], entry["change_norm"], tuple(flags),
    )  # fmt: skip
