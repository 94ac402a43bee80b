import ast

import numpy as np
import pytest

from unstuck.doctor.checks.shapes.scope import MisfitError
from unstuck.doctor.checks.shapes.statements import FunctionOverError, Interpreter

START = "import numpy as np\n"


def shapes_after(scope_for, text, values=None):
    scope = scope_for(values or {}, START + text)
    Interpreter(scope).run(ast.parse(START + text).body)
    return {name: value.shape if value else None for name, value in scope.values.items()}


def test_a_whole_training_is_followed(scope_for):
    text = """
def sigmoid(z):
    return 1 / (1 + np.exp(-z))

X = np.zeros((4, 3))
y = np.zeros((4, 1))
n, m = X.shape
W1, W2 = np.random.randn(m, 5), np.random.randn(5, 1)
b1 = np.zeros(5)
for epoch in range(10):
    A1 = sigmoid(X @ W1 + b1)
    A2 = sigmoid(A1 @ W2)
    d2 = A2 - y
    d1 = d2 @ W2.T * A1 * (1 - A1)
    W2 -= 0.1 * A1.T @ d2 / n
    W1 = W1 - 0.1 * X.T @ d1 / n
    b1 -= d1.mean(axis=0)
"""
    shapes = shapes_after(scope_for, text)
    names: dict = {}
    exec(START + text, names)  # noqa: S102 (the script is our own)
    for name in ("X", "y", "W1", "W2", "b1", "A1", "A2", "d1", "d2", "n", "m"):
        assert shapes[name] == np.shape(names[name]), name


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("W = np.ones((3, 2))\nW = W - np.ones((4, 3, 2))", "W = W - np.ones((4, 3, 2))"),
        ("W = np.ones((3, 1))\nW -= np.ones((3, 2))", "W -= np.ones((3, 2))"),
        ("W = np.ones(3)\nW[0] = np.ones(2)", "W[0] = np.ones(2)"),
        ("x = np.ones(3)\nif c:\n    y = x @ np.ones(2)", "x @ np.ones(2)"),
        ("x = np.ones(3)\nwhile x @ np.ones(2):\n    pass", "x @ np.ones(2)"),
        ("def f(x):\n    return x @ np.ones(2)\nf(np.ones(3))", "x @ np.ones(2)"),
        ("x = np.ones(3)\nwith a:\n    x @ np.ones(2)", "x @ np.ones(2)"),
        ("x: object = np.ones(3) @ np.ones(2)", "np.ones(3) @ np.ones(2)"),
    ],
)
def test_misfits(scope_for, text, wrong):
    with pytest.raises(MisfitError) as caught:
        shapes_after(scope_for, text)
    assert ast.unparse(caught.value.node) == wrong


@pytest.mark.parametrize(
    "text",
    [
        "total = 0\ntotal += np.ones(3)",
        "total = 0.0\ntotal = total + np.ones(3)",
        "rows = [1, 2]\nrows += [3]",
        "X = np.ones((4, 3))\nX = X.T",
        "X = np.ones((4, 3))\nX = X.reshape(-1)",
        "W = np.ones((3, 2))\nW = W - unknown",
        "x = np.ones(3)\nfor x in rows:\n    x @ np.ones(2)",
        "def f(x):\n    if x is None:\n        return None\n    return x @ np.ones(3)\nf(np.ones(3))",
        "def f(*x):\n    return x @ np.ones(3)\nf(np.ones(2))",
        "def f(x):\n    raise ValueError\nf(np.ones(2)) @ np.ones(3)",
        "def f(x):\n    return f(x)\nf(np.ones(2)) @ np.ones(3)",
        "def f(x):\n    pass\nf(np.ones(2))",
    ],
)
def test_what_may_be_right_is_no_misfit(scope_for, text):
    shapes_after(scope_for, text)


def test_branches_that_differ_leave_nothing_known(scope_for):
    text = "if c:\n    x = np.ones(3)\n    y = np.ones(2)\nelse:\n    x = np.ones(4)\n    y = np.ones(2)"
    shapes = shapes_after(scope_for, text)
    assert (shapes["x"], shapes["y"]) == (None, (2,))


def test_what_a_branch_assigns_before_it_returns_is_not_known_after_it(scope_for):
    text = "def f(x, c):\n    if c:\n        x = np.ones(9)\n        return x\n    return x\ny = f(np.ones(3), 1)"
    assert shapes_after(scope_for, text)["y"] is None


def test_entries_of_a_new_value_are_forgotten(scope_for):
    assert "net[0]" not in shapes_after(scope_for, "net = build()", {"net[0]": np.ones(3)})


def test_a_return_ends_a_run(scope_for):
    with pytest.raises(FunctionOverError) as caught:
        Interpreter(scope_for({"x": np.ones(3)})).run(ast.parse("return x").body)
    assert caught.value.value.shape == (3,)
