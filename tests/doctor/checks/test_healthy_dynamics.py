"""Networks that are right, in several styles: no check of the initial weights or of the training finds anything."""

from importlib import import_module

import pytest

_CHECKS = (
    "symmetric_init", "plateau_init", "saturation", "dead_relu", "vanishing", "exploding",
    "step_size", "too_few_steps", "non_finite", "plateau",
)  # fmt: skip

_ROWS = """
import numpy as np
np.random.seed(2)
x = np.random.uniform(-1, 1, (100, 1))
y = np.sin(3 * x)
V, c, W = np.random.randn(1, 10), np.random.randn(10), np.random.randn(10, 1) * 0.3
for i in range(100000):
    h = np.tanh(x @ V + c)
    o = h @ W
    loss = np.mean((o - y) ** 2)
    d = 2 * (o - y) / len(x)
    e = d @ W.T * (1 - h ** 2)
    W -= 0.1 * (h.T @ d)
    V -= 0.1 * (x.T @ e)
    c -= 0.1 * e.sum(0)
"""

_BATCHES = """
import numpy as np
rng = np.random.RandomState(4)
X = rng.randn(200, 4)
t = np.argmax(X[:, :3] + 0.1 * rng.randn(200, 3), axis=1)


class Net:
    def __init__(self):
        self.w1 = rng.randn(4, 16) * np.sqrt(2 / 4)
        self.b1 = np.zeros(16)
        self.w2 = rng.randn(16, 3) * np.sqrt(2 / 16)
        self.b2 = np.zeros(3)

    def step(self, x, t):
        h = np.maximum(0, x @ self.w1 + self.b1)
        z = h @ self.w2 + self.b2
        p = np.exp(z - z.max(1, keepdims=True))
        p /= p.sum(1, keepdims=True)
        d = (p - np.eye(3)[t]) / len(x)
        e = (d @ self.w2.T) * (h > 0)
        self.w2 -= 0.2 * h.T @ d
        self.b2 -= 0.2 * d.sum(0)
        self.w1 -= 0.2 * x.T @ e
        self.b1 -= 0.2 * e.sum(0)
        return -np.mean(np.log(p[np.arange(len(x)), t]))


net = Net()
for epoch in range(2000):
    order = rng.permutation(200)
    for k in range(0, 200, 20):
        loss = net.step(X[order[k:k + 20]], t[order[k:k + 20]])
"""

_SAMPLES = """
import math
import random
random.seed(3)
data = [((a, b), a != b) for a in (0, 1) for b in (0, 1)]
v = [[random.uniform(-2, 2) for _ in range(3)] for _ in range(4)]
w = [random.uniform(-2, 2) for _ in range(5)]
for epoch in range(20000):
    error = 0
    for (a, b), t in data:
        h = [1 / (1 + math.exp(-(r[0] * a + r[1] * b + r[2]))) for r in v]
        o = 1 / (1 + math.exp(-(sum(w[j] * h[j] for j in range(4)) + w[4])))
        error += 0.5 * (o - t) ** 2
        d = (o - t) * o * (1 - o)
        for j in range(4):
            e = d * w[j] * h[j] * (1 - h[j])
            w[j] -= 0.8 * d * h[j]
            v[j][0] -= 0.8 * e * a
            v[j][1] -= 0.8 * e * b
            v[j][2] -= 0.8 * e
        w[4] -= 0.8 * d
"""


@pytest.mark.parametrize("text", [_ROWS, _BATCHES, _SAMPLES], ids=["rows", "batches", "samples"])
def test_nothing_is_found(examined, text):
    with examined(text, seconds=1.0) as examination:
        found = {name: list(import_module(f"unstuck.doctor.checks.{name}").check(examination)) for name in _CHECKS}
    assert not any(found.values())
