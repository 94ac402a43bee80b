"""Near-misses: data, targets and arrays that look like a fault of the data and are none. Every check of the data looks at all of them."""

import pytest

from unstuck.doctor.checks import (
    aliasing,
    broadcast,
    data_quality,
    input_scale,
    integer_truncation,
    misaligned_labels,
    no_signal,
    not_shuffled,
    output_range,
    target_encoding,
)

_CHECKS = (
    output_range,
    target_encoding,
    broadcast,
    integer_truncation,
    aliasing,
    misaligned_labels,
    no_signal,
    not_shuffled,
    data_quality,
    input_scale,
)

_NET = """
import numpy as np
rng = np.random.default_rng(3)
X = rng.normal(size=(90, 2))
DATA
W1, b1 = rng.normal(size=(2, 6)), np.zeros(6)
W2, b2 = rng.normal(size=(6, UNITS)), np.zeros(UNITS)
best, kept, seen = np.inf, W1.copy(), np.zeros(6, dtype=int)
for epoch in range(100000):
    order = rng.permutation(90)
    x, t = X[order], y[order]
    h = np.tanh(x @ W1 + b1)
    z = h @ W2 + b2
    out = OUTPUT
    d = (out - t) / len(x)
    loss = np.mean((out - t) ** 2)
    dh = d @ W2.T * (1 - h ** 2)
    W2 -= 0.1 * h.T @ d
    b2 -= 0.1 * d.sum(0)
    UPDATE
    b1 -= 0.1 * dh.sum(0)
    seen[0] = 100 * loss
    if loss < best:
        best, kept = loss, W1.copy()
"""

_PER_SAMPLE = """
import math, random
random.seed(2)
data = [([a, b], a ^ b) for a in (0, 1) for b in (0, 1)]
W = [[random.uniform(-2, 2) for _ in range(3)] for _ in range(3)]
v = [random.uniform(-2, 2) for _ in range(4)]
def s(x): return 1 / (1 + math.exp(-x))
for epoch in range(100000):
    error = 0.0
    for x, t in data:
        h = [s(w[0] * x[0] + w[1] * x[1] + w[2]) for w in W]
        o = s(sum(a * b for a, b in zip(v, h + [1])))
        error += 0.5 * (o - t) ** 2
        d = (o - t) * o * (1 - o)
        for j in range(3):
            dj = d * v[j] * h[j] * (1 - h[j])
            v[j] -= 0.5 * d * h[j]
            W[j][0] -= 0.5 * dj * x[0]
            W[j][1] -= 0.5 * dj * x[1]
            W[j][2] -= 0.5 * dj
        v[3] -= 0.5 * d
"""

_COLUMNS = """
import numpy as np
np.random.seed(4)
X = np.array([[0, 0, 1, 1], [0, 1, 0, 1]])
Y = np.array([[0, 1, 1, 0]])
p = {"W1": np.random.randn(5, 2), "b1": np.zeros((5, 1)), "W2": np.random.randn(1, 5), "b2": np.zeros((1, 1))}
for i in range(100000):
    A1 = np.tanh(p["W1"] @ X + p["b1"])
    A2 = 1 / (1 + np.exp(-(p["W2"] @ A1 + p["b2"])))
    cost = -np.mean(Y * np.log(A2) + (1 - Y) * np.log(1 - A2))
    d2 = (A2 - Y) / 4
    d1 = p["W2"].T @ d2 * (1 - A1 ** 2)
    grads = {"W1": d1 @ X.T, "b1": d1.sum(1, keepdims=True), "W2": d2 @ A1.T, "b2": d2.sum(1, keepdims=True)}
    for k in p:
        p[k] = p[k] - 0.5 * grads[k]
    old = p
"""

_LINEAR, _SIGMOID, _TANH = "z", "1 / (1 + np.exp(-z))", "np.tanh(z)"
_SOFTMAX = "np.exp(z) / np.exp(z).sum(1, keepdims=True)"
_IN_PLACE, _NEW = "W1 -= 0.1 * x.T @ dh", "W1 = W1 - 0.1 * x.T @ dh"


def _script(data, output, units=1, update=_IN_PLACE):
    return _NET.replace("DATA", data).replace("UNITS", str(units)).replace("OUTPUT", output).replace("UPDATE", update)


_SHUFFLED_TOGETHER = """y = (X[:, :1] > 0) * 1.0
state = np.random.get_state()
np.random.shuffle(X)
np.random.set_state(state)
np.random.shuffle(y)"""


_BIAS_COLUMNS = """
import numpy as np
rng = np.random.RandomState(57)
X = np.hstack((np.array([[-1.0, -1.0], [-1.0, 1.0], [1.0, -1.0], [1.0, 1.0]]), np.ones((4, 1))))
y = np.array([[-1.0], [1.0], [1.0], [-1.0]])
W, V = rng.uniform(-0.8, 0.8, (3, 6)), rng.uniform(-0.3, 0.3, (7, 1))
while True:
    h = np.tanh(X @ W)
    wider = np.hstack((h, np.ones((4, 1))))
    out = np.tanh(wider @ V)
    error = out - y
    loss = np.mean(error ** 2)
    d = 2 * error / len(y) * (1 - out ** 2)
    dh = d @ V[:-1].T * (1 - h ** 2)
    V = V - 0.1 * wider.T @ d
    W = W - 0.1 * X.T @ dh
"""


@pytest.mark.parametrize(
    "script",
    [
        _script("y = 120 + 40 * X[:, :1]", _LINEAR),
        _script("rng.shuffle(X)\ny = np.sign(X[:, :1])", _TANH),
        _script(_SHUFFLED_TOGETHER, _SIGMOID),
        _script("y = np.eye(3)[(X[:, 0] > 0) * 1 + (X[:, 1] > 0) * 1]", _SOFTMAX, units=3),
        _script("y = (X[:, :1] > 0) + (X[:, 1:] > 0) + 0", _LINEAR, update=_NEW).replace("loss, W1.copy()", "loss, W1"),
        _PER_SAMPLE,
        _BIAS_COLUMNS,
        _COLUMNS,
    ],
    ids=[
        "prices",
        "shuffled-first",
        "shuffled-together",
        "one-hot",
        "counts-and-new-arrays",
        "lists",
        "bias-columns",
        "columns",
    ],
)
def test_sound_data_are_left_alone(examined, script):
    with examined(script) as examination:
        found = [suspicion.finding for check in _CHECKS for suspicion in check.check(examination)]
    assert found == []
