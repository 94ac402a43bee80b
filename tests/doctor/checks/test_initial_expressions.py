"""Where the text of a script gives a parameter its first value."""

import ast

import pytest

from unstuck.doctor.checks.initial_expressions import expressions_of
from unstuck.doctor.scripts.script_step import StepVariable

_FUNCTION = """
def init(n, m):
    first = 0.5 * randn(n, m)
    return [first, zeros(m)]
"""


def _variable(root, *steps):
    return StepVariable(0, root, root, steps, (2, 3), is_integer=False, is_array=True, start=None)


@pytest.mark.parametrize(
    ("text", "variable", "expected"),
    [
        ("W = randn(2, 3)", _variable("W"), ["randn(2, 3)"]),
        ("W, V = randn(2, 3), randn(3, 1)", _variable("V"), ["randn(3, 1)"]),
        ("W = [randn(a, b) for a, b in pairs]", _variable("W", ("item", 1)), ["randn(a, b)"]),
        ("W = []\nfor n in sizes:\n    W.append(randn(n, 2))", _variable("W", ("item", 1)), ["randn(n, 2)"]),
        ("W = []\nW.append(randn(2, 3))\nW.append(randn(3, 1))", _variable("W", ("item", 1)), ["randn(3, 1)"]),
        (f"{_FUNCTION}\nW, b = init(2, 3)", _variable("W"), ["0.5 * randn(n, m)"]),
        (f"{_FUNCTION}\np = init(2, 3)", _variable("p", ("item", 1)), ["zeros(m)"]),
        ("a = randn(2, 3)\ntheta = [a, zeros(3)]", _variable("theta", ("item", 0)), ["randn(2, 3)"]),
        ("p = {}\np['W' + str(1)] = randn(2, 3)", _variable("p", ("item", "W1")), ["randn(2, 3)"]),
        ("p = {}\nfor i in (1, 2):\n    p[f'b{i}'] = zeros(3)", _variable("p", ("item", "b2")), ["zeros(3)"]),
        ("p = {}\np['b%d' % 1] = zeros(3)", _variable("p", ("item", "W1")), []),
        ("W = W", _variable("W"), []),
        ("def f(n):\n    return f(n)\nW, b = f(3)", _variable("W"), []),
    ],
)
def test_a_first_value_is_followed_to_the_expression_that_makes_it(text, variable, expected):
    assert [ast.unparse(found) for found in expressions_of(ast.parse(text), variable)] == expected
