"""Diagnoses as the doctor makes them, of short scripts, for all tests of reports."""

import io
import json
import math

import pytest
from rich.console import Console

from unstuck.doctor.diagnosis import Diagnosis, LossReport, ParameterReport
from unstuck.doctor.findings import Edit, Finding, Location, Remedy, Trial
from unstuck.doctor.scripts.source import Place
from unstuck.report.terminal import show

XOR = """\
import numpy as np

np.random.seed(0)
X = np.array([[0, 0, 1, 1], [0, 1, 0, 1]])
Y = np.array([[0, 1, 1, 0]])

def sigmoid(z):
    return 1 / (1 + np.exp(-z))

W1 = 0.01 * np.random.randn(5, 2)
b1 = np.zeros((5, 1))
W2 = 0.01 * np.random.randn(1, 5)
b2 = np.zeros((1, 1))

for i in range(10000):
    A1 = sigmoid(W1 @ X + b1)
    A2 = sigmoid(W2 @ A1 + b2)
    J = -np.sum(Y * np.log(A2) + (1 - Y) * np.log(1 - A2)) / 4
    dZ2 = A2 - Y
    dZ1 = W2.T @ dZ2 * A1 * (1 - A1)
    W2 = W2 - 0.03 * dZ2 @ A1.T / 4
    b2 = b2 - 0.03 * dZ2.sum(axis=1, keepdims=True) / 4
    W1 = W1 - 0.03 * dZ1 @ X.T / 4
    b1 = b1 - 0.03 * dZ1.sum(axis=1, keepdims=True) / 4
"""

DIGITS = """\
hidden = fire(np.dot(ink, into_hidden))
guess = fire(np.dot(hidden, into_output))
guess_part = (wanted - guess) * guess * (1 - guess)
into_output += np.dot(hidden.T, guess_part)
"""

CRASH = """\
import numpy as np
X = np.random.rand(2, 5)
w1 = np.random.rand(4, 5)
w2 = np.random.rand(4, 3)
A1 = 1 / (1 + np.exp(-w1.dot(X.T)))
A2 = 1 / (1 + np.exp(-w2.dot(A1)))
"""

NOTEBOOK = (["import numpy as np", "", "rate = 5"], ["for step in range(100):", "    w -= rate * slope(w)", "w"])


def at(text, line, fragment="", cell=None):
    """The place of a fragment in a line of a text; of the whole line without one."""
    if not fragment:
        return Location("xor.py", line, cell=cell)
    before = text.splitlines()[line - 1].split(fragment)[0]
    column = len(before.encode())
    return Location("xor.py", line, column, line, column + len(fragment.encode()), cell)


def edit(text, line, old, new, cell=None):
    """The edit that puts ``new`` in the place of ``old``; without ``old``, before the line."""
    return Edit(at(text, line, old, cell), old, new)


def parameter(name, shape, line, update="right", cosine=1.0, scale=0.03):
    return ParameterReport(name, line, shape, update, cosine, scale)


def falling(first, last, count=40):
    """A curve that falls from one value to another, evenly on a logarithmic scale."""
    return tuple(first * (last / first) ** (place / (count - 1)) for place in range(count))


def xor_parameters():
    shapes = {"W1": (5, 2), "b1": (5, 1), "W2": (1, 5), "b2": (1, 1)}
    return tuple(
        parameter(name, shape, {"W1": 23, "b1": 24, "W2": 21, "b2": 22}[name]) for name, shape in shapes.items()
    )


def plateau():
    remedy = Remedy(
        "Draw the first weights from a normal distribution of scale 1.",
        (edit(XOR, 10, "0.01", "1.0"), edit(XOR, 12, "0.01", "1.0")),
    )
    trial = Trial(
        "J", 20000, 3, (0.69313, 0.69314, 0.693147), (0.00123, 0.00101, 0.00142),
        {"another seed": (0.6931, 0.69311), "learning rate 0.3": (0.6929,)}, proved=True,
        curves={"as written": (0.6931,) * 40, "with remedy": falling(0.78, 0.00123)},
    )  # fmt: skip
    finding = Finding(
        "plateau-init",
        "W1 and W2 start so close to 0 that the loss is flat around them. Every gradient is right, and none is large enough to leave.",
        at(XOR, 10, "0.01 * np.random.randn(5, 2)"),
        {
            "largest gradient at the start": 0.00098761,
            "loss at the start": 0.693147,
            "loss after 10,000 steps": 0.69314,
        },
        severity="fatal",
        lines=(10, 12),
        remedies=(remedy, Remedy("Train with RMSProp, which makes small gradients large.")),
        trial=trial,
    )
    loss = LossReport("J", at(XOR, 18, "J"), "bce", "bce", 0.693147, 0.69314, (0.693147,) * 30)
    right = (
        "The gradient of all 4 parameters agrees with finite differences.",
        "Labels and inputs are in the same order.",
        "The loss is the binary cross-entropy, and its value is right.",
    )
    return Diagnosis(
        "xor.py", "stuck", 6.1, loss, xor_parameters(), (finding,), right, 10000, tuple(XOR.splitlines())
    )  # fmt: skip


def summed():
    trial = Trial(
        "loss of the outputs", 200, 4, (0.9, 0.9, 0.899, 0.9), (0.18, 0.2, 0.21, 0.19),
        {"another seed": (0.9,)}, proved=False, curves={"as written": (3.1, *[0.9] * 30), "with remedy": falling(3.1, 0.19, 31)},
    )  # fmt: skip
    finding = Finding(
        "sum-not-mean",
        "The update of into_output is the sum over 10,000 rows, so one step moves the weights 4,212 times as far as they are from 0.",
        at(DIGITS, 4, "np.dot(hidden.T, guess_part)"),
        {"update over weight": 4212.3, "rows": 10000, "shares of the layers": [0.98, 0.02], "units": ["all 10"]},
        parameter="into_output",
        severity="harmful",
        remedies=(
            Remedy("Divide by the number of rows.", (edit(DIGITS, 4, "guess_part)", "guess_part) / len(ink)"),)),
        ),
        trial=trial,
    )
    loss = LossReport(None, None, None, "half_sum", 31250.0, 9000.0)
    parameters = (
        parameter("into_hidden", (784, 16), 3, cosine=0.99996),
        parameter("into_output", (16, 10), 4),
    )
    return Diagnosis("digits.py", "stuck", 9.0, loss, parameters, (finding,), (), 10, tuple(DIGITS.splitlines()))


def wrong_gradient():
    text = XOR.replace("W2.T @ dZ2 * A1 * (1 - A1)", "W2.T @ dZ2")
    finding = Finding(
        "wrong-gradient",
        "dZ1 is sent back through the hidden layer without the slope of its sigmoid.",
        at(text, 20, "W2.T @ dZ2"),
        {"cosine, W1": 0.81234, "cosine, b1": 0.9},
        mistake="missing-activation-derivative",
        parameter="W1",
        severity="unproven",
        remedies=(
            Remedy(
                "Multiply with the slope of the sigmoid.", (edit(text, 20, "W2.T @ dZ2", "W2.T @ dZ2 * A1 * (1 - A1)"),)
            ),
        ),
    )
    parameters = (
        parameter("W1", (5, 2), 23, "wrong", 0.81234),
        parameter("b1", (5, 1), 24, "wrong", 0.9),
        parameter("W2", (1, 5), 21),
        parameter("b2", (1, 1), 22, "cannot-tell", None, None),
    )
    loss = LossReport("J", at(text, 18, "J"), "bce", "mse", 0.7, None, (0.7, 0.6, 0.4, 5.0, math.inf, math.nan))
    return Diagnosis("xor.py", "learns", 3.0, loss, parameters, (finding,), (), 10000, tuple(text.splitlines()))


def crash():
    finding = Finding(
        "shape-mismatch",
        "w2 has 3 columns and A1 has 4 rows: w2.dot(A1) needs as many.\nWith w2.T in its place the product has shape (3, 2).",
        at(CRASH, 6, "w2.dot(A1)"),
        {
            "shape of w2": "(4, 3)",
            "shape of A1": "(4, 2)",
            "exception": "ValueError: shapes (4,3) and (4,2) not aligned",
        },
        severity="fatal",
        lines=(4, 6),
        remedies=(Remedy("Transpose w2.", (edit(CRASH, 6, "w2", "w2.T"),)),),
    )
    return Diagnosis("net.py", "crashes", 0.4, findings=(finding,), lines=tuple(CRASH.splitlines()))


def no_python():
    lines = ("import numpy as np", "for i in range(3):", "print(i)")
    finding = Finding(
        "does-not-parse",
        "The line after `for … :` must be indented.",
        Location("post.py", 3, 0, 3, 5),
        {"Python says": "expected an indented block after 'for' statement on line 2"},
        severity="fatal",
    )
    return Diagnosis("post.py", "crashes", 0.1, findings=(finding,), lines=lines)


def healthy():
    loss = LossReport("J", at(XOR, 18, "J"), "bce", "bce", 0.74, 0.0021, falling(0.74, 0.0021))
    right = (
        "The gradient of all 4 parameters agrees with finite differences.",
        "Labels and inputs are in the same order.",
    )
    return Diagnosis("xor.py", "learns", 2.0, loss, xor_parameters(), (), right, 10000, tuple(XOR.splitlines()))


def notebook():
    second = "\n".join(NOTEBOOK[1])
    finding = Finding(
        "step-too-large",
        "Each step jumps past the minimum.",
        at(second, 2, "rate * slope(w)", cell=2),
        {"update over weight": 9.9},
        severity="fatal",
        remedies=(
            Remedy("Divide the rate by ten.", (edit("\n".join(NOTEBOOK[0]), 3, "5", "0.5", cell=1),)),
            Remedy("Or do so where it is used.", (edit(second, 2, "rate", "0.1 * rate", cell=2),)),
        ),
    )
    lines = tuple(line for cell in NOTEBOOK for line in cell)
    return Diagnosis("descent.ipynb", "diverges", 1.0, findings=(finding,), lines=lines, steps=100)


def two():
    text = XOR.replace("0.03", "3").replace("np.random.seed(0)", "rate = 0.1")
    harmful = Finding(
        "missing-bias",
        "The output layer has no bias.",
        None,
        {"best loss without": 0.25, "best loss with one": None},
        severity="harmful",
        remedies=(Remedy("Add one."),),
    )
    harmless = Finding(
        "unused-setting", "rate is never read.", at(text, 3), {"reads of rate": 0}, severity="harmless",
        remedies=(Remedy("Use it, or delete the line.", (Edit(at(text, 3), "rate = 0.1\n", ""),)),),
    )  # fmt: skip
    return Diagnosis(
        "xor.py", "learns", 2.0, None, xor_parameters(), (harmful, harmless), (), 10000, tuple(text.splitlines())
    )  # fmt: skip


SAMPLES = {
    "plateau": plateau, "summed": summed, "wrong gradient": wrong_gradient, "crash": crash, "no Python": no_python,
    "healthy": healthy, "notebook": notebook, "two": two,
}  # fmt: skip
PLACES = tuple(Place(line, cell) for cell, lines in enumerate(NOTEBOOK, 1) for line in range(1, len(lines) + 1))


def shown(diagnosis, width=80, places=(), **settings):
    """What a console of this width prints, without colours unless asked for."""
    out = io.StringIO()
    show(diagnosis, Console(file=out, width=width, **settings), places)
    return out.getvalue()


@pytest.fixture(name="shown")
def shown_fixture():
    return shown


@pytest.fixture(params=SAMPLES)
def sample(request):
    """Each diagnosis in turn."""
    return SAMPLES[request.param]()


@pytest.fixture
def samples():
    return {name: make() for name, make in SAMPLES.items()}


@pytest.fixture
def places():
    return PLACES


@pytest.fixture
def notebook_json():
    """The notebook's file as Jupyter writes it."""
    cells = [
        {"cell_type": "markdown", "metadata": {}, "source": ["# Descent, größer"]},
        *(
            {
                "cell_type": "code", "execution_count": number, "metadata": {}, "outputs": [],
                "source": [line + "\n" for line in lines[:-1]] + lines[-1:],
            }
            for number, lines in enumerate(NOTEBOOK, 1)
        ),
    ]  # fmt: skip
    document = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"
