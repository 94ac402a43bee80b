import pytest

from unstuck.doctor.checks.crashes import explain_crash

CASES = [
    pytest.param(
        ("import numpy as np\n\nimport math\n\nx = np.zeros(3)\ny = 1 / (1 + math.exp(-x))\nz = math.exp(x)\n"),
        6,
        "math.exp takes a single number, but -x is an array; NumPy's exp takes both.",
        ("import numpy as np\n\nimport math\n\nx = np.zeros(3)\ny = 1 / (1 + np.exp(-x))\nz = np.exp(x)\n"),
        id="math.exp",
    ),
    pytest.param(
        ("import numpy as np\n\nx = np.zeros(3)\ny = float(x)\n"),
        4,
        "float() makes one number, but x is an array of shape (3,).",
        None,
        id="float",
    ),
    pytest.param(
        ("n = 7\nfor i in range(n / 2):\n    pass\n"),
        2,
        "range needs a whole number, but / gives one with a decimal point.",
        ("n = 7\nfor i in range(n // 2):\n    pass\n"),
        id="range of a division",
    ),
    pytest.param(
        ("n = 7.0\nfor i in range(n):\n    pass\n"),
        2,
        "range needs a whole number, but n is a float.",
        ("n = 7.0\nfor i in range(int(n)):\n    pass\n"),
        id="range of a float",
    ),
    pytest.param(
        ("n = '3'\nfor i in range(n): pass\n"),
        2,
        "range needs a whole number, but n is a text.",
        ("n = '3'\nfor i in range(int(n)): pass\n"),
        id="range of a text",
    ),
    pytest.param(
        ("import numpy as np\n\nw = np.random.randn((3, 2))\n"),
        3,
        "np.random.randn takes its sizes one by one, not as a tuple.",
        ("import numpy as np\n\nw = np.random.randn(3, 2)\n"),
        id="sizes as a tuple",
    ),
    pytest.param(
        ("import numpy as np\n\nw = np.zeros(3, 2)\n"),
        3,
        "np.zeros takes its sizes as one tuple; the second argument is the type of the entries.",
        ("import numpy as np\n\nw = np.zeros((3, 2))\n"),
        id="sizes not as a tuple",
    ),
    pytest.param(
        ("import numpy as np\n\nw = np.array([1, 2])\nw -= 0.1 * np.ones(2)\n"),
        4,
        "w is an array of whole numbers, in which the result with its decimals cannot be stored.",
        ("import numpy as np\n\nw = np.array([1, 2], dtype=float)\nw -= 0.1 * np.ones(2)\n"),
        id="integers",
    ),
    pytest.param(
        ("import numpy as np\n\nw = np.zeros(2, dtype=int)\nw -= 0.1\n"),
        4,
        "w is an array of whole numbers, in which the result with its decimals cannot be stored.",
        ("import numpy as np\n\nw = np.zeros(2, dtype=float)\nw -= 0.1\n"),
        id="integers by dtype",
    ),
    pytest.param(
        ("import numpy as np\n\nw = np.random.randint(0, 5, 3)\nw -= 0.1\n"),
        4,
        "w is an array of whole numbers, in which the result with its decimals cannot be stored.",
        ("import numpy as np\n\nw = np.random.randint(0, 5, 3).astype(float)\nw -= 0.1\n"),
        id="random integers",
    ),
    pytest.param(
        ("n = 3\ny = len(n)\n"),
        2,
        "len(n) asks for the length of an int, which has none.",
        None,
        id="length of a number",
    ),
    pytest.param(
        ("import numpy as np\n\nn = np.array(3)\ny = len(n)\n"),
        4,
        "len(n) asks for the length of a single number, which has none.",
        None,
        id="length of a 0-d array",
    ),
    pytest.param(
        ("import numpy as np\n\ny = np.exp(['a'])\n"),
        3,
        ("np.exp(['a']) needs numbers, but gets texts or lists of different lengths, which NumPy keeps as objects."),
        None,
        id="texts",
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
