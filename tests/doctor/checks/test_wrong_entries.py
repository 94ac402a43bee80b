import pytest

from unstuck.doctor.checks.crashes import explain_crash

CASES = [
    pytest.param(
        ("import numpy as np\n\nx = np.array([[0, 0] [0, 1]])\n"),
        3,
        "A comma is missing after [0, 0]: Python takes what follows for an index.",
        ("import numpy as np\n\nx = np.array([[0, 0], [0, 1]])\n"),
        id="comma forgotten",
    ),
    pytest.param(
        ("X = [[1, 2], [3, 4]]\ny = X[0, 1]\n"),
        2,
        "X is a Python list, which takes one index at a time, not several between one pair of brackets.",
        ("X = [[1, 2], [3, 4]]\ny = X[0][1]\n"),
        id="list with two indices",
    ),
    pytest.param(
        ("X = [[1, 2], [3, 4]]\ny = X[:, 1]\n"),
        2,
        "X is a Python list, which takes one index at a time, not several between one pair of brackets.",
        None,
        id="list with a slice",
    ),
    pytest.param(
        ("X = [1, 2, 3, 4]\ny = X[len(X) / 2]\n"),
        2,
        "len(X) / 2 is a float, but an index has to be a whole number.",
        ("X = [1, 2, 3, 4]\ny = X[len(X) // 2]\n"),
        id="list with a division",
    ),
    pytest.param(
        ("X = [1, 2, 3, 4]\ny = X[1.0]\n"),
        2,
        "1.0 is a float, but an index has to be a whole number.",
        None,
        id="list with a float",
    ),
    pytest.param(
        ("for i in 10:\n    pass\n"),
        1,
        "A loop goes over the entries of something, but 10 is a single number.",
        ("for i in range(10):\n    pass\n"),
        id="loop over a number",
    ),
    pytest.param(
        "x = sum(3)\n",
        1,
        "sum(3) goes over the entries of an int, which has none.",
        None,
        id="loop over a number, elsewhere",
    ),
    pytest.param(
        ("import numpy as np\n\nx = np.array[1, 2]\n"),
        3,
        "np.array is a function: it is called with round brackets, not square ones.",
        ("import numpy as np\n\nx = np.array([1, 2])\n"),
        id="square brackets",
    ),
    pytest.param(
        ("def f(x):\n    return x\n\n\ny = f[3]\n"),
        5,
        "f is a function: it is called with round brackets, not square ones.",
        ("def f(x):\n    return x\n\n\ny = f(3)\n"),
        id="function in square brackets",
    ),
    pytest.param(
        ("x = 3\ny = x[0]\n"),
        2,
        "x is an int, which has no entries.",
        None,
        id="number",
    ),
    pytest.param(
        ("x = None\ny = x[0]\n"),
        2,
        "x is None, which has no entries.",
        None,
        id="None",
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
