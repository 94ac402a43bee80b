"""Figures, by hand."""

import numpy as np
import pytest

from faultbench.operators import OPERATORS
from faultbench.page import page
from faultbench.results import Result, append, read
from faultbench.scoring import Share, baselines, random_remedy, score
from faultbench.split import PARTS, is_for_tuning


def finding(fault="wrong-gradient", mistake="missing-factor", line=10, proved=True):
    severity = "fatal" if proved else "harmless"
    return {"fault": fault, "mistake": mistake, "severity": severity, "line": line, "lines": [line], "proved": proved}


def result(name="a/drop-factor/1", label="stuck", findings=(), operator="drop-factor", **values):
    findings = list(findings)
    known = {
        "style": "a", "effect": "update", "lines": [10], "outcome": "stuck", "seconds": 2.0, "script_seconds": 0.5, "error": "",
        "healthy": all(each["severity"] == "harmless" for each in findings), "loss_only": True, "symptom_rules": False,
        "gradient_check": True, "random_remedy": False,
    }  # fmt: skip
    return Result(name=name, operator=operator, label=label, findings=findings, **{**known, **values})


RESULTS = [
    result(findings=[finding()]),
    result(findings=[finding(mistake="extra-factor", line=11), finding(line=10)]),
    result(findings=[finding("ascends", None, 10)], random_remedy=True),
    result(label="silent", findings=[finding(proved=False)], random_remedy=None),
    result(label="stuck", findings=[], outcome="unfinished"),
    result(label="equivalent", findings=[]),
    result(label="equivalent", findings=[finding()]),
    result(label="crash", findings=[finding("crash", None, 3, proved=False)]),
    result("a/seed/1", "healthy", [], operator="", lines=[]),
]


def test_figures():
    scores = score(RESULTS)
    assert scores.detected == Share(4, 5)
    assert scores.line_first == Share(3, 5)
    assert scores.line_in_three == Share(4, 5)
    assert scores.named == Share(2, 5)
    assert scores.precision == Share(2, 4)
    assert scores.proved == Share(3, 4)
    assert scores.abstained == Share(1, 5)
    assert scores.false_alarms == Share(1, 3)
    assert random_remedy(RESULTS) == Share(1, 4)
    assert baselines(RESULTS)["loss only"] == (Share(5, 5), Share(3, 3))


def test_longer_steps_of_single_parameters_are_named_by_what_they_are():
    finding_of_rate = finding("step-too-large", None)
    assert score([result(findings=[finding_of_rate], effect="rate")]).named == Share(1, 1)
    assert score([result(findings=[finding_of_rate])]).named == Share(0, 1)


def test_intervals_are_wilsons():
    """Brown, Cai and DasGupta (2001) give 0.237 to 0.763 for 5 of 10."""
    assert str(Share(5, 10)) == "50.0% (23.7%–76.3%; 5/10)"
    assert str(Share(0, 0)) == "–"


def test_rows_come_back_as_they_were(tmp_path):
    path = tmp_path / "results" / "tuning.csv"
    assert list(read(path)) == []
    for each in RESULTS:
        append(path, each)
    assert list(read(path)) == RESULTS


def test_the_page_has_every_group():
    text = page(RESULTS, "tuning")
    for part in (
        "9 scripts: 4 stuck",
        "| drop-factor |",
        "| gradient |",
        "| a |",
        "| loss only |",
        "Of the 1 crashes 1 draw",
    ):
        assert part in text


def test_the_split_settles_each_name_by_itself():
    assert PARTS == ("tuning", "held-out")
    known = {name: is_for_tuning("operator", name) for name in OPERATORS}
    assert known["flip-term"]
    assert not known["drop-factor"]
    shares = [np.mean([is_for_tuning(kind, f"name-{n}") for n in range(2000)]) for kind in ("style", "operator")]
    assert np.prod(shares) == pytest.approx(0.51, abs=0.04)
