import pytest

from unstuck.doctor.checks.crashes import explain_crash

CASES = [
    pytest.param(
        ("import numpy as np\n\nx = np.zeros(3)\nif x > 0:\n    pass\n"),
        4,
        "x > 0 is an array of many True and False, but if and while need a single one.",
        None,
        id="if",
    ),
    pytest.param(
        ("import numpy as np\n\nx = np.zeros(3)\ny = max(0, x)\n"),
        4,
        "max picks one of two single values; for each entry of an array there is np.maximum.",
        ("import numpy as np\n\nx = np.zeros(3)\ny = np.maximum(0, x)\n"),
        id="max",
    ),
    pytest.param(
        ("import numpy as np\n\nx = np.zeros(3)\ny = 1 if x > 0 else 0\n"),
        4,
        "x > 0 needs a single True or False, but gets an array of them.",
        None,
        id="conditional expression",
    ),
    pytest.param(
        ("import numpy as np\n\nx = np.zeros(3)\ny = x > 0 and x < 1\n"),
        4,
        "x > 0 and x < 1 needs a single True or False, but gets an array of them.",
        None,
        id="and",
    ),
    pytest.param(
        ("import numpy as np\n\nx = np.zeros(3)\nn, m = x.shape\n"),
        4,
        "n, m are 2 names, but x.shape is (3,).",
        None,
        id="shape",
    ),
    pytest.param(
        ("def f():\n    return 1, 2, 3\n\n\na, b = f()\n"),
        5,
        "a, b are 2 names, but f() has more values for them. f is defined in line 1.",
        None,
        id="function",
    ),
    pytest.param(
        ("import numpy as np\n\nfor a, b in np.zeros((4, 3)):\n    pass\n"),
        3,
        "a, b are 2 names, but each entry of np.zeros((4, 3)) has more values for them.",
        None,
        id="loop",
    ),
    pytest.param(
        "x = float('abc')\n",
        1,
        "The text 'abc' is no number, so float('abc') cannot make one of it.",
        None,
        id="no number",
    ),
    pytest.param(
        "x = int('3.5')\n",
        1,
        "The text '3.5' is no whole number, so int() cannot read it.",
        "x = int(float('3.5'))\n",
        id="no whole number",
    ),
    pytest.param(
        "x = int('abc')\n",
        1,
        "The text 'abc' is no whole number, so int() cannot read it.",
        None,
        id="no whole number at all",
    ),
    pytest.param(
        ("import math\n\nx = 0\ny = math.log(x)\n"),
        4,
        "math.log needs a positive number, but gets x, which is 0.",
        None,
        id="logarithm",
    ),
    pytest.param(
        ("import math\n\nx = -1\ny = math.sqrt(x)\n"),
        4,
        "math.sqrt needs a number that is not negative, but gets x, which is -1.",
        None,
        id="root",
    ),
    pytest.param(
        "x = int(float('nan'))\n",
        1,
        ("int(float('nan')) is to make a whole number of NaN, which is none: something before has become NaN."),
        None,
        id="nan",
    ),
    pytest.param(
        ("import numpy as np\n\nx = np.zeros(3)\ny = x.item()\n"),
        4,
        "item() returns the only entry of an array, but x, of shape (3,), has several.",
        None,
        id="item",
    ),
    pytest.param(
        ("import numpy as np\n\nn = -1\ny = np.zeros((n, 2))\n"),
        4,
        "np.zeros((n, 2)) makes an array with a negative size: n is -1.",
        None,
        id="negative size",
    ),
    pytest.param(
        ("import numpy as np\n\nimport io\n\nx = np.loadtxt(io.StringIO('a,b\\n1,2'), delimiter=',')\n"),
        5,
        "The file has 'a' in row 1, column 1, where a number is expected.",
        ("import numpy as np\n\nimport io\n\nx = np.loadtxt(io.StringIO('a,b\\n1,2'), delimiter=',', skiprows=1)\n"),
        id="header",
    ),
    pytest.param(
        ("import numpy as np\n\nimport io\n\nx = np.loadtxt(io.StringIO('1,2\\n1,x'), delimiter=',')\n"),
        5,
        "The file has 'x' in row 2, column 2, where a number is expected.",
        None,
        id="no header",
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


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        ("x > 0 and x < 1", "For each entry of an array write & instead of and, each condition in brackets."),
        ("x > 0 or x < 1", "For each entry of an array write | instead of or, each condition in brackets."),
        ("0 < x < 1", "To choose for each entry of an array, write np.where(condition, one, other)."),
        ("1 if x > 0 else 0", "To choose for each entry of an array, write np.where(condition, one, other)."),
    ],
)
def test_what_to_write_for_each_entry(crash_of, text, remedy):
    crash, source = crash_of(f"import numpy as np\n\nx = np.zeros(3)\ny = {text}\n")
    (finding,) = explain_crash(crash, source)
    assert [each.summary for each in finding.remedies] == [remedy]


def test_other_value_errors_are_told_as_they_are(crash_of):
    crash, source = crash_of("raise ValueError('no such optimizer')\n")
    (finding,) = explain_crash(crash, source)
    assert finding.message == "The script ends with an error in line 1: ValueError: no such optimizer."
