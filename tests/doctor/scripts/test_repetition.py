"""A step that is written out once is repeated."""

import ast
import textwrap

import pytest

from unstuck.doctor.scripts.repetition import append_loop, appended_loop


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


@pytest.mark.parametrize("text", ["x = 1\ny = x + 1\n", "print(1)\n", "w -= 1\n"])
def test_without_an_update_there_is_no_step(text):
    assert repeated(text) is None


@pytest.mark.parametrize(
    ("text", "step"),
    [
        ("net.w = 1\nnet.w -= 1\n", ["    net.w -= 1"]),
        ("w, b = 1, 2\nw, b = w - b, b - w\n", ["    w, b = (w - b, b - w)"]),
        (
            "class Net:\n    def fit(self, x):\n        self.w -= x\nnet = Net()\nx = 1\nx = x / 2\nprint(net.fit(x))\nprint(x)\n",
            ["    print(net.fit(x))"],
        ),
        (
            "def main():\n    w = 1\n    p = w * 2\n    w = w - p\n    return w\nmain()\n",
            ["    p = w * 2", "    w = w - p"],
        ),
        (
            "class Net:\n    def fit(self, x):\n        p = self.w * x\n        self.w -= p\n",
            ["    p = self.w * x", "    self.w -= p"],
        ),
        ("x = 4\nx = x / 2\nw = 1\np = w * x\nw = w - p * x\n", ["    p = w * x", "    w = w - p * x"]),
        (
            "ws = [1, 2]\np = ws[0] * ws[1]\ngs = [p, p]\nfor i in range(2):\n    ws[i] -= gs[i]\n",
            ["    p = ws[0] * ws[1]", "    gs = [p, p]", "    for i in range(2):", "        ws[i] -= gs[i]"],
        ),
    ],
)
def test_steps_in_other_styles(text, step):
    assert repeated_anywhere(text) == step


def test_a_program_of_layers_and_an_optimizer():
    text = """
    class SGD:
        def __init__(self, layers):
            self.layers = layers
        def step(self):
            for layer in self.layers:
                layer.w -= layer.g
    layers = [make(), make()]
    opt = SGD(layers)
    if __name__ == "__main__":
        out = X
        for layer in layers:
            out = layer.forward(out)
        loss = out - y
        opt.step()
        print("done")
    """
    assert repeated_anywhere(text) == [
        "    out = X", "    for layer in layers:", "        out = layer.forward(out)", "    loss = out - y", "    opt.step()",
    ]  # fmt: skip


def test_without_a_loop_none_was_inserted():
    assert appended_loop(ast.parse("for i in range(3): pass")) is None


def repeated_anywhere(text):
    tree = ast.parse(textwrap.dedent(text))
    assert append_loop(tree)
    loop, block = appended_loop(tree)
    assert loop in block
    return ast.unparse(loop).splitlines()[1:]
