"""One array under two names."""

from unstuck.doctor.checks.aliasing import check

_NET = """
import numpy as np
rng = np.random.default_rng(3)
X = rng.normal(size=(40, 2))
y = X[:, :1] * X[:, 1:]
w, b = rng.normal(size=(2, 1)), np.zeros(1)
BUFFERS
best = np.inf
for epoch in range(100000):
    out = X @ w + b
    loss = np.mean((out - y) ** 2)
    d = 2 * (out - y) / len(X)
    m *= 0.9
    m += X.T @ d
    v += 0.001 * (X.T @ d) ** 2
    UPDATE
    b -= 0.01 * d.sum(0)
    if loss < best:
        best = loss
        kept = KEPT
w = kept
"""


def _script(buffers="m, v = np.zeros((2, 1)), np.zeros((2, 1))", kept="w.copy()", update="w -= 0.01 * m / (1 + v)"):
    return _NET.replace("BUFFERS", buffers).replace("KEPT", kept).replace("UPDATE", update)


def test_the_best_weights_that_move_on(examined):
    text = _script(kept="w")
    with examined(text) as examination:
        (suspicion,) = check(examination)
    finding = suspicion.finding
    assert (finding.fault, finding.severity) == ("aliasing", "harmful")
    assert finding.location.line == text.splitlines().index("        kept = w") + 1
    assert finding.evidence["largest change under both names in a step"] > 0
    assert [edit.new for edit in finding.remedies[0].edits] == ["w.copy()"]


def test_two_buffers_in_one_array(examined):
    text = _script(buffers="m = v = np.zeros((2, 1))")
    with examined(text) as examination:
        (suspicion,) = check(examination)
    assert suspicion.finding.location.line == text.splitlines().index("m = v = np.zeros((2, 1))") + 1
    assert "m = np.zeros((2, 1)); v = np.zeros((2, 1))" in suspicion.change.text
