import ast

import numpy as np

from unstuck.doctor.checks.edits import changed
from unstuck.doctor.checks.shapes.candidates import Failure, candidates, core_of
from unstuck.doctor.checks.shapes.operations import operation_of
from unstuck.doctor.scripts.source import source_of


def texts(scope_for, text, values):
    """The lines that candidates make of the last line, a single operation."""
    text = f"import numpy as np\n{text}\n"
    source, tree, scope = source_of(text), ast.parse(text), scope_for(values)
    node = tree.body[-1].value
    operation = operation_of(node, scope.imports)
    failure = Failure(operation, (), scope, tree)
    failure = Failure(operation, tuple(failure.shape(operand) for operand in operation.operands), scope, tree)
    return {changed(text, candidate.changes).strip().split("\n")[-1] for candidate in candidates(failure, source)}


def test_a_transpose_is_added_or_taken_away(scope_for):
    values = {"a": np.ones((4, 2)), "b": np.ones((4, 3))}
    assert texts(scope_for, "z = a @ b", values) == {"z = a.T @ b"}
    assert texts(scope_for, "z = a @ b.T", values) == {"z = b.T @ a"}
    assert texts(scope_for, "z = a.T @ b.T", values) == {"z = a.T @ b"}
    assert texts(scope_for, "z = (a + 1) @ b", values) == {"z = ((a + 1).T) @ b"}


def test_operands_are_swapped(scope_for):
    values = {"a": np.ones((4, 2)), "b": np.ones((3, 4))}
    assert texts(scope_for, "z = np.dot(a, b)", values) == {"z = np.dot(b, a)"}
    assert texts(scope_for, "z = (a + 1) @ b", values) == {"z = (b) @ (a + 1)"}


def test_only_what_fits_is_yielded(scope_for):
    assert texts(scope_for, "z = a @ b", {"a": np.ones((4, 2)), "b": np.ones((7, 9))}) == set()
    assert texts(scope_for, "z = a @ unknown", {"a": np.ones((4, 2))}) == set()


def test_rows_are_not_transposed_to_fit_numbers_of_rows(scope_for):
    assert texts(scope_for, "z = a - y", {"a": np.ones((6, 3)), "y": np.ones(6)}) == set()


def test_an_operand_with_the_same_partner_elsewhere(scope_for):
    values = {"w": np.ones((3, 8)), "x": np.ones((5, 4)), "h": np.ones((8, 2))}
    assert texts(scope_for, "p = np.dot(w, h)\nz = w @ x", values) == {"z = w @ h"}
    assert texts(scope_for, "p = w + h\nz = w @ x", values) == set()
    assert texts(scope_for, "p = np.dot(w, f(h))\nz = w @ x", values) == set()


def test_the_array_within_a_product_of_numbers():
    shapes = {"rate": (), "dW": (3, 2), "m": ()}
    node = core_of(ast.parse("rate * dW / m", mode="eval").body, lambda part: shapes.get(ast.unparse(part), (3, 2)))
    assert ast.unparse(node) == "dW"
    node = core_of(ast.parse("a * b", mode="eval").body, lambda _: None)
    assert ast.unparse(node) == "a * b"
