import ast

import numpy as np
import pytest

from unstuck.doctor.checks.crash_site import site_of
from unstuck.doctor.checks.imports import Imports
from unstuck.doctor.checks.shapes.context import context_of
from unstuck.doctor.checks.shapes.history import picks_one_of_several, worked_before
from unstuck.doctor.checks.shapes.operations import operation_of
from unstuck.doctor.checks.shapes.scope import scope_of

START = "import numpy as np\nx = np.ones((3, 2))\nw = np.ones((2, 3))\nW = [np.ones((2, 3)), np.ones((5, 5))]\n"


@pytest.mark.parametrize(
    ("text", "iteration", "verdict"),
    [
        ("x @ x", None, "no"),
        ("for i in range(3):\n    x @ x", None, "no"),
        ("for i in range(3):\n    if i == 2:\n        x @ x", 2, "no"),
        ("for i in range(3):\n    x @ w\n    w = x", None, "yes"),
        ("for i in range(1, 3):\n    x @ w\n    w = x", None, "yes"),
        ("for i in range(1, 3):\n    x @ x", None, "no"),
        ("for i, j in [(1, 2), (3, 4)]:\n    x @ x", None, "no"),
        ("n = 3\nfor k in range(n, 9):\n    x @ x", None, "no"),
        ("for i in range(0, 3):\n    for j in range(i, 3):\n        x @ x", None, "no"),
        ("for v in W:\n    x @ v", None, "maybe"),
        ("for row in x:\n    row @ x", None, "no"),
        ("for row in x:\n    row @ x", 4, "maybe"),
        ("for i, row in enumerate(x):\n    row @ x", None, "no"),
        ("while True:\n    x @ x", None, "no"),
        ("while True:\n    x @ x", 1, "maybe"),
        ("for i in range(len(W)):\n    with np.errstate():\n        x @ W[i]", None, "yes"),
        ("def f(a):\n    return x @ a\nfor i in range(3):\n    f(w)\n    w = x", None, "yes"),
        ("def f(a):\n    return x @ a\nfor i in range(3):\n    f(x)", None, "no"),
        ("n = 3.0\nfor k in range(int(n)):\n    k = 9\n    x @ x", None, "yes"),
    ],
)
def test_whether_a_line_has_worked(crash_of, text, iteration, verdict):
    crash, source = crash_of(START + text + "\n", iteration=iteration, with_columns=False)
    site = site_of(crash, source)
    scope = scope_of(site.tree, site.imports, crash.variables)
    assert worked_before(site, site.statements[-1], scope) == verdict


@pytest.mark.parametrize(
    ("text", "several"),
    [
        ("for i in r:\n    W[i] @ x", True),
        ("for i in r:\n    p['W' + str(i)] @ x", True),
        ("for i in r:\n    X[i] @ w", False),
        ("for i in r:\n    W[0] @ x", False),
        ("W[i] @ x", False),
        ("for v in W:\n    v @ x", False),
    ],
)
def test_entries_that_a_loop_picks(scope_for, text, several):
    tree = ast.parse(text)
    statement = next(node for node in ast.walk(tree) if isinstance(node, ast.Expr))
    operation = operation_of(statement.value, Imports(tree))
    scope = scope_for({"X": np.ones((4, 3))})
    assert picks_one_of_several(operation, context_of(tree, statement), scope) == several
