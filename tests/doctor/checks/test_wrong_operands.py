import io

import pytest

from unstuck.doctor.checks.crashes import explain_crash

CASES = [
    pytest.param(
        ("n = str(3)\ny = n * 2.0\n"),
        2,
        "n is a text, not a number, so n * 2.0 does not work.",
        None,
        id="input",
    ),
    pytest.param(
        ("a = '3'\nb = 1 + a\n"),
        2,
        "a is a text, not a number, so 1 + a does not work.",
        None,
        id="number plus text",
    ),
    pytest.param(
        "x = 'accuracy: ' + 3\n",
        1,
        "'accuracy: ' + 3 adds a number to a text, which only takes another text.",
        "x = 'accuracy: ' + str(3)\n",
        id="text plus number",
    ),
    pytest.param(
        ("a = '3'\nb = a < 4\n"),
        2,
        "a is a text, not a number, so a < 4 does not work.",
        None,
        id="comparison with text",
    ),
    pytest.param(
        ("x = 5\nx += 'a'\n"),
        2,
        "'a' is a text, not a number, so x += 'a' does not work.",
        None,
        id="text literal",
    ),
    pytest.param(
        ("def f(x):\n    y = x\n\n\nz = f(1) + 2\n"),
        5,
        "f(1) is None: the function f, in line 1, returns nothing.",
        None,
        id="returns nothing",
    ),
    pytest.param(
        ("def f(x):\n    y = x\n\n\nw = f(1)\nz = w + 2\n"),
        6,
        "w is None: the function f, in line 1, returns nothing.",
        None,
        id="variable of nothing",
    ),
    pytest.param(
        ("w = None\nz = w * 2\n"),
        2,
        "w is None, so w * 2 does not work.",
        None,
        id="None",
    ),
    pytest.param(
        "print('a') + 1\n",
        1,
        "print('a') returns nothing, so print('a') + 1 does not work.",
        None,
        id="print",
    ),
    pytest.param(
        ("import numpy as np\n\nw = [1, 2]\nw = w - 0.1\n"),
        4,
        "w is a Python list, so w - 0.1 does not work: only arrays can be calculated with.",
        ("import numpy as np\n\nw = [1, 2]\nw = np.array(w) - 0.1\n"),
        id="list minus number",
    ),
    pytest.param(
        ("import numpy as np\n\nw = [1, 2]\nw = w * 0.5\n"),
        4,
        "w is a Python list, so w * 0.5 does not work: only arrays can be calculated with.",
        ("import numpy as np\n\nw = [1, 2]\nw = np.array(w) * 0.5\n"),
        id="list times float",
    ),
    pytest.param(
        ("w = [1, 1]\nw -= [1, 1]\n"),
        2,
        "w and [1, 1] are Python lists, so w -= [1, 1] does not work: only arrays can be calculated with.",
        None,
        id="list minus list",
    ),
    pytest.param(
        "print >> 3, 4\n",
        1,
        "print >> file is Python 2; Python 3 writes print(..., file=file).",
        None,
        id="print chevron",
    ),
    pytest.param(
        "x = {} + 1\n",
        1,
        "{} + 1 does not work with a dict and an int.",
        None,
        id="others",
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


def test_a_text_that_was_typed(crash_of, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("3\n"))
    crash, source = crash_of("n = input()\n\ny = n * 2.0\n")
    (finding,) = explain_crash(crash, source)
    assert finding.message == "n is a text, since input() in line 1 always returns one, so n * 2.0 does not work."
    assert finding.lines == (1, 3)
    assert (
        finding.remedies[0].summary
        == "Turn it into a number in line 1: float(input()), or int(...) for a whole number."
    )


def test_an_operand_of_which_nothing_is_known(crash_of):
    crash, source = crash_of("class A:\n    pass\n\n\nx = A() - 1\n")
    (finding,) = explain_crash(crash, source)
    assert finding.message == "A() - 1 does not work with an A and an int."
