"""Which loop is the training loop."""

from types import SimpleNamespace

import numpy as np

from unstuck.doctor.scripts.examination import horizon_of
from unstuck.doctor.scripts.examine import examine, locate, scout
from unstuck.doctor.scripts.finding_step import find_step, to_scouted
from unstuck.doctor.scripts.first_wrong import are_enough, first_wrong, is_gradient, look_at_backward
from unstuck.doctor.scripts.session import run_in
from unstuck.doctor.scripts.source import source_of
from unstuck.doctor.scripts.trials import TrialReport
from unstuck.doctor.scripts.workspace import Workspace

MESSAGE = {
    "reason": "ended", "error": None, "seconds": 0.5,
    "loops": [
        {"loop": 0, "count": 3, "parents": [], "changed": ["W"]},
        {"loop": 1, "count": 12, "parents": [0], "changed": []},
    ],
    "shapes": {"0": {"b": [[3], [3, 3]]}}, "numbers": {"4": np.array([0.5, 0.4])}, "times": {"4": np.array([1, 2])},
    "inside": {"4": [0], "5": [0, 1], "6": []},
}  # fmt: skip
SCRIPT = """\
import numpy as np

rng = np.random.default_rng(0)
total = 0
for number in range(5):
    total = total + number
X, y = rng.normal(size=(6, 2)), rng.normal(size=(6, 1))
W1, W2 = rng.normal(size=(2, 3)), rng.normal(size=(3, 1))
for epoch in range(40):
    for start in (0, 3):
        rows = slice(start, start + 3)
        hidden = np.tanh(X[rows] @ W1)
        out = hidden @ W2
        loss = np.mean((out - y[rows]) ** 2)
        delta = out - y[rows]
        back = delta @ W2.T
        W2 -= 0.1 * hidden.T @ delta
        W1 -= 0.1 * X[rows].T @ back
"""


def test_a_report_of_a_scout_is_read():
    scouted = to_scouted(MESSAGE)
    assert (scouted.reason, scouted.error, scouted.seconds) == ("ended", None, 0.5)
    assert scouted.counts == {0: 3, 1: 12}
    assert scouted.parents == {0: [], 1: [0]}
    assert scouted.changed == {0: ["W"], 1: []}
    assert scouted.new_shapes == {0: {"b": [[3], [3, 3]]}}
    assert scouted.sites_in(1) == [5]
    assert scouted.sites_in(0) == [4, 5]
    assert (scouted.histories[4].tolist(), scouted.times[4].tolist()) == ([0.5, 0.4], [1, 2])


def test_where_no_loop_updates_anything_no_session_is_started():
    def start(_stops):
        raise AssertionError("no session is needed")

    sites = [SimpleNamespace(kind="assigned", reads_itself=False, number=9)] * 7
    assert find_step(SimpleNamespace(sites=sites), to_scouted(MESSAGE), start) is None


def test_the_innermost_loop_that_trains_is_found_and_its_first_wrong_value():
    source = source_of(SCRIPT)
    with Workspace(None, source.text) as workspace:
        scouting = scout(run_in(workspace, source.text), source)
        session, found = locate(scouting)
        with session:
            assert found.loop.line == 10
            assert {entry.name for entry in found.parameters} == {"W1", "W2"}
            looked_at = examine(source, scouting, found, seconds=0.3)
            verdicts = {entry.name: looked_at.verdicts.of[entry.index].update for entry in found.parameters}
            assert verdicts == {"W1": "wrong", "W2": "right"}
            assert (looked_at.written.steps, looked_at.learning.window, looked_at.repeated) == (80, 2, False)
            wrong_gradient_is_found(looked_at)


def wrong_gradient_is_found(looked_at):
    prober, probes, loss = looked_at.prober, looked_at.probes, looked_at.taped_loss
    first, second = (
        next(entry.index for entry in looked_at.found.parameters if entry.name == name) for name in ("W1", "W2")
    )
    backward = look_at_backward(prober, probes, loss)
    place = first_wrong(prober, probes, loss, backward, first)
    assert looked_at.site_of(place.key).span.line == 16
    assert (place.transposed, place.parameters) == (False, (first,))
    assert are_enough(prober, probes, loss, backward, [place], first)
    assert not are_enough(prober, probes, loss, backward, [place], second)
    assert not is_gradient(probes, backward, (10**6, 0))


def report(steps, reason="time", own_steps=None):
    return TrialReport(reason, None, steps, np.zeros(0, np.int64), np.zeros(0), None, 1.0, own_steps)


def test_a_run_to_its_end_gives_its_own_horizon_and_one_cut_short_a_round_one():
    assert horizon_of(report(1234, "ended", 1234)) == 1234
    assert [horizon_of(report(steps)) for steps in (0, 1, 4, 9, 15, 499, 500, 1999)] == [1, 1, 2, 5, 10, 200, 500, 1000]


_HIDDEN = """\
import numpy as np

rng = np.random.default_rng(0)
X = rng.normal(size=(30, 2))
y = (X[:, :1] * X[:, 1:] > 0).astype(float)
params = [FIRST, np.zeros(5), rng.normal(size=(5, 1)), BIAS]
for epoch in range(300):
    W, b, V, c = params
    h = HIDDEN
    o = 1 / (1 + np.exp(-(h @ V + c)))
    d = (o - y) / len(X)
    e = d @ V.T * SLOPE
    for p, g in zip(params, [X.T @ e, e.sum(0), h.T @ d, d.sum(0)]):
        p -= 0.5 * g
"""


def _parameters(text):
    source = source_of(text)
    with Workspace(None, source.text) as workspace:
        located = locate(scout(run_in(workspace, source.text), source))
        assert located is not None
        session, found = located
        with session:
            return {entry.name for entry in found.parameters}


def test_weights_of_zero_behind_which_nothing_moves_are_parameters_all_the_same():
    text = _HIDDEN.replace("FIRST", "np.zeros((2, 5))").replace("BIAS", "np.zeros(1)")
    text = text.replace("HIDDEN", "np.maximum(0, X @ W + b)").replace("SLOPE", "(h > 0)")
    assert _parameters(text) == {"params[0]", "params[1]", "params[2]", "params[3]"}


def test_outputs_that_are_saturated_from_the_start_hide_no_parameter():
    text = _HIDDEN.replace("FIRST", "rng.normal(size=(2, 5))").replace("BIAS", "90 * np.ones(1)")
    text = text.replace("HIDDEN", "1 / (1 + np.exp(-(X @ W + b)))").replace("SLOPE", "h * (1 - h)")
    assert _parameters(text) == {"params[0]", "params[1]", "params[2]", "params[3]"}


def test_a_loss_is_found_beside_an_optimizer_that_remembers_as_much_as_there_are_parameters():
    text = """\
import numpy as np

rng = np.random.default_rng(0)
X, y = rng.normal(size=(30, 2)), rng.normal(size=(30, 1))
par = {"W": rng.normal(size=(2, 5)), "V": rng.normal(size=(5, 1))}
avg = {name: np.zeros(par[name].shape) for name in par}
for epoch in range(300):
    h = np.tanh(X @ par["W"])
    o = h @ par["V"]
    loss = np.mean(np.square(np.subtract(o, y)))
    d = (o + y) / len(X)
    g = {"W": X.T @ (d @ par["V"].T * (1 - h**2)), "V": h.T @ d}
    for name in par:
        avg[name] = 0.9 * avg[name] + 0.1 * g[name] ** 2
        par[name] -= 0.01 * g[name] / (np.sqrt(avg[name]) + 1e-6)
"""
    assert _parameters(text) == {"par['W']", "par['V']"}


def test_a_velocity_that_the_gradient_is_subtracted_from_is_no_output_and_target():
    text = """\
import numpy as np

rng = np.random.default_rng(0)
X, y = rng.normal(size=(30, 2)), rng.normal(size=(30, 1))
params = [rng.normal(size=(2, 5)), rng.normal(size=(5, 1))]
speeds = [np.zeros_like(p) for p in params]
for epoch in range(300):
    h = np.tanh(X @ params[0])
    d = (h @ params[1] - y) / len(X)
    grads = [X.T @ (d @ params[1].T * (1 - h**2)), h.T @ d]
    for k, g in enumerate(grads):
        speeds[k] = 0.9 * speeds[k] - 0.1 * g
        step = speeds[k] * 1.0
        params[k] = params[k] + step
"""
    assert _parameters(text) == {"params[0]", "params[1]"}


_LISTS = """\
import math, random

random.seed(3)
rows = [([0, 0], 0), ([0, 1], 1), ([1, 0], 1), ([1, 1], 0)]
hidden = [[random.uniform(-2, 2) for _ in range(3)] for _ in range(4)]
out = [random.uniform(-2, 2) for _ in range(5)]

def fire(weights, inputs):
    s = weights[-1] + sum(w * v for w, v in zip(weights, inputs))
    return 1 / (1 + math.exp(-s))

for epoch in range(3000):
    for x, wanted in rows:
        h = [
            fire(neuron, x)
            for neuron in hidden  # one after the other
        ]
        o = fire(out, h)
        d = (o - wanted) * o * (1 - o)
        deltas = [d * out[j] * h[j] * (1 - h[j]) for j in range(4)]
        for j in range(4):
            out[j] -= 0.5 * d * h[j]
            for i in range(2):
                hidden[j][i] -= 0.5 * deltas[j] * x[i]
            hidden[j][2] -= 0.5 * deltas[j]
        out[4] -= 0.5 * d
"""


def test_what_runs_through_a_comprehension_is_no_parameter_and_a_sample_of_zeros_hides_no_weight():
    source = source_of(_LISTS)
    with Workspace(None, source.text) as workspace:
        session, found = locate(scout(run_in(workspace, source.text), source))
        with session:
            assert {entry.name for entry in found.parameters} == {"hidden", "out"}
            (hidden,) = [entry for entry in found.parameters if entry.name == "hidden"]
            assert np.count_nonzero(found.own.ends[hidden.index] != hidden.start) > 4


def test_an_input_is_no_parameter_because_another_name_shows_a_part_of_it():
    text = """\
import numpy as np

rng = np.random.default_rng(0)
X = rng.normal(size=(40, 2))
Y = (X[:, :1] > X[:, 1:]).astype(float)

class Layer:
    def __init__(self):
        self.W, self.x, self.dW = rng.normal(size=(2, 1)), None, np.zeros((2, 1))

layer = Layer()
for epoch in range(100):
    for i in range(0, 40, 10):
        for r in range(i, i + 10):
            layer.x = X[r]
            p = 1 / (1 + np.exp(-(layer.x @ layer.W)))
            e = p - Y[r]
            layer.dW += np.outer(layer.x, e)
        layer.W -= 0.05 * layer.dW
        layer.dW[:] = 0
"""
    assert _parameters(text) == {"layer.W"}
