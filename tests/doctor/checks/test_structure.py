"""What a network can express: biases, hidden layers, enough units. And scripts without a loop, or with another loss."""

import pytest

from unstuck.doctor.checks import loss_mismatch, missing_bias, no_hidden_layer, no_loop
from unstuck.doctor.patch import apply_edits

_XOR = """
import numpy as np
np.random.seed(4)
X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
y = np.array([[0], [1], [1], [0]])
n = {units}
V = np.random.randn(2, n)
W = np.random.randn(n, 1)
{before}
for i in range(100000):
    h = np.tanh(X @ V{a})
    o = 1 / (1 + np.exp(-(h @ W{b})))
    J = np.mean((o - y) ** 2)
    d = 2 * (o - y) / len(y) * o * (1 - o)
    e = d @ W.T * (1 - h ** 2)
    W -= 1.0 * h.T @ d
    V -= 1.0 * X.T @ e
    {after}
"""

_WITH = {
    "before": "a = np.zeros(n); b = np.zeros(1)",
    "a": " + a",
    "b": " + b",
    "after": "a -= e.sum(0); b -= d.sum(0)",
}

_PARABOLA = """
import numpy as np
np.random.seed(0)
x = np.linspace(-2, 2, 41).reshape(-1, 1)
y = x ** 2 - 1
V = np.random.randn(1, 20)
W = np.random.randn(20, 1) * 0.1
for i in range(100000):
    h = np.tanh(x @ V)
    o = h @ W
    J = np.mean((o - y) ** 2)
    d = 2 * (o - y) / len(x)
    e = d @ W.T * (1 - h ** 2)
    W -= 0.05 * h.T @ d
    V -= 0.05 * x.T @ e
"""

_LINE = """
import numpy as np
np.random.seed(1)
X = np.random.uniform(-1, 1, (100, 2))
y = ({rule}).astype(float).reshape(-1, 1)
w = np.zeros((2, 1))
b = np.zeros((1, 1))
for i in range(100000):
    p = 1 / (1 + np.exp(-(X @ w + b)))
    J = -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))
    d = (p - y) / len(X)
    w -= 0.5 * X.T @ d
    b -= 0.5 * d.sum()
"""


def test_a_bias_that_helps(examined):
    with examined(_PARABOLA) as examination:
        (suspicion,) = missing_bias.check(examination)
        report = examination.trials.one(suspicion.change, 0, 1000, 20.0)
        assert (report.reason, report.error, report.steps) == ("horizon", None, 1000)
        assert examination.learning.closed(report) > 0.9
        assert examination.learning.closed(examination.written) < 0.1
    finding = suspicion.finding
    assert (finding.fault, finding.location.line, finding.lines) == ("missing-bias", 9, (9, 10))
    assert suspicion.needs_proof


def test_a_column_of_ones_is_a_bias(examined):
    text = _PARABOLA.replace("np.linspace(-2, 2, 41).reshape(-1, 1)", "np.c_[np.linspace(-2, 2, 41), np.ones(41)]")
    text = text.replace("x ** 2 - 1", "x[:, :1] ** 3 * np.cos(9 * x[:, :1])").replace("randn(1, 20)", "randn(2, 20)")
    with examined(text) as examination:
        assert not list(missing_bias.check(examination))


def test_a_circle_needs_more_than_a_line(examined):
    with examined(_LINE.format(rule="(X ** 2).sum(1) > 0.5")) as examination:
        (suspicion,) = no_hidden_layer.check(examination)
    finding = suspicion.finding
    assert (finding.fault, finding.location.line, finding.severity) == ("no-hidden-layer", 9, "fatal")
    assert finding.evidence["variance left by the best straight line"] > 0.8
    assert finding.evidence["variance left by a curved one"] < 0.5


def test_noise_that_nothing_explains(examined, nothing_found):
    with examined(_LINE.format(rule="np.random.rand(100) > 0.5")) as examination:
        nothing_found(examination)


def test_too_few_units(examined):
    text = _XOR.format(units=3, **_WITH).replace(
        "np.array([[0, 0], [0, 1], [1, 0], [1, 1]])", "np.random.uniform(-3, 3, (80, 2))"
    )
    text = text.replace("np.array([[0], [1], [1], [0]])", "(np.sin(2 * X[:, :1]) > np.cos(2 * X[:, 1:])) * 1.0")
    with examined(text) as examination:
        (suspicion,) = no_hidden_layer.check(examination)
    finding = suspicion.finding
    assert (finding.location.line, finding.evidence["hidden units"]) == (6, 3)
    assert suspicion.needs_proof
    assert "n = 12" in suspicion.change.text


def test_a_sound_network(examined, nothing_found):
    text = _XOR.format(units=8, **_WITH).replace("np.mean((o - y)", "50 * np.mean((o - y)")
    with examined(text) as examination:
        nothing_found(examination)
    assert "The updates descend the loss that is reported." in examination.checked


_ONCE = """
import numpy as np
np.random.seed(0)
X = np.array([[0, 0, 1, 1], [0, 1, 0, 1]])
Y = np.array([[0, 1, 1, 1]])
w1 = np.random.randn(3, 2)
A1 = np.tanh(w1 @ X)
w2 = np.random.randn(1, A1.shape[0])
A2 = 1 / (1 + np.exp(-w2 @ A1))
dz = A2 - Y
dw2 = dz @ A1.T
dw1 = (w2.T @ dz * (1 - A1 ** 2)) @ X.T
w1 = w1 - 0.1 * dw1
w2 = w2 - 0.1 * dw2
print(A2)
"""


def test_a_step_without_a_loop(examined):
    with examined(_ONCE) as examination:
        (suspicion,) = no_loop.check(examination)
    finding = suspicion.finding
    assert (finding.fault, finding.severity, finding.location.line) == ("no-loop", "fatal", 13)
    text = apply_edits(_ONCE, finding.remedies[0].edits)
    lines = text.splitlines()
    assert lines[8] == "for epoch in range(1000):"
    assert lines[9] == "    A1 = np.tanh(w1 @ X)"
    assert lines[-1] == "print(A2)"
    names = {}
    exec(compile(text, "mended", "exec"), names)  # noqa: S102 (our own snippet)
    assert abs(names["A2"] - names["Y"])[:, 1:].max() < 0.1  # no bias, so the first stays at one half


def test_reported_and_descended_loss_differ(examined):
    text = _XOR.format(units=4, **_WITH).replace("* o * (1 - o)\n    e", "\n    e")
    text = (
        text.replace("-= 1.0 *", "-= 1e-5 *").replace("a -= ", "a -= 1e-5 * ").replace("b -= ", "b -= 1e-5 * ")
    )  # too slow to have learned by then
    with examined(text) as examination:
        (suspicion,) = loss_mismatch.check(examination)
    finding = suspicion.finding
    assert (finding.fault, finding.evidence["descended"], finding.evidence["reported"]) == (
        "loss-mismatch",
        "cross-entropy",
        "squared error",
    )
    assert finding.lines == (13, 14)
    assert suspicion.change.updates["gradient"] == "reported"


_BETWEEN = """
import numpy as np
rng = np.random.default_rng(0)
X = rng.normal(size=(40, 2))
Y = (X[:, :1] > X[:, 1:]) * 1.0
W, b = rng.normal(size=(2, 1)), np.zeros(1)
reported = []
for epoch in range(100):
    for start in range(0, 40, 10):
        x, y = X[start:start + 10], Y[start:start + 10]
        out = 1 / (1 + np.exp(-(x @ W + b)))
        delta = {delta}
        W -= 0.1 * x.T @ delta
        b -= 0.1 * delta.sum(0)
    out = 1 / (1 + np.exp(-(X @ W + b)))
    reported.append({reported})
"""
_SQUARED = "np.mean((out - Y) ** 2)"


def test_a_squared_error_between_the_steps_differs_from_what_they_descend(examined):
    with examined(_BETWEEN.format(delta="out - y", reported=_SQUARED)) as examination:
        (suspicion,) = loss_mismatch.check(examination)
    finding = suspicion.finding
    assert finding.message.startswith(
        "np.mean((out - Y) ** 2) is a squared error, but the updates follow the gradient of the cross"
    )
    assert finding.lines == (12, 16)


@pytest.mark.parametrize(
    ("delta", "reported"),
    [
        ("(out - y) * out * (1 - out)", _SQUARED),
        ("out - y", "np.mean((np.round(out) - Y) ** 2)"),
        ("out - y", "-np.mean(np.log(np.where(Y > 0, out, 1 - out)))"),
        ("out - y", f"({_SQUARED}, np.mean((out > 0.5) == Y))"),
    ],
)
def test_other_numbers_between_the_steps_do_not(examined, delta, reported):
    with examined(_BETWEEN.format(delta=delta, reported=reported)) as examination:
        assert list(loss_mismatch.check(examination)) == []
