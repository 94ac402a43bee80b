import pytest

from unstuck.doctor.checks.crashes import explain_crash

CASES = [
    pytest.param(
        ("import numpy as np\n\nx = [1, 2]\nprint(x.shape)\n"),
        4,
        "x is a Python list, not an array, so it has no shape.",
        ("import numpy as np\n\nx = [1, 2]\nprint(np.array(x).shape)\n"),
        id="list",
    ),
    pytest.param(
        ("import numpy as np\n\nx = np.zeros(3)\nx.append(3)\n"),
        4,
        "x is an array, whose size is fixed, so it has no append.",
        None,
        id="append",
    ),
    pytest.param(
        ("import numpy as np\n\nx = np.zeros(3)\nprint(x.shpe)\n"),
        4,
        "An array has no shpe. Did you mean shape?",
        ("import numpy as np\n\nx = np.zeros(3)\nprint(x.shape)\n"),
        id="array, misspelt",
    ),
    pytest.param(
        ("import numpy as np\n\nx = np.arrray([1])\n"),
        3,
        "The module numpy (np) has no arrray. Did you mean array?",
        ("import numpy as np\n\nx = np.array([1])\n"),
        id="numpy, misspelt",
    ),
    pytest.param(
        ("import numpy as np\n\nx = np.random.rnd(3)\n"),
        3,
        "The module numpy.random (np.random) has no rnd. Did you mean rand?",
        ("import numpy as np\n\nx = np.random.rand(3)\n"),
        id="numpy.random, misspelt",
    ),
    pytest.param(
        ("import numpy as np\n\nx = np.qwertz(3)\n"),
        3,
        "The module numpy (np) has no qwertz.",
        None,
        id="nothing like it",
    ),
    pytest.param(
        ("def f():\n    pass\n\n\ny = f()\nprint(y.T)\n"),
        6,
        "y is None, so it has no T: the function f, in line 1, returns nothing.",
        None,
        id="nothing",
    ),
    pytest.param(
        ("y = None\nprint(y.T)\n"),
        2,
        "y is None, so it has no T.",
        None,
        id="None",
    ),
    pytest.param(
        (
            "class Net:\n"
            "    def forward(self):\n"
            "        self.a = 1\n"
            "\n"
            "    def back(self):\n"
            "        return self.a\n"
            "\n"
            "\n"
            "Net().back()\n"
        ),
        6,
        "The object has no a yet: the method forward, in line 2, makes it, and has not got that far.",
        None,
        id="not yet",
    ),
    pytest.param(
        (
            "class Net:\n"
            "    def __init__(self):\n"
            "        self.weights = 1\n"
            "\n"
            "    def back(self):\n"
            "        return self.weigths\n"
            "\n"
            "\n"
            "Net().back()\n"
        ),
        6,
        "An object of the class Net has no weigths. Did you mean weights?",
        (
            "class Net:\n"
            "    def __init__(self):\n"
            "        self.weights = 1\n"
            "\n"
            "    def back(self):\n"
            "        return self.weights\n"
            "\n"
            "\n"
            "Net().back()\n"
        ),
        id="self, misspelt",
    ),
    pytest.param(
        ("for key, value in {}.iteritems():\n    pass\n"),
        1,
        "iteritems is Python 2; Python 3 calls it items.",
        ("for key, value in {}.items():\n    pass\n"),
        id="iteritems",
    ),
    pytest.param(
        ("x = 3\nx.rate = 4\n"),
        2,
        "An int has no rate.",
        None,
        id="number",
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
