"""Scripts to be looked at, each as a file in a folder of its own."""

import textwrap
from types import SimpleNamespace

import pytest

COLUMNS = """\
import numpy as np

np.random.seed(4)
X = np.array([[0, 0, 1, 1], [0, 1, 0, 1]])
Y = np.array([[0, 1, 1, 0]])
W1 = np.random.randn(3, 2)
b1 = np.zeros((3, 1))
W2 = np.random.randn(1, 3)
b2 = np.zeros((1, 1))


def sigmoid(z):
    s = 1 / (1 + np.exp(-z))
    return s


for epoch in range(2000):
    A1 = sigmoid(W1 @ X + b1)
    A2 = sigmoid(W2 @ A1 + b2)
    cost = -np.mean(Y * np.log(A2) + (1 - Y) * np.log(1 - A2))
    dZ2 = (A2 - Y) / 4
    dZ1 = W2.T @ dZ2 * A1 * (1 - A1)
    W2 -= 2.0 * dZ2 @ A1.T
    b2 -= 2.0 * dZ2.sum(axis=1, keepdims=True)
    W1 -= 2.0 * dZ1 @ X.T
    b1 -= 2.0 * dZ1.sum(axis=1, keepdims=True)
"""

SINGLE = """\
import numpy as np

rng = np.random.default_rng(1)
inputs = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]
wanted = [0, 1, 1, 1]
w = rng.normal(size=2)
bias = 0.0
for turn in range(500):
    for x, t in zip(inputs, wanted):
        x = np.array(x)
        y = 1 / (1 + np.exp(-(w @ x + bias)))
        delta = y - t
        w = w - 0.5 * delta * x
        bias = bias - 0.5 * delta
"""


@pytest.fixture
def script(tmp_path):
    """Write a script and return its path."""

    def write(text, name="train.py"):
        path = tmp_path / name
        path.write_text(textwrap.dedent(text), encoding="utf-8")
        return path

    return write


@pytest.fixture(scope="session")
def texts():
    """Right scripts: samples as columns of an array, and one sample a step."""
    return SimpleNamespace(columns=COLUMNS, single=SINGLE)
