import pytest

from unstuck.doctor.checks.crashes import explain_crash
from unstuck.doctor.checks.ignore import unknown_codes, without_ignored
from unstuck.doctor.crash import Crash
from unstuck.doctor.faults import FAULTS
from unstuck.doctor.scripts.source import read_source, source_of

H = "import numpy as np\n"


@pytest.mark.parametrize(
    "text",
    [
        "import matplotlib as plt\nplt.plot([1])\n",
        "open('nothing.csv')\n",
        "import no_such_module\n",
        "x = undefined\n",
        "x = [1][2]\n",
    ],
)
def test_after_the_training_most_of_it_is_harmless(crash_of, text):
    crash, source = crash_of(text)
    (before,) = explain_crash(crash, source)
    (after,) = explain_crash(crash, source, is_after_training=True)
    assert (before.severity, after.severity) == ("fatal", "harmless")
    assert after.message == f"{before.message} The training was over by then."


def test_shapes_that_do_not_fit_are_fatal_even_then(crash_of):
    crash, source = crash_of(H + "np.ones((2, 3)) @ np.ones((2, 3))\n")
    (finding,) = explain_crash(crash, source, is_after_training=True)
    assert (finding.fault, finding.severity) == ("shape-mismatch", "fatal")


@pytest.mark.parametrize("with_inner", [True, False])
@pytest.mark.parametrize("with_columns", [True, False])
def test_every_crash_is_in_the_catalogue_and_has_a_place(crash_of, with_columns, with_inner):
    for text in (
        "x = 1 / 0\n",
        H + "np.ones(2) @ np.ones(3)\n",
        H + "np.float(3)\n",
        "import nope\n",
        "open('nope')\n",
    ):
        crash, source = crash_of(text, with_columns=with_columns, with_inner=with_inner)
        (finding,) = explain_crash(crash, source)
        assert finding.fault in FAULTS
        assert finding.location is not None
        assert finding.evidence


def test_a_comment_silences_it(crash_of):
    crash, source = crash_of("x = 1 / 0  # unstuck: ignore[crash]\n")
    assert without_ignored(explain_crash(crash, source), source) == []
    assert unknown_codes(source, FAULTS) == []


def test_places_are_those_of_the_notebook(tmp_path):
    path = tmp_path / "net.ipynb"
    path.write_text(
        '{"cells": [{"cell_type": "code", "source": "a = 1"}, {"cell_type": "code", "source": "b = a / 0"}]}'
    )
    (finding,) = explain_crash(Crash("ZeroDivisionError", "division by zero", 2, 4, 2, 9), read_source(path))
    assert (finding.location.line, finding.location.cell, finding.location.column) == (1, 2, 4)
    assert finding.lines == (1,)


NEVER_CRASHES = [
    Crash("ValueError", "shapes (4,4) and (2,5) not aligned: 4 (dim 1) != 2 (dim 0)", 1),
    Crash("ValueError", "operands could not be broadcast together with shapes (4,) (5,) ", 1),
    Crash(
        "ValueError", "matmul: Input operand 1 has a mismatch in its core dimension 0 (size 5 is different from 4)", 1
    ),
    Crash("ValueError", "cannot reshape array of size 6 into shape (4,2)", 1),
    Crash("ValueError", "cannot reshape array of size 6 into shape", 1),
    Crash("ValueError", "all the input array dimensions must match", 1),
    Crash("ValueError", "all input arrays must have the same shape", 1),
    Crash("ValueError", "setting an array element with a sequence.", 1),
    Crash("ValueError", "setting an array element with a sequence. inhomogeneous", 1),
    Crash("ValueError", "The truth value of an array is ambiguous", 1),
    Crash("ValueError", "too many values to unpack (expected 2)", 1),
    Crash("ValueError", "could not convert string to float: 'a'", 1),
    Crash("ValueError", "math domain error", 1),
    Crash("ValueError", "can only convert an array of size 1 to a Python scalar", 1),
    Crash("ValueError", "negative dimensions are not allowed", 1),
    Crash("AxisError", "axis 1 is out of bounds for array of dimension 1", 1),
    Crash("AxisError", "axis 1 is out of bounds for array of dimension 0", 1),
    Crash("LinAlgError", "Singular matrix", 1),
    Crash("LinAlgError", "Last 2 dimensions of the array must be square", 1),
    Crash("IndexError", "index 3 is out of bounds for axis 0 with size 3", 1),
    Crash("IndexError", "too many indices for array: array is 1-dimensional, but 2 were indexed", 1),
    Crash("IndexError", "too many indices for array: array is 0-dimensional, but 2 were indexed", 1),
    Crash("IndexError", "only integers are valid indices", 1),
    Crash("IndexError", "list index out of range", 1),
    Crash("IndexError", "something else", 1),
    Crash("KeyError", "'a'", 1),
    Crash("TypeError", "'int' object is not callable", 1),
    Crash("TypeError", "'module' object is not callable", 1),
    Crash("TypeError", "'float' object cannot be interpreted as an integer", 1),
    Crash("TypeError", "unsupported operand type(s) for -: 'A' and 'B'", 1),
    Crash("TypeError", "only 0-dimensional arrays can be converted to Python scalars", 1),
    Crash("TypeError", "'int' object is not iterable", 1),
    Crash("TypeError", "'int' object is not subscriptable", 1),
    Crash("TypeError", "list indices must be integers or slices, not str", 1),
    Crash("TypeError", "Cannot interpret '3' as a data type", 1),
    Crash("TypeError", "f() got an unexpected keyword argument 'a'", 1),
    Crash("UFuncTypeError", "Cannot cast ufunc 'add' output from dtype('float64') to dtype('int64')", 1),
    Crash("AttributeError", "'Qwertz' object has no attribute 'a'", 1),
    Crash("AttributeError", "'NoneType' object has no attribute 'a'", 1),
    Crash("AttributeError", "'list' object has no attribute 'shape'", 1),
    Crash("AttributeError", "'numpy.ndarray' object has no attribute 'append'", 1),
    Crash("AttributeError", "'numpy.ndarray' object has no attribute 'ptp'", 1),
    Crash("AttributeError", "module 'qwertz' has no attribute 'a'", 1),
    Crash("AttributeError", "module 'numpy' has no attribute 'float'", 1),
    Crash("AttributeError", "module 'matplotlib' has no attribute 'plot'", 1),
    Crash("AttributeError", "whatever", 1),
    Crash("UnboundLocalError", "cannot access local variable 'w' where it is not associated with a value", 1),
    Crash("RecursionError", "maximum recursion depth exceeded", 1),
    Crash("MemoryError", "", 1),
    Crash("OverflowError", "math range error", 1),
    Crash("ZeroDivisionError", "division by zero", 1),
    Crash("FloatingPointError", "overflow", 1),
    Crash("ImportError", "cannot import name 'a' from 'b' (unknown location)", 1),
    Crash("FileNotFoundError", "[Errno 2] No such file or directory: 'a.csv'", 1),
    Crash("FileNotFoundError", "[Errno 2] No such file or directory: b'a.csv'", 1),
    Crash("ModuleNotFoundError", "No module named 'a.b'", 1),
]


@pytest.mark.parametrize("text", ["x = (\n", "x = 1\n", "pass\n", "for i in r: a[i] += f(i, k=1)\n", ""])
@pytest.mark.parametrize("crash", NEVER_CRASHES, ids=lambda crash: f"{crash.exception}: {crash.message[:40]}")
def test_a_crash_that_does_not_suit_the_line_is_explained_all_the_same(crash, text):
    (finding,) = explain_crash(crash, source_of(text))
    assert finding.message
    assert finding.evidence
