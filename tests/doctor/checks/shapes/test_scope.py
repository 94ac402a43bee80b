import ast

import pytest

from unstuck.doctor.checks.imports import Imports
from unstuck.doctor.checks.shapes.scope import Value, numbers, scope_of, value_of, whole_number
from unstuck.doctor.crash import Held


@pytest.mark.parametrize(
    ("held", "value"),
    [
        (Held("ndarray", (4, 2), "float64", "array(...)"), Value((4, 2))),
        (Held("int", (), None, "5"), whole_number(5)),
        (Held("float", (), None, "0.5"), Value((), kind="float")),
        (Held("tuple", (2,), None, "(4, 2)"), numbers((4, 2))),
        (Held("list", (2, 2), None, "[[1, 2], [3, 4]]"), Value((2, 2), kind="list")),
        (Held("list", (50,), None, "[0, 1, 2, 3…"), Value((50,), kind="list")),
        (Held("Net", None, None, "<Net>"), None),
        (Held("int", (), None, "True"), Value((), kind="int")),
    ],
)
def test_what_is_known_of_something_held(held, value):
    assert value_of(held) == value


def test_functions_are_known_unless_there_are_two_of_a_name():
    tree = ast.parse("def f(): pass\ndef g(): pass\ndef g(): pass")
    assert list(scope_of(tree, Imports(tree), {}).functions) == ["f"]


def test_a_copy_can_be_changed():
    scope = scope_of(ast.parse(""), Imports(ast.parse("")), {})
    copy = scope.copy()
    copy.values["x"] = None
    assert scope.values == {}
    assert scope.inside({"y": None}).depth == 1


def test_lists_are_told_from_arrays():
    assert Value((3,), kind="list").is_sequence
    assert not Value((3,)).is_sequence
