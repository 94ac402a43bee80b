"""Where the samples of a step are."""

import pytest

from unstuck.doctor.options import DiagnosisOptions
from unstuck.doctor.scripts.source import read_source
from unstuck.doctor.tools.batch import batch_of
from unstuck.doctor.tools.located_script import located

ROWS_WITH_AS_MANY_UNITS = """\
import numpy as np
rng = np.random.default_rng(0)
X = rng.normal(size=(6, 3))
Y = rng.normal(size=(6, 1))
W = rng.normal(size=(3, 6))
V = rng.normal(size=(6, 1))
for step in range(100):
    H = np.tanh(X @ W)
    out = H @ V
    error = out - Y
    gV, gW = H.T @ error, X.T @ (error @ V.T * (1 - H ** 2))
    V -= 0.01 * gV
    W -= 0.01 * gW
"""

CLASSES = """\
import numpy as np
rng = np.random.default_rng(0)
X = rng.normal(size=(30, 2))
labels = (X[:, 0] > 0).astype(int) + (X[:, 1] > 0)
W = np.zeros((2, 3))
b = np.zeros(3)
for step in range(200):
    scores = X @ W + b
    p = np.exp(scores - scores.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    loss = -np.log(p[range(30), labels]).mean()
    p[range(30), labels] -= 1
    W -= 0.5 * X.T @ p / 30
    b -= 0.5 * p.mean(axis=0)
"""

SUMMED = """\
import numpy as np
rng = np.random.default_rng(0)
data = [(rng.normal(size=(2, 1)), rng.normal(size=(3, 1))) for _ in range(5)]
W = rng.normal(size=(3, 2))
for epoch in range(200):
    total = np.zeros(W.shape)
    for x, t in data:
        y = W @ x
        miss = y - t
        total += miss @ x.T
    W = W - 0.05 * total
"""


@pytest.mark.parametrize(
    ("text", "layout", "length"),
    [
        (ROWS_WITH_AS_MANY_UNITS, "rows", 6),
        (CLASSES, "rows", 30),
        (SUMMED, "passes", 5),
    ],
)
def test_samples_are_found_by_what_the_last_weights_change(script, text, layout, length):
    check(script(text), layout, length)


def test_samples_in_columns_or_one_a_step(script, texts):
    check(script(texts.columns), "columns", 4)
    check(script(texts.single), "steps", 1)


def check(path, layout, length):
    with located(read_source(path), "train.py", DiagnosisOptions()) as found:
        batch = batch_of(found.found)
    assert (batch.layout, batch.length) == (layout, length)
    assert batch.axis == {"rows": 0, "columns": -1}.get(layout)
