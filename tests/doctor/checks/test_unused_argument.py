import ast

import pytest

from unstuck.doctor.checks.unused_setting import check
from unstuck.doctor.patch import apply_edits
from unstuck.doctor.scripts.source import source_of

LITERAL = "    for i in range(9):\n        w -= 0.03 * dw\n    return w\n"


NET = "class Net:\n    def __init__(self, lr=0.1):\n        self.lr = lr\n"
TWO_OF_A_NAME = (
    "class A:\n    def step(self, w, momentum):\n        return w\n"
    "class B:\n    def step(self, w, momentum):\n        return momentum\n"
    "A().step(1, 2)\nB().step(1, 2)\n"
)


def found(text):
    source = source_of(text)
    return list(check(ast.parse(source.text), source))


def test_a_rate_that_a_function_never_reads():
    text = "def train(X, learning_rate=0.1):\n" + LITERAL + "train(X, 0.5)\n"
    (finding,) = found(text)
    assert finding.message == (
        "The parameter learning_rate of train has no effect: train never reads it; "
        "the update in line 3 uses 0.03, written out, instead."
    )
    assert (finding.location.line, finding.location.column, finding.severity) == (1, 13, "harmless")
    mended = apply_edits(text, finding.remedies[0].edits)
    assert mended == text.replace("0.03", "learning_rate")
    assert found(mended) == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "def train(X, epochs):\n    for i in range(100):\n        f(X)\ntrain(X, 9)\n",
            "The parameter epochs of train has no effect: train never reads it.",
        ),
        (
            "def train(X, *, batch_size=3):\n    return f(X)\ntrain(X)\n",
            "The parameter batch_size of train has no effect: train never reads it.",
        ),
        (
            "def train(n, lr):\n    '''Train.'''\n    lr = 0.001\n    return n * lr\ntrain(3, 4)\n",
            "The parameter lr of train has no effect: line 3 makes it 0.001 before anything reads it.",
        ),
        (
            "class Net:\n    def __init__(self, n, momentum=0.9):\n        self.n = n\nNet(3).n\nNet(4)\n",
            "The parameter momentum of __init__ has no effect: __init__ never reads it.",
        ),
        (
            NET + "    def step(self):\n        self.w -= 0.03 * self.g\nNet().step()\n",
            "self.lr has no effect: nothing reads it; the update in line 5 uses 0.03, written out, instead.",
        ),
        (
            NET + "    def step(self):\n        self.w -= self.g\nNet().step()\n",
            "self.lr has no effect: nothing reads it.",
        ),
        (
            "class Net:\n    def __init__(self):\n        self.epochs = 10\nNet()\nf()\n",
            "self.epochs has no effect: nothing reads it.",
        ),
    ],
)
def test_settings_that_nothing_reads(text, message):
    assert [finding.message for finding in found(text)] == [message]


@pytest.mark.parametrize(
    "text",
    [
        "def train(X, lr):\n    return X * lr\ntrain(X, 3)\n",
        "def train(X, lr):\n    def step():\n        return X * lr\n    return step()\ntrain(X, 3)\n",
        "def train(X, lr=None):\n    if lr is None:\n        lr = 0.1\n    return X * lr\ntrain(X)\n",
        "def train(X, lr):\n    lr = lr or 0.1\n    return X * lr\ntrain(X, 3)\n",
        "def schedule(epoch, lr):\n    return 0.1\nfit(callback=schedule)\n",
        "def train(X, lr):\n    raise NotImplementedError\ntrain(X, 3)\n",
        "def train(X, lr):\n    '''To be written.'''\ntrain(X, 3)\n",
        "@decorated\ndef train(X, lr):\n    return X\ntrain(X, 3)\n",
        "def train(X, lr):\n    return X\nprint(4)\n",
        "class Sgd(Optimizer):\n    def step(self, w, momentum):\n        return w\nSgd().step(3, 4)\n",
        TWO_OF_A_NAME,
        NET + "    def step(self):\n        self.w -= self.lr * self.g\nNet().step()\n",
        "class Net:\n    def __init__(self, lr=0.1):\n        self.lr = lr\nnet = Net()\nprint(net.lr)\n",
        "class Net:\n    def __init__(self, hidden):\n        self.hidden = hidden\n        self.W = make(hidden)\nNet(3)\nf()\n",
        "class Net(Base):\n    def __init__(self, lr):\n        self.lr = lr\nNet(3)\nf()\n",
        "@dataclass\nclass Net:\n    def __init__(self, lr):\n        self.lr = lr\nNet(3)\nf()\n",
        "class Net:\n    def __init__(self, lr):\n        self.lr = lr\nNet(3)\nprint(vars(net))\n",
        "class Net:\n    def __init__(self, lr):\n        self.lr = f(lr)\nNet(3)\nf()\n",
        "def f(X, y):\n    return X\nf(3, 4)\n",
    ],
)
def test_right_scripts_draw_nothing(text):
    assert found(text) == []
