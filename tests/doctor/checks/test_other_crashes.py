import io

import pytest

from unstuck.doctor.checks.crashes import explain_crash
from unstuck.doctor.crash import Crash
from unstuck.doctor.scripts.source import source_of

CASES = [
    pytest.param(
        "raise RuntimeError('the loss is not finite')\n",
        1,
        "The script ends with an error in line 1: RuntimeError: the loss is not finite.",
        None,
        id="raise",
    ),
    pytest.param(
        ("n = 3\nassert n == 2\n"),
        2,
        "n == 2 does not hold.",
        None,
        id="assert",
    ),
    pytest.param(
        ("n = 3\nassert n == 2, 'two'\n"),
        2,
        "n == 2 does not hold: two.",
        None,
        id="assert with a text",
    ),
    pytest.param(
        ("import sys\n\nsys.exit(3)\n"),
        3,
        "The script ends itself in line 3.",
        None,
        id="exit",
    ),
    pytest.param(
        "raise KeyboardInterrupt\n",
        1,
        "The script ends with an error in line 1: KeyboardInterrupt.",
        None,
        id="keyboard",
    ),
]


@pytest.mark.parametrize(("text", "line", "message", "new"), CASES)
def test_a_real_crash_is_explained(crash_of, mended, runs, text, line, message, new):
    crash, source = crash_of(text)
    (finding,) = explain_crash(crash, source)
    assert (finding.fault, finding.severity) == ("crash", "fatal")
    assert finding.message == message
    assert finding.location.line == line
    assert finding.evidence
    assert mended(source, finding) == new
    if new is not None:
        runs(new)


def test_something_to_be_typed(crash_of, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO())
    crash, source = crash_of("n = input()\n")
    (finding,) = explain_crash(crash, source)
    assert finding.message == "input() waits for something to be typed, and nothing was."
    assert finding.evidence == {"Python says": "EOFError: EOF when reading a line"}


def test_a_crash_at_an_unknown_line():
    (finding,) = explain_crash(Crash("RuntimeError", "oh", None), source_of("x = 1\n"))
    assert finding.message == "The script ends with an error in an unknown line: RuntimeError: oh."
    assert (finding.location, finding.lines) == (None, ())


def test_only_the_first_line_of_a_message_is_told():
    (finding,) = explain_crash(Crash("RuntimeError", "oh.\nmore", 1), source_of("x = 1\n"))
    assert finding.message == "The script ends with an error in line 1: RuntimeError: oh."
    assert finding.evidence == {"Python says": "RuntimeError: oh."}
