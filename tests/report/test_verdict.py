"""The verdict in one sentence."""

from dataclasses import replace

import pytest

from unstuck.doctor.diagnosis import Diagnosis
from unstuck.doctor.faults import FAULTS
from unstuck.doctor.findings import SEVERITIES, Finding, Location
from unstuck.report.verdict import title_of, verdict


def finding(fault="step-too-large", severity="fatal", mistake=None):
    return Finding(fault, "m", Location("xor.py", 15), {"e": 1}, mistake=mistake, severity=severity)


def said(outcome, *findings, place="line 15"):
    return verdict(Diagnosis("xor.py", outcome, 1.0, findings=findings), place if findings else "")


@pytest.mark.parametrize(
    ("outcome", "sentence"),
    [
        ("learns", "xor.py learns, and nothing is wrong with it."),
        ("stuck", "xor.py does not learn, and no cause was found."),
        ("diverges", "xor.py diverges, and no cause was found."),
        ("crashes", "xor.py crashes, and no cause was found."),
        ("unfinished", "xor.py was not finished when its time was up; until then nothing was found that matters."),
        ("no-training-step", "xor.py has no training step that the doctor could find."),
    ],
)
def test_without_findings(outcome, sentence):
    assert said(outcome) == sentence


@pytest.mark.parametrize(
    ("outcome", "sentence"),
    [
        ("learns", "xor.py learns, but the steps are too large (line 15)."),
        ("stuck", "xor.py does not learn: the steps are too large (line 15)."),
        ("diverges", "xor.py diverges: the steps are too large (line 15)."),
        ("crashes", "xor.py crashes: the steps are too large (line 15)."),
        ("unfinished", "xor.py was not finished when its time was up; so far: the steps are too large (line 15)."),
        ("no-training-step", "xor.py does not train: the steps are too large (line 15)."),
    ],
)
def test_with_a_cause(outcome, sentence):
    assert said(outcome, finding()) == sentence


@pytest.mark.parametrize(
    ("outcome", "sentence"),
    [
        ("learns", "xor.py learns, but perhaps the steps are too large (line 15)."),
        ("stuck", "xor.py does not learn, perhaps because the steps are too large (line 15)."),
        ("diverges", "xor.py diverges, perhaps because the steps are too large (line 15)."),
    ],
)
def test_what_nobody_tried_is_only_possible(outcome, sentence):
    assert said(outcome, finding(severity="unproven")) == sentence


@pytest.mark.parametrize(
    ("outcome", "amount", "sentence"),
    [
        ("learns", 1, "xor.py learns, in spite of 1 harmless mistake."),
        ("learns", 2, "xor.py learns, in spite of 2 harmless mistakes."),
        ("stuck", 1, "xor.py does not learn, and no cause was found beside 1 harmless mistake."),
    ],
)
def test_harmless_mistakes_are_no_cause(outcome, amount, sentence):
    assert said(outcome, *[finding(severity="harmless")] * amount) == sentence


def test_the_first_of_several_nowhere_in_particular():
    sentence = "xor.py does not learn: a bias is missing, the first of 2 findings."
    assert said("stuck", finding("missing-bias"), finding(), place="") == sentence


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        ("does-not-parse", "xor.py cannot run: it is not valid Python (line 15)."),
        ("missing-module", "xor.py cannot run: a module is not installed (line 15)."),
        ("missing-file", "xor.py crashes: a file is missing (line 15)."),
        ("crash", "xor.py crashes: it ends with an error (line 15)."),
    ],
)
def test_crashes(fault, sentence):
    assert said("crashes", finding(fault)) == sentence


def test_the_mistake_is_named():
    wrong = finding("wrong-gradient", mistake="missing-transpose")
    assert said("stuck", wrong) == "xor.py does not learn: a transpose is missing (line 15)."
    assert title_of(wrong) == "A gradient is wrong: a transpose is missing"


def test_codes_of_a_newer_doctor_are_read_as_words():
    unknown = finding("odd-new-fault", mistake="some-mistake")
    assert title_of(unknown) == "Odd new fault: some mistake"
    assert title_of(replace(unknown, mistake=None)) == "Odd new fault"


@pytest.mark.parametrize("severity", SEVERITIES)
@pytest.mark.parametrize("fault", FAULTS)
def test_every_fault_makes_one_sentence(fault, severity):
    for outcome in ("learns", "stuck", "diverges", "crashes", "unfinished", "no-training-step"):
        sentence = said(outcome, finding(fault, severity))
        assert sentence.startswith("xor.py ")
        assert sentence.count(". ") == 0
        assert sentence.endswith(".")
        assert "  " not in sentence
