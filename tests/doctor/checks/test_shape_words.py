"""What is said where a shape is not known; the other words are tested with the crashes."""

import pytest

from unstuck.doctor.checks.crashes import explain_crash
from unstuck.doctor.crash import Crash, Held
from unstuck.doctor.scripts.source import source_of

X = Held("ndarray", (4, 2), "float64", "array(...)")


@pytest.mark.parametrize(
    ("text", "said", "message"),
    [
        (
            "z = x @ f(x)",
            "matmul: Input operand 1 has a mismatch in its core dimension 0 (size 3 is different from 2)",
            "x @ f(x) is a matrix product of x, of shape (4, 2), and f(x): the first must have as many columns as the second has rows.",
        ),
        (
            "z = x + f(x)",
            "operands could not be broadcast together with shapes",
            "x + f(x) works element by element on x, of shape (4, 2), and f(x), and their shapes do not go together.",
        ),
        (
            "x[0, 0] = f(x)",
            "setting an array element with a sequence.",
            "f(x) is to be stored in x[0, 0]: it holds something of another shape, but x[0, 0] only has room for a single number.",
        ),
        (
            "y[0] = x",
            "setting an array element with a sequence.",
            "x is to be stored in y[0]: it holds shape (4, 2), but y[0] has no room for that.",
        ),
        (
            "x -= f(x)",
            "non-broadcastable output operand with shape",
            "x -= f(x): x, of shape (4, 2), is changed in place and keeps its shape, into which f(x) does not fit.",
        ),
    ],
)
def test_an_unknown_shape_is_left_out(text, said, message):
    (finding,) = explain_crash(Crash("ValueError", said, 1, variables={"x": X}), source_of(text))
    assert finding.message == message
    assert finding.evidence["NumPy says"] == said


def hints(crash_of, text):
    crash, source = crash_of(f"import numpy as np\n{text}\n")
    (finding,) = explain_crash(crash, source)
    return [remedy.summary for remedy in finding.remedies]


@pytest.mark.parametrize(
    ("bias", "gradient", "total"),
    [
        ("(3, 1)", "(3, 7)", "np.sum(np.ones((3, 7)), axis=1, keepdims=True), of shape (3, 1)"),
        ("(1, 3)", "(7, 3)", "np.sum(np.ones((7, 3)), axis=0, keepdims=True), of shape (1, 3)"),
        ("3", "(7, 3)", "np.sum(np.ones((7, 3)), axis=0), of shape (3,)"),
    ],
)
def test_the_gradient_of_a_bias_is_a_sum(crash_of, bias, gradient, total):
    words = f"b is shared by all samples, so its gradient is a sum over them: {total}."
    assert hints(crash_of, f"b = np.zeros({bias})\nb -= np.ones({gradient})") == [words]


def test_anything_else_is_no_gradient_of_a_bias(crash_of):
    assert hints(crash_of, "b = np.zeros(3)\nb -= np.ones((3, 7))") == []
    assert hints(crash_of, "b = np.zeros(3)\nb -= np.ones(4)") == []


def test_class_numbers_against_columns(crash_of):
    words = (
        "y has one number for each of 6 rows, the other 3 columns: if these are class numbers, turn them into one column "
        "for each class, np.eye(3)[y]; if it is one value a row, write y.reshape(-1, 1)."
    )
    for operation in ("A - y", "y - A", "A * y", "np.multiply(A, y)"):
        assert hints(crash_of, f"A = np.ones((6, 3))\ny = np.ones(6, int)\nz = {operation}") == [words]


def test_three_operands_draw_no_hint(crash_of):
    assert hints(crash_of, "z = np.where(np.ones((6, 3)), np.ones(6), 1)") == []
