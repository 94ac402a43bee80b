"""Exceptions described so that they can be explained elsewhere."""

import sys
from types import SimpleNamespace

import numpy as np
import pytest

from unstuck.doctor.scripts.exceptions import _position, describe_exception, describe_variables


def failing(text, **given):
    names = {"__name__": "__main__", "np": np, **given}
    try:
        exec(compile(text, "train.py", "exec"), names)  # noqa: S102 (that is what it is for)
    except BaseException as error:  # noqa: BLE001 (whatever the script raises)
        return describe_exception(error, "train.py")
    raise AssertionError


def test_a_failure_in_a_function():
    text = "def f(a):\n    b = a + 1\n    return b / 0\n\ndef g(a):\n    return f(a)\n\nx = 1\ng(x)\n"
    described = failing(text)
    assert described["exception"] == "ZeroDivisionError"
    assert described["message"] == "division by zero"
    assert (described["line"], described["column"], described["end_line"], described["end_column"]) == (3, 11, 3, 16)
    assert described["function"] == "f"
    assert described["callers"] == [9, 6]
    assert described["variables"]["b"] == {"kind": "int", "shape": [], "dtype": None, "text": "2"}
    assert described["variables"]["x"]["text"] == "1"
    assert "missing" not in described


def test_a_failure_in_the_module_and_inside_of_a_library():
    described = failing("w = np.zeros((2, 3))\nnp.linalg.inv(w)\n")
    assert (described["line"], described["function"], described["callers"]) == (2, "", [])
    assert described["exception"] == "LinAlgError"
    assert described["variables"]["w"]["shape"] == [2, 3]
    assert described["variables"]["w"]["dtype"] == "float64"


def test_a_module_that_is_missing():
    described = failing("import no_such_module_at_all\n")
    assert described["missing"] == "no_such_module_at_all"
    assert "missing" not in failing("raise ImportError('no name')\n")


def test_an_exception_from_elsewhere_has_no_place():
    described = describe_exception(ValueError("elsewhere"), "train.py")
    assert (described["line"], described["variables"], described["callers"]) == (None, {}, [])


@pytest.mark.parametrize(("positions", "last"), [([], 0), ([(None, None, None, None)], 0), ([(1, 1, 0, 1)], 8)])
def test_an_instruction_without_a_place(positions, last):
    code = SimpleNamespace(co_positions=lambda: iter(positions))
    trace = SimpleNamespace(tb_frame=SimpleNamespace(f_code=code), tb_lasti=last, tb_lineno=7)
    assert _position(trace) == (7, None, None, None)


class Bad:
    def __repr__(self):
        raise RuntimeError


@pytest.mark.parametrize(
    ("value", "shape", "text"),
    [
        (True, None, "True"),
        (2.5, [], "2.5"),
        (np.float32(2.5), [], "np.float32(2.5)"),
        ([[1, 2], [3, 4]], [2, 2], "[[1, 2], [3, 4]]"),
        ([[1, 2], [3]], None, "[[1, 2], [3]]"),
        (("a", "b"), None, "('a', 'b')"),
        (np.zeros((20, 20)), [20, 20], "array of shape (20, 20)"),
        (np.zeros((2, 2)), [2, 2], "array([[0., 0.], [0., 0.]])"),
        ("one\n  two", None, "one two"),
        ("x" * 200, None, "x" * 79 + "…"),
        (Bad(), None, "<Bad>"),
        ([10**400], None, "[1" + "0" * 77 + "…"),
    ],
)
def test_what_variables_hold(value, shape, text):
    held = describe_variables(sys._getframe())["value"]
    assert held["kind"] == type(value).__name__
    assert (held["shape"], held["text"]) == (shape, text)


def test_a_long_message_is_cut_off_and_keeps_its_lines():
    described = failing("raise ValueError('a\\n b' + 'x' * 3000)\n")
    assert len(described["message"]) == 2000
    assert described["message"].startswith("a\n b")
    assert described["message"].endswith("…")


def test_of_many_variables_the_last_are_described():
    described = failing("".join(f"v{i} = {i}\n" for i in range(300)) + "1 / 0\n")["variables"]
    assert len(described) == 200
    assert "v299" in described
    assert "v0" not in described
