"""A diagnosis as a JSON document: it obeys the schema and comes back as it was."""

import json
import math
from dataclasses import replace
from types import MappingProxyType
from typing import get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, ValidationError

from unstuck.doctor.diagnosis import Diagnosis, LossReport, Outcome, ParameterReport, UpdateVerdict
from unstuck.doctor.documents import from_document, schema, to_document
from unstuck.doctor.faults import FAULTS, MISTAKES
from unstuck.doctor.findings import Edit, Finding, Location, Remedy, Severity, Trial
from unstuck.errors import DataError

VERSION = (
    "the diagnosis has schema 2, but this version of unstuck reads 1.\n"
    "  Diagnose again, or read it with the version that wrote it."
)
VALIDATOR = Draft202012Validator(schema())

PLACE = Location("xor.py", 15, 4, 15, 30)
FINDING = Finding(
    "plateau-init",
    "The first weights of w1 are too small.",
    PLACE,
    {"gradient": 1e-9, "curvature": [-0.1, 0.2], "where": "step 100", "units": 5, "names": ["w1", "w2"], "other": None},
    parameter="w1",
    severity="fatal",
    lines=(15, 17),
    remedies=(Remedy("Draw them larger.", (Edit(PLACE, "0.01", "1"),)), Remedy("Use RMSProp.")),
    trial=Trial(
        "J", 20000, 3, (0.69, 0.69, 0.69), (0.001, 0.002, 0.001), {"other seed": (0.69,)}, proved=True,
        curves={"as written": (0.7, 0.69)}, changes=("weights of 1", "a rate of 1"),
    ),
)  # fmt: skip
DIAGNOSIS = Diagnosis(
    "xor.py",
    "stuck",
    6.1,
    LossReport("J", PLACE, "bce", "bce", 0.6932, 0.6931, (0.6932, 0.6931)),
    (ParameterReport("w1", 31, (5, 2), "right", 1.0, 0.03), ParameterReport("w2", 32, (1, 5), "cannot-tell")),
    (FINDING,),
    ("Every gradient is right.",),
    20000,
)


def errors(document):
    return [error.message for error in VALIDATOR.iter_errors(document)]


# ---------------------------------------------------------------------- the form


def test_the_schema_is_one():
    Draft202012Validator.check_schema(schema())


def test_a_document_in_full():
    location = {"file": "xor.py", "cell": None, "line": 15, "column": 4, "end_line": 15, "end_column": 30}
    assert to_document(DIAGNOSIS) == {
        "schema": 1,
        "target": "xor.py",
        "outcome": "stuck",
        "healthy": False,
        "seconds": 6.1,
        "steps": 20000,
        "loss": {
            "name": "J", "location": location, "kind": "bce", "descended": "bce", "first": 0.6932, "last": 0.6931,
            "curve": [0.6932, 0.6931],
        },
        "parameters": [
            {"name": "w1", "line": 31, "shape": [5, 2], "update": "right", "cosine": 1.0, "scale": 0.03},
            {"name": "w2", "line": 32, "shape": [1, 5], "update": "cannot-tell", "cosine": None, "scale": None},
        ],
        "findings": [
            {
                "fault": "plateau-init",
                "mistake": None,
                "parameter": "w1",
                "severity": "fatal",
                "line": 15,
                "lines": [15, 17],
                "location": location,
                "message": "The first weights of w1 are too small.",
                "evidence": {
                    "gradient": 1e-9, "curvature": [-0.1, 0.2], "where": "step 100", "units": 5, "names": ["w1", "w2"], "other": None,
                },
                "remedies": [
                    {"summary": "Draw them larger.", "edits": [{"location": location, "old": "0.01", "new": "1"}]},
                    {"summary": "Use RMSProp.", "edits": []},
                ],
                "trial": {
                    "metric": "J", "horizon": 20000, "seeds": 3, "as_written": [0.69, 0.69, 0.69],
                    "with_remedy": [0.001, 0.002, 0.001], "controls": {"other seed": [0.69]}, "proved": True,
                    "curves": {"as written": [0.7, 0.69]}, "changes": ["weights of 1", "a rate of 1"],
                },
            }
        ],
        "checked": ["Every gradient is right."],
        "non_finite": [],
    }  # fmt: skip


def test_the_smallest_document():
    document = to_document(Diagnosis("x.py", "crashes", 0.1))
    assert (document["loss"], document["steps"], document["findings"], document["healthy"]) == (None, None, [], True)
    assert errors(document) == []


def test_a_finding_without_a_place_has_no_line():
    document = to_document(replace(DIAGNOSIS, findings=(replace(FINDING, location=None),)))
    assert (document["findings"][0]["line"], document["findings"][0]["location"]) == (None, None)
    assert errors(document) == []


@pytest.mark.parametrize("code", [*FAULTS, *MISTAKES])
def test_every_code_of_the_catalogue_fits_the_schema(code):
    assert errors(to_document(replace(DIAGNOSIS, findings=(replace(FINDING, fault=code, mistake=code),)))) == []


@pytest.mark.parametrize(
    ("path", "choices"),
    [
        (("properties", "outcome"), Outcome),
        (("$defs", "parameter", "properties", "update"), UpdateVerdict),
        (("$defs", "finding", "properties", "severity"), Severity),
    ],
)
def test_the_schema_knows_every_choice_of_the_classes(path, choices):
    entry = schema()
    for key in path:
        entry = entry[key]
    assert sorted(entry["enum"]) == sorted(get_args(choices))


def objects(entry):
    """Return every part of the schema that describes an object."""
    if isinstance(entry, dict):
        found = [entry] if entry.get("type") == "object" else []
        return found + [inner for value in entry.values() for inner in objects(value)]
    return [inner for value in entry for inner in objects(value)] if isinstance(entry, list) else []


def test_the_schema_is_strict_everywhere():
    for entry in objects(schema()):
        assert "additionalProperties" in entry
        if "properties" in entry:
            assert entry["additionalProperties"] is False
            assert sorted(entry["required"]) == sorted(entry["properties"])


@pytest.mark.parametrize(
    "change",
    [
        {"outcome": "learnt"},
        {"schema": 2},
        {"more": 1},
        {"healthy": None},
        {"findings": [{}]},
        {"non_finite": ["loss", "loss"]},
        {"findings": [{**to_document(DIAGNOSIS)["findings"][0], "fault": "Plateau Init"}]},
        {"findings": [{**to_document(DIAGNOSIS)["findings"][0], "severity": "bad"}]},
        {"parameters": [{**to_document(DIAGNOSIS)["parameters"][0], "update": "maybe"}]},
    ],
)
def test_the_schema_refuses_what_is_no_diagnosis(change):
    with pytest.raises(ValidationError):
        VALIDATOR.validate({**to_document(DIAGNOSIS), **change})


# ---------------------------------------------------------------------- numbers


def test_numbers_of_numpy_become_plain_numbers():
    evidence = MappingProxyType(
        {"a": np.float32(0.5), "b": np.int64(3), "c": np.array([1.0, 2.0]), "d": (1, 2), "e": np.bool_(True)}
    )
    trial = replace(FINDING.trial, as_written=(np.float64(0.25),), horizon=np.int32(5), proved=np.bool_(False))
    document = to_document(
        replace(DIAGNOSIS, seconds=np.float64(1.5), findings=(replace(FINDING, evidence=evidence, trial=trial),))
    )
    assert json.loads(json.dumps(document)) == document
    assert document["findings"][0]["evidence"] == {"a": 0.5, "b": 3, "c": [1.0, 2.0], "d": [1, 2], "e": True}
    assert document["findings"][0]["trial"]["proved"] is False
    assert type(document["seconds"]) is float
    assert errors(document) == []


def test_numbers_that_are_not_finite_are_null_and_listed():
    loss = replace(DIAGNOSIS.loss, last=math.nan, curve=(0.7, math.inf))
    trial = replace(FINDING.trial, with_remedy=(0.1, np.float32(np.nan)), controls={"other seed": (-math.inf,)})
    finding = replace(FINDING, evidence={"update over weight": math.inf, "sizes": [1.0, math.nan]}, trial=trial)
    document = to_document(replace(DIAGNOSIS, loss=loss, findings=(finding,)))
    assert document["non_finite"] == [
        "loss.last",
        "loss.curve.1",
        "findings.0.evidence.update over weight",
        "findings.0.evidence.sizes.1",
        "findings.0.trial.with_remedy.1",
        "findings.0.trial.controls.other seed.0",
    ]
    assert document["loss"]["curve"] == [0.7, None]
    assert errors(document) == []
    json.dumps(document, allow_nan=False)
    back = from_document(document)
    assert math.isnan(back.loss.last)
    assert math.isnan(back.findings[0].trial.with_remedy[1])
    assert to_document(back) == document


# ---------------------------------------------------------------------- there and back

texts = st.text(max_size=8)
finite = st.floats(allow_nan=False, allow_infinity=False)
anything = st.floats()
counts = st.integers(0, 10**9)
lines = st.integers(1, 10**6)
codes = st.sampled_from(list(FAULTS))
locations = st.builds(
    Location, texts, lines, counts, st.none() | lines, st.none() | counts, st.none() | st.integers(1, 99)
)
remedies = st.builds(Remedy, texts, st.lists(st.builds(Edit, locations, texts, texts), max_size=2).map(tuple))


def series(numbers):
    return st.lists(numbers, max_size=3).map(tuple)


def diagnoses(numbers):
    """Return a strategy for diagnoses of every kind, with such numbers."""
    runs = st.dictionaries(texts, series(numbers), max_size=2)
    trials = st.builds(
        Trial,
        texts,
        counts,
        counts,
        series(numbers),
        series(numbers),
        runs,
        proved=st.booleans(),
        curves=runs,
        changes=series(texts),
    )
    evidence = st.dictionaries(
        texts,
        texts | counts | numbers | st.none() | st.lists(numbers, max_size=3) | st.lists(texts, max_size=3),
        max_size=3,
    )
    findings = st.builds(
        Finding,
        codes,
        texts,
        st.none() | locations,
        evidence,
        mistake=st.none() | st.sampled_from(list(MISTAKES)),
        parameter=st.none() | texts,
        severity=st.sampled_from(get_args(Severity)),
        lines=series(lines),
        remedies=st.lists(remedies, max_size=2).map(tuple),
        trial=st.none() | trials,
    )
    losses = st.builds(
        LossReport, st.none() | texts, st.none() | locations, st.none() | texts, st.none() | texts,
        st.none() | numbers, st.none() | numbers, series(numbers),
    )  # fmt: skip
    parameters = st.builds(
        ParameterReport, texts, lines, series(counts), st.sampled_from(get_args(UpdateVerdict)),
        st.none() | numbers, st.none() | numbers,
    )  # fmt: skip
    return st.builds(
        Diagnosis,
        texts,
        st.sampled_from(get_args(Outcome)),
        st.floats(0, 1e6),
        st.none() | losses,
        st.lists(parameters, max_size=2).map(tuple),
        st.lists(findings, max_size=2).map(tuple),
        series(texts),
        st.none() | counts,
    )


@given(diagnoses(finite))
def test_a_diagnosis_comes_back_from_json_as_it_was(diagnosis):
    document = to_document(diagnosis)
    assert errors(document) == []
    assert document["non_finite"] == []
    assert from_document(json.loads(json.dumps(document, allow_nan=False))) == diagnosis


@given(diagnoses(anything))
def test_any_diagnosis_obeys_the_schema_and_its_document_comes_back(diagnosis):
    document = json.loads(json.dumps(to_document(diagnosis), allow_nan=False))
    assert errors(document) == []
    assert to_document(from_document(document)) == document


def test_a_path_that_two_numbers_share_is_listed_once():
    finding = replace(FINDING, evidence={"a.0": math.nan, "a": [math.nan]})
    document = to_document(replace(DIAGNOSIS, findings=(finding,)))
    assert document["non_finite"] == ["findings.0.evidence.a.0"]
    assert errors(document) == []


def test_the_lines_of_the_script_stay_behind():
    assert from_document(to_document(replace(DIAGNOSIS, lines=("import numpy",)))) == DIAGNOSIS


# ---------------------------------------------------------------------- what is no diagnosis


def without(document, *path):
    """Return a copy of a document from which one entry is taken."""
    changed = json.loads(json.dumps(document))
    inner = changed
    for key in path[:-1]:
        inner = inner[key]
    del inner[path[-1]]
    return changed


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ({"loss": 0.1}, "this is no diagnosis: it has no 'schema'."),
        (["schema"], "this is no diagnosis: it has no 'schema'."),
        (
            {**to_document(DIAGNOSIS), "schema": 2},
            VERSION,
        ),
        (without(to_document(DIAGNOSIS), "findings"), "the diagnosis is not complete: 'findings' is missing."),
        (without(to_document(DIAGNOSIS), "non_finite"), "the diagnosis is not complete: 'non_finite' is missing."),
        (
            without(to_document(DIAGNOSIS), "findings", 0, "trial", "curves"),
            "the diagnosis is not complete: 'curves' is missing.",
        ),
        (
            {**to_document(DIAGNOSIS), "findings": 3},
            "the diagnosis is damaged: 'int' object is not iterable.",
        ),
    ],
)
def test_what_is_no_diagnosis_is_an_error_that_says_why(document, message):
    if "  " not in message:
        message += "\n  Expected what 'unstuck diagnose --json' printed."
    with pytest.raises(DataError) as raised:
        from_document(document)
    assert str(raised.value) == message


def test_a_place_with_something_unknown_is_damaged():
    document = to_document(DIAGNOSIS)
    document["findings"][0]["location"]["row"] = 1
    with pytest.raises(DataError, match=r"^the diagnosis is damaged: .*unexpected keyword argument 'row'"):
        from_document(document)
