"""A diagnosis as a JSON document, and back.

The form is that of ``diagnosis.schema.json`` beside this file; :func:`schema` returns it.
"""

from __future__ import annotations

import json
import math
from importlib.resources import files
from typing import Any

import numpy as np

from unstuck.doctor.diagnosis import Diagnosis, LossReport, ParameterReport
from unstuck.doctor.findings import Edit, Finding, Location, Remedy, Trial
from unstuck.errors import DataError

SCHEMA = 1
"""The version of the form."""


def schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) that every document of a diagnosis obeys.

    >>> schema()["title"]
    'Diagnosis'
    """
    parsed: dict[str, Any] = json.loads((files("unstuck.doctor") / "diagnosis.schema.json").read_text(encoding="utf-8"))
    return parsed


def to_document(diagnosis: Diagnosis) -> dict[str, Any]:
    """Return a diagnosis as lists, dictionaries, text and plain numbers, ready for JSON.

    A number that is not finite becomes None, and its path, such as ``findings.0.trial.as_written.2``, is listed under ``non_finite``.
    The lines of the script are not part of it.
    """
    document = {
        "schema": SCHEMA,
        "target": diagnosis.target,
        "outcome": diagnosis.outcome,
        "healthy": diagnosis.healthy,
        "seconds": diagnosis.seconds,
        "steps": diagnosis.steps,
        "loss": None if diagnosis.loss is None else _loss_document(diagnosis.loss),
        "parameters": [_parameter_document(parameter) for parameter in diagnosis.parameters],
        "findings": [_finding_document(finding) for finding in diagnosis.findings],
        "checked": diagnosis.checked,
    }
    non_finite: list[str] = []
    plain: dict[str, Any] = _plain(document, "", non_finite)
    return {**plain, "non_finite": list(dict.fromkeys(non_finite))}


def from_document(document: dict[str, Any]) -> Diagnosis:
    """Return the diagnosis that :func:`to_document` described; numbers listed under ``non_finite`` are NaN.

    Raises:
        DataError: It is no such document, or that of another version.
    """
    if not isinstance(document, dict) or "schema" not in document:
        raise DataError("this is no diagnosis: it has no 'schema'.\n  Expected what 'unstuck diagnose --json' printed.")
    if document["schema"] != SCHEMA:
        raise DataError(
            f"the diagnosis has schema {document['schema']!r}, but this version of unstuck reads {SCHEMA}.\n"
            "  Diagnose again, or read it with the version that wrote it."
        )
    try:
        return _diagnosis(_restored(document, "", set(document["non_finite"])))
    except KeyError as error:
        raise DataError(
            f"the diagnosis is not complete: {error} is missing.\n  Expected what 'unstuck diagnose --json' printed."
        ) from error
    except (TypeError, AttributeError) as error:
        raise DataError(
            f"the diagnosis is damaged: {error}.\n  Expected what 'unstuck diagnose --json' printed."
        ) from error


# ---------------------------------------------------------------------- numbers


def _plain(value: Any, path: str, non_finite: list[str]) -> Any:
    """Return ``value`` without NumPy's types, tuples and numbers that are not finite, whose paths are added to ``non_finite``."""
    if isinstance(value, np.ndarray | np.generic):
        value = value.tolist()
    if isinstance(value, float) and not math.isfinite(value):
        non_finite.append(path)
        return None
    if isinstance(value, dict):
        return {name: _plain(entry, _below(path, name), non_finite) for name, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(entry, _below(path, number), non_finite) for number, entry in enumerate(value)]
    return value


def _restored(value: Any, path: str, non_finite: set[str]) -> Any:
    """Return ``value`` with NaN at the paths ``non_finite``."""
    if value is None:
        return math.nan if path in non_finite else None
    if isinstance(value, dict):
        return {name: _restored(entry, _below(path, name), non_finite) for name, entry in value.items()}
    if isinstance(value, list):
        return [_restored(entry, _below(path, number), non_finite) for number, entry in enumerate(value)]
    return value


def _below(path: str, name: str | int) -> str:
    return f"{path}.{name}" if path else str(name)


# ---------------------------------------------------------------------- to documents


def _location_document(location: Location | None) -> dict[str, Any] | None:
    if location is None:
        return None
    names = ("file", "cell", "line", "column", "end_line", "end_column")
    return {name: getattr(location, name) for name in names}


def _loss_document(loss: LossReport) -> dict[str, Any]:
    return {**vars(loss), "location": _location_document(loss.location)}


def _parameter_document(parameter: ParameterReport) -> dict[str, Any]:
    return dict(vars(parameter))


def _finding_document(finding: Finding) -> dict[str, Any]:
    return {
        "fault": finding.fault,
        "mistake": finding.mistake,
        "parameter": finding.parameter,
        "severity": finding.severity,
        "line": None if finding.location is None else finding.location.line,
        "lines": finding.lines,
        "location": _location_document(finding.location),
        "message": finding.message,
        "evidence": dict(finding.evidence),
        "remedies": [_remedy_document(remedy) for remedy in finding.remedies],
        "trial": None if finding.trial is None else _trial_document(finding.trial),
    }


def _remedy_document(remedy: Remedy) -> dict[str, Any]:
    edits = [{**vars(edit), "location": _location_document(edit.location)} for edit in remedy.edits]
    return {"summary": remedy.summary, "edits": edits}


def _trial_document(trial: Trial) -> dict[str, Any]:
    return {
        **vars(trial),
        "controls": dict(trial.controls),
        "curves": dict(trial.curves),
        "changes": list(trial.changes),
    }


# ---------------------------------------------------------------------- from documents


def _diagnosis(document: dict[str, Any]) -> Diagnosis:
    return Diagnosis(
        target=document["target"],
        outcome=document["outcome"],
        seconds=document["seconds"],
        loss=None if document["loss"] is None else _loss(document["loss"]),
        parameters=tuple(
            ParameterReport(**{**entry, "shape": tuple(entry["shape"])}) for entry in document["parameters"]
        ),
        findings=tuple(_finding(entry) for entry in document["findings"]),
        checked=tuple(document["checked"]),
        steps=document["steps"],
    )


def _location(document: dict[str, Any] | None) -> Location | None:
    return None if document is None else Location(**document)


def _loss(document: dict[str, Any]) -> LossReport:
    return LossReport(
        **{**document, "location": _location(document["location"]), "curve": tuple(document["curve"])},
    )


def _finding(document: dict[str, Any]) -> Finding:
    return Finding(
        fault=document["fault"],
        message=document["message"],
        location=_location(document["location"]),
        evidence=document["evidence"],
        mistake=document["mistake"],
        parameter=document["parameter"],
        severity=document["severity"],
        lines=tuple(document["lines"]),
        remedies=tuple(_remedy(entry) for entry in document["remedies"]),
        trial=None if document["trial"] is None else _trial(document["trial"]),
    )


def _remedy(document: dict[str, Any]) -> Remedy:
    edits = tuple(Edit(Location(**edit["location"]), edit["old"], edit["new"]) for edit in document["edits"])
    return Remedy(document["summary"], edits)


def _trial(document: dict[str, Any]) -> Trial:
    lists = {name: tuple(document[name]) for name in ("as_written", "with_remedy", "changes")}
    runs = {
        group: {name: tuple(values) for name, values in document[group].items()} for group in ("controls", "curves")
    }
    return Trial(**{**document, **lists, **runs})
