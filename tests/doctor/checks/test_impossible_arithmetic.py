import pytest

from unstuck.doctor.checks.crashes import explain_crash

CASES = [
    pytest.param(
        ("n = 0\nx = 1 / n\n"),
        2,
        "1 / n divides by n, which is 0.",
        None,
        id="division",
    ),
    pytest.param(
        ("n = 0\nx = 1\nx /= n\n"),
        3,
        "x /= n divides by n, which is 0.",
        None,
        id="division in place",
    ),
    pytest.param(
        ("n = 0\nx = 1 % n\n"),
        2,
        "1 % n divides by n, which is 0.",
        None,
        id="modulo",
    ),
    pytest.param(
        ("x = [1, 2]\ny = 1 / (len(x) - 2)\n"),
        2,
        "1 / (len(x) - 2) divides by len(x) - 2, which is 0.",
        None,
        id="division by an expression",
    ),
    pytest.param(
        ("import math\nimport numpy as np\n\nz = 1000\ny = 1 / (1 + math.exp(z))\n"),
        5,
        "math.exp(z) is larger than any float; math.exp stops the script above 709.",
        ("import math\nimport numpy as np\n\nz = 1000\ny = 1 / (1 + np.exp(z))\n"),
        id="overflow",
    ),
    pytest.param(
        "x = int(float('inf'))\n",
        1,
        ("int(float('inf')) is to make a whole number of infinity: something before has grown without bound."),
        None,
        id="infinity",
    ),
    pytest.param(
        ("x = 2.0\ny = x ** 10000\n"),
        2,
        "x ** 10000 is larger than any float.",
        None,
        id="power",
    ),
    pytest.param(
        ("import numpy as np\n\na = np.zeros(3, dtype=np.uint8)\nb = a - 300\n"),
        4,
        "a - 300: Python integer 300 out of bounds for uint8, which holds small whole numbers only.",
        None,
        id="small whole numbers",
    ),
    pytest.param(
        ("import numpy as np\n\nA = np.zeros((2, 2))\nB = np.linalg.inv(A)\n"),
        4,
        "A is singular: some of its rows are combinations of others, so it has no inverse.",
        None,
        id="singular",
    ),
    pytest.param(
        ("import numpy as np\n\nwith np.errstate(all='raise'):\n    x = np.exp(1000.0)\n"),
        4,
        (
            "np.exp(1000.0): overflow encountered in exp; np.seterr or np.errstate makes an error of what is "
            "otherwise a warning."
        ),
        None,
        id="seterr",
    ),
    pytest.param(
        ("def f(x):\n    return f(x - 1)\n\n\nf(3)\n"),
        2,
        "f calls itself in line 2, and never stops doing so.",
        None,
        id="recursion",
    ),
    pytest.param(
        ("import numpy as np\n\nn = 10**8\nx = np.zeros((n, n))\n"),
        4,
        "np.zeros((n, n)) needs an array of shape (100000000, 100000000), which takes 71.1 PiB.",
        None,
        id="memory",
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


def test_a_divisor_that_is_not_zero_is_not_blamed(crash_of):
    crash, source = crash_of("a = 2\nb = 0\nx = 1 / b + 1 / a\n", with_columns=False)
    (finding,) = explain_crash(crash, source)
    assert finding.message == "1 / b divides by b, which is 0."
    assert finding.evidence["b"] == "int 0"


def test_functions_that_call_each_other(crash_of):
    crash, source = crash_of("def f(x):\n    return g(x)\n\n\ndef g(x):\n    return f(x)\n\n\nf(3)\n")
    (finding,) = explain_crash(crash, source)
    assert finding.message == "Functions call each other without end."
