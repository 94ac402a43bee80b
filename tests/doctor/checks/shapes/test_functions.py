import ast

import pytest

from unstuck.doctor.checks.shapes.functions import MISFIT, Call, is_true, result, sizes_of
from unstuck.doctor.checks.shapes.scope import Value, numbers, whole_number


def test_unknown_functions_return_nothing_known():
    assert result("qwertz", Call([Value((3,))])) is None
    assert result("exp", Call([])) is None


def test_shapes_that_do_not_go_together():
    assert result("reshape", Call([Value((3,)), numbers((2, 2))])) is MISFIT
    assert result("method.sum", Call([Value((3,))], {"axis": whole_number(1)})) is MISFIT


def test_a_method_is_the_function_of_that_name():
    assert result("method.sum", Call([Value((3, 2)), whole_number(0)])).shape == (2,)
    assert result("method.exp", Call([Value((3, 2))])) is None


def test_a_single_number_is_no_array():
    assert result("sum", Call([Value((3,))])).kind == "float64"


def test_a_list_keeps_its_kind():
    assert result("method.tolist", Call([Value((3,))])).kind == "list"


@pytest.mark.parametrize(
    ("value", "sizes"),
    [
        (None, None),
        (whole_number(3), (3,)),
        (numbers((3, 2)), (3, 2)),
        (Value((2,)), None),
        (Value((1,), items=(None,)), None),
    ],
)
def test_sizes(value, sizes):
    assert sizes_of(value) == sizes


def test_what_counts_as_true():
    assert [is_true(ast.parse(text, mode="eval").body) for text in ("True", "1", "False", "x")] == [
        True,
        True,
        False,
        False,
    ]
