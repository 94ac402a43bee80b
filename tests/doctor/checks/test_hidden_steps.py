"""Loops, names and sizes that hide a training step, and loops that look like one and are none."""

import pytest

from unstuck.doctor.checks import frozen_parameter, stale_gradients, step_size, wrong_gradient


def updates(examination):
    return {variable.name: examination.verdicts.of[variable.index].update for variable in examination.found.parameters}


_OBJECTS = """
import numpy as np
rng = np.random.default_rng(4)
class Layer:
    def __init__(self, n, m):
        self.w = {scale} * rng.normal(0, 1 / np.sqrt(n), (n, m))
    def __call__(self, x):
        self.x = x
        x = x @ self.w
        return x
    def back(self, g):
        self.g = self.x.T @ g
        return g @ self.w.T
class Tanh:
    def __call__(self, x):
        self.y = np.tanh(x)
        return self.y
    def back(self, g):
        return g * (1 - self.y ** 2)
x = rng.uniform(-1, 1, (30, 3))
t = (x[:, :1] * x[:, 1:2] > 0).astype(float)
parts = [Layer(3, 8), Tanh(), Layer(8, 1)]
layers = [part for part in parts if hasattr(part, "w")]
def forward(x):
    for part in parts:
        x = part(x)
    return x
for i in range(100000):
    out = forward(x)
    loss = np.mean((out - t) ** 2)
    g = 2 * (out - t) / len(x)
    for part in reversed(parts):
        g = part.back(g)
    for layer in layers:
        layer.w -= 0.1 * layer.g
"""


def test_a_function_may_have_a_name_of_its_own_that_the_data_have(examined):
    """The data are no parameter because a function calls what it computes by the same name; weights go by the names that stay."""
    with examined(_OBJECTS.format(scale="1.0")) as examination:
        assert updates(examination) == {"parts[0].w": "right", "parts[2].w": "right"}
        assert examination.learning.kind == "half_sum"


def test_a_loop_that_only_runs_a_recurrent_network_is_no_training(examined):
    text = """
import numpy as np
rng = np.random.default_rng(5)
U, V, w = rng.normal(size=(4, 1)), 0.5 * rng.normal(size=(4, 4)), rng.normal(size=(1, 4))
def judge(series):
    h, total = np.zeros((4, 1)), 0.0
    for a, b in zip(series, series[1:]):
        h = np.tanh(U * a + V @ h)
        total += (((w @ h).item() - b) ** 2)
    return total
test = rng.normal(size=30)
for i in range(100000):
    if i % 10 == 0:
        print(judge(test))
    a, b = rng.normal(size=2)
    h = np.tanh(U * a)
    g = np.tanh(U * b + V @ h)
    e = (w @ g).item() - 0.4 * (a + b)
    dg = w.T * e * (1 - g ** 2)
    dh = V.T @ dg * (1 - h ** 2)
    w -= 0.02 * e * g.T
    U -= 0.02 * (b * dg + a * dh)
    V -= 0.02 * (dg @ h.T)
"""
    with examined(text) as examination:
        assert updates(examination) == {"U": "right", "V": "right", "w": "right"}


def test_inputs_so_large_that_every_unit_is_flat(examined):
    """At weights of an ordinary size nothing depends on the first ones; at small weights it is seen that the second are never stored."""
    text = """
import numpy as np
rng = np.random.default_rng(6)
X = rng.uniform(-4000, 4000, (60, 5))
Y = (X[:, :1] > X[:, 1:2]).astype(int)
V, w = rng.uniform(-1, 1, (5, 4)), rng.uniform(-1, 1, (4, 1))
def logistic(z):
    return 1 / (1 + np.exp(-np.clip(z, -500, 500)))
for i in range(100000):
    h = logistic(X @ V)
    o = logistic(h @ w)
    error = Y - o
    do = error * o * (1 - o)
    dh = do @ w.T * h * (1 - h)
    new = w + 0.3 * h.T @ do
    V = V + 0.3 * X.T @ dh
"""
    with examined(text) as examination:
        assert updates(examination) == {"V": "right"}
        (frozen,) = frozen_parameter.check(examination)
    assert (frozen.finding.parameter, frozen.finding.location.line) == ("w", 15)


def test_a_list_of_differences_is_no_loss(examined):
    text = """
import math, random
random.seed(3)
data = [([0.5, 1.0], [0.0]), ([-0.3, 0.4], [1.0]), ([0.9, -0.7], [0.0]), ([-0.8, 0.2], [1.0])]
weights = [0.3, -0.2]
for epoch in range(20000):
    for x, wanted in data:
        outputs = [1 / (1 + math.exp(-sum(w * v for w, v in zip(weights, x))))]
        errors = [t - o for t, o in zip(wanted, outputs)]
        for j in range(2):
            weights[j] += 0.1 * errors[0] * x[j]
"""
    with examined(text) as examination:
        assert examination.found.loss is None
        assert updates(examination) == {"weights": "right"}


def test_sums_that_were_never_emptied_and_answer_to_themselves(examined):
    text = """
import math
x, t = [[0, 0, 1], [0, 1, 1], [1, 0, 1]], [0, 0, 1]
w, change = [0.5, -0.1, 0.2], [0, 0, 0]
for episode in range(100000):
    for k in range(3):
        o = 1 / (1 + math.exp(-sum(a * b for a, b in zip(w, x[k]))))
        for i in range(3):
            change[i] += 0.5 * (t[k] - o) * x[k][i]
    for i in range(3):
        w[i] = w[i] + change[i]
"""
    with examined(text) as examination:
        (suspicion,) = stale_gradients.check(examination)
    assert (suspicion.finding.fault, suspicion.finding.location.line) == ("stale-gradients", 9)


_NORMED = """
import numpy as np
rng = np.random.default_rng(6)
class Norm:
    def __init__(self, n):
        self.scale, self.mean = np.ones((1, n)), np.zeros((1, n))
    def forward(self, x):
        m = x.mean(0, keepdims=True)
        self.root = np.sqrt(x.var(0, keepdims=True) + 1e-5)
        self.hat = (x - m) / self.root
        self.mean = 0.9 * self.mean + 0.1 * m
        return self.scale * self.hat
    def back(self, g):
        self.step = (g * self.hat).sum(0, keepdims=True)
        h = g * self.scale
        return (h - h.mean(0) - self.hat * (h * self.hat).mean(0)) / self.root
x = rng.normal(size=(60, 2))
t = (x[:, :1] * x[:, 1:] > 0).astype(float)
norm = Norm(8)
V, W, b = rng.normal(size=(2, 8)), rng.normal(size=(8, 1)), np.zeros((1, 1))
for i in range(100000):
    h = np.tanh(norm.forward(x @ V))
    p = 1 / (1 + np.exp(-(h @ W + b)))
    d = (p - t) / len(x)
    g = norm.back(d @ W.T * (1 - h * h))
    W -= 0.3 * h.T @ d
    b -= 0.3 * d.sum(0, keepdims=True)
    V -= 0.3 * x.T @ g
    norm.scale -= 0.3 * norm.step
"""


def test_a_running_mean_in_the_forward_pass_is_no_update_of_a_parameter(examined):
    with examined(_NORMED) as examination:
        assert updates(examination) == {"V": "right", "W": "right", "b": "right", "norm.scale": "right"}


_FILED = """
import numpy as np
rng = np.random.default_rng(7)
x = rng.uniform(-1, 1, (40, 3))
t = (x[:, :1] * x[:, 1:2] > 0).astype(float)
p = {{"W" + str(k + 1): rng.normal(size=size) for k, size in enumerate([(3, 6), (6, 1)])}}
def stepped(p, g):
    for k in range(2):
        p[{key}] = p[{key}] - 0.5 * g["d" + {key}]
    return p
for i in range(100000):
    h = np.tanh(x @ p["W1"])
    o = 1 / (1 + np.exp(-(h @ p["W2"])))
    d = (o - t) / len(x)
    p = stepped(p, {{"dW2": h.T @ d, "dW1": x.T @ (d @ p["W2"].T * (1 - h * h))}})
"""


@pytest.mark.slow
@pytest.mark.parametrize("key", ['"W" + str(k + 1)', "f'W{k + 1}'"])
def test_updates_of_what_is_filed_under_a_name_made_up_of_its_number(examined, key):
    with examined(_FILED.format(key=key)) as examination:
        sites = {
            variable.name: examination.update_site(variable).span.line for variable in examination.found.parameters
        }
    assert sites == {"p['W1']": 9, "p['W2']": 9}


_LISTED = """
import numpy as np
rng = np.random.default_rng(8)
x = rng.uniform(0, 1, (200, 12))
t = np.eye(4)[rng.integers(0, 4, 200)]
class Net:
    def __init__(self, sizes):
        self.weights = [rng.normal(size=(b, a)) for a, b in zip(sizes[:-1], sizes[1:])]
    def learn(self, rows, eta):
        total = [np.zeros(w.shape) for w in self.weights]
        for k in rows:
            a, gone = x[k].reshape(-1, 1), []
            for w in self.weights:
                gone.append(a)
                a = np.maximum(0, w @ a)
            d = (a - t[k].reshape(-1, 1)) * (a > 0)
            own = [None, d @ gone[1].T]
            own[0] = (self.weights[1].T @ d * (gone[1] > 0)) @ gone[0].T
            total = [all_of + one for all_of, one in zip(total, own)]
        self.weights = [w - eta / len(rows) * g for w, g in zip(self.weights, total)]
net = Net([12, 20, 4])
for epoch in range(1000):
    order = rng.permutation(200)
    batches = [order[k:k + 5] for k in range(0, 200, 5)]
    for rows in batches:
        net.learn(rows, 30.0)
"""


@pytest.mark.slow
def test_steps_far_too_long_in_a_list_of_weights_made_anew(examined):
    """What a step of that length leaves of the weights is nothing to be seen; the subtraction tells that it is one."""
    with examined(_LISTED) as examination:
        assert examination.found.is_certain
        assert updates(examination) == {"net.weights[0]": "right", "net.weights[1]": "right"}
        assert examination.learning.window == 40
        (suspicion,) = step_size.check(examination)
    finding = suspicion.finding
    assert (finding.fault, finding.location.line) == ("step-too-large", 26)
    assert not suspicion.needs_proof


_PERCEPTRON = """
import numpy as np
rng = np.random.default_rng(9)
x = rng.normal(size=(30, 2))
t = (x @ [1.0, -2.0] > 0.3).astype(int)
w, b = np.ones(2), 0.0
def said(row):
    return 1 if row @ w + b >= 0 else 0
for i in range(100000):
    missed = sum(abs(row @ w + b) for row, target in zip(x, t) if said(row) != target)
    k = rng.integers(30)
    wrong = t[k] - said(x[k])
    w = w + 0.1 * wrong * x[k]
    b += 0.1 * wrong
"""


@pytest.mark.slow
def test_a_perceptron_that_reports_its_mistakes_on_all_rows_is_not_judged_by_one(examined):
    with examined(_PERCEPTRON) as examination:
        assert set(updates(examination).values()) == {"cannot-tell"}


_UNITS = """
import math
import random
random.seed(3)
class Unit:
    def __init__(self, n):
        self.w, self.b = [random.uniform(-1, 1) for _ in range(n)], 0.1
    def fire(self, given):
        self.given = given
        self.said = 1 / (1 + math.exp(-sum(w * x for w, x in zip(self.w, given)) - self.b))
        return self.said
    def move(self, rate):
        for k in range(len(self.w)):
            self.w[k] -= rate * self.delta * self.given[k]
        self.b -= rate * self.delta
        self.fire(self.given)
class Layer:
    def __init__(self, n, m):
        self.units = [Unit(n) for _ in range(m)]
    def fire(self, given):
        return [unit.fire(given) for unit in self.units]
class Net:
    def __init__(self):
        self.layers = [Layer(2, 3), Layer(3, 1)]
    def learn(self, given, wanted, rate):
        self.layers[1].fire(self.layers[0].fire(given))
        errors = [0] * len(self.layers[1].units)
        for k, unit in enumerate(self.layers[1].units):
            errors[k] = unit.delta = -(wanted[k] - unit.said) * unit.said * (1 - unit.said)
        for k, unit in enumerate(self.layers[0].units):
            unit.delta = sum(errors[j] * above.w[k] for j, above in enumerate(self.layers[1].units))
            unit.delta *= unit.said * (1 - unit.said)
        for layer in self.layers:
            for unit in layer.units:
                unit.move(rate)
samples = [((0.1, 0.9), [1]), ((0.8, 0.2), [1]), ((0.1, 0.2), [0]), ((0.9, 0.8), [0])]
net = Net()
for i in range(100000):
    given, wanted = random.choice(samples)
    net.learn(given, wanted, 0.5)
"""


@pytest.mark.slow
def test_units_within_layers_within_a_network_of_objects(examined):
    """Neither the errors that a layer files nor an output computed once more is a loss; rows drawn at random make no window of one."""
    with examined(_UNITS) as examination:
        assert set(updates(examination).values()) == {"right"}
        assert {name.rpartition(".")[0] for name in updates(examination)} == {
            "net.layers[0].units[0]", "net.layers[0].units[1]", "net.layers[0].units[2]", "net.layers[1].units[0]"
        }  # fmt: skip
        assert examination.found.loss is None
        assert (examination.descended, examination.learning.window) == ("half_sum", 50)


@pytest.mark.slow
def test_a_weight_taken_for_another_is_seen_beside_targets_in_the_thousands(examined):
    text = """
import numpy as np
rng = np.random.default_rng(10)
x = np.c_[np.ones(40), rng.normal(size=(40, 2))]
y = 2e5 + x @ [0.0, 5e4, -2e4] + rng.normal(0, 1e4, 40)
w = rng.uniform(0, 1, 3)
for i in range(1000):
    error = x @ w - y
    cost = np.mean(error ** 2)
    first = w[0] - 0.1 * np.mean(error * x[:, 0])
    second = w[1] - 0.1 * np.mean(error * x[:, 1])
    third = w[1] - 0.1 * np.mean(error * x[:, 2])
    w[0], w[1], w[2] = first, second, third
"""
    with examined(text) as examination:
        assert updates(examination) == {"w": "wrong"}
    with examined(text.replace("third = w[1]", "third = w[2]")) as examination:
        assert updates(examination) == {"w": "right"}


def test_a_wrong_line_behind_layers_of_the_same_shape_that_one_line_updates(examined):
    text = _OBJECTS.format(scale="1.0").replace(
        "Layer(8, 1)]", "Layer(8, 8), Tanh(), Layer(8, 8), Tanh(), Layer(8, 1)]"
    )
    with examined(text.replace("(1 - self.y ** 2)", "(1 - self.y)")) as examination:
        (suspicion,) = wrong_gradient.check(examination)
    finding = suspicion.finding
    assert finding.location.line == 19
    assert finding.remedies[0].edits
    assert all(name in finding.message for name in ("parts[0].w", "parts[2].w", "parts[4].w"))


@pytest.mark.slow
def test_a_row_that_goes_by_a_name_of_its_own_is_no_parameter_beside_the_whole(examined):
    text = """
import numpy as np
rng = np.random.default_rng(11)
inner, outer = rng.normal(0, 0.5, (6, 4)), rng.normal(0, 0.5, (6, 4))
for epoch in range(1000):
    for k in range(6):
        for other in range(6):
            v, u = inner[k], outer[[other, (other + 3) % 6]]
            wanted = np.array([1.0, 0.0]) if other < 3 else np.array([0.0, 1.0])
            p = 1 / (1 + np.exp(-(u @ v)))
            loss = -np.sum(wanted * np.log(p) + (1 - wanted) * np.log(1 - p))
            g = p - wanted
            back = g @ u
            np.add.at(outer, [other, (other + 3) % 6], -0.05 * np.outer(g, v))
            inner[k] -= 0.05 * back
"""
    with examined(text) as examination:
        assert updates(examination) == {"inner": "right", "outer": "right"}
