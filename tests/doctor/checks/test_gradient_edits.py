"""The edit of a wrong line of the backward pass: what was meant, evaluated where it stands."""

import ast

import pytest

from unstuck.doctor.checks import wrong_gradient
from unstuck.doctor.checks.readable_names import pure_functions, readable
from unstuck.doctor.patch import apply_edits

_HEAD = """
import numpy as np
rng = np.random.default_rng(0)
X = rng.uniform(-1, 1, (40, 2))
Y = (X[:, :1] * X[:, 1:] > 0).astype(float)
"""
_TWO_HIDDEN = """
def tanh_prime(z):
    return 1 - np.tanh(z) ** 2

def forward(p):
    z1 = X @ p["V"]
    a1 = np.tanh(z1)
    z2 = a1 @ p["W"]
    a2 = np.tanh(z2)
    out = 1 / (1 + np.exp(-a2 @ p["U"]))
    return out, {"z1": z1, "a1": a1, "z2": z2, "a2": a2}

def backward(p, out, cache):
    d = (out - Y) / len(X)
    g2 = d @ p["U"].T * (1 - cache["a2"] ** 2)
    g1 = g2 @ p["W"].T * tanh_prime(cache["z1"])
    return {"U": cache["a2"].T @ d, "W": cache["a1"].T @ g2, "V": X.T @ g1}

p = {"V": rng.normal(0, 1, (2, 6)), "W": rng.normal(0, .5, (6, 6)), "U": rng.normal(0, 1, (6, 1))}
for t in range(100000):
    out, cache = forward(p)
    loss = -np.mean(Y * np.log(out) + (1 - Y) * np.log(1 - out))
    grads = backward(p, out, cache)
    for name in p:
        p[name] = p[name] - .5 * grads[name]
"""
_LAYERS = """
class Net:
    def __init__(self):
        self.layers = [{"W": rng.normal(0, .7, shape)} for shape in ((2, 8), (8, 8), (8, 1))]

    def forward(self, x):
        self.inputs = []
        for i, layer in enumerate(self.layers):
            self.inputs.append(x)
            x = x @ layer["W"]
            if i < 2:
                x = np.maximum(0, x)
        return x

    def predict(self, x):
        return self.forward(x)

    def step(self):
        delta = (self.forward(X) - Y) / len(X)
        grads = []
        for i in reversed(range(3)):
            grads.insert(0, self.inputs[i].T @ delta)
            if i > 0:
                delta = delta @ self.layers[i]["W"].T * (self.inputs[i] > 0)
        for layer, dW in zip(self.layers, grads):
            layer["W"] -= .1 * dW

net = Net()
for t in range(100000):
    net.step()
"""
_LISTS = """
import math
V = [[float(v) for v in row] for row in rng.normal(0, 1, (2, 3))]
U = [float(v) for v in rng.normal(0, 1, 3)]
while True:
    for x, y in zip(X.tolist(), Y.ravel().tolist()):
        hidden = [math.tanh(sum(a * w for a, w in zip(x, row))) for row in zip(*V)]
        out = 1 / (1 + math.exp(-sum(h * u for h, u in zip(hidden, U))))
        error = out - y
        slope = out * (1 - out)
        error_out = error * slope
        error_hidden = [error_out * u * (1 - h * h) for u, h in zip(U, hidden)]
        U = [u - .1 * error_out * h for u, h in zip(U, hidden)]
        for k in range(2):
            for j in range(3):
                V[k][j] -= .1 * error_hidden[j] * x[k]
"""


def remedies(examined, text):
    with examined(text) as examination:
        return [found.finding.remedies[0] for found in wrong_gradient.check(examination)]


@pytest.mark.sampled(3)
@pytest.mark.sampled(1)
@pytest.mark.parametrize(
    ("text", "right", "wrong"),
    [
        (_TWO_HIDDEN, 'g2 @ p["W"].T', 'g2 @ p["W"]'),
        (_TWO_HIDDEN, 'cache["a1"].T @ g2', 'cache["a2"].T @ g2'),
        (_TWO_HIDDEN, '(1 - cache["a2"] ** 2)', '(1 - cache["a1"] ** 2)'),
        (_TWO_HIDDEN, '(1 - cache["a2"] ** 2)', '(1 + cache["a2"] ** 2)'),
        (_TWO_HIDDEN, 'tanh_prime(cache["z1"])', 'tanh_prime(cache["a1"])'),
        (_TWO_HIDDEN, ' * tanh_prime(cache["z1"])', ""),
        (_LAYERS, " * (self.inputs[i] > 0)", ""),
        (_LISTS, "error_hidden[j] * x[k]", "error_out * x[k]"),
    ],
)
def test_the_edit_makes_the_updates_right(examined, text, right, wrong):
    assert text.count(right) == 1
    (remedy,) = remedies(examined, _HEAD + text.replace(right, wrong))
    assert remedy.edits, remedy
    edited = apply_edits(_HEAD + text.replace(right, wrong), remedy.edits)
    assert edited != _HEAD + text.replace(right, wrong)
    with examined(edited) as examination:
        assert {verdict.update for verdict in examination.verdicts.of.values()} == {"right"}


def test_the_trial_runs_the_script_with_all_edits(examined):
    text = _HEAD + _TWO_HIDDEN.replace('g2 @ p["W"].T', 'g2 @ p["W"]').replace('(1 - cache["a2"] ** 2)', "(1 - d ** 2)")
    with examined(text) as examination:
        found = list(wrong_gradient.check(examination))
    assert len(found) == 2
    edits = [edit for each in found for edit in each.finding.remedies[0].edits]
    assert [each.change.text for each in found] == [apply_edits(text, edits)] * 2
    assert "p['W'].T" in found[0].change.text


def test_what_is_evaluated_aside_leaves_no_trace(examined):
    wrong = _HEAD + _LAYERS.replace(" * (self.inputs[i] > 0)", "")
    with examined(wrong) as examination:
        before = examination.found.step.replay(state=examination.probes[0].state)
        list(wrong_gradient.check(examination))
        after = examination.found.step.replay(state=examination.probes[0].state)
    assert before.sums == after.sums


def test_only_functions_without_consequences_are_tried():
    tree = ast.parse(
        _HEAD + _LAYERS + "def double(x):\n    return 2 * x\ndef total(x):\n    global s\n    s = x\n    return s\n"
    )
    assert pure_functions(tree) == ["double"]
    assert pure_functions(ast.parse("f = lambda x: x\ndef g(x):\n    return f(x)\ndef h(x, y):\n    return x")) == [
        "f",
        "g",
    ]


def test_entries_that_are_not_mentioned_can_be_read_too():
    tree = ast.parse(_HEAD + _TWO_HIDDEN)
    backward = next(node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == "backward")
    names = readable(tree, backward.body[0].value)
    assert {"p['V']", "cache['a2']", "out", "d", "g2", "X", "Y"} <= set(names)
    assert not {"np", "len", "forward", "tanh_prime", "loss"} & set(names)
