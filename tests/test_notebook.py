"""The cell magic ``%%diagnose``, in a shell that only takes what is registered."""

import pytest

import unstuck as us
from unstuck.notebook import diagnose_cell, register_magics

CRASHES = "import numpy as np\nX = np.zeros((3, 2))\nW = np.zeros((3, 1))\nprint(X @ W)\n"


class FakeShell:
    def __init__(self):
        self.magics = {}

    def register_magic_function(self, function, kind, name):
        self.magics[kind, name] = function


def test_the_magic_is_a_cell_magic_of_that_name():
    shell = FakeShell()
    register_magics(shell)
    assert shell.magics == {("cell", "diagnose"): diagnose_cell}


def test_a_cell_is_diagnosed_and_shown_as_text_and_html():
    diagnosis = diagnose_cell("--no-trials --time-limit 8", CRASHES)
    assert (diagnosis.target, diagnosis.outcome) == ("<cell>", "crashes")
    assert [finding.fault for finding in diagnosis.findings] == ["shape-mismatch"]
    assert "shape-mismatch" in str(diagnosis)
    html = diagnosis._repr_html_()
    assert "shape-mismatch" in html
    assert "X @ W" in html


def test_arguments_for_the_script_stand_behind_two_dashes():
    cell = "import sys\nraise ValueError('got ' + ' '.join(sys.argv[1:]))\n"
    diagnosis = diagnose_cell("--no-trials -- --epochs 'a b'", cell)
    assert "got --epochs a b" in diagnosis.findings[0].message


KNOWN = "%%diagnose takes --no-trials, --time-limit SECONDS, and after -- what the script finds in sys.argv."


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("--fast", f"unknown option '--fast'. {KNOWN}"),
        ("--time-limit", f"unknown option '--time-limit'. {KNOWN}"),
        ("--time-limit soon", f"--time-limit takes a number of seconds, not 'soon'. {KNOWN}"),
        ("--time-limit 0", "time_limit must be a number above 0. Got 0.0 instead."),
    ],
)
def test_wrong_options(error_of, line, message):
    assert error_of(us.OptionError, diagnose_cell, line, "x = 1") == message
