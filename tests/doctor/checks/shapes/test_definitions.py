import ast

import pytest

from unstuck.doctor.checks.edits import changed
from unstuck.doctor.checks.imports import Imports
from unstuck.doctor.checks.shapes.definitions import definition_of, made_two_dimensional
from unstuck.doctor.scripts.source import source_of

X = ast.Name("X", ast.Load())


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("X = f()\n\nuse(X)", True),
        ("X = f()\ny = X\nuse(X)", False),
        ("X = f()\nX = g()\nuse(X)", False),
        ("X, y = f()\n\nuse(X)", False),
        ("X = f()\ndef g():\n    use(X)", False),
        ("\n\nX = f()", False),
    ],
)
def test_a_definition_counts_only_if_nothing_else_depends_on_it(text, found):
    assert (definition_of(X, ast.parse(text), before=3) is not None) == found


def test_only_names_have_a_definition():
    assert definition_of(ast.parse("a.X", mode="eval").body, ast.parse("a.X = 1"), before=3) is None


@pytest.mark.parametrize(
    ("text", "new"),
    [
        ("b = np.zeros(n)", "b = np.zeros((n, 1))"),
        ("b = np.zeros((n,))", "b = np.zeros((n, 1))"),
        ("b = np.random.randn(n)", "b = np.random.randn(n, 1)"),
        ("b = np.zeros((n, 2))", None),
        ("b = np.array([1])", None),
        ("b = f(n)", None),
        ("b = 3", None),
        ("b = np.zeros(n)\nb = np.ones(n)", None),
        ("b = np.zeros(n)\nb = b - 1", "b = np.zeros((n, 1))\nb = b - 1"),
        ("", None),
    ],
)
def test_a_bias_made_a_column(text, new):
    text = f"import numpy as np\n{text}\n"
    tree = ast.parse(text)
    made = made_two_dimensional(ast.Name("b", ast.Load()), tree, Imports(tree), source_of(text))
    assert (None if made is None else changed(text, [made[1]])) == (
        None if new is None else f"import numpy as np\n{new}\n"
    )
