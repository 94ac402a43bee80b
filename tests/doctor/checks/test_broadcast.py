"""Arrays stretched by NumPy without anybody meaning it."""

from unstuck.doctor.checks.broadcast import check

_NET = """
import numpy as np
rng = np.random.default_rng(3)
X = rng.normal(size=(40, 2))
y = TARGETS
w, b = rng.normal(size=(2, 1)), np.zeros((1, 1))
for epoch in range(100000):
    out = 1 / (1 + np.exp(-(X @ w + b)))
    error = out - y
    loss = np.mean(error ** 2)
    d = DELTA
    db = GRADIENT
    w = w - 0.1 * X.T @ d
    b = b - 0.1 * db
"""


def _script(targets, delta="2 * error * out * (1 - out) / len(X)", gradient="d.sum(0, keepdims=True)"):
    return _NET.replace("TARGETS", targets).replace("DELTA", delta).replace("GRADIENT", gradient)


def test_outputs_compared_with_every_target(examined):
    text = _script("X[:, 0] * X[:, 1]", delta="2 * error.mean(1, keepdims=True) * out * (1 - out) / len(X)")
    with examined(text) as examination:
        (suspicion,) = check(examination)
    finding = suspicion.finding
    assert (finding.fault, finding.location.line) == ("broadcast", text.splitlines().index("    error = out - y") + 1)
    assert (finding.evidence["numbers in the result"], finding.evidence["numbers expected"]) == (1600, 40)
    assert "y = y.reshape(-1, 1)\n" in suspicion.change.text
    assert finding.remedies[0].edits[0].new == "y = y.reshape(-1, 1)\n"


def test_a_bias_stretched_by_its_own_gradient(examined):
    text = _script("X[:, :1] * X[:, 1:]", gradient="2 * d")
    with examined(text) as examination:
        (suspicion,) = check(examination)
    finding = suspicion.finding
    assert (finding.fault, finding.mistake, finding.parameter) == ("wrong-gradient", "bias-not-summed", "b")
    assert finding.location.line == text.splitlines().index("    db = 2 * d") + 1
    assert finding.evidence["shape after one update"] == [40.0, 1.0]
    assert "db = np.sum(2 * d, axis=0, keepdims=True)" in suspicion.change.text
