"""All weights in one vector of zeros, and near-misses."""

from unstuck.doctor.checks import zero_start

_NET = """
import numpy as np
rng = np.random.default_rng(2)
X = rng.normal(size=(80, 2))
y = (X[:, 0] * X[:, 1] > 0).astype(float)
theta = {start}
for step in range(400):
    W, b, v = theta[:12].reshape(2, 6), theta[12:18], theta[18:24]
    h = np.tanh(X @ W + b)
    p = 1 / (1 + np.exp(-(h @ v + theta[24])))
    loss = -np.mean(y * np.log(p + 1e-12) + (1 - y) * np.log(1 - p + 1e-12))
    d = (p - y) / len(X)
    e = np.outer(d, v) * (1 - h ** 2)
    theta -= {rate} * np.concatenate([(X.T @ e).ravel(), e.sum(0), h.T @ d, [d.sum()]])
"""


def test_a_vector_of_zeros_of_which_only_the_last_bias_moves(examined):
    with examined(_NET.format(start="np.zeros(25)", rate=0.5)) as examination:
        (suspicion,) = zero_start.check(examination)
    finding = suspicion.finding
    assert (finding.fault, finding.location.line) == ("plateau-init", 6)
    assert finding.evidence["numbers that do not move"] == 24
    assert suspicion.needs_proof


def test_a_vector_drawn_at_random(examined):
    with examined(_NET.format(start="0.5 * rng.normal(size=25)", rate=0.0001)) as examination:
        assert not list(zero_start.check(examination))


def test_a_net_without_a_hidden_layer_may_start_at_zero(examined):
    text = """
import numpy as np
rng = np.random.default_rng(2)
X = rng.normal(size=(80, 4))
y = X @ np.array([1.0, -2, 0.5, 1])
w = np.zeros(4)
for step in range(400):
    out = X @ w
    loss = np.mean((out - y) ** 2)
    d = (out - y) / len(X)
    w -= 0.0001 * X.T @ d
"""
    with examined(text) as examination:
        assert not list(zero_start.check(examination))
