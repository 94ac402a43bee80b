"""The doctor against scripts in many styles: each fault is found at its line, and nothing is found where nothing is wrong.

Without trials, which take several times as long; what needs a trial to be a finding at all is looked for with trials.
A few of the scripts are looked at in every run of the tests, all of them with ``pytest -m slow``.
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


QUICK = {
    "001_xor_class.py", "007_three_blobs.py", "013_spiral_columns.py", "025_square_batch.py", "037_local_weights.py", "073_column_mean.py",
    "001_xor_flat_columns.py", "006_layers_spiral.py", "031_batchnorm.py",
}  # fmt: skip
"""Scripts of different styles that are looked at in every run of the tests."""


def sampled(names):
    """Mark all but a few names as slow."""
    return [name if name in QUICK else pytest.param(name, marks=pytest.mark.slow) for name in names]


@pytest.mark.parametrize("name", sampled(sorted(FAULTY)))
def test_the_fault_is_found_at_its_line(name):
    expected = FAULTY[name]
    diagnosis = diagnose_script(CORPUS / "faulty" / name, DiagnosisOptions(trials=expected["fault"] in NEEDS_TRIAL))
    found = [finding for finding in diagnosis.findings if finding.fault == expected["fault"]]
    assert found, f"found {[finding.fault for finding in diagnosis.findings]}"
    lines = {
        line for finding in found for line in (*finding.lines, *([finding.location.line] if finding.location else []))
    }
    assert lines & set(expected["lines"]) or not lines


@pytest.mark.parametrize("name", sampled(HEALTHY))
def test_nothing_is_found_in_a_healthy_script(name):
    diagnosis = diagnose_script(CORPUS / "healthy" / name, DiagnosisOptions(trials=False))
    assert [(finding.fault, finding.message) for finding in diagnosis.findings if finding.severity != "harmless"] == []
    assert diagnosis.outcome == "learns"


@pytest.mark.parametrize("name", sampled(MENDED))
def test_nothing_is_found_in_a_mended_script(name):
    diagnosis = diagnose_script(CORPUS / "mended" / name, DiagnosisOptions(trials=False))
    assert [(finding.fault, finding.message) for finding in diagnosis.findings if finding.severity != "harmless"] == []
