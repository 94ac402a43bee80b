"""Outputs of older weights, and accuracies that count the wrong thing."""

from unstuck.doctor.checks import evaluation, stale_prediction
from unstuck.doctor.patch import apply_edits
from unstuck.doctor.scripts.trials import Change

_NET = """
import numpy as np
np.random.seed(2)
X = np.random.uniform(-1, 1, (60, 2))
Y = (X[:, :1] ** 2 > X[:, 1:]).astype(float)
V, W, b = np.random.randn(2, 8), np.random.randn(8, 1), np.zeros(1)
{once}
for i in range({steps}):
    {each}
    O = 1 / (1 + np.exp(-(H @ W + b)))
    J = -np.mean(Y * np.log(O) + (1 - Y) * np.log(1 - O))
    D = (O - Y) / len(X)
    E = D @ W.T * (1 - H ** 2)
    V -= 0.5 * X.T @ E
    W -= 0.5 * H.T @ D
    b -= 0.5 * D.sum(0)
{end}
"""


def _net(once="pass", each="H = np.tanh(X @ V)", steps=100000, end=""):
    return _NET.format(once=once, each=each, steps=steps, end=end)


def test_hidden_values_from_before_the_loop(examined):
    with examined(_net(once="H = np.tanh(X @ V)", each="pass")) as examination:
        (suspicion,) = stale_prediction.check(examination)
        written, mended = (
            examination.trials.one(change, 0, 300, 5.0) for change in (Change("as written"), suspicion.change)
        )
        assert examination.learning.closed(mended) > examination.learning.closed(written)
    finding = suspicion.finding
    assert (finding.fault, finding.location.line, finding.parameter) == ("stale-prediction", 7, "V")
    assert finding.lines == (7, 8)
    assert finding.evidence["change of the loss when V is disturbed"] == 0


_ENDS = """
P = 1 / (1 + np.exp(-(H @ W + b)))
print(np.mean(P == Y))
print(np.mean((P > 0.5) == Y.ravel()))
print(np.mean((P > 0.5) * 1 == 2 * Y - 1))
"""


def test_old_hidden_values_and_accuracies_that_cannot_be_right(examined):
    text = _net(end=_ENDS)
    with examined(text) as examination:
        (suspicion,) = stale_prediction.check(examination)
        judged = [entry.finding for entry in evaluation.check(examination)]
    finding = suspicion.finding
    assert (finding.location.line, finding.parameter) == (18, "V")
    assert "H = np.tanh(X @ V)\nP = 1" in apply_edits(text, finding.remedies[0].edits)
    assert {finding.fault for finding in judged} == {"evaluation"}
    by_line = {finding.location.line: finding.evidence for finding in judged}
    assert sorted(by_line) == [19, 20, 21]
    assert by_line[19]["share that is equal"] == 0
    assert by_line[20]["comparisons"] == 3600
    assert by_line[21]["targets that no prediction can equal"] == [-1.0]


_SOUND_END = """
print(J, O[:3], np.abs(W).max(), 'done' if X.shape[0] == Y.shape[0] else 'odd')
cost = np.mean((O - Y) ** 2) + 0.1 * np.sum(W ** 2)
H = np.tanh(X @ V)
P = 1 / (1 + np.exp(-(H @ W + b)))
print(np.mean((P > 0.5) == Y), np.sum(np.round(P) == Y), 100 * np.mean((P > 0.5).ravel() == Y[:, 0]))
"""


def test_what_may_be_printed_in_the_end(examined, nothing_found):
    with examined(_net(end=_SOUND_END)) as examination:
        nothing_found(examination)
    assert "The accuracy compares each prediction with its own target." in examination.checked


_BATCHES = """
import numpy as np
rng = np.random.default_rng(0)
x = rng.uniform(-1, 1, (80, 2))
t = x[:, :1] * x[:, 1:]


class Net:
    def __init__(self):
        self.V = rng.normal(0, 1, (2, 10))
        self.U = rng.normal(0, 0.3, (10, 1))

    def forward(self, x):
        self.x, self.h = x, np.tanh(x @ self.V)
        self.out = self.h @ self.U
        return np.mean((self.out - t[: len(x)]) ** 2)

    def backward(self, t):
        d = (self.out - t) / len(t)
        return self.x.T @ (d @ self.U.T * (1 - self.h ** 2)), self.h.T @ d


net = Net()
net.forward(x[:20])
for epoch in range(100000):
    for s in range(0, 80, 20):
        xb, tb = x[s:s + 20], t[s:s + 20]
        {body}
    loss = np.mean((np.tanh(x @ net.V) @ net.U - t) ** 2)
"""
_STEP = "gV, gU = net.backward(tb); net.V -= 0.1 * gV; net.U -= 0.1 * gU"


def test_outputs_of_the_batch_before(examined):
    with examined(_BATCHES.format(body=f"{_STEP}; net.forward(xb)")) as examination:
        (suspicion,) = stale_prediction.check(examination)
    assert (suspicion.finding.location.line, suspicion.finding.fault) == (28, "stale-prediction")


def test_outputs_of_the_own_batch(examined, nothing_found):
    with examined(_BATCHES.format(body=f"net.forward(xb); {_STEP}")) as examination:
        nothing_found(examination)


_OWN_NAMES = """
import numpy as np

rng = np.random.default_rng(3)
data = [(x, float(x[0] * x[1] > 0)) for x in rng.uniform(-1, 1, (40, 2))]
layers = [rng.normal(0, 1, (2, 6)), rng.normal(0, 1, (6, 1))]


def predict(x):
    values = [x]
    for W in layers:
        x = 1 / (1 + np.exp(-x @ W))
        values.append(x)
    return values


def train_one(x, target):
    x, hidden, out = predict(x)
    delta = (out - target) * out * (1 - out)
    error = delta @ layers[1].T * hidden * (1 - hidden)
    layers[1] -= .5 * np.outer(hidden, delta)
    layers[0] -= .5 * np.outer(x, error)


for epoch in range(20):
    for x, label in data:
        train_one(x, label)
right = sum((predict(x)[2][0] > .5) == bool(label) for x, label in data)
print(right)
"""


def test_a_name_of_a_function_is_not_that_of_the_loop(examined, nothing_found):
    with examined(_OWN_NAMES) as examination:
        nothing_found(examination)


# ---------------------------------------------------------------------- accuracy

_SOFTMAX = """
import numpy as np
rng = np.random.default_rng(0)
labels = rng.integers(0, 3, 90)
X = np.eye(3)[labels] + rng.normal(0, 0.3, (90, 3))
T = np.eye(3)[labels]
W = rng.normal(0, 0.1, (3, 3))
for i in range(100000):
    z = X @ W
    P = np.exp(z) / np.exp(z).sum(1, keepdims=True)
    loss = -np.mean(np.sum(T * np.log(P), axis=1))
    accuracy = np.mean(np.argmax(P, axis={axis}) == np.argmax(T, axis={axis}))
    W -= 0.5 * X.T @ (P - T) / 90
"""


def test_argmax_along_the_wrong_axis(examined):
    with examined(_SOFTMAX.format(axis=0)) as examination:
        (suspicion,) = evaluation.check(examination)
    assert suspicion.finding.location.line == 12
    assert suspicion.finding.evidence["outputs"] == 3
    assert suspicion.finding.evidence["largest class number"] >= 3


def test_argmax_along_the_right_axis(examined, nothing_found):
    with examined(_SOFTMAX.format(axis=1)) as examination:
        nothing_found(examination)
