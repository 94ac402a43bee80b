"""Parameters that nobody updates, and parameters that nobody uses; inputs and fixed numbers are neither."""

import ast

import pytest

from unstuck.doctor.checks import frozen_parameter, lost_rebinding, unused_parameter
from unstuck.doctor.scripts.constants import constants_of
from unstuck.doctor.scripts.source import source_of

_CLASS = """
import numpy as np
rng = np.random.default_rng(1)
X = rng.uniform(-1, 1, (40, 2))
y = (X[:, :1] * X[:, 1:] > 0).astype(float)


class Net:
    def __init__(self):
        self.V = rng.normal(0, 1, (2, 6))
        self.b = np.zeros(6)
        self.W = rng.normal(0, 1, (6, 1))
        {extra}

    def step(self, x, t):
        h = np.tanh(x @ self.V + self.b)
        o = 1 / (1 + np.exp(-(h @ self.W)))
        d = (o - t) / len(x)
        e = d @ self.W.T * (1 - h ** 2)
        gV = x.T @ e
        gb = e.sum(0)
        self.W -= 0.5 * h.T @ d
        self.b -= 0.5 * gb
        {update}
        return -np.mean(t * np.log(o) + (1 - t) * np.log(1 - o))


net = Net()
for i in range(100000):
    loss = net.step(X, y)
"""


def _net(update="self.V -= 0.5 * gV", extra="pass"):
    return _CLASS.format(update=update, extra=extra)


def test_new_value_lost_in_a_local_name_and_bias_that_nobody_uses(examined):
    with examined(_net("V = self.V - 0.5 * gV", extra="self.c = np.zeros(1)")) as examination:
        (suspicion,) = frozen_parameter.check(examination)
        (unused,) = unused_parameter.check(examination)
    finding = suspicion.finding
    assert (finding.fault, finding.parameter, finding.location.line) == ("frozen-parameter", "net.V", 24)
    assert finding.evidence["largest update in a step"] == 0
    assert finding.evidence["size of its gradient"] > 1e-3
    (edit,) = finding.remedies[0].edits
    assert (edit.old, edit.new) == ("V", "V = self.V")
    assert not suspicion.needs_proof
    assert "V = self.V = self.V - 0.5 * gV" in suspicion.change.text
    assert (unused.finding.fault, unused.finding.parameter, unused.finding.location.line) == (
        "unused-parameter",
        "net.c",
        13,
    )
    assert unused.finding.severity == "harmless"
    assert unused.finding.evidence == {"values that change when it is disturbed": 0}


def test_gradient_that_nobody_uses(examined):
    with examined(_net("pass")) as examination:
        (suspicion,) = frozen_parameter.check(examination)
    finding = suspicion.finding
    assert (finding.parameter, finding.location.line) == ("net.V", 20)
    (edit,) = finding.remedies[0].edits
    assert (edit.new.strip(), edit.location.line) == ("self.V -= 0.5 * gV", 24)


def test_inputs_are_not_weights(examined, nothing_found):
    with examined(_net()) as examination:
        nothing_found(examination)
        kinds = {constant.variable.name: constant for constant in constants_of(examination)}
    assert kinds["X"].moves_outputs
    assert not kinds["X"].is_like_a_weight
    assert not kinds["y"].moves_outputs
    assert "Every parameter that the outputs depend on is updated." in examination.checked
    assert "Everything that is trained is used." in examination.checked


_SAMPLES = """
import math, random
random.seed(3)
rows = [[0, 0], [0, 1], [1, 0], [1, 1]]
wanted = [0, 1, 1, 1]
scale = [1.0, 2.0]
w = [random.uniform(-1, 1) for _ in range(2)]
b = [0.0]
for epoch in range(100000):
    total = 0.0
    for x, t in zip(rows, wanted):
        o = 1 / (1 + math.exp(-(w[0] * x[0] * scale[0] + w[1] * x[1] * scale[1] + b[0])))
        d = (o - t) * o * (1 - o)
        dx = [d * w[0] * scale[0], d * w[1] * scale[1]]
        total += (o - t) ** 2
        w[0] -= d * x[0] * scale[0]
        w[1] -= d * x[1] * scale[1]
        b[0] -= d
"""


def test_rows_taken_one_by_one_and_fixed_scales(examined, nothing_found):
    with examined(_SAMPLES) as examination:
        nothing_found(examination)


_FLAT = """
import numpy as np
np.random.seed(1)
X = np.random.rand(5, 20)
Y = (X.sum(0, keepdims=True) > 2.5) * 1.0
w = np.random.randn(1, 5)
b = np.zeros((1, 1))
average = np.zeros((1, 5))
errors = np.zeros((1, 20))
for i in range({steps}):
    A = 1 / (1 + np.exp(-(w @ X{add})))
    J = np.mean((A - Y) ** 2)
    dz = (A - Y) * A * (1 - A)
    w = w - 0.1 * dz @ X.T
    b = b - 0.1 * dz.sum(axis=1, keepdims=True)
    average = 0.9 * average + 0.1 * w
    errors += np.abs(A - Y)
print(average, errors)
"""


def test_bias_that_is_updated_and_never_added(examined):
    with examined(_FLAT.format(steps=100000, add="")) as examination:
        (suspicion,) = unused_parameter.check(examination)
    finding = suspicion.finding
    assert (finding.parameter, finding.location.line, finding.lines) == ("b", 11, (7, 11, 15))
    assert "updated in every step" in finding.message


def test_averages_and_sums_are_no_parameters(examined, nothing_found):
    with examined(_FLAT.format(steps=100000, add=" + b")) as examination:
        nothing_found(examination)


def _lost(text):
    return [finding.location.line for finding in lost_rebinding.check(ast.parse(text), source_of(text))]


def test_loop_that_rebinds_its_own_variable():
    assert _lost("for w, g in zip(W, G):\n    w = w - 0.1 * g\n") == [2]


@pytest.mark.parametrize(
    "text",
    [
        "for w, g in zip(W, G):\n    w -= 0.1 * g\n",
        "for k, g in enumerate(G):\n    W[k] = W[k] - g\n",
        "for x, m in zip(rows, means):\n    x = x - m\n    total += x\n",
        "for x, m in zip(rows, means):\n    x = x - m\nprint(x)\n",
        "for x in rows:\n    x = x - mean\n",
    ],
)
def test_loops_that_use_what_they_bind(text):
    assert not _lost(text)


def test_biases_whose_gradients_are_not_computed(examined):
    text = _net().replace("gb = e.sum(0)", "pass").replace("        self.b -= 0.5 * gb\n", "")
    text = text.replace("h @ self.W", "h @ self.W + self.c").replace(
        "        pass\n\n", "        self.c = np.zeros(1)\n\n", 1
    )
    with examined(text) as examination:
        (suspicion,) = frozen_parameter.check(examination)
    finding = suspicion.finding
    assert (finding.parameter, finding.location.line, finding.lines) == ("net.b", 11, (11, 16, 17))
    assert finding.message.startswith("net.b and net.c are added in the forward pass and stay zero")
    assert suspicion.change.name == "update of net.b, net.c"


_STATE = """
import numpy as np
rng = np.random.default_rng(2)
U, V, w = rng.normal(size=(5, 1)), 0.3 * rng.normal(size=(5, 5)), rng.normal(size=(1, 5))
first = np.zeros((5, 1))
for i in range(100000):
    a, b = rng.normal(size=2)
    h = np.tanh(a * U + V @ first)
    g = np.tanh(b * U + V @ h)
    o = (w @ g).item()
    error = o - 0.4 * (a + b)
    loss = error ** 2
    dg = w.T * error * (1 - g ** 2)
    dh = V.T @ dg * (1 - h ** 2)
    w -= 0.02 * error * g.T
    U -= 0.02 * (b * dg + a * dh)
    V -= 0.02 * (dg @ h.T + dh @ first.T)
"""


def test_the_first_state_of_a_recurrent_network_is_no_bias(examined, nothing_found):
    with examined(_STATE) as examination:
        nothing_found(examination)
