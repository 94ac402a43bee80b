import pytest

from unstuck.doctor.checks.crashes import explain_crash

H = "import numpy as np\nout = np.ones((9, 1))\ny = np.ones(9)\nW = np.ones((4, 1))\n"


@pytest.mark.parametrize(
    ("text", "origin", "line"),
    [
        ("d = out - y\ng = d @ W.T\n", "out - y", 5),
        ("e = y - out\nd = 2 * e / 9\ng = np.dot(d, W.T)\n", "y - out", 5),
        ("g = (out - y) @ W.T\n", "out - y", 5),
        ("d = np.subtract(out, y)\ng = d @ W.T\n", "np.subtract(out, y)", 5),
    ],
)
def test_the_operation_that_spread_a_column_is_found(crash_of, text, origin, line):
    crash, source = crash_of(H + text)
    (finding,) = explain_crash(crash, source)
    assert (
        f"The shape (9, 9) comes from {origin} in line {line}: out, of shape (9, 1), meets y, of shape (9,)"
        in finding.message
    )
    assert finding.lines == tuple(sorted({line, crash.line}))
    assert [remedy.summary for remedy in finding.remedies] == [
        "Make a column of y where it is made: y.reshape(-1, 1), of shape (9, 1)."
    ]


def test_a_square_array_of_another_kind_is_left_alone(crash_of):
    crash, source = crash_of(H + "d = np.ones((9, 9))\ng = d @ W.T\n")
    (finding,) = explain_crash(crash, source)
    assert "comes from" not in finding.message


def test_a_variable_that_is_made_of_itself_is_not_followed_for_ever(crash_of):
    crash, source = crash_of(H + "d = np.ones((9, 9))\nd = d + d\ne = d\ng = e @ W.T\n")
    (finding,) = explain_crash(crash, source)
    assert "comes from" not in finding.message
