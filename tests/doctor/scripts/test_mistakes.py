"""Each mistake that can be named is named, and its line found, in a whole small script that makes it."""

import pytest

from unstuck.doctor.checks.wrong_gradient import check
from unstuck.doctor.faults import MISTAKES
from unstuck.doctor.scripts.examine import examine, locate, scout
from unstuck.doctor.scripts.session import run_in
from unstuck.doctor.scripts.source import source_of
from unstuck.doctor.scripts.workspace import Workspace

TWO_LAYERS = """\
import numpy as np

rng = np.random.default_rng(0)
X = rng.normal(size=(6, 3))
y = (X[:, :1] * X[:, 1:2] > 0) * 1.0
W1, W2 = rng.normal(size=(3, 4)), rng.normal(size=(4, 1))


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def slope(z):
    return sigmoid(z) * (1 - sigmoid(z))


for epoch in range(200):
    z1 = X @ W1
    a1 = sigmoid(z1)
    a2 = np.tanh(a1 @ W2)
    loss = np.mean((a2 - y) ** 2)
    d2 = (a2 - y) * (1 - a2**2)
    d1 = d2 @ W2.T * a1 * (1 - a1)
    W2 -= 0.1 * a1.T @ d2
    W1 -= 0.1 * X.T @ d1
"""
FOUR_LAYERS = """\
import numpy as np

rng = np.random.default_rng(0)
X = rng.normal(size=(6, 3))
y = (X[:, :1] * X[:, 1:2] > 0) * 1.0
W1, W2, W3, W4 = rng.normal(size=(3, 4)), rng.normal(size=(4, 4)), rng.normal(size=(4, 4)), rng.normal(size=(4, 1))

for epoch in range(200):
    a1 = np.tanh(X @ W1)
    a2 = np.tanh(a1 @ W2)
    a3 = np.tanh(a2 @ W3)
    out = a3 @ W4
    loss = np.mean((out - y) ** 2)
    d4 = (out - y) / len(X)
    d3 = d4 @ W4.T * (1 - a3**2)
    d2 = d3 @ W3.T * (1 - a2**2)
    d1 = d2 @ W2.T * (1 - a1**2)
    W4 -= 0.1 * a3.T @ d4
    W3 -= 0.1 * a2.T @ d3
    W2 -= 0.1 * a1.T @ d2
    W1 -= 0.1 * X.T @ d1
"""
SOFTMAX = """\
import numpy as np

rng = np.random.default_rng(0)
X = rng.normal(size=(6, 3))
Y = np.eye(3)[[0, 1, 2, 0, 1, 2]]
W = rng.normal(size=(3, 3))

for epoch in range(200):
    z = X @ W
    p = np.exp(z) / np.exp(z).sum(1, keepdims=True)
    loss = LOSS
    d = (p - Y) * p * (1 - p)
    W -= 0.1 * X.T @ d
"""
BIASED = """\
import numpy as np

rng = np.random.default_rng(0)
X = rng.normal(size=(4, 3))
Y = np.tanh(X @ rng.normal(size=(3, 4)))
W, b = rng.normal(size=(3, 4)), np.zeros((1, 4))


def gradients(x, y):
    d = x @ W + b - y
    return x.T @ d, d.sum(0, keepdims=True)


for epoch in range(200):
    loss = np.sum((X @ W + b - Y) ** 2)
    dW, db = gradients(X, Y)
    W -= 0.02 * dW
    b -= 0.02 * db
"""
LISTS = """\
import math

data = [([0.2, -0.4, 0.7], 1), ([0.9, 0.5, -0.3], 0), ([-0.6, 0.1, 0.8], 1)]
W = [[0.3, -0.2, 0.5], [-0.4, 0.6, 0.1], [0.7, 0.2, -0.5]]
v = [0.4, -0.3, 0.6]

for epoch in range(200):
    for x, t in data:
        h = [math.tanh(sum(W[j][i] * x[i] for i in range(3))) for j in range(3)]
        s = 0.0
        for j in range(3):
            s += v[j] * h[j]
        loss = (s - t) ** 2
        d = s - t
        e = [d * v[j] * (1 - h[j] ** 2) for j in range(3)]
        for j in range(3):
            v[j] -= 0.1 * d * h[j]
            for i in range(3):
                W[j][i] -= 0.1 * e[j] * x[i]
"""
RECTIFIED = """\
import numpy as np

rng = np.random.default_rng(0)
X = rng.normal(size=(9, 3))
y = np.sin(X[:, :1])
W1, b1, W2 = rng.normal(size=(3, 5)), 0.1 * rng.normal(size=5), rng.normal(size=(5, 1))


def leaky(z):
    return np.where(z > 0, z, 0.1 * z)


for epoch in range(200):
    z = X @ W1 + b1
    h = leaky(z)
    out = h @ W2
    loss = np.mean((out - y) ** 2) + 0.5 * np.sum(W2**2)
    d = 2 * (out - y) / len(X)
    e = d @ W2.T * np.where(z > 0, 1.0, 0.1)
    W2 -= 0.1 * (h.T @ d + W2)
    W1 -= 0.1 * X.T @ e
    b1 -= 0.1 * e.sum(0)
"""
SLOPED = """\
import numpy as np

rng = np.random.default_rng(0)
X = rng.normal(size=(6, 3))
y = (X[:, :1] * X[:, 1:2] > 0) * 1.0
W1, W2, W3 = rng.normal(size=(3, 4)), rng.normal(size=(4, 3)), rng.normal(size=(3, 1))


def act(z):
    return 1 / (1 + np.exp(-z))


def slope(a):
    return a * (1 - a)


for epoch in range(200):
    a1 = act(X @ W1)
    a2 = act(a1 @ W2)
    out = a2 @ W3
    loss = np.mean((out - y) ** 2)
    d3 = (out - y) / len(X)
    d2 = d3 @ W3.T * slope(a2)
    d1 = d2 @ W2.T * slope(a1)
    W3 -= 0.1 * a2.T @ d3
    W2 -= 0.1 * a1.T @ d2
    W1 -= 0.1 * X.T @ d1
"""
ADDED_UP = """\
import numpy as np

rng = np.random.default_rng(0)
X = rng.normal(size=(12, 3))
y = np.sin(X[:, :1])
params = [rng.normal(size=(3, 4)), rng.normal(size=(4, 1))]
velocity = [np.zeros_like(p) for p in params]
squares = [np.zeros_like(p) for p in params]

for epoch in range(200):
    grads = [np.zeros_like(p) for p in params]
    loss = 0.0
    for rows in (slice(0, 6), slice(6, 12)):
        W1, W2 = params
        a = np.tanh(X[rows] @ W1)
        out = a @ W2
        loss += np.sum((out - y[rows]) ** 2) / len(X)
        d = 2 * (out - y[rows]) / len(X)
        e = d @ W2.T * (1 - a**2)
        grads[0] += X[rows].T @ e
        grads[1] += a.T @ d
    for p, s, g in zip(params, squares, grads):
        s *= 0.9
        s += 0.1 * g**2
        p -= 0.01 * g / (np.sqrt(s) + 1e-8)
"""
DECAYING = TWO_LAYERS.replace("X.T @ d1", "(X.T @ d1 + 0.02 * W1)")
DELTA1 = ("d2 @ W2.T * a1 * (1 - a1)", 23, ["W1"])
SAMPLES = """
import numpy as np
rng = np.random.default_rng(0)
sizes = [2, 6, 3]
biases = [rng.normal(size=(n, 1)) for n in sizes[1:]]
weights = [rng.normal(size=(n, m)) for m, n in zip(sizes[:-1], sizes[1:])]
points = rng.normal(size=(60, 2, 1))
wanted = [np.eye(3)[:, [int(p[0, 0] > 0) + int(p[1, 0] > 0)]] for p in points]
def logistic(z):
    return 1 / (1 + np.exp(-z))
def slope(z):
    return logistic(z) * (1 - logistic(z))
for start in range(0, 60000, 10):
    nb, nw = [0 * b for b in biases], [0 * w for w in weights]
    for k in range(start % 60, start % 60 + 10):
        a, zs, acts = points[k], [], [points[k]]
        for b, w in zip(biases, weights):
            z = w @ a + b
            a = logistic(z)
            zs.append(z)
            acts.append(a)
        delta = (acts[-1] - wanted[k]) * slope(zs[-1])
        nb[1] = nb[1] + delta
        nw[1] = nw[1] + delta @ acts[1].T
        delta = weights[1].T @ delta * slope(zs[0])
        nb[0] = nb[0] + delta
        nw[0] = nw[0] + delta @ acts[0].T
    weights = [w - 0.3 * n for w, n in zip(weights, nw)]
    biases = [b - 0.3 * n for b, n in zip(biases, nb)]
"""
MASKED = TWO_LAYERS.replace(
    "a2 = np.tanh(a1 @ W2)", "keep = (rng.random(a1.shape) < 0.7) / 0.7\n    a2 = np.tanh(a1 * keep @ W2)"
)
MASKED = MASKED.replace("d2 @ W2.T * a1", "d2 @ W2.T * keep * a1").replace("a1.T @ d2", "(a1 * keep).T @ d2")
SENT_BACK = TWO_LAYERS.replace("    d2 =", "    back = ((a2 - y) * (1 - a2**2)) @ W2.T\n    d2 =").replace(
    "d2 @ W2.T * a1 * (1 - a1)", "back * a1 * (1 - a1)"
)
BACKWARDS = """\
import numpy as np

rng = np.random.default_rng(0)
X = rng.normal(size=(8, 3))
y = (X[:, :1] * X[:, 1:2] > 0) * 1.0
weights = [rng.normal(size=(3, 4)), rng.normal(size=(4, 5)), rng.normal(size=(5, 1))]


def logistic(z):
    return 1 / (1 + np.exp(-z))


def slope(z):
    return logistic(z) * (1 - logistic(z))


for epoch in range(200):
    values, sums = [X], []
    for w in weights:
        sums.append(values[-1] @ w)
        values.append(logistic(sums[-1]))
    delta = values[-1] - y
    loss = np.mean(delta**2)
    gradients = []
    for i in (2, 1, 0):
        delta = delta * slope(sums[i])
        gradients.insert(0, values[i].T @ delta)
        delta = delta @ weights[i].T
    for w, g in zip(weights, gradients):
        w -= 0.1 * g
"""
CASES = {
    "missing-activation-derivative": (TWO_LAYERS, DELTA1, "d2 @ W2.T"),
    "derivative-of-activated-value": (TWO_LAYERS, DELTA1, "d2 @ W2.T * slope(a1)"),
    "derivative-of-preactivation": (TWO_LAYERS, DELTA1, "d2 @ W2.T * z1 * (1 - z1)"),
    "wrong-activation-derivative": (TWO_LAYERS, DELTA1, "d2 @ W2.T * (1 - a1**2)"),
    "extra-factor": (TWO_LAYERS, DELTA1, "d2 @ W2.T * a1 * (1 - a1) * a1"),
    "missing-output-derivative": (TWO_LAYERS, ("(a2 - y) * (1 - a2**2)", 22, ["W1", "W2"]), "(a2 - y)"),
    "wrong-operand": (TWO_LAYERS, ("a1.T @ d2", 24, ["W2"]), "z1.T @ d2"),
    "missing-transpose": (FOUR_LAYERS, ("d2 @ W2.T", 17, ["W1"]), "d2 @ W2"),
    "wrong-layer": (FOUR_LAYERS, ("d2 @ W2.T", 17, ["W1"]), "d2 @ W3.T"),
    "bias-not-summed": (BIASED, ("d.sum(0, keepdims=True)", 11, ["b"]), "d[:1]"),
    "summed-over-wrong-axis": (BIASED, ("d.sum(0, keepdims=True)", 11, ["b"]), "d.sum(1).reshape(1, 4)"),
    "derivative-of-preactivation with decay": (DECAYING, DELTA1, "d2 @ W2.T * z1 * (1 - z1)"),
    "wrong-operand in lists": (LISTS, ("d * h[j]", 17, ["v"]), "d * x[j]"),
    "softmax-diagonal": (SOFTMAX, ("LOSS", 12, ["W"]), "np.mean((p - Y) ** 2)"),
    "extra-output-derivative": (SOFTMAX, ("LOSS", 12, ["W"]), "-np.mean(np.sum(Y * np.log(p), axis=1))"),
    "wrong-activation-derivative as a polynomial": (TWO_LAYERS, DELTA1, "d2 @ W2.T * a1 * (1 + a1)"),
    "wrong-activation-derivative of a rectifier": (RECTIFIED, ("1.0, 0.1)", 19, ["W1", "b1"]), "0.1, 1.0)"),
    "extra-factor as a polynomial": (TWO_LAYERS, DELTA1, "d2 @ W2.T * a1 * (1 - a1) * (a1**2 + 0.5)"),
    "wrong-activation-derivative behind sums of batches": (ADDED_UP, ("(1 - a**2)", 19, ["params[0]"]), "(1 - a)"),
    "derivative-of-activated-value of each sample": (
        SAMPLES,
        ("weights[1].T @ delta * slope(zs[0])", 25, ["biases[0]", "weights[0]"]),
        "weights[1].T @ delta * slope(acts[1])",
    ),
    "missing-factor": (TWO_LAYERS, DELTA1, "d2 * a1 * (1 - a1)"),
    "missing-factor that is drawn": (
        MASKED,
        ("d2 @ W2.T * keep * a1 * (1 - a1)", 24, ["W1"]),
        "d2 @ W2.T * a1 * (1 - a1)",
    ),
    "missing-factor that is the error": (TWO_LAYERS, ("(a2 - y) * (1 - a2**2)", 22, ["W1", "W2"]), "1 - a2**2"),
    "missing-output-derivative in what is sent back": (
        SENT_BACK,
        ("((a2 - y) * (1 - a2**2)) @ W2.T", 22, ["W1"]),
        "(a2 - y) @ W2.T",
    ),
    "derivative-of-activated-value of layers gone through backwards": (
        BACKWARDS,
        ("slope(sums[i])", 26, ["weights[0]", "weights[1]", "weights[2]"]),
        "slope(values[i + 1])",
    ),
    "wrong-operand without a gradient": (TWO_LAYERS, ("d2 @ W2.T", 23, ["W1"]), "a2 @ W2.T"),
    "wrong-operand summed": (RECTIFIED, ("e.sum(0)", 22, ["b1"]), "h.sum(0)"),
    "wrong-operand of two gradients": (TWO_LAYERS, ("a1.T @ d2", 24, ["W2"]), "d1.T @ d2"),
    "wrong-operand in the place of the outputs": (
        SOFTMAX.replace("LOSS", "-np.mean(np.sum(Y * np.log(p), axis=1))"),
        ("(p - Y) * p * (1 - p)", 12, ["W"]),
        "np.tanh(z) - Y",
    ),
    "sign-of-one-term": (RECTIFIED, ("2 * (out - y) / len(X)", 18, ["W1", "b1", "W2"]), "2 * (out + y) / len(X)"),
    "sign-of-one-term of a penalty": (RECTIFIED, ("h.T @ d + W2", 20, ["W2"]), "h.T @ d - W2"),
}


def wrong_gradients(text):
    """Return what the check says of a script, and the parameters whose update is wrong."""
    source = source_of(text)
    with Workspace(None, source.text) as workspace:
        scouting = scout(run_in(workspace, source.text), source)
        session, found = locate(scouting)
        with session:
            looked_at = examine(source, scouting, found, seconds=0.3)
            wrong = [entry.name for entry in found.parameters if looked_at.verdicts.of[entry.index].update == "wrong"]
            return [suspicion.finding for suspicion in check(looked_at)], wrong


@pytest.mark.sampled(14)
@pytest.mark.parametrize("code", CASES)
def test_the_mistake_is_named_at_its_line(code):
    text, (right, line, parameters), mistake = CASES[code]
    assert text.count(right) == 1
    findings, wrong = wrong_gradients(text.replace(right, mistake))
    code = code.split(" ")[0]
    assert [(finding.mistake, finding.location.line) for finding in findings] == [(code, line)]
    assert wrong == parameters
    assert code in MISTAKES


@pytest.mark.sampled(1)
@pytest.mark.parametrize("text", [RECTIFIED, SLOPED, ADDED_UP], ids=["rectified", "sloped", "added up"])
def test_a_right_backward_pass_draws_no_finding(text):
    assert wrong_gradients(text) == ([], [])


@pytest.mark.sampled(1)
@pytest.mark.parametrize("mistake", ["a * (1 + a)", "1 - a**2", "a * (1 - a**2)"])
def test_a_wrong_derivative_that_a_function_returns_is_one_finding_there(mistake):
    findings, wrong = wrong_gradients(SLOPED.replace("a * (1 - a)", mistake))
    assert [(finding.location.line, finding.parameter) for finding in findings] == [(14, "W2")]
    assert {23, 24} <= set(findings[0].lines)
    assert findings[0].mistake in ("wrong-activation-derivative", "extra-factor")
    assert wrong == ["W1", "W2"]


def test_the_wrong_argument_of_a_right_function_is_found_where_it_is_called():
    findings, _ = wrong_gradients(SLOPED.replace("slope(a1)", "slope(X @ W1)"))
    assert [(finding.mistake, finding.location.line) for finding in findings] == [("derivative-of-preactivation", 24)]


def test_an_activation_that_was_changed_in_the_forward_pass_is_one_finding_with_both_lines():
    findings, _ = wrong_gradients(TWO_LAYERS.replace("a1 = sigmoid(z1)", "a1 = np.tanh(z1)"))
    assert [(finding.mistake, finding.lines) for finding in findings] == [("wrong-activation-derivative", (23, 19))]
    assert "Either this line or the activation in line 19" in findings[0].message


def test_an_activation_that_was_left_out_of_the_forward_pass_is_found_there():
    findings, _ = wrong_gradients(TWO_LAYERS.replace("a1 = sigmoid(z1)", "a1 = z1"))
    (finding,) = findings
    assert (finding.mistake, finding.lines) == ("extra-factor", (19, 23))
    assert "line 19 passes a1 on as it is" in finding.message
    assert [edit.new for edit in finding.remedies[0].edits] == ["1 / (1 + np.exp(-(z1)))"]


def test_what_was_used_and_what_belongs_there_is_said_in_words_of_the_script():
    findings, _ = wrong_gradients(TWO_LAYERS.replace("* (1 - a1)", "* (1 + a1)"))
    assert "it uses a1*(1 + a1) where a1*(1 - a1) belongs" in findings[0].message


def test_targets_are_never_the_wrong_value():
    """With the sign of the targets turned the gradient were right again, but the line that reads them is no mistake."""
    text = RECTIFIED.replace("out = h @ W2", "t = y * 1.0\n    out = h @ W2").replace("2 * (out - y)", "2 * (out + t)")
    findings, _ = wrong_gradients(text)
    assert [(finding.mistake, finding.location.line) for finding in findings] == [("sign-of-one-term", 19)]


ROWS = """\
import numpy as np

rng = np.random.default_rng(0)
X = rng.normal(size=(12, 3))
y = (X[:, 0] * X[:, 1] > 0) * 1.0
W1, W2 = rng.normal(size=(4, 3)), rng.normal(size=4)

for epoch in range(200):
    g1, g2, loss = np.zeros((4, 3)), np.zeros(4), 0.0
    for row, wanted in zip(X, y):
        a = np.tanh(W1 @ row)
        out = a @ W2
        loss += (out - wanted) ** 2
        d = out - wanted
        g2 += d * a
        g1 += np.outer(d * W2 * (1 - a**2), row)
    W2 -= 0.01 * g2
    W1 -= 0.01 * g1
"""


def test_a_gradient_of_which_only_the_last_part_is_left():
    findings, wrong = wrong_gradients(ROWS.replace("g1 += ", "g1 = "))
    (finding,) = findings
    assert (finding.mistake, finding.location.line, wrong) == ("overwritten-gradient", 16, ["W1"])
    assert "+=" in finding.remedies[0].summary
    assert wrong_gradients(ROWS) == ([], [])


SERIES = """\
import numpy as np

rng = np.random.default_rng(1)
U, w = rng.normal(0, 0.3, (4, 1)), rng.normal(0, 0.3, (1, 4))
V = rng.normal(0, 0.3, (4, 4))
b = rng.normal(0, 0.3, (4, 1))
series = rng.uniform(0, 1, (20, 9))

for epoch in range(1000):
    for row in series:
        h = [np.full((4, 1), 0.1)]
        for x in row:
            h.append(np.tanh(U * x + V @ h[-1] + b))
        d = w @ h[-1] - row.mean()
        back = w.T @ d
        gU, gV, gb = np.zeros((4, 1)), np.zeros((4, 4)), np.zeros((4, 1))
        for t in reversed(range(9)):
            part = back * (1 - h[t + 1] ** 2)
            gb += part
            gV += part @ h[t].T
            gU += part * row[t]
            back = V.T @ part
        w -= 0.02 * d * h[-1].T
        U -= 0.02 * gU
        V -= 0.02 * gV
        b -= 0.02 * gb
"""


@pytest.mark.parametrize(("right", "line", "parameter"), [("gV += ", 20, "V"), ("gb += ", 26, "b")])
def test_what_goes_on_into_the_next_pass_is_not_what_is_overwritten(right, line, parameter):
    findings, wrong = wrong_gradients(SERIES.replace(right, right.replace("+", "")))
    assert [(finding.mistake, finding.location.line) for finding in findings] == [("overwritten-gradient", line)]
    assert wrong == [parameter]
