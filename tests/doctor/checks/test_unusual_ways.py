"""Ways to write a training that are unlike the textbook's: each is read for what it does."""

import pytest

from unstuck.doctor.checks import ascends, updated_weights, wrong_gradient

_HEAD = """
import math, random
import numpy as np
rng = np.random.default_rng(0)
X = rng.uniform(-1, 1, (40, 2))
Y = (X[:, :1] * X[:, 1:] > 0).astype(float)
W, b = rng.normal(0, 1, (2, 6)), np.zeros((1, 6))
U, c = rng.normal(0, 1, (6, 1)), np.zeros((1, 1))
"""
_LOOP = """
for t in range(100000):
    H = np.tanh(X @ W + b)
    O = 1 / (1 + np.exp(-(H @ U + c)))
    {difference}
    d = e / len(X)
    g = d @ U.T * (1 - H ** 2)
    dW, db, dU, dc = X.T @ g, g.sum(0, keepdims=True), H.T @ d, {last}
    {update}
"""
_PLAIN = "W, b, U, c = W - .3 * dW, b - .3 * db, U - .3 * dU, c - .3 * dc"
_SUM = "d.sum(0, keepdims=True)"


def script(difference="e = O - Y", last=_SUM, update=_PLAIN, head=""):
    return _HEAD + head + _LOOP.format(difference=difference, last=last, update=update)


def updates(examination):
    return {variable.name: examination.verdicts.of[variable.index].update for variable in examination.found.parameters}


@pytest.mark.sampled(2)
@pytest.mark.parametrize(
    "difference", ["e = O.copy(); e -= Y", "e = np.subtract(O, Y)", "e = np.subtract(Y, O); e *= -1"]
)
def test_outputs_meet_targets_in_other_words(examined, difference):
    with examined(script(difference)) as examination:
        assert updates(examination) == dict.fromkeys(("W", "b", "U", "c"), "right")


_BEFORE = "W0, b0, U0, c0 = W.copy(), b.copy(), U.copy(), c.copy()\n"
_HEAVY_BALL = """sW, sb, sU, sc = .9 * (W - W0) - .3 * dW, .9 * (b - b0) - .3 * db, .9 * (U - U0) - .3 * dU, .9 * (c - c0) - .3 * dc
    W0, b0, U0, c0 = W.copy(), b.copy(), U.copy(), c.copy()
    W, b, U, c = W + sW, b + sb, U {sign} sU, c + sc"""


@pytest.mark.parametrize(("sign", "last"), [("+", "right"), ("-", "ascends")])
def test_momentum_that_remembers_where_the_weights_were(examined, sign, last):
    with examined(script(update=_HEAVY_BALL.format(sign=sign), head=_BEFORE)) as examination:
        assert updates(examination) == {"W": "right", "b": "right", "U": last, "c": "right"}
        assert [each.finding.location.line for each in ascends.check(examination)] == [20] * (sign == "-")


def test_adam_where_some_inputs_are_always_zero(examined):
    head = "X = np.hstack([X, np.zeros((40, 6))])\nW = rng.normal(0, 1, (8, 6))\nm, v = 0 * W, 0 * W\n"
    update = """m, v = .9 * m + .1 * dW, .99 * v + .01 * dW ** 2
    W = .999 * W - .01 * m / (np.sqrt(v) + 1e-8)
    b, U, c = b - .3 * db, U - .3 * dU, c - .3 * dc"""
    with examined(script(update=update, head=head)) as examination:
        assert updates(examination)["W"] == "right"


def test_a_bias_gradient_that_is_one_number(examined):
    head = "Y = np.hstack([Y, 1 - Y, Y])\nU, c = rng.normal(0, 1, (6, 3)), np.zeros((1, 3))\n"
    with examined(script(last="np.sum(d)", head=head)) as examination:
        (suspicion,) = wrong_gradient.check(examination)
    finding = suspicion.finding
    assert (finding.mistake, finding.location.line, finding.parameter) == ("summed-over-wrong-axis", 18, "c")
    assert "a single number" in finding.message


def test_numbers_drawn_in_the_step_with_pythons_generator(examined):
    text = (
        _HEAD
        + """
for t in range(100000):
    i = random.randrange(len(X))
    x, y = X[i:i + 1], Y[i:i + 1]
    H = np.tanh(x @ W + b)
    O = 1 / (1 + np.exp(-(H @ U + c)))
    d = O - y
    g = d @ U.T * (1 - H ** 2)
    W, b, U, c = W - .3 * x.T @ g, b - .3 * g, U - .3 * H.T @ d, c - .3 * d
"""
    )
    with examined(text) as examination:
        assert updates(examination) == dict.fromkeys(("W", "b", "U", "c"), "right")
        assert examination.site_of(examination.found.pair.key).expression == "O - y"


def test_biases_that_begin_as_whole_numbers(examined):
    text = """
import math
data = [(0.5, 0.0), (-0.3, 1.0), (0.9, 0.0), (-0.8, 1.0)]
w, b = 0.3, 0
for epoch in range(20000):
    for x, y in data:
        out = 1 / (1 + math.exp(-(w * x + b)))
        error = out - y
        w -= 0.1 * error * x
        b -= 0.1 * error
"""
    with examined(text) as examination:
        assert updates(examination) == {"w": "right", "b": "right"}


def test_the_gradient_of_another_layer_is_not_blamed_where_it_is_right(examined):
    text = (
        _HEAD
        + """
u, k = [0.4, -0.7], [0.2, 0.9]
for t in range(100000):
    x, y = X[t % 40], Y[t % 40, 0]
    h = 1 / (1 + math.exp(-(x[0] * k[0] + x[1] * k[1])))
    a = [h, 1.0]
    o = 1 / (1 + math.exp(-(a[0] * u[0] + a[1] * u[1])))
    last = (y - o) * o * (1 - o)
    first = h * (1 - h) * u[0] * last
    u = [w + 0.5 * last * i for w, i in zip(u, a)]
    k = [w + 0.5 * last * i for w, i in zip(k, x)]
"""
    )
    with examined(text) as examination:
        lines = [each.finding.location.line for each in wrong_gradient.check(examination)]
        verdicts = updates(examination)
    assert (verdicts["u"], verdicts["k"], lines) == ("right", "wrong", [19])


def test_functions_of_single_numbers_made_to_take_arrays(examined):
    head = "act = np.vectorize(lambda z: math.tanh(z))\nrelu = np.vectorize(lambda z: z if z > 0 else 0.0)\n"
    text = (
        script(head=head)
        .replace("np.tanh(X @ W + b)", "act(relu(X @ W + b))")
        .replace("(1 - H ** 2)", "(1 - H ** 2) * (H > 0)")
    )
    with examined(text) as examination:
        assert updates(examination) == dict.fromkeys(("W", "b", "U", "c"), "right")
        assert examination.prober.trusted


@pytest.mark.parametrize("samples", ["rows", "columns"])
def test_as_many_hidden_units_as_samples(examined, samples):
    text = """
import numpy as np
rng = np.random.default_rng(1)
X = np.array([[20., 24], [10, 28], [21, 30], [23, 22]])
y = np.array([[1.], [0], [0], [1]])
V, w = rng.random((2, 4)), rng.random((4, 1))
for i in range(100000):
    h = 1 / (1 + np.exp(-X @ V))
    o = 1 / (1 + np.exp(-h @ w))
    d = (o - y) * o * (1 - o)
    g = d @ w.T * h * (1 - h)
    w -= h.T @ d
    V -= X.T @ g
"""
    if samples == "columns":
        text = (
            text.replace("-X @ V", "-V.T @ X.T").replace("-h @ w", "-w.T @ h").replace("(o - y)", "(o - y.T)")
            .replace("d @ w.T *", "w @ d *").replace("h.T @ d", "h @ d.T").replace("X.T @ g", "X.T @ g.T")
        )  # fmt: skip
    with examined(text) as examination:
        assert examination.learning.targets.shape == (4, 1)
        assert not examination.learning.has_learned(examination.written)


def test_a_sample_that_is_twice_in_a_batch(examined):
    text = """
import numpy as np
rng = np.random.default_rng(2)
rows = [(np.array([[a], [b]]), float(a ^ b)) for a in (0, 1) for b in (0, 1)] * 5
w, b, u, c = rng.normal(0, 1, (3, 2)), np.zeros((3, 1)), rng.normal(0, 1, (1, 3)), np.zeros((1, 1))
for epoch in range(100000):
    gw, gb, gu, gc = 0 * w, 0 * b, 0 * u, 0 * c
    for x, y in rows[3:10]:
        h = 1 / (1 + np.exp(-(w @ x + b)))
        o = 1 / (1 + np.exp(-(u @ h + c)))
        d = (o - y) * o * (1 - o)
        e = u.T @ d * h * (1 - h)
        gw, gb, gu, gc = gw + e @ x.T, gb + e, gu + d @ h.T, gc + d
    w, b, u, c = w - .5 * gw, b - .5 * gb, u - .5 * gu, c - .5 * gc
"""
    with examined(text) as examination:
        assert updates(examination) == dict.fromkeys(("w", "b", "u", "c"), "right")


def test_arrays_that_are_in_a_list_as_well(examined):
    text = """
import math
import numpy as np
rng = np.random.default_rng(4)
X, Y = np.array([[1, 0, 0], [1, 0, 1], [1, 1, 0], [1, 1, 1]]), np.array([0, 1, 1, 0])
first, second = rng.uniform(-1, 1, 3), rng.uniform(-1, 1, 3)
sums = [np.zeros(3), np.zeros(3)]
neurons = [first, second]
for epoch in range(10000):
    for i in range(4):
        h = 1 / (1 + math.exp(-np.dot(X[i], first)))
        o = 1 / (1 + math.exp(-(second[0] + second[1] * h)))
        d = (o - Y[i]) * o * (1 - o)
        sums[1] += d * np.array([1, h, 0])
        sums[0] += d * second[1] * h * (1 - h) * X[i]
    first -= 0.7 * sums[0]
    second -= 0.7 * sums[1]
    sums[0].fill(0.0)
    sums[1].fill(0.0)
"""
    with examined(text) as examination:
        assert examination.found.loop.line == 9
        assert updates(examination)["first"] == "right"


def test_two_early_updates_behind_one_gradient(examined):
    text = (
        _HEAD
        + """
V = rng.normal(0, 1, (6, 6))
for t in range(100000):
    H = np.tanh(X @ W)
    K = np.tanh(H @ V)
    d = (K @ U - Y) / len(X)
    U = U - .3 * K.T @ d
    k = d @ U.T * (1 - K ** 2)
    V = V - .3 * H.T @ k
    W = W - .3 * X.T @ (k @ V.T * (1 - H ** 2))
"""
    )
    with examined(text) as examination:
        (suspicion,) = updated_weights.check(examination)
        assert list(wrong_gradient.check(examination)) == []
    assert (suspicion.finding.location.line, suspicion.finding.lines) == (15, (15, 17, 18))


def test_what_the_outputs_are_made_of_is_no_loss(examined):
    text = """
import math, random
random.seed(3)
data = [(0.5, 0.0), (-0.3, 1.0), (0.9, 0.0), (-0.8, 1.0)]
w, b = 0.3, 0.1
def logistic(z):
    e = math.exp(-z)
    return 1 / (1 + e)
for epoch in range(20000):
    for x, y in data:
        out = logistic(w * x + b)
        w -= 0.1 * (out - y) * x
        b -= 0.1 * (out - y)
"""
    with examined(text) as examination:
        assert examination.found.loss is None
        assert updates(examination) == {"w": "right", "b": "right"}


def test_momentum_and_decay_together(examined):
    head = "V = [np.zeros_like(p) for p in (W, b, U, c)]\n"
    update = (
        "G = [dW + .01 * W, db, dU + .01 * U, dc]\n    for j, p in enumerate((W, b, U, c)):\n"
        "        V[j] = .9 * V[j] - .1 * G[j]\n        p += V[j]"
    )
    with examined(script(update=update, head=head)) as examination:
        assert set(updates(examination).values()) == {"right"}
        assert list(wrong_gradient.check(examination)) == []


def test_a_gradient_that_is_cut_off_is_used(examined):
    clipped = _PLAIN.replace("dc", "np.clip(dc, -1e-3, 1e-3)").replace("db", "np.clip(db, -1e-3, 1e-3)")
    with examined(script(update=clipped)) as examination:
        assert set(updates(examination).values()) == {"right"}


def test_a_line_is_fitted_in_two_statements(examined):
    text = _HEAD + "\nw = np.ones((2, 1))\nfor t in range(100000):\n    w -= 0.01 * X.T @ (X @ w - Y)\n"
    with examined(text) as examination:
        assert updates(examination) == {"w": "right"}


_RECURRENT = """
import numpy as np
rng = np.random.default_rng(0)
words = rng.integers(0, 4, 60).tolist()
V, W, U = rng.normal(0, .3, (8, 4)), rng.normal(0, .3, (8, 8)), rng.normal(0, .3, (4, 8))

def learn(given, wanted, h):
    hidden, shares, loss = {-1: h}, {}, 0
    for t, word in enumerate(given):
        hidden[t] = np.tanh(V[:, [word]] + W @ hidden[t - 1])
        e = np.exp(U @ hidden[t])
        shares[t] = e / e.sum()
        loss -= np.log(shares[t][wanted[t], 0])
    dV, dW, dU, after = np.zeros_like(V), np.zeros_like(W), np.zeros_like(U), np.zeros((8, 1))
    for t in reversed(range(len(given))):
        d = shares[t].copy()
        d[wanted[t]] -= 1
        dU += d @ hidden[t].T
        g = (1 - hidden[t] ** 2) * (U.T @ d + after)
        dV[:, [given[t]]] += g
        dW += g @ hidden[t - 1].T
        after = W.T @ g
    return loss, (dV, dW, dU), hidden[len(given) - 1]

for epoch in range(100000):
    h = np.zeros((8, 1))
    for start in range(0, 50, 10):
        loss, grads, h = learn(words[start:start + 10], words[start + 1:start + 11], h)
        for p, g in zip((V, W, U), grads):
            p -= .05 * g
"""


def test_the_state_of_a_recurrent_network_is_no_parameter(examined):
    with examined(_RECURRENT) as examination:
        assert updates(examination) == {"V": "right", "W": "right", "U": "right"}


_VECTOR = """
def loss_and_gradient(w):
    V, U = w[:18].reshape(6, 3), w[18:].reshape(1, 7)
    A = np.c_[np.ones(40), X]
    H = np.c_[np.ones(40), np.tanh(A @ V.T)]
    O = 1 / (1 + np.exp(-H @ U.T))
    J = -np.mean(Y * np.log(O) + (1 - Y) * np.log(1 - O))
    J += .01 * (V[:, 1:] ** 2).sum() + .01 * (U[:, 1:] ** 2).sum()
    d = (O - Y) / 40
    dU, dV = d.T @ H, ((d @ U)[:, 1:] * (1 - H[:, 1:] ** 2)).T @ A
    dU[:, 1:] += .02 * U[:, 1:]
    dV[:, 1:] += .02 * V[:, 1:]
    return J, np.r_[dV.ravel(), dU.ravel()]

w = rng.normal(0, 1, 25)
for t in range(100000):
    J, g = loss_and_gradient(w)
    w = w - .1 * g
"""


def test_a_penalty_that_is_added_to_the_loss_later_belongs_to_it(examined):
    with examined(_HEAD + _VECTOR) as examination:
        assert updates(examination) == {"w": "right"}
        loss = examination.found.loss
        assert examination.site_of(loss.key).expression.startswith(".01 * (V")
        assert not loss.accumulates
