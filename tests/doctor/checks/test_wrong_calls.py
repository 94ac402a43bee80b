import pytest

from unstuck.doctor.checks.crashes import explain_crash

CASES = [
    pytest.param(
        ("x = 3\ny = 2 * x(1 + x)\n"),
        2,
        "x is an int and cannot be called, but the brackets after it make a call of it.",
        ("x = 3\ny = 2 * x * (1 + x)\n"),
        id="number",
    ),
    pytest.param(
        ("import numpy as np\n\nx = np.zeros(3)\ny = x(0)\n"),
        4,
        "x is an array and cannot be called, but the brackets after it make a call of it.",
        ("import numpy as np\n\nx = np.zeros(3)\ny = x[0]\n"),
        id="array entry",
    ),
    pytest.param(
        ("import numpy as np\n\nA = np.ones(3)\nd = A (1 - A)\n"),
        4,
        "A is an array and cannot be called, but the brackets after it make a call of it.",
        ("import numpy as np\n\nA = np.ones(3)\nd = A * (1 - A)\n"),
        id="array product",
    ),
    pytest.param(
        "y = [(0, 0) (1, 1)]\n",
        1,
        ("(0, 0) is a tuple and cannot be called, but the brackets after it make a call of it: a comma is missing."),
        "y = [(0, 0), (1, 1)]\n",
        id="list of tuples",
    ),
    pytest.param(
        ("import numpy as np\n\nx = np.random(3)\n"),
        3,
        "np.random(3) calls a module; a function in it was meant.",
        None,
        id="module",
    ),
    pytest.param(
        ("max = 3\nprint(max)\ny = max(1, 2)\n"),
        3,
        "max is an int since line 1, and no longer Python's own function.",
        ("max_ = 3\nprint(max_)\ny = max(1, 2)\n"),
        id="hidden builtin",
    ),
    pytest.param(
        ("class Net:\n    pass\n\n\nnet = Net()\nnet(3)\n"),
        6,
        "net is a Net and cannot be called, but the brackets after it make a call of it.",
        None,
        id="who knows",
    ),
    pytest.param(
        ("def f(a, b):\n    pass\n\n\nf(1)\n"),
        5,
        "f, which line 1 defines, is called without a value for b.",
        None,
        id="missing argument",
    ),
    pytest.param(
        ("class Net:\n    def __init__(self, sizes):\n        pass\n\n\nNet()\n"),
        6,
        "Net, whose __init__ stands in line 2, is called without a value for sizes.",
        None,
        id="missing argument of a class",
    ),
    pytest.param(
        ("class Net:\n    def f(self, x):\n        pass\n\n\nNet.f(x=1)\n"),
        6,
        "f is a method and needs an object, but is called on Net itself.",
        None,
        id="method of the class",
    ),
    pytest.param(
        ("def f(a):\n    pass\n\n\nf(1, 2)\n"),
        5,
        "f is called with 2 arguments, but takes 1: a.",
        None,
        id="too many",
    ),
    pytest.param(
        ("class Net:\n    def f(self, a):\n        pass\n\n\nNet().f(1, 2)\n"),
        6,
        "f is called with 2 arguments, but takes 1: a.",
        None,
        id="too many for a method",
    ),
    pytest.param(
        ("class Net:\n    def f(x):\n        return x\n\n\nNet().f(1)\n"),
        6,
        ("The method f has no parameter self, so the object it is called on is taken for an argument too many."),
        ("class Net:\n    def f(self, x):\n        return x\n\n\nNet().f(1)\n"),
        id="no self",
    ),
    pytest.param(
        ("class Net:\n    def f():\n        return 1\n\n\nNet().f()\n"),
        6,
        ("The method f has no parameter self, so the object it is called on is taken for an argument too many."),
        ("class Net:\n    def f(self):\n        return 1\n\n\nNet().f()\n"),
        id="no parameters at all",
    ),
    pytest.param(
        ("def train(learning_rate):\n    pass\n\n\ntrain(learnin_rate=1)\n"),
        5,
        "train has no parameter learnin_rate. Did you mean learning_rate?",
        ("def train(learning_rate):\n    pass\n\n\ntrain(learning_rate=1)\n"),
        id="keyword",
    ),
    pytest.param(
        ("def train(learning_rate):\n    pass\n\n\ntrain(verbose=1)\n"),
        5,
        "train has no parameter verbose. It has learning_rate.",
        None,
        id="keyword unlike any",
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


def test_several_arguments_may_be_anything(crash_of):
    crash, source = crash_of("x = [1]\ny = x(1, 2)\n")
    (finding,) = explain_crash(crash, source)
    assert finding.message == "x is a list and cannot be called, but the brackets after it make a call of it."
    assert finding.remedies == ()


def test_a_call_of_who_knows_what(crash_of):
    crash, source = crash_of("def f():\n    return 3\n\n\nf()()\n")
    (finding,) = explain_crash(crash, source)
    assert finding.message == "f()() calls an int, which cannot be called."


def test_two_remedies_are_possible_for_an_array_of_unknown_use(crash_of):
    crash, source = crash_of("import numpy as np\n\nx = np.ones(3)\ni = np.ones(3)\ny = x(i)\n")
    (finding,) = explain_crash(crash, source)
    assert [remedy.summary for remedy in finding.remedies] == ["Write x[i] for an entry, x * (i) for a product."]
