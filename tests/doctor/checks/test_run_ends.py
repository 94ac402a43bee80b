"""Runs that end too early or in numbers that are none."""

from unstuck.doctor.checks import data_quality, non_finite, too_few_steps

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


_CONSTANT_COLUMN = """
import numpy as np
np.random.seed(4)
def scaled(a):
    low, high = a.min(0), a.max(0)
    return (a - low) / (high - low)
data = np.random.rand(60, 3)
data[:, 1] = 5
best = np.inf
y = (data[:, :1] > 0.5) * 1.0
data = scaled(data)
W = np.random.randn(3, 5)
V = np.random.randn(5, 1)
for i in range(300):
    h = np.tanh(data @ W)
    p = 1 / (1 + np.exp(-h @ V))
    loss = np.mean((p - y) ** 2)
    best = min(best, loss)
    d = (p - y) * p * (1 - p) / len(y)
    e = d @ V.T * (1 - h ** 2)
    V -= 0.5 * h.T @ d
    W -= 0.5 * data.T @ e
"""


def test_inputs_that_are_divided_by_zero_before_the_training(examined):
    with examined(_CONSTANT_COLUMN) as examination:
        (suspicion,) = non_finite.check(examination)
    finding = suspicion.finding
    assert (finding.fault, finding.severity, finding.location.line) == ("non-finite", "fatal", 6)
    assert finding.message == (
        "'data' holds 60 numbers that are NaN or infinite before the training begins; they come from "
        "(a - low) / (high - low): a division by 0, or of one infinity by another. "
        "Whatever is computed with them becomes NaN too, so nothing can be learned."
    )
    assert (
        "(a - low) / ((high - low) + 1e-12)" in suspicion.change.text or "(high - low + 1e-12)" in suspicion.change.text
    )


def test_a_logarithm_of_inputs_of_zero(examined):
    text = _CONSTANT_COLUMN.replace("data[:, 1] = 5", "data[::2, 1] = 0").replace("scaled(data)", "np.log(data)")
    with examined(text) as examination:
        assert list(non_finite.check(examination)) == []
        (suspicion,) = (each for each in data_quality.check(examination) if each.finding.fault == "non-finite")
    assert (suspicion.finding.severity, suspicion.finding.location.line) == ("fatal", 11)


def test_numbers_that_overflow_in_the_first_step(examined):
    text = _CONSTANT_COLUMN.replace("scaled(data)", "data * 1e5").replace(
        "p = 1 / (1 + np.exp(-h @ V))", "o = np.exp(data @ W @ V); p = o / o.sum(0)"
    )
    with examined(text) as examination:
        (suspicion,) = non_finite.check(examination)
    assert (suspicion.finding.fault, suspicion.finding.location.line) == ("non-finite", 16)
