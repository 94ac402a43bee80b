"""Two versions taken apart into edits."""

import ast

import pytest

from unstuck.doctor.tools.variants import apply, text_of
from unstuck.doctor.tools.version_edits import version_edits, without_docstrings


def said(nodes):
    if isinstance(nodes, list | tuple):
        return "; ".join(map(ast.unparse, nodes))
    return type(nodes).__name__ if isinstance(nodes, ast.operator) else ast.unparse(nodes)


def edits_of(before, after):
    first, second = (without_docstrings(ast.parse(text)) for text in (before, after))
    edits = version_edits(first, second)
    assert ast.dump(apply(first, edits)) == ast.dump(second), "all edits together are the second version"
    return [[(said(part.old), said(part.new)) for part in edit.parts] for edit in edits]


def test_comments_spacing_and_docstrings_are_no_edits():
    assert edits_of("x=1 # one\ndef f():\n    'text'\n    return  x", "x = 1\n\ndef f():\n    return x  # it") == []


@pytest.mark.parametrize(
    ("before", "after", "edits"),
    [
        ("d = a - y", "d = (a - y) * slope(z)", [[("a - y", "(a - y) * slope(z)")]]),
        ("w += g", "w -= g", [[("Add", "Sub")]]),
        ("w += g", "w -= g * rate", [[("Add", "Sub")], [("g", "g * rate")]]),
        ("w = w - 0.1 * g", "w = w + 0.5 * g", [[("Sub", "Add")], [("0.1", "0.5")]]),
        ("a = np.dot(x, w)", "a = np.dot(w, x)", [[("np.dot(x, w)", "np.dot(w, x)")]]),
        ("d = e * w * (z > 0)", "d = e * w * h * (1 - h)", [[("e * w * (z > 0)", "e * w * h * (1 - h)")]]),
        ("h = relu(z)", "h = sigmoid(z)", [[("relu", "sigmoid")]]),
        ("n, m = 5, 2", "n, m = 8, 3", [[("(5, 2)", "(8, 3)")]]),
        ("x = f(a)", "x = f(a, b)", [[("f(a)", "f(a, b)")]]),
        ("for i in range(10):\n    s()", "for i in range(99):\n    s()", [[("10", "99")]]),
        ("def f(a, rate=0.1):\n    return a", "def f(a, rate=0.5):\n    return -a", [[("0.1", "0.5")], [("a", "-a")]]),
        ("if a:\n    b = 1", "while a:\n    b = 1", [[("if a:\n    b = 1", "while a:\n    b = 1")]]),
        ("w = w - g", "w -= g", [[("w = w - g", "w -= g")]]),
    ],
)
def test_edits_are_as_small_as_they_make_sense(before, after, edits):
    assert edits_of(before, after) == edits


def test_the_same_edit_in_several_places_is_one():
    before = "w1 -= 0.1 * g1\nb1 -= 0.1 * h1\nw2 = w2 - dw2 * 0.03\nb2 = b2 - db2 * 0.03"
    after = "w1 -= 0.5 * g1\nb1 -= 0.5 * h1\nw2 = w2 - rate * dw2 / s2\nb2 = b2 - rate * db2 / t2"
    assert edits_of(before, after) == [
        [("0.1", "0.5"), ("0.1", "0.5")],
        [("dw2 * 0.03", "rate * dw2 / s2"), ("db2 * 0.03", "rate * db2 / t2")],
    ]


def test_a_statement_that_moves_is_one_edit():
    loop = "for i in x:\n    {}\n"
    order = "v = v - a * h", "d = v * e", "w = w - d"
    moved = order[1:] + order[:1]
    assert edits_of(loop.format("\n    ".join(order)), loop.format("\n    ".join(moved))) == [
        [("v = v - a * h", ""), ("", "v = v - a * h")]
    ]


def test_new_names_stand_alone_and_what_acts_stays_together():
    before = "x = 1\ny = f(x)"
    after = "x = 1\nm = 0\nk = 2\nx = x * 2\nshow(x)\ny = f(x)"
    assert edits_of(before, after) == [[("", "m = 0")], [("", "k = 2")], [("", "x = x * 2; show(x)")]]


def test_edits_in_nested_blocks():
    before = "class N:\n  def go(self):\n    for i in r:\n      if i:\n        self.w -= g\n      else:\n        pass"
    after = before.replace("-= g", "+= g").replace("pass", "self.n = 1")
    assert edits_of(before, after) == [[("Sub", "Add")], [("pass", "self.n = 1")]]


def test_each_edit_can_be_made_alone():
    first = ast.parse("a = 1\nb = 2\nc = a - b\nfor i in range(3):\n    c -= i")
    second = ast.parse("b = 2\nc = a + b\nfor i in range(3):\n    d = i\n    c -= d")
    edits = version_edits(first, second)
    texts = [text_of(apply(first, [edit])) for edit in edits]
    assert texts == [
        "b = 2\nc = a - b\nfor i in range(3):\n    c -= i\n",
        "a = 1\nb = 2\nc = a + b\nfor i in range(3):\n    c -= i\n",
        "a = 1\nb = 2\nc = a - b\nfor i in range(3):\n    d = i\n    c -= i\n",
        "a = 1\nb = 2\nc = a - b\nfor i in range(3):\n    c -= d\n",
    ]
    assert text_of(first) == "a = 1\nb = 2\nc = a - b\nfor i in range(3):\n    c -= i\n", (
        "the first version stays as it was"
    )


def test_a_block_that_loses_everything_is_still_one():
    first = ast.parse("for i in x:\n    a()")
    assert text_of(apply(first, version_edits(first, ast.parse("for i in x:\n    pass")))) == "for i in x:\n    pass\n"
