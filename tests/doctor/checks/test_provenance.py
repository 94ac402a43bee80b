import ast

import pytest

from unstuck.doctor.checks.provenance import names_read, parameter_steps


def steps(text):
    return {step.statement.lineno: sorted(step.sources) for step in parameter_steps(ast.parse(text))}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x = load()\nw = 0\nfor i in r:\n    w -= w * x", {4: ["w", "x"]}),
        ("x = load()\nw = 0\nfor i in r:\n    w = w - w * x", {4: ["w", "x"]}),
        ("x = load()\nw = 0\nfor i in r:\n    w -= x", {}),
        ("x = load()\nn = 0\nfor i in r:\n    n += 1", {}),
        ("x = load()\nw = 0\nfor i in r:\n    w *= w * x", {}),
        ("x = load()\ny = x\nw = 0\nfor i in r:\n    w -= w * y", {5: ["w", "x", "y"]}),
        ("x = load()\nw = 0\nn = x.shape[0] + len(x)\nfor i in r:\n    w -= w * n", {5: ["n", "w"]}),
        ("x, y = load()\nw = 0\nfor a, b in zip(x, y):\n    w -= w * a - b", {4: ["a", "b", "w", "x", "y"]}),
        ("x = load()\np = {'w': 0}\nfor i in r:\n    g = p['w'] * x\n    p['w'] -= g", {5: ["g", "p", "x"]}),
        (
            "x = load()\nw = 0\nwhile c:\n    if d:\n        g = w * x\n    else:\n        g = w\n    w -= g",
            {8: ["g", "w", "x"]},
        ),
        ("x = load()\nw, v = 0, 1\nfor i in r:\n    w -= w * v", {4: ["v", "w"]}),
        ("x: int = load()\nw = 0\nfor i in r:\n    with a:\n        w -= w * x", {5: ["w", "x"]}),
        ("x = load()\nw = 0\ntry:\n    for i in r:\n        w -= w * x\nexcept E:\n    pass", {5: ["w", "x"]}),
        ("x = load()\nw = 0\nfor i in r:\n    w -= sum([w * a for a in x])", {4: ["a", "w", "x"]}),
        ("x = load()\nw = 0\nf = lambda: x\nfor i in r:\n    w -= w * f()", {5: ["w"]}),
    ],
)
def test_what_an_update_is_made_of(text, expected):
    assert steps(text) == expected


def test_what_cannot_be_followed_is_left_out():
    assert steps("x = load()\nf()[0] = x\n(a, *b), c = x, x\nw = 0\nfor i in r:\n    w -= w * b\n") == {
        6: ["b", "w", "x"]
    }
    assert steps("x = load()\nfor i in r:\n    f() .w -= x\n    f()[0] += x") == {}


def test_functions_are_followed_anew_for_each_call():
    text = """
train, test = load()
w = 0
def forward(x):
    return w * x
def step(x):
    global w
    w -= forward(x)
for i in r:
    step(train)
score = forward(test)
"""
    assert steps(text) == {8: ["train", "w"]}


def test_methods_are_followed():
    text = """
class Net:
    def __init__(self):
        self.w = 0
    def forward(self, x):
        self.a = self.w * x
        return self.a
    def fit(self, x):
        for i in r:
            self.forward(x)
            self.w -= self.a
train, test = load()
net = Net()
net.fit(train)
net.forward(test)
"""
    assert steps(text) == {11: ["train"]}


def test_recursion_ends():
    assert steps("def f(x):\n    return f(x)\nw = 0\nfor i in r:\n    w -= w * f(w)\n") == {5: ["w"]}


def test_names_read():
    assert list(names_read(ast.parse("x = y\nz += x"))) == ["y", "x"]
