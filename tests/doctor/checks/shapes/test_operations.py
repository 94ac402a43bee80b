import ast

import pytest

from unstuck.doctor.checks.imports import Imports
from unstuck.doctor.checks.shapes.operations import operation_of

IMPORTS = Imports(ast.parse("import math\nimport numpy as np"))


@pytest.mark.parametrize(
    ("text", "kind", "operands"),
    [
        ("a + b", "elementwise", ["a", "b"]),
        ("a @ b", "matmul", ["a", "b"]),
        ("a == b", "elementwise", ["a", "b"]),
        ("np.dot(a, b)", "dot", ["a", "b"]),
        ("np.matmul(a, b)", "matmul", ["a", "b"]),
        ("a.dot(b)", "dot", ["a", "b"]),
        ("np.maximum(a, b, out)", "elementwise", ["a", "b"]),
        ("np.where(a, b, c)", "elementwise", ["a", "b", "c"]),
    ],
)
def test_expressions(text, kind, operands):
    operation = operation_of(ast.parse(text, mode="eval").body, IMPORTS)
    assert (operation.kind, [ast.unparse(operand) for operand in operation.operands]) == (kind, operands)


@pytest.mark.parametrize(
    ("text", "kind", "operands"), [("w -= g", "in-place", ["w", "g"]), ("w[i] = g", "stored", ["w[i]", "g"])]
)
def test_statements(text, kind, operands):
    operation = operation_of(ast.parse(text).body[0], IMPORTS)
    assert (operation.kind, [ast.unparse(operand) for operand in operation.operands]) == (kind, operands)


@pytest.mark.parametrize(
    "text", ["a in b", "a is None", "a < b < c", "f(a, b)", "np.dot(*a)", "np.dot(a)", "math.dot(a)", "a"]
)
def test_what_is_no_operation(text):
    assert operation_of(ast.parse(text, mode="eval").body, IMPORTS) is None


def test_an_assignment_to_a_name_demands_nothing():
    assert operation_of(ast.parse("a = b").body[0], IMPORTS) is None
