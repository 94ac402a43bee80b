"""``unstuck diagnose``: exit statuses, documents, folders and mended copies."""

import io
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from unstuck.doctor import diagnose as doctor
from unstuck.doctor.documents import schema

VALIDATOR = Draft202012Validator(schema())
QUICK = "diagnose --no-trials --time-limit 8"

LEARNS = """\
import numpy as np

X = np.array([[0.0], [1.0], [2.0], [3.0]])
y = 2 * X + 1
w, b = np.zeros((1, 1)), np.zeros(1)
for step in range(500):
    out = X @ w + b
    loss = np.mean((out - y) ** 2)
    w -= 0.05 * X.T @ (out - y) / 2
    b -= 0.05 * (out - y).sum(0) / 2
"""
CLIMBS = LEARNS.replace("w -=", "w +=").replace("b -=", "b +=")
CRASHES = "import numpy as np\nX = np.zeros((3, 2))\nW = np.zeros((3, 1))\nprint(X @ W)\n"
BRACKET = "print((1)\n"
TELLS = "import sys\nraise ValueError('got ' + ' '.join(sys.argv[1:]))\n"


@pytest.fixture
def script():
    """Write a script and return its name."""

    def write(text, name="mine.py"):
        Path(name).write_text(text)
        return name

    return write


# ---------------------------------------------------------------------- exit statuses


def test_a_script_that_learns_and_is_well_is_0(unstuck, script):
    status, out, err = unstuck(f"{QUICK} {script(LEARNS)}")
    assert (status, err) == (0, "")
    assert "mine.py" in out
    assert [path.name for path in Path().iterdir()] == ["mine.py"]


def test_a_finding_is_1_and_stands_in_the_report(unstuck, script):
    status, out, err = unstuck(f"{QUICK} {script(CLIMBS)}")
    assert (status, err) == (1, "")
    assert "ascends" in out
    assert "w += 0.05 * X.T @ (out - y) / 2" in out


@pytest.mark.parametrize("text", [CRASHES, BRACKET, "print('nothing to train')\n"])
def test_what_crashes_or_trains_nothing_is_1(unstuck, script, text):
    assert unstuck(f"{QUICK} {script(text)}").status == 1


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("diagnose nothing.py", "nothing.py"),
        ("diagnose", "Missing argument 'SCRIPT'"),
        ("diagnose mine.py --replay never", "'never' is not one of 'fork', 'rerun'"),
        ("diagnose mine.py --time-limit 0", "time-limit must be a number above 0. Got 0.0 instead."),
        ("diagnose mine.py --workers 0", "workers must be a whole number of at least 1. Got 0 instead."),
        ("diagnose mine.py --sample 1", "--sample goes with --trace STEPS: it says whose values to print."),
        ("diagnose folder", "no script in folder: expected files that end in .py or .ipynb."),
    ],
)
def test_wrong_use_is_2(unstuck, script, line, message):
    script(LEARNS)
    Path("folder").mkdir()
    status, out, err = unstuck(line)
    assert (status, out) == (2, "")
    assert message in err


@pytest.mark.usefixtures("failing_check")
def test_a_check_that_fails_is_told_and_with_debug_shown(unstuck, script):
    told = "the check broken has failed (ZeroDivisionError: by zero); what it looks for was not looked for\n"
    status, _, err = unstuck(f"{QUICK} {script(LEARNS)}")
    assert (status, err) == (0, told)
    with pytest.raises(ZeroDivisionError):
        unstuck(f"--debug {QUICK} mine.py")


def test_a_fault_of_the_doctor_itself_is_3(unstuck, script, monkeypatch):
    def look_for_step(*_, **__):
        raise doctor.OwnFaultError("the instrument is out of tune")

    monkeypatch.setattr(doctor, "look_for_step", look_for_step)
    status, out, err = unstuck(f"{QUICK} {script(LEARNS)}")
    assert (status, out) == (3, "")
    assert err.startswith("Error: unstuck itself failed: OwnFaultError: the instrument is out of tune\n")


# ---------------------------------------------------------------------- documents


def test_json_obeys_the_schema(unstuck, script):
    outcome = unstuck(f"{QUICK} --json {script(CLIMBS)}")
    assert outcome.status == 1
    assert [error.message for error in VALIDATOR.iter_errors(outcome.json)] == []
    assert outcome.json["target"] == "mine.py"
    assert outcome.json["findings"][0]["fault"] == "ascends"


def test_a_script_from_standard_input(unstuck, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO(CRASHES))
    outcome = unstuck(f"{QUICK} --json -")
    assert outcome.status == 1
    assert (outcome.json["target"], outcome.json["findings"][0]["fault"]) == ("<script>", "shape-mismatch")


def test_what_stands_behind_two_dashes_goes_to_the_script(unstuck, script):
    outcome = unstuck(f"{QUICK} --json {script(TELLS)} -- --epochs 3 --json")
    assert "got --epochs 3 --json" in outcome.json["findings"][0]["message"]


# ---------------------------------------------------------------------- folders


def test_every_script_of_a_folder(unstuck, script):
    Path("folder").mkdir()
    for name, text in (("b.py", BRACKET), ("a.py", CRASHES), ("a.mended.py", CRASHES), ("notes.txt", "x")):
        script(text, f"folder/{name}")
    outcome = unstuck(f"{QUICK} --json folder")
    assert outcome.status == 1
    assert outcome.json["schema"] == 1
    assert [Path(entry["target"]).name for entry in outcome.json["diagnoses"]] == ["a.py", "b.py"]
    assert [error for entry in outcome.json["diagnoses"] for error in VALIDATOR.iter_errors(entry)] == []
    status, out, _ = unstuck(f"{QUICK} folder")
    assert status == 1
    assert out.endswith("0 of 2 scripts learn and are well.\n")


# ---------------------------------------------------------------------- mended copies


def test_a_mended_script_is_written_beside_the_original(unstuck, script):
    status, _, err = unstuck(f"{QUICK} --patch {script(BRACKET)}")
    assert (status, err) == (1, "Mended script: mine.mended.py\n")
    assert Path("mine.py").read_text() == BRACKET
    assert Path("mine.mended.py").read_text() == "print((1))\n"


def test_a_mended_script_that_is_there_is_replaced_only_by_force(unstuck, script):
    script(BRACKET)
    script("mine", "mine.mended.py")
    status, out, err = unstuck(f"{QUICK} --patch mine.py")
    assert (status, out) == (2, "")
    assert "mine.mended.py" in err
    assert Path("mine.mended.py").read_text() == "mine"
    assert unstuck(f"{QUICK} --patch --force mine.py").status == 1
    assert Path("mine.mended.py").read_text() == "print((1))\n"
    assert Path("mine.py").read_text() == BRACKET


# ---------------------------------------------------------------------- help


def test_help_says_that_it_runs_the_script(unstuck):
    status, out, _ = unstuck("diagnose --help")
    assert status == 0
    assert "Diagnosing RUNS the script" in " ".join(out.split())
    assert "Example:\n  unstuck diagnose my_script.py -- --epochs 100\n" in out


# ---------------------------------------------------------------------- runs


def test_a_run_folder_is_trained_again(unstuck):
    unstuck("train moons --epochs 60 --run good")
    unstuck("train moons --optimizer gd --learning-rate 1e-6 --epochs 300 --run bad")
    good, bad = (unstuck(f"diagnose {run} --json") for run in ("good", "bad"))
    assert (good.status, bad.status) == (0, 1)
    assert [finding["fault"] for finding in bad.json["findings"]] == ["step-too-small"]
    for outcome in (good, bad):
        VALIDATOR.validate(outcome.json)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{}", "is not what 'unstuck train' wrote."),
        ('{"settings": {"data": "xor"}}', "has no setting 'target': another version"),
    ],
)
def test_a_run_that_cannot_be_read(unstuck, text, said):
    Path("odd").mkdir()
    Path("odd/run.json").write_text(text)
    outcome = unstuck("diagnose odd")
    assert (outcome.status, outcome.out) == (2, "")
    assert said in outcome.err
