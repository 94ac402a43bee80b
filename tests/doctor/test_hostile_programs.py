"""The doctor against programs that are no training scripts, do harm or never end, and against those that cannot run.

Whatever they do, there is a diagnosis in time that accuses no training of anything, and nothing is left behind.
A twelfth of the programs is looked at in every run of the tests, all of them, and with more patience, with ``pytest -m slow``.
"""

import secrets
import sys
import tempfile
import time
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from unstuck.doctor.diagnose import diagnose_script, diagnose_text
from unstuck.doctor.documents import schema, to_document
from unstuck.doctor.options import DiagnosisOptions
from unstuck.doctor.scripts import child_process
from unstuck.doctor.scripts.processes import session_processes

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))
try:
    from hostile_programs import broken_programs, hostile_programs
finally:
    sys.path.remove(str(HERE))

VALIDATOR = Draft202012Validator(schema())
BOUND = 40.0
"""Seconds, on a machine that does other things as well."""
ALLOWED = {"does-not-parse", "crash", "missing-file", "missing-module", "wrong-import", "unused-setting"}
"""What can be wrong with a program that trains nothing."""
TEST_FILES = sorted(HERE.parent.rglob("test_*.py"))


def sampled(programs, *, every, short=4.0, long=12.0):
    """Return each program with a time limit; all but every so manieth are slow."""
    return [
        pytest.param(program, short, id=program.name)
        if number % every == every - 1
        else pytest.param(program, long, id=program.name, marks=pytest.mark.slow)
        for number, program in enumerate(programs)
    ]


@pytest.fixture
def nothing_left(tmp_path, monkeypatch):
    """See to it that a test leaves no process, no temporary folder and no file behind."""
    temporary, current = tmp_path / "temporary", tmp_path / "current"
    temporary.mkdir()
    current.mkdir()
    markers = []

    def noted(size):
        markers.append(secrets.token_bytes(size).hex())
        return markers[-1]

    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    monkeypatch.setattr(child_process.secrets, "token_hex", noted)
    monkeypatch.chdir(current)
    yield
    assert [process for marker in markers for process in session_processes(marker)] == []
    assert [path.name for folder in (temporary, current) for path in folder.iterdir()] == []


def diagnosed(diagnose, program, limit):
    """Return a diagnosis that came in time and has the form it should have."""
    began = time.monotonic()
    diagnosis = diagnose(program, DiagnosisOptions(trials=False, time_limit=limit, memory=1024))
    assert time.monotonic() - began < BOUND
    assert [error.message for error in VALIDATOR.iter_errors(to_document(diagnosis))] == []
    return diagnosis


@pytest.mark.usefixtures("nothing_left")
@pytest.mark.parametrize(("program", "limit"), sampled(hostile_programs(), every=12))
def test_a_program_that_trains_nothing_is_accused_of_no_bad_training(program, limit, caplog):
    diagnosis = diagnosed(diagnose_text, program.text, limit)
    assert [finding.message for finding in diagnosis.findings if finding.fault not in ALLOWED] == []
    assert caplog.messages == []


@pytest.mark.usefixtures("nothing_left")
@pytest.mark.parametrize(("program", "limit"), sampled(broken_programs(), every=5))
def test_what_keeps_a_program_from_running_is_found_at_its_place(program, limit):
    diagnosis = diagnosed(diagnose_text, program.text, limit)
    assert diagnosis.outcome == "crashes"
    assert not diagnosis.healthy
    assert [finding.location.line for finding in diagnosis.findings if finding.severity == "fatal" and finding.location]


@pytest.mark.slow
@pytest.mark.usefixtures("nothing_left")
@pytest.mark.parametrize("path", TEST_FILES[:: max(1, len(TEST_FILES) // 15)], ids=lambda path: path.stem)
def test_a_test_of_this_project_is_accused_of_no_bad_training(path):
    diagnosis = diagnosed(diagnose_script, path, 12.0)
    assert [finding.message for finding in diagnosis.findings if finding.fault not in ALLOWED] == []


def test_there_are_as_many_programs_as_promised():
    programs, broken = hostile_programs(), broken_programs()
    assert len({program.name for program in programs}) == len(programs) == 300
    assert len({program.name for program in broken}) == len(broken) == 50
    assert hostile_programs() == programs


def test_what_the_doctor_does_not_let_a_program_do_is_no_fault_of_the_program():
    diagnosis = diagnose_text("import subprocess\nsubprocess.run(['ls'])\n", DiagnosisOptions(trials=False))
    assert (diagnosis.outcome, diagnosis.healthy) == ("unfinished", True)
    assert [finding.message for finding in diagnosis.findings] == [
        (
            "The script could be followed no further than to what it does in line 2: "
            "other programs are not started while the doctor runs a script. That is no fault of it."
        )
    ]
