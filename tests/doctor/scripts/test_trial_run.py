"""A run for many steps, past the script's own end if need be."""

import itertools

import numpy as np
import pytest

from unstuck.doctor.scripts import trial_run
from unstuck.doctor.scripts.trial_run import TrialRun

TEXT = """
w = 4.0
for epoch in range(10):
    loss = w ** 2
    w = w - 0.1 * (2 * w - 0.0)
"""
HEAD = "for epoch in range(10):"


@pytest.fixture
def trial(play):
    def trial(text=TEXT, loss=("loss", "assigned"), pair=None, resets=(), **order):
        def make(finish, sites, loops):
            loop = loops[order.pop("head", next(iter(loops)))]
            settings = {
                "loop": loop,
                "extend": [loop],
                "horizon": 100,
                "time": 60.0,
                "loss": None if loss is None else sites[loss],
                "resets": [sites[reset] for reset in resets],
                "pair": None,
                "kind": "half_sum",
                "updates": None,
            } | order
            if pair is not None:
                number = next(
                    n for (name, kind), n in sites.items() if kind == "difference" and name.startswith(pair[0])
                )
                settings["pair"] = [number, pair[1]]
            if settings["updates"] and "hold" in settings["updates"]:
                settings["updates"] = settings["updates"] | {
                    "hold": {sites[key]: index for key, index in settings["updates"]["hold"].items()}
                }
            return TrialRun(settings, finish)

        return play(text, make).report

    return trial


def test_a_loop_runs_on_after_its_end(trial):
    report = trial(horizon=25)
    assert (report["reason"], report["steps"], report["own_steps"]) == ("horizon", 25, 10)
    np.testing.assert_allclose(report["values"], 16 * 0.64 ** np.arange(25))
    assert report["at"].tolist() == list(range(25))
    assert report["first_non_finite"] is None
    assert report["seconds"] >= 0


def test_a_loop_that_may_not_run_on(trial):
    for order in ({"go_on": False}, {"extend": []}):
        report = trial(**order)
        assert (report["reason"], report["steps"], report["own_steps"]) == ("ended", 10, 10)


def test_the_range_goes_on_counting(play):
    def make(finish, sites, _loops):
        order = {"loop": 0, "extend": [0], "horizon": 6, "time": 9.0, "loss": sites["a", "assigned"], "resets": [], "pair": None,
                 "kind": "mae", "updates": None}  # fmt: skip
        return TrialRun(order, finish)

    assert play("for i in range(0, 6, 2):\n    a = i * 1.0\n", make).report["values"].tolist() == [0, 2, 4, 6, 8, 10]
    assert play("for i in [5, 7]:\n    a = i * 1.0\n", make).report["values"].tolist() == [5, 7, 5, 7, 5, 7]
    report = play("for i in iter([5, 7]):\n    a = i * 1.0\n", make).report
    assert (report["reason"], report["steps"]) == ("ended", 2)
    assert play("for i in []:\n    a = 1.0\n", make).report["steps"] == 0
    assert play("for i in range(0):\n    a = 1.0\n", make).report["own_steps"] == 0


def test_the_time_is_over(trial, monkeypatch):
    clock = itertools.count()
    monkeypatch.setattr(trial_run.time, "monotonic", lambda: float(next(clock)))
    report = trial(time=4.5)
    assert report["reason"] == "time"
    assert report["steps"] < 10


def test_enough(trial):
    report = trial(horizon=1000, enough=1e-3)
    assert report["reason"] == "enough"
    assert 20 < report["steps"] < 1000
    assert trial(horizon=50, enough=-1.0)["reason"] == "horizon"


def test_a_run_is_judged_by_what_it_ends_with(trial):
    updates = {"variables": [["w", []]]}
    report = trial(horizon=5, rest=3, updates=updates)
    assert (report["reason"], report["steps"]) == ("horizon", 5)
    assert report["at_rest"] == pytest.approx(16 * 0.64**5)
    np.testing.assert_allclose(report["values"], 16 * 0.64 ** np.arange(5))
    assert trial(horizon=5)["at_rest"] is None


def test_a_run_that_ends_early_has_no_rest(trial):
    assert trial(horizon=50, rest=3, extend=[], updates={"variables": [["w", []]]})["at_rest"] is None


def test_a_loss_that_is_not_finite(trial):
    text = "w = 1.0\nfor i in range(200):\n    loss = w * 1.0\n    w = w * 1e200\n"
    report = trial(text, horizon=190)
    assert report["reason"] == "not finite"
    assert report["first_non_finite"] == 2
    text = "for i in range(200):\n    loss = float('nan') if i % 2 else 1.0\n"
    assert trial(text, horizon=190)["reason"] == "horizon"


def test_a_script_that_fails(trial):
    report = trial("for i in range(5):\n    loss = 1.0 / (3 - i)\n")
    assert (report["reason"], report["error"], report["steps"]) == ("failed", {"exception": "ZeroDivisionError"}, 3)
    assert report["own_steps"] is None


def test_an_accumulated_loss(trial):
    text = "for i in range(3):\n    loss = 0.0\n    for j in range(2):\n        loss += 1.0 + j\n"
    report = trial(text, ("loss", "updated"), resets=[("loss", "assigned")], horizon=3, head="for i in range(3):")
    assert report["values"].tolist() == [1, 2, 1, 2, 1, 2]


def test_a_loss_that_is_no_number_is_not_followed(trial):
    assert trial("for i in range(3):\n    loss = 'small'\n", horizon=3)["values"].tolist() == []


PAIRED = """
w = np.array([2.0, 4.0])
y = np.array([1.0, 1.0])
for i in range(5):
    error = w - y
    w = w * 0.5 + y * 0.5
"""


def test_the_loss_of_outputs_and_targets(trial):
    report = trial(PAIRED, None, ("w", "right"), horizon=3)
    assert report["values"] == pytest.approx([5 / 2, 5 / 8, 5 / 32])
    report = trial(PAIRED.replace("w - y", "y - w"), None, ("y", "left"), horizon=2, kind="mae")
    assert report["values"] == pytest.approx([2.0, 1.0])
    assert trial(PAIRED, None, ("w", "right"), horizon=2, kind="no such loss")["first_non_finite"] == 0


def test_sets_that_are_subtracted_are_no_pair(trial):
    text = "a, b = {1, 2}, {1}\nfor i in range(3):\n    c = a - b\n"
    assert trial(text, None, ("a", "right"), horizon=2)["values"].tolist() == []


def test_updates_are_scaled(trial):
    report = trial(updates={"variables": [["w", []]], "scale": 0.5}, horizon=4)
    np.testing.assert_allclose(report["values"], 16 * 0.81 ** np.arange(4))


def test_updates_are_held_back(trial):
    text = "w = 1.0\nv = [1.0]\nfor i in range(4):\n    w = w + 1.0\n    v[0] = v[0] + 1.0\n    loss = w + 10 * v[0]\n"
    updates = {"variables": [["w", []], ["v", []]], "hold": {("w", "assigned"): [0], ("v", "item"): [1]}}
    text = text.replace("w = 1.0\n", "w, u = 1.0, 0\n")
    assert trial(text, updates=updates, horizon=4)["values"].tolist() == [11, 22, 33, 44]


def test_the_true_gradient_is_descended(trial):
    text = "w = np.array([3.0])\ny = np.array([1.0])\nfor i in range(9):\n    e = w - y\n    loss = (e * e).sum()\n    w = w + 5.0\n"
    updates = {"variables": [["w", []]], "gradient": "reported", "rates": [0.25]}
    assert trial(text, updates=updates, horizon=4)["values"] == pytest.approx([4, 1, 0.25, 0.0625])
    updates["gradient"] = "half_sum"
    assert trial(text, None, ("w", "right"), updates=updates, horizon=3)["values"] == pytest.approx(
        [2, 1.125, 0.6328125]
    )


def test_the_last_step_of_a_loop_that_is_over(trial):
    text = TEXT + "for other in range(3):\n    pass\n"
    report = trial(text, go_on=False, head=HEAD)
    assert (report["steps"], report["reason"]) == (10, "ended")
