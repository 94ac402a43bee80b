"""Which of several changes is chosen; that the chosen one works is tested with the crashes."""

import pytest

from unstuck.doctor.checks.crashes import explain_crash
from unstuck.doctor.crash import Crash, Held
from unstuck.doctor.scripts.source import source_of

H = "import numpy as np\n"
BOTH = H + "a = np.ones((3, 4))\nb = np.ones((3, 4))\nc = a @ b\n"


def explained(crash_of, text, **settings):
    crash, source = crash_of(text, **settings)
    (finding,) = explain_crash(crash, source)
    return finding, source


def test_where_two_changes_fit_both_are_said_and_none_is_made(crash_of, mended):
    finding, source = explained(crash_of, BOTH)
    assert [remedy.summary for remedy in finding.remedies] == [
        "Write a.T, of shape (4, 3), instead of a.",
        "Write b.T, of shape (4, 3), instead of b.",
    ]
    assert mended(source, finding) is None


def test_what_follows_decides_between_two(crash_of, mended):
    finding, source = explained(crash_of, BOTH + "w = np.ones((3, 3))\nw -= c\n")
    assert mended(source, finding) == BOTH.replace("a @ b", "a @ b.T") + "w = np.ones((3, 3))\nw -= c\n"


def test_a_change_that_only_moves_the_crash_is_not_made(crash_of, mended):
    text = H + "x = np.ones((4, 2))\nW = np.ones((5, 2))\nz = x @ W\nq = z + np.ones((7, 7))\n"
    finding, source = explained(crash_of, text)
    assert mended(source, finding) is None
    assert [remedy.summary for remedy in finding.remedies] == ["Write W.T, of shape (2, 5), instead of W."]


def test_a_line_that_has_worked_before_is_not_changed(crash_of, mended):
    text = H + "x = np.ones((3, 2))\nw = np.ones((2, 3))\nfor i in range(3):\n    y = x @ w\n    w = w.T\n"
    finding, source = explained(crash_of, text)
    assert mended(source, finding) is None
    assert finding.message.endswith(
        "The line has worked before, so a shape has changed since: look at what is assigned to w."
    )


def test_what_the_loop_changes_in_place_is_named(crash_of):
    text = H + (
        "x = np.ones((3, 2))\nw = np.ones((2, 3))\nb = [np.ones(3)]\nfor i in range(3):\n    y = x @ w + b[0]\n"
        "    b[0] = np.ones((i, 7))\n    w *= 2\n"
    )
    finding, _ = explained(crash_of, text)
    assert finding.message.endswith("look at what is assigned to w and b[0].")


def test_a_function_called_from_two_places_is_not_changed(crash_of, mended):
    text = H + "def f(x):\n    return np.ones((2, 3)) @ x\n\nf(np.ones((3, 4)))\nf(np.ones((4, 3)))\n"
    finding, source = explained(crash_of, text)
    assert mended(source, finding) is None
    assert finding.message.endswith(" f was called from line 6.")
    assert finding.lines == (3, 6)


def test_a_method_of_many_objects_is_not_changed(crash_of, mended):
    text = H + (
        "class Layer:\n    def __init__(self, n):\n        self.W = np.ones((n, 3))\n"
        "    def forward(self, x):\n        return self.W @ x\n"
        "layers = [Layer(3), Layer(2)]\nx = np.ones((4, 3))\nfor layer in layers:\n    x = layer.forward(x)\n"
    )
    finding, source = explained(crash_of, text)
    assert mended(source, finding) is None


def test_an_entry_that_a_loop_picks_is_not_changed(crash_of, mended):
    text = H + (
        "W = [np.ones((6, 10)), np.ones((10, 2))]\ng = [np.ones((10, 6)), np.ones((10, 2))]\n"
        "for k in range(2):\n    W[k] -= 0.3 * g[k]\n"
    )
    finding, source = explained(crash_of, text)
    assert mended(source, finding) is None
    assert [remedy.summary for remedy in finding.remedies] == ["Write g[k].T, of shape (6, 10), instead of g[k]."]


def test_an_activation_of_the_right_shape_takes_the_place_of_the_inputs(crash_of, mended):
    text = H + (
        "X = np.ones((5, 40))\nw1 = np.ones((8, 5))\nw2 = np.ones((3, 8))\nA1 = np.tanh(np.dot(w1, X))\n"
        "A2 = np.dot(w2, X)\ndw2 = np.dot(A2, A1.T)\nw2 = w2 - dw2\n"
    )
    finding, source = explained(crash_of, text)
    assert mended(source, finding) == text.replace("np.dot(w2, X)", "np.dot(w2, A1)")


def test_a_product_with_numbers_is_looked_into(crash_of, mended):
    text = H + "W = np.ones((6, 10))\ndW = np.ones((10, 6))\nrate = 0.1\nm = 4\nW = W - rate * dW / m\n"
    finding, source = explained(crash_of, text)
    assert mended(source, finding) == text.replace("rate * dW / m", "rate * dW.T / m")


@pytest.mark.parametrize("with_columns", [True, False])
def test_the_place_is_found_without_its_column(crash_of, with_columns):
    text = H + "w = np.ones((4, 4))\nx = np.ones((2, 5))\nprint(np.exp(w + 1), np.dot(w, x) * 2)\n"
    finding, _ = explained(crash_of, text, with_columns=with_columns)
    assert (finding.location.column, finding.location.end_column) == (21, 33)


def test_a_difference_that_fails_at_the_place_of_what_is_around_it():
    """That is how it looks in an instrumented script, in which a call takes the place of the subtraction."""
    said = "operands could not be broadcast together with shapes (4,6) (6,4) "
    variables = {name: Held("ndarray", shape, "float64", "...") for name, shape in {"a": (4, 6), "y": (6, 4)}.items()}
    crash = Crash("ValueError", said, 2, 12, 2, 26, variables=variables)
    (finding,) = explain_crash(crash, source_of(H + "x = np.mean((a - y) ** 2.0)\n"))
    assert finding.message.startswith("a - y works element by element on a, of shape (4, 6), and y, of shape (6, 4)")
    assert (finding.location.column, finding.location.end_column) == (13, 18)


def test_shapes_that_only_numpy_tells(crash_of):
    text = H + "def make(n):\n    return [np.ones((n, 2))][0]\n\nz = np.dot(make(3), make(4))\n"
    finding, _ = explained(crash_of, text)
    assert finding.evidence["shape of make(3)"] == "(3, 2)"
    assert finding.evidence["shape of make(4)"] == "(4, 2)"


def test_variables_that_would_fit_are_named(crash_of):
    text = H + "w = np.ones((3, 8))\nx = np.ones((5, 4))\nhidden = np.ones((8, 4))\nodd = np.ones((4, 8))\nz = w @ x\n"
    finding, _ = explained(crash_of, text)
    assert finding.evidence["would fit for x"] == ["hidden (8, 4)", "odd.T (8, 4)"]
    assert finding.evidence["shape of w"] == "(3, 8)"
