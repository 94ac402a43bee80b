import pytest

from unstuck.doctor.checks.crashes import explain_crash
from unstuck.doctor.crash import Crash, Held
from unstuck.doctor.scripts.source import source_of

X = Held("ndarray", (4, 2), "float64", "array(...)")

CASES = [
    pytest.param(
        ("import numpy as np\n\nx = np.zeros(3)\nfor i in range(4):\n    x[i] = 1\n"),
        5,
        "i, which is 3, is no index of x of shape (3,): indices go from 0 to 2.",
        None,
        id="array",
    ),
    pytest.param(
        ("import numpy as np\n\nx = np.zeros((3, 2))\nj = 2\nprint(x[0, j])\n"),
        5,
        "j, which is 2, is no index of x of shape (3, 2): indices go from 0 to 1.",
        None,
        id="array, second axis",
    ),
    pytest.param(
        ("import numpy as np\n\nx = np.zeros(3)\nprint(x[5])\n"),
        4,
        "5 is no index of x of shape (3,): indices go from 0 to 2.",
        None,
        id="literal",
    ),
    pytest.param(
        ("import numpy as np\n\nx = np.zeros(0)\nprint(x[0])\n"),
        4,
        "0 is no index of x of shape (0,): there is nothing in it.",
        None,
        id="empty",
    ),
    pytest.param(
        ("x = [1, 2]\ni = 2\ny = x[i]\n"),
        3,
        "i, which is 2, is no index of the list x: indices go from 0 to 1.",
        None,
        id="list",
    ),
    pytest.param(
        ("layers = [[1, 2], [3]]\ny = layers[2]\n"),
        2,
        "2 is no index of the list layers.",
        None,
        id="nested list",
    ),
    pytest.param(
        ("x = []\nx.pop()\n"),
        2,
        "x.pop() takes something out of an empty list.",
        None,
        id="pop",
    ),
    pytest.param(
        ("import numpy as np\n\nb = np.zeros(3)\ny = b[0, 1]\n"),
        4,
        "b[0, 1] has 2 indices, but b, of shape (3,), has 1 dimension.",
        None,
        id="too many",
    ),
    pytest.param(
        ("import numpy as np\n\nx = np.zeros(4)\nn = 4\ny = x[n / 2]\n"),
        5,
        "n / 2 is no index: / gives a number with a decimal point.",
        ("import numpy as np\n\nx = np.zeros(4)\nn = 4\ny = x[n // 2]\n"),
        id="division",
    ),
    pytest.param(
        ("import numpy as np\n\nx = np.zeros(4)\ni = 2.0\ny = x[i]\n"),
        5,
        "i is a float, but an index has to be a whole number.",
        ("import numpy as np\n\nx = np.zeros(4)\ni = 2.0\ny = x[int(i)]\n"),
        id="float",
    ),
    pytest.param(
        ("import numpy as np\n\ny = np.array([0.0, 1.0])\none_hot = np.eye(3)[y]\n"),
        4,
        "y is an array of floats, but an index has to be a whole number.",
        ("import numpy as np\n\ny = np.array([0.0, 1.0])\none_hot = np.eye(3)[y.astype(int)]\n"),
        id="array of floats",
    ),
    pytest.param(
        ("import numpy as np\n\nx = np.zeros((3, 2))\ny = x[np.array([True, False])]\n"),
        4,
        (
            "x[np.array([True, False])] picks by True and False, but of another size: size of axis is 3 but "
            "size of corresponding boolean axis is 2."
        ),
        None,
        id="mask",
    ),
    pytest.param(
        ("params = {'W1': 1, 'W2': 2}\ny = params['w1']\n"),
        2,
        "params has no entry 'w1', only 'W1', 'W2'. Did you mean W1?",
        ("params = {'W1': 1, 'W2': 2}\ny = params['W1']\n"),
        id="key",
    ),
    pytest.param(
        ("import numpy as np\n\nparams = {'W1': np.zeros(3)}\nfor i in range(1, 3):\n    params['W' + str(i)] *= 2\n"),
        5,
        "params has no entry 'W2', only 'W1'.",
        None,
        id="key that was never made",
    ),
    pytest.param(
        ("params = {'W1': None}\ny = params['W2']\n"),
        2,
        "params has no entry 'W2'.",
        None,
        id="key of who knows what",
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


def test_the_array_whose_index_is_wrong_is_told_from_others(crash_of):
    text = "import numpy as np\n\na = np.zeros(9)\nb = np.zeros(3)\nrows = [1]\nx = a[5] + b[5]\n"
    crash, source = crash_of(text, with_columns=False)
    (finding,) = explain_crash(crash, source)
    assert finding.message == "5 is no index of b of shape (3,): indices go from 0 to 2."


def test_the_list_whose_index_is_wrong_is_told_from_arrays(crash_of):
    text = "import numpy as np\n\na = np.zeros(9)\nrows = [1]\nx = rows[5] + a[5]\n"
    crash, source = crash_of(text, with_columns=False)
    (finding,) = explain_crash(crash, source)
    assert finding.message == "5 is no index of the list rows: indices go from 0 to 0."


def test_an_index_of_something_that_fails_itself():
    crash = Crash("IndexError", "index 5 is out of bounds for axis 0 with size 3", 2, variables={"x": X})
    (finding,) = explain_crash(crash, source_of("import numpy as np\ny = (x @ x)[5]\n"))
    assert finding.message == "5 is no index of x @ x: indices go from 0 to 2."
