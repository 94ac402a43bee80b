"""A softmax that is divided by the sum over the whole batch, and those that are right, by rows and by columns."""

import pytest

from unstuck.doctor.checks import softmax_axis, target_encoding, wrong_gradient

_NET = """
import numpy as np
rng = np.random.default_rng(2)
X = rng.uniform(-1, 1, (24, 2))
T = np.eye(3)[(X[:, 0] * 3 + X[:, 1] > 0).astype(int) + (X[:, 0] > 0.5)]
W, b = rng.normal(0, 1, (2, 3)), np.zeros(3)
for step in range(100000):
    z = X @ W + b
    e = np.exp(z - z.max(axis=1, keepdims=True))
    P = {softmax}
    loss = -np.sum(T * np.log(P)) / len(X)
    d = {delta}
    W -= 0.5 * X.T @ d
    b -= 0.5 * d.sum(0)
"""
_COLUMNS = """
import numpy as np
rng = np.random.default_rng(2)
X = rng.uniform(-1, 1, (2, 24))
T = np.eye(3)[:, (X[0] > 0).astype(int) + (X[1] > 0.5)]
W, b = rng.normal(0, 1, (3, 2)), np.zeros((3, 1))
for step in range(100000):
    e = np.exp(W @ X + b)
    P = e / {total}
    loss = -np.mean(np.sum(T * np.log(P), axis=0))
    d = (P - T) / X.shape[1]
    W -= 0.5 * d @ X.T
    b -= 0.5 * d.sum(1, keepdims=True)
"""
_DELTA = "(P - T) / len(X)"


@pytest.mark.sampled(2)
@pytest.mark.parametrize(
    ("text", "line", "new"),
    [
        (_NET.format(softmax="e / np.sum(e)", delta=_DELTA), 10, "e.sum(axis=1, keepdims=True)"),
        (_NET.format(softmax="e / e.sum(axis=0)", delta=_DELTA), 10, "e.sum(axis=1, keepdims=True)"),
        (_COLUMNS.format(total="e.sum()"), 9, "e.sum(axis=0, keepdims=True)"),
    ],
)
def test_sum_over_samples(examined, text, line, new):
    with examined(text) as examination:
        (suspicion,) = softmax_axis.check(examination)
        assert list(target_encoding.check(examination)) == []
        assert list(wrong_gradient.check(examination)) == []
    finding = suspicion.finding
    assert (finding.fault, finding.mistake) == ("wrong-gradient", "summed-over-wrong-axis")
    assert finding.location.line == line
    (edit,) = finding.remedies[0].edits
    assert edit.new == new
    assert f"P = e / {new}" in suspicion.change.text


@pytest.mark.sampled(1)
@pytest.mark.parametrize(
    "text",
    [
        _NET.format(softmax="e / e.sum(axis=1, keepdims=True)", delta=_DELTA),
        _NET.format(softmax="e / np.sum(e, axis=1, keepdims=True)", delta="(P - T) * P"),
        _NET.format(softmax="e / np.sum(e)", delta="(len(X) * P - T) / len(X) * (1 + 0 * z)").replace(
            "z = X @ W + b\n    e = np.exp(z - z.max(axis=1, keepdims=True))", "z = X @ W + b\n    e = np.exp(z)"
        ),
        _COLUMNS.format(total="e.sum(0)"),
    ],
)
def test_sums_of_each_sample_and_right_gradients(examined, text):
    with examined(text) as examination:
        assert list(softmax_axis.check(examination)) == []
