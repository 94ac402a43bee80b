"""Whole small scripts, from their text to the diagnosis."""

import json
import logging
import sys

import pytest
from jsonschema import Draft202012Validator

from unstuck.doctor.diagnose import diagnose_script, diagnose_text
from unstuck.doctor.documents import schema, to_document
from unstuck.doctor.options import DiagnosisOptions
from unstuck.errors import FileError

QUICK = DiagnosisOptions(trials=False, time_limit=8.0)
VALIDATOR = Draft202012Validator(schema())

XOR = """\
import numpy as np

X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], dtype=float)
y = np.array([[0.0], [1], [1], [0]])
rng = np.random.default_rng(1)
W1 = rng.normal(size=(2, 4))
b1 = np.zeros(4)
W2 = rng.normal(size=(4, 1))
b2 = np.zeros(1)

for epoch in range(2000):
    a1 = 1 / (1 + np.exp(-(X @ W1 + b1)))
    a2 = 1 / (1 + np.exp(-(a1 @ W2 + b2)))
    loss = np.mean((a2 - y) ** 2)
    d2 = (a2 - y) * a2 * (1 - a2)
    d1 = d2 @ W2.T * a1 * (1 - a1)
    W2 -= 2.0 * a1.T @ d2
    b2 -= 2.0 * d2.sum(axis=0)
    W1 -= 2.0 * X.T @ d1
    b1 -= 2.0 * d1.sum(axis=0)
"""
WRONG = XOR.replace("d2 @ W2.T * a1 * (1 - a1)", "d2 @ W2.T")
HEAD, _, STEP = XOR.partition("for epoch in range(2000):\n")
STRAIGHT = HEAD + STEP.replace("    ", "")


def faults(diagnosis):
    return [(finding.fault, finding.location and finding.location.line) for finding in diagnosis.findings]


def checked(diagnosis):
    """Return the diagnosis; its document obeys the schema and can be written."""
    document = to_document(diagnosis)
    assert [error.message for error in VALIDATOR.iter_errors(document)] == []
    assert json.loads(json.dumps(document, allow_nan=False)) == document
    return diagnosis


def diagnosed(text, options=QUICK):
    return checked(diagnose_text(text, options))


# ---------------------------------------------------------------------- scripts with a training step


def test_a_healthy_script():
    diagnosis = diagnosed(XOR)
    assert (diagnosis.outcome, diagnosis.healthy, diagnosis.findings) == ("learns", True, ())
    assert [(entry.name, entry.shape, entry.update) for entry in diagnosis.parameters] == [
        ("W1", (2, 4), "right"), ("b1", (4,), "right"), ("W2", (4, 1), "right"), ("b2", (1,), "right"),
    ]  # fmt: skip
    assert {entry.line for entry in diagnosis.parameters} == {17, 18, 19, 20}
    assert all(entry.cosine == 1.0 for entry in diagnosis.parameters)
    assert (diagnosis.loss.name, diagnosis.loss.location.line, diagnosis.loss.descended) == ("loss", 14, "half_sum")
    assert diagnosis.loss.last < 0.05
    assert diagnosis.loss.first > 0.2
    assert (diagnosis.target, diagnosis.steps, diagnosis.lines) == ("<script>", 2000, tuple(XOR.splitlines()))
    assert diagnosis.checked
    assert diagnosis.seconds > 0


def test_a_wrong_gradient_in_a_file(tmp_path):
    path = tmp_path / "mine.py"
    path.write_text(WRONG)
    diagnosis = checked(diagnose_script(path, QUICK))
    assert diagnosis.target == str(path)
    assert not diagnosis.healthy
    (finding,) = diagnosis.findings
    assert (finding.fault, finding.mistake, finding.severity) == (
        "wrong-gradient", "missing-activation-derivative", "unproven",
    )  # fmt: skip
    assert (finding.location.file, finding.location.line, finding.lines) == ("mine.py", 16, (16,))
    assert {entry.name: entry.update for entry in diagnosis.parameters} == {
        "W1": "wrong", "b1": "wrong", "W2": "right", "b2": "right",
    }  # fmt: skip
    assert path.read_text() == WRONG
    assert list(tmp_path.iterdir()) == [path]


def test_a_finding_can_be_ignored_and_an_unknown_code_is_told(caplog):
    text = WRONG.replace("d2 @ W2.T", "d2 @ W2.T  # unstuck: ignore[wrong-gradient, wrong-gradent]")
    with caplog.at_level(logging.WARNING, "unstuck"):
        diagnosis = diagnosed(text)
    assert (diagnosis.findings, diagnosis.healthy) == ((), True)
    assert [record.getMessage() for record in caplog.records] == [
        "line 16: unknown fault 'wrong-gradent' in '# unstuck: ignore[...]'. Did you mean 'wrong-gradient'?"
    ]


@pytest.fixture
def no_checks(monkeypatch):
    """Where what the checks say is not the point, they cost only time."""
    monkeypatch.setattr("unstuck.doctor.checks.all_checks.all_checks", list)


@pytest.mark.usefixtures("no_checks")
def test_a_crash_after_the_training_does_not_undo_it():
    diagnosis = diagnosed(XOR + "print(undefined_name)\n")
    assert (diagnosis.outcome, diagnosis.healthy) == ("learns", True)
    assert [(*fault, diagnosis.findings[0].severity) for fault in faults(diagnosis)] == [("crash", 21, "harmless")]


@pytest.mark.usefixtures("no_checks")
def test_leaving_by_sys_exit_is_no_crash():
    diagnosis = diagnosed(XOR + "import sys\nsys.exit(3)\n")
    assert (diagnosis.outcome, diagnosis.findings) == ("learns", ())


@pytest.mark.usefixtures("no_checks")
def test_leaving_by_os_exit_hides_nothing():
    diagnosis = diagnosed(XOR.replace("range(2000)", "range(400)") + "import os\nos._exit(3)\n")
    assert (diagnosis.steps, diagnosis.findings) == (400, ())


def test_a_step_without_a_loop():
    diagnosis = diagnosed(STRAIGHT)
    assert diagnosis.outcome in ("stuck", "learns")
    assert diagnosis.findings[0].fault == "no-loop"


def test_a_notebook(tmp_path):
    path = tmp_path / "mine.ipynb"
    loop = XOR.index("for epoch")
    cells = [XOR[:loop], WRONG[WRONG.index("for epoch") :]]
    path.write_text(
        json.dumps({
            "cells": [{"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None, "source": cell} for cell in cells],
            "metadata": {}, "nbformat": 4, "nbformat_minor": 5,
        })
    )  # fmt: skip
    diagnosis = checked(diagnose_script(path, QUICK))
    (finding,) = diagnosis.findings
    assert (finding.fault, finding.location.file, finding.location.cell) == ("wrong-gradient", "mine.ipynb", 2)
    assert cells[1].splitlines()[finding.location.line - 1].strip() == "d1 = d2 @ W2.T"


# ---------------------------------------------------------------------- scripts without one


def test_a_crash_before_the_training():
    diagnosis = diagnosed("import numpy as np\nX = np.zeros((3, 2))\nW = np.zeros((3, 1))\nprint(X @ W)\n")
    assert (diagnosis.outcome, diagnosis.healthy, diagnosis.steps) == ("crashes", False, None)
    assert faults(diagnosis) == [("shape-mismatch", 4)]
    assert diagnosis.findings[0].severity == "fatal"


def test_what_does_not_parse_is_not_run():
    diagnosis = diagnosed("import numpy as np\nfor epoch in range(3)\n    pass\n")
    assert (diagnosis.outcome, faults(diagnosis)) == ("crashes", [("does-not-parse", 2)])
    assert diagnosis.lines[1] == "for epoch in range(3)"


def test_text_that_is_no_text_of_a_program():
    diagnosis = diagnosed("x = 1\0\n")
    assert (diagnosis.outcome, diagnosis.findings[0].fault) == ("crashes", "does-not-parse")


def test_nesting_beyond_what_python_can_parse():
    assert diagnosed(f"x = {'-' * 100_000}1\n").outcome in ("no-training-step", "crashes")


def test_a_missing_module():
    diagnosis = diagnosed("import no_such_module_anywhere\n")
    assert (diagnosis.outcome, faults(diagnosis)) == ("crashes", [("missing-module", 1)])


@pytest.mark.parametrize(
    "text",
    ["print('hello')\n", "", "import sys\nsys.exit(3)\n", "import os\nos._exit(3)\n"],
    ids=["no training", "empty", "sys.exit", "os._exit"],
)
def test_nothing_is_trained(text):
    diagnosis = diagnosed(text)
    assert (diagnosis.outcome, diagnosis.healthy, diagnosis.findings) == ("no-training-step", True, ())
    assert (diagnosis.loss, diagnosis.parameters, diagnosis.steps) == (None, (), None)


def test_a_script_that_computes_for_long_without_training_is_unfinished():
    options = DiagnosisOptions(trials=False, time_limit=2.0)
    assert diagnosed("number = 0\nwhile True:\n    number += 1\n", options).outcome == "unfinished"


def test_arguments_reach_the_script():
    text = "import sys\nraise ValueError(' '.join(sys.argv[1:]))\n"
    diagnosis = diagnosed(text, DiagnosisOptions(arguments=("--epochs", "3"), trials=False))
    assert "--epochs 3" in diagnosis.findings[0].message


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(FileError):
        diagnose_script(tmp_path / "nothing.py")


# ---------------------------------------------------------------------- a check that fails


@pytest.mark.usefixtures("failing_check")
def test_a_check_that_fails_is_told_and_the_rest_goes_on(caplog):
    with caplog.at_level(logging.WARNING, "unstuck"):
        diagnosis = diagnosed(XOR)
    assert diagnosis.outcome == "learns"
    assert [record.getMessage() for record in caplog.records] == [
        "the check broken has failed (ZeroDivisionError: by zero); what it looks for was not looked for"
    ]


def test_checks_that_there_was_no_time_for_are_told_at_once(caplog, monkeypatch):
    def check(_examination):
        raise TimeoutError("no answer")

    monkeypatch.setattr("unstuck.doctor.checks.all_checks.all_checks", lambda: [("one", check), ("two", check)])
    with caplog.at_level(logging.WARNING, "unstuck"):
        assert diagnosed(XOR).findings == ()
    assert [record.getMessage() for record in caplog.records] == [
        "the time was over, or the script had ended itself, before these checks were done: one, two"
    ]


@pytest.mark.usefixtures("failing_check")
def test_with_debug_a_check_that_fails_ends_the_diagnosis():
    with pytest.raises(ZeroDivisionError):
        diagnose_text(XOR, DiagnosisOptions(trials=False, debug=True))


# ---------------------------------------------------------------------- nothing is left behind


def test_nothing_of_the_script_runs_in_this_process():
    before = set(sys.modules)
    diagnosed("import this_is_not_there\n")
    diagnosed("import colorsys\n")
    assert not {"this_is_not_there", "colorsys"} & (set(sys.modules) - before)


def test_a_name_that_numpy_no_longer_has_is_found_though_the_run_is_given_a_stand_in():
    diagnosis = diagnose_text("import numpy as np\nx = np.asfarray([1, 2])\nprint(x)\n", DiagnosisOptions(trials=False))
    assert [(finding.fault, finding.severity, finding.lines) for finding in diagnosis.findings] == [
        ("wrong-import", "fatal", (2,))
    ]
    assert diagnosis.outcome == "crashes"


def test_a_script_that_is_prepared_for_a_missing_name_is_left_alone():
    text = "import numpy as np\ntry:\n    x = np.asfarray([1, 2])\nexcept AttributeError:\n    x = np.asarray([1.0, 2.0])\n"
    assert diagnose_text(text, DiagnosisOptions(trials=False)).findings == ()
