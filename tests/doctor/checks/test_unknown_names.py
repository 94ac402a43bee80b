import pytest

from unstuck.doctor.checks.crashes import explain_crash
from unstuck.doctor.crash import Crash
from unstuck.doctor.scripts.source import source_of

CASES = [
    pytest.param(
        ("def sigmoid(x):\n    return x\n\n\ny = sigmod(3)\nz = sigmod(4)\n"),
        5,
        "sigmod is used in line 5, but nothing is called so. Did you mean sigmoid?",
        ("def sigmoid(x):\n    return x\n\n\ny = sigmoid(3)\nz = sigmoid(4)\n"),
        id="misspelt",
    ),
    pytest.param(
        ("X_train = 3\ny = x_train\n"),
        2,
        "x_train is used in line 2, but nothing is called so. Did you mean X_train?",
        ("X_train = 3\ny = X_train\n"),
        id="other capitals",
    ),
    pytest.param(
        ("for i in xrange(3):\n    pass\n"),
        1,
        "xrange is Python 2; Python 3 calls it range.",
        ("for i in range(3):\n    pass\n"),
        id="xrange",
    ),
    pytest.param(
        "verbose = true\n",
        1,
        "true is not a word of Python, which writes True.",
        "verbose = True\n",
        id="true",
    ),
    pytest.param(
        "x = reduce(max, [1, 2])\n",
        1,
        "reduce is Python 2.",
        None,
        id="reduce",
    ),
    pytest.param(
        ("print(y)\ny = 3\n"),
        1,
        "y is used in line 1, but gets its value only in line 2.",
        None,
        id="assigned later",
    ),
    pytest.param(
        "total = total + 1\n",
        1,
        "total is used in the very statement that first gives it a value, in line 1.",
        None,
        id="in its own first value",
    ),
    pytest.param(
        ("y = f(3)\n\n\ndef f(x):\n    return x\n"),
        1,
        "f is used in line 1, but gets its value only in line 4.",
        None,
        id="function defined later",
    ),
    pytest.param(
        ("def train():\n    loss = 3\n\n\ntrain()\nprint(loss)\n"),
        6,
        "loss only exists inside the function train, where line 2 makes it.",
        None,
        id="inside a function",
    ),
    pytest.param(
        ("def train(rate):\n    return step()\n\n\ndef step():\n    return rate\n\n\ntrain(3)\n"),
        6,
        "rate only exists inside the function train, where line 1 makes it.",
        None,
        id="a parameter elsewhere",
    ),
    pytest.param(
        (
            "class Net:\n"
            "    def __init__(self):\n"
            "        self.W = 3\n"
            "\n"
            "    def forward(self):\n"
            "        return W\n"
            "\n"
            "\n"
            "Net().forward()\n"
        ),
        6,
        "W is kept in self, as self.W.",
        (
            "class Net:\n"
            "    def __init__(self):\n"
            "        self.W = 3\n"
            "\n"
            "    def forward(self):\n"
            "        return self.W\n"
            "\n"
            "\n"
            "Net().forward()\n"
        ),
        id="self forgotten",
    ),
    pytest.param(
        (
            "class Net:\n"
            "    def act(self, x):\n"
            "        return x\n"
            "\n"
            "    def forward(self):\n"
            "        return act(2)\n"
            "\n"
            "\n"
            "Net().forward()\n"
        ),
        6,
        "act is a method, which is called as self.act.",
        (
            "class Net:\n"
            "    def act(self, x):\n"
            "        return x\n"
            "\n"
            "    def forward(self):\n"
            "        return self.act(2)\n"
            "\n"
            "\n"
            "Net().forward()\n"
        ),
        id="self forgotten for a method",
    ),
    pytest.param(
        ("import numpy as np\n\nx = zeros(3)\ny = zeros(4)\n"),
        3,
        "zeros is a function of NumPy: it is called np.zeros.",
        ("import numpy as np\n\nx = np.zeros(3)\ny = np.zeros(4)\n"),
        id="numpy function",
    ),
    pytest.param(
        ("import numpy as np\n\nw = randn(3, 2)\n"),
        3,
        "randn is a function of NumPy: it is called np.random.randn.",
        ("import numpy as np\n\nw = np.random.randn(3, 2)\n"),
        id="numpy random",
    ),
    pytest.param(
        ("w = 1\n\n\ndef step():\n    w -= 0.1\n\n\nstep()\n"),
        5,
        (
            "w is used in line 5 before it has a value: since step assigns to it, in line 5, w is a variable "
            "of its own in there, not the one made in line 1."
        ),
        ("w = 1\n\n\ndef step():\n    global w\n    w -= 0.1\n\n\nstep()\n"),
        id="global",
    ),
    pytest.param(
        ("def f(a):\n    if a:\n        x = 1\n    return x\n\n\nf(0)\n"),
        4,
        "x is used in line 4 before it has a value: line 3 gives it one, but was not reached.",
        None,
        id="branch not taken",
    ),
    pytest.param(
        "x = qwertz\n",
        1,
        "qwertz is used in line 1, but nothing is called so.",
        None,
        id="nothing like it",
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


def test_a_word_of_another_language_may_be_the_script_s_own():
    crash = Crash("NameError", "name 'true' is not defined", 1)
    (finding,) = explain_crash(crash, source_of("print(true)\ntrue = 1\n"))
    assert finding.message == "true is used in line 1, but gets its value only in line 2."


def test_without_any_variables_the_names_of_the_script_are_known():
    crash = Crash("NameError", "name 'learning_rte' is not defined", 2)
    (finding,) = explain_crash(crash, source_of("learning_rate = 1\nprint(learning_rte)\n"))
    assert finding.message == "learning_rte is used in line 2, but nothing is called so. Did you mean learning_rate?"


def test_the_older_words_for_a_local_variable():
    text = "w = 1\ndef step():\n    w -= 1\nstep()\n"
    crash = Crash("UnboundLocalError", "local variable 'w' referenced before assignment", 3, function="step")
    (finding,) = explain_crash(crash, source_of(text))
    assert finding.message.startswith("w is used in line 3 before it has a value: since step assigns to it")


def test_a_function_on_one_line_is_not_changed(crash_of, mended):
    crash, source = crash_of("w = 1\ndef step(): w -= 1\nstep()\n")
    (finding,) = explain_crash(crash, source)
    assert mended(source, finding) is None
    assert finding.remedies[0].summary == "Write global w at the top of step, or pass w as an argument and return it."


def test_a_name_error_in_other_words_is_told_as_it_is():
    crash = Crash("NameError", "no such name", 1)
    (finding,) = explain_crash(crash, source_of("x\n"))
    assert finding.message == "The script ends with an error in line 1: NameError: no such name."
