"""Runs that end too early or in numbers that are none."""

from unstuck.doctor.checks import non_finite, too_few_steps

_NET = """
import numpy as np
np.random.seed(2)
x = np.random.uniform(-1, 1, (100, 1))
y = np.sin(3 * x)
V = np.random.randn(1, 10)
c = np.random.randn(10)
W = np.random.randn(10, 1) * 0.3
for i in range({steps}):
    h = np.tanh(x @ V + c)
    o = h @ W
    loss = np.mean((o - y) ** 2)
    d = 2 * (o - y) / len(x)
    e = d @ W.T * (1 - h ** 2)
    W -= {rate} * (h.T @ d)
    V -= {rate} * (x.T @ e)
    c -= {rate} * e.sum(0)
"""

_LOG = """
import numpy as np
np.random.seed(0)
X = np.random.randn(40, 2) * 3
y = (X.sum(1, keepdims=True) > 0).astype(float)
w = np.random.randn(2, 1) * 0.1
b = np.zeros(1)
for i in range(100000):
    p = 1 / (1 + np.exp(-(X @ w + b)))
    loss = -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))
    g = (p - y) / len(X)
    w -= 2.0 * X.T @ g
    b -= 2.0 * g.sum(0)
    if i > 5:
        w *= 1.5
"""


def test_a_script_that_ends_while_it_learns(examined):
    with examined(_NET.format(steps=30, rate=0.02)) as examination:
        (suspicion,) = too_few_steps.check(examination)
    assert (suspicion.finding.fault, suspicion.finding.location.line) == ("too-few-steps", 9)
    assert suspicion.change.horizon_factor == 10
    assert suspicion.needs_proof
    assert suspicion.finding.evidence["steps"] == 30


def test_the_first_value_that_is_no_number(examined):
    with examined(
        _NET.format(steps=100_000, rate=500.0).replace("np.tanh(x @ V + c)", "x @ V + c").replace(" * (1 - h ** 2)", "")
    ) as examination:
        (suspicion,) = non_finite.check(examination)
    finding = suspicion.finding
    assert (finding.fault, finding.severity) == ("non-finite", "fatal")
    assert 10 <= finding.location.line <= 17
    assert finding.evidence["largest parameter before the step"] > 1e10


def test_a_logarithm_of_zero(examined):
    with examined(_LOG) as examination:
        (suspicion,) = non_finite.check(examination)
    assert suspicion.finding.location.line == 10
    assert "logarithm" in suspicion.finding.message
