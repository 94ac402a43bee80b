"""A step that is written out once is repeated."""

import ast
import textwrap

import pytest

from unstuck.doctor.scripts.repetition import append_loop


def repeated(text):
    tree = ast.parse(textwrap.dedent(text))
    found = append_loop(tree)
    loops = [node for node in tree.body if isinstance(node, ast.For)]
    return ast.unparse(loops[-1]).splitlines()[1:] if found else None


def test_a_straight_line_step():
    text = """
    x = 2.0
    w = 1.0
    rate = 0.1
    p = w * x
    grad = p - 1
    w = w - rate * grad
    print(w)
    """
    tree = ast.parse(textwrap.dedent(text))
    assert append_loop(tree)
    loop = tree.body[-2]
    assert ast.unparse(loop).splitlines() == [
        "for __unstuck_step__ in range(10 ** 9):", "    p = w * x", "    grad = p - 1", "    w = w - rate * grad",
    ]  # fmt: skip
    assert (loop.lineno, loop.end_lineno) == (5, 7)
    assert ast.unparse(tree.body[-1]) == "print(w)"
    compile(tree, "script", "exec")


@pytest.mark.parametrize(
    ("text", "step"),
    [
        ("w = 1.0\nw -= 0.1\n", ["    w -= 0.1"]),
        ("w = [1.0]\nw[0] = w[0] - 1\n", ["    w[0] = w[0] - 1"]),
        ("w = [[1.0]]\nw[0][0] -= 1\n", ["    w[0][0] -= 1"]),
        ("w = 1.0\nif w: pass\na, b = 1, 2\nw = w - a\n", ["    w = w - a"]),
        ("w = v = 1.0\nw = 2.0\nw = w + 1\n", ["    w = w + 1"]),
        ("a = 1.0\nb = 2.0\ng = a + b\na -= g\nb -= g\nlater = a\n", ["    g = a + b", "    a -= g", "    b -= g"]),
    ],
)
def test_what_belongs_to_the_step(text, step):
    assert repeated(text) == step


@pytest.mark.parametrize("text", ["x = 1\ny = x + 1\n", "print(1)\n", "net.w = 1\nnet.w -= 1\n", "w -= 1\n"])
def test_without_an_update_there_is_no_step(text):
    assert repeated(text) is None
