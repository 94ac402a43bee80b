"""The first run of a script."""

import itertools

import numpy as np
import pytest

from unstuck.doctor.scripts import scout
from unstuck.doctor.scripts.scout import Scout


@pytest.fixture
def watch(play):
    def watch(text, budget=60.0, patience=60.0):
        return play(text, lambda finish, _sites, _loops: Scout(finish, budget, patience))

    return watch


TEXT = """
w = np.ones(2)
rate = 0.1
for epoch in range(5):
    total = 0.0
    for i in range(3):
        total = total + w[i % 2]
    w = w - rate * w
    grown = np.zeros(epoch + 1)
"""


def test_loops_and_what_changes_in_them(watch):
    played = watch(TEXT)
    report = played.report
    assert (report["reason"], report["error"]) == ("ended", None)
    outer, inner = report["loops"]
    assert (outer["loop"], outer["count"], outer["parents"]) == (0, 5, [])
    assert (inner["loop"], inner["count"], inner["parents"]) == (1, 15, [0])
    assert "w" in outer["changed"]
    assert "rate" not in outer["changed"]
    assert "epoch" not in outer["changed"]  # integers that stand alone only count
    assert report["shapes"]["0"] == {}
    assert report["seconds"] >= 0


def test_how_many_iterations_lie_ahead(watch):
    text = (
        "for i in range(7):\n    for w in [1.0, 2.0]:\n        pass\n    for a in zip([1]):\n        pass\n    break\n"
    )
    assert [entry["length"] for entry in watch(text).report["loops"]] == [7, 2, 0]


def test_histories_of_single_numbers(watch):
    played = watch(TEXT)
    site = str(played.sites["total", "assigned"])
    assert played.report["numbers"][site].tolist() == [0.0] * 5
    times = played.report["times"][site]
    assert times.tolist() == [1, 5, 9, 13, 17]
    assert played.report["inside"][site] == [0]
    assert str(played.sites["w", "assigned"]) not in played.report["numbers"]


def test_histories_are_not_kept_for_ever(watch):
    played = watch("for i in range(3100):\n    a = i * 1.0\n")
    assert len(played.report["numbers"][str(played.sites["a", "assigned"])]) == 3000


def test_items(watch):
    played = watch("d = {}\nfor i in range(2):\n    d['x'] = 1.5\n")
    assert played.report["numbers"][str(played.sites["d", "item"])].tolist() == [1.5, 1.5]


def test_shapes_that_change_from_the_first_iteration_to_the_second(watch):
    report = watch("b = np.zeros((3, 1))\nfor i in range(3):\n    b = b + np.ones(3)\n").report
    assert report["shapes"]["0"] == {"b": [[3, 1], [3, 3], [3, 3]]}
    assert report["loops"][0]["changed"] == []


def test_a_loop_that_runs_once_says_nothing(watch):
    report = watch("w = np.ones(2)\nfor i in range(1):\n    w = w * 2\n").report
    assert report["loops"][0]["changed"] == []
    assert report["shapes"]["0"] == {}


def test_a_loop_in_a_function_runs_inside_of_the_loop_that_calls_it(watch):
    text = """
    def inner(w):
        for j in range(2):
            w = w * 0.5
        return w
    w = np.ones(2)
    for i in range(2):
        w = inner(w)
    while False:
        pass
    """
    loops = {entry["loop"]: entry["parents"] for entry in watch(text).report["loops"]}
    assert loops == {1: [], 0: [1]}


def test_a_loop_that_is_left_early_is_left_when_the_outer_one_goes_on(watch):
    text = """
    def first():
        for j in range(3):
            return j
    for i in range(3):
        first()
        for k in range(1):
            a = 1.0
    """
    loops = {entry["loop"]: entry["parents"] for entry in watch(text).report["loops"]}
    assert loops[1] == []
    assert loops[0] == [1]


def test_training_is_watched_for_a_while(watch, monkeypatch):
    clock = itertools.count()
    monkeypatch.setattr(scout.time, "monotonic", lambda: float(next(clock)))
    text = "w = np.ones(2)\nfor i in range(1000):\n    w = w * 0.9\n"
    assert watch(text, budget=5.0, patience=1e9).report["reason"] == "watched long enough"
    assert watch(text, budget=5.0, patience=1e9).report["loops"][0]["count"] < 20
    assert watch(text, budget=1e9, patience=20.0).report["reason"] == "watched long enough"


def test_counting_is_not_training(watch, monkeypatch):
    clock = itertools.count()
    monkeypatch.setattr(scout.time, "monotonic", lambda: float(next(clock)))
    report = watch(
        "n = np.zeros(2, int)\nx = 0.0\nfor i in range(100):\n    n = n + 1\n    x = x + 1.0\n", 5.0, 1e9
    ).report
    assert report["reason"] == "ended"


def test_a_script_that_fails(watch):
    report = watch("for i in range(3):\n    w = np.ones(2) @ np.ones(3)\n").report
    assert (report["reason"], report["error"]) == ("failed", {"exception": "ValueError"})
    assert report["loops"][0]["count"] == 1


def test_the_end_of_a_loop_that_never_began():
    reports = []
    agent = Scout(reports.append, 1.0, 1.0)
    agent.bottom(4)
    assert agent.value(0, np.float64(2.0)) == 2.0
    agent.ended(None)
    assert reports[0]["loops"] == []


def test_a_loop_that_makes_the_data_does_not_use_up_the_time_for_the_training(watch, monkeypatch):
    clock = itertools.count()
    monkeypatch.setattr(scout.time, "monotonic", lambda: float(next(clock)))
    text = "x = np.ones(2)\nfor i in range(6):\n    x = x * 0.9\nfor j in range(1000):\n    x = x + 1\n"
    counts = [entry["count"] for entry in watch(text, budget=12.0, patience=1e9).report["loops"]]
    assert counts[0] == 6
    assert counts[1] > 12
