"""The doctor against scripts in many styles: each fault is found at its line, and nothing is found where nothing is wrong.

Without trials, which take several times as long; what needs a trial to be a finding at all is looked for with trials.
A tenth of the scripts is looked at in every run of the tests, all of them with ``pytest -m slow``.
"""

import json
from pathlib import Path

import pytest

from unstuck.doctor.diagnose import diagnose_script
from unstuck.doctor.options import DiagnosisOptions

CORPUS = Path(__file__).parent / "corpus"
FAULTY = json.loads((CORPUS / "faulty.json").read_text())
HEALTHY = sorted(json.loads((CORPUS / "healthy.json").read_text()))
MENDED = sorted(path.name for path in (CORPUS / "mended").glob("*.py"))
NEEDS_TRIAL = {
    "plateau-init", "input-scale", "step-too-large", "step-too-small", "not-shuffled", "too-few-steps", "missing-bias", "no-hidden-layer",
    "sum-not-mean", "saturation", "dead-relu", "symmetric-init", "optimizer-error",
}  # fmt: skip
"""Faults that are found only if their remedy helps."""


def sampled(names, *, every, offset=0):
    """Mark all but every so manieth name as slow."""
    return [
        name if (number + offset) % every == 0 else pytest.param(name, marks=pytest.mark.slow)
        for number, name in enumerate(names)
    ]


@pytest.mark.parametrize("name", sampled(sorted(FAULTY), every=12))
def test_the_fault_is_found_at_its_line(name):
    expected = FAULTY[name]
    diagnosis = diagnose_script(CORPUS / "faulty" / name, DiagnosisOptions(trials=expected["fault"] in NEEDS_TRIAL))
    found = [finding for finding in diagnosis.findings if finding.fault == expected["fault"]]
    assert found, f"found {[finding.fault for finding in diagnosis.findings]}"
    lines = {
        line for finding in found for line in (*finding.lines, *([finding.location.line] if finding.location else []))
    }
    assert lines & set(expected["lines"]) or not lines


@pytest.mark.parametrize("name", sampled(HEALTHY, every=9))
def test_nothing_is_found_in_a_healthy_script(name):
    diagnosis = diagnose_script(CORPUS / "healthy" / name, DiagnosisOptions(trials=False))
    assert [(finding.fault, finding.message) for finding in diagnosis.findings if finding.severity != "harmless"] == []
    assert diagnosis.outcome == "learns"


@pytest.mark.parametrize("name", sampled(MENDED, every=24, offset=4))
def test_nothing_is_found_in_a_mended_script(name):
    diagnosis = diagnose_script(CORPUS / "mended" / name, DiagnosisOptions(trials=False))
    assert [(finding.fault, finding.message) for finding in diagnosis.findings if finding.severity != "harmless"] == []
