"""A step that is run again, with something changed, while what it computes is written down."""

import sys

import numpy as np
import pytest

from unstuck.doctor.scripts.agent import Agent
from unstuck.doctor.scripts.replay import Question, Replay
from unstuck.doctor.scripts.variables import Variable

TEXT = """
w = np.array([1.0, -2.0])
b = 0.5
x = np.array([[1.0, 0.5], [0.2, -1.0], [0.3, 0.8]])
y = np.array([1.0, 0.0, 2.0])
for epoch in range(4):
    p = x @ w + b
    error = p - y
    loss = (error ** 2).mean()
    dw = 2 * x.T @ error / 3
    w -= 0.1 * dw
    b = b - 0.1 * 2 * error.mean()
"""
HEAD = "for epoch in range(4):"
X = np.array([[1.0, 0.5], [0.2, -1.0], [0.3, 0.8]])
Y = np.array([1.0, 0.0, 2.0])
VARIABLES = [Variable("w"), Variable("b"), Variable("x")]


class Starter(Agent):
    """Lets a replay go on from an iteration."""

    def __init__(self, make, iteration):
        self.make, self.waiting = make, iteration

    def top(self, loop):
        self.waiting -= 1
        if self.waiting == 0:
            replay = self.make(loop)
            replay.install()
            replay.begin(sys._getframe(1))


@pytest.fixture
def ask(play):
    """Run a program to an iteration of its loop and ask a question there."""

    def ask(question, text=TEXT, *, iteration=1, variables=VARIABLES, **given):
        def make(finish, sites, _loops):
            made = question(sites) if callable(question) else question
            return Starter(lambda loop: Replay(made, variables, loop, finish), iteration)

        return play(text, make, **given)

    return ask


def step(w, b):
    error = X @ w + b - Y
    return w - 0.1 * 2 * X.T @ error / 3, b - 0.2 * error.mean(), (error**2).mean()


W, B = np.array([1.0, -2.0]), 0.5


def test_a_step_as_it_is(ask):
    played = ask(lambda sites: Question(ends=[0, 1], loss=sites["loss", "assigned"]))
    report = played.report
    w, b, loss = step(W, B)
    assert (report["reason"], report["error"], report["steps"]) == ("step", None, 1)
    assert report["loss"] == pytest.approx([loss])
    np.testing.assert_allclose(report["ends"]["0"], w)
    assert report["ends"]["1"] == pytest.approx(b)
    key = f"{played.sites['p', 'assigned']}:0"
    np.testing.assert_allclose(report["values"][key], X @ W + B)
    rows = [tuple(row) for row in report["keys"]]
    place = rows.index((played.sites["error", "assigned"], 0))
    assert report["shapes"][place] == (3,)
    assert report["sums"][place][0] == pytest.approx((X @ W + B - Y).sum())
    assert not report["integers"][place]
    assert report["integers"][rows.index((played.sites["epoch", "loop-target"], 0))]
    assert report["gradients"] == {}
    assert report["seconds"] >= 0


def test_a_later_iteration_and_several_steps(ask):
    report = ask(lambda sites: Question(ends=[0, 1], steps=2, loss=sites["loss", "assigned"]), iteration=2).report
    w, b, _ = step(W, B)
    losses = []
    for _ in range(2):
        w, b, loss = step(w, b)
        losses.append(loss)
    np.testing.assert_allclose(report["ends"]["0"], w)
    assert report["loss"] == pytest.approx(losses)
    assert report["steps"] == 2


def test_variables_are_placed_and_shifted(ask):
    question = Question(place={0: np.array([3.0, 4.0])}, shift={0: np.array([0.5, 0.0]), 1: np.array(1.0)}, ends=[0, 1])
    report = ask(question).report
    w, b, _ = step(np.array([3.5, 4.0]), 1.5)
    np.testing.assert_allclose(report["ends"]["0"], w)
    assert report["ends"]["1"] == pytest.approx(b)


def test_what_is_no_number_is_not_shifted(ask):
    report = ask(
        Question(shift={0: np.array(1.0)}, hold={0: [0]}, ends=[0, 1]),
        "name = 'w'\nfor i in range(3):\n    c = 1.0\n",
        variables=[Variable("name"), Variable("gone")],
    ).report
    assert report["reason"] == "step"
    assert report["ends"] == {}


def test_every_sample_becomes_the_same(ask):
    played = ask(Question(tile={2: (0, 1)}))
    np.testing.assert_allclose(played.names["x"], np.tile(X[1], (3, 1)))


def test_a_value_is_added_to_and_replaced(ask):
    def question(sites):
        return Question(
            add={(sites["p", "assigned"], 0): np.ones(3)},
            replace={(sites["dw", "assigned"], 0): np.array([1.0, 2.0])},
            ends=[0, 1],
        )

    report = ask(question).report
    np.testing.assert_allclose(report["ends"]["0"], W - 0.1 * np.array([1.0, 2.0]))
    assert report["ends"]["1"] == pytest.approx(B - 0.2 * (X @ W + B + 1 - Y).mean())


def test_a_single_number_is_replaced_by_a_new_one(ask):
    played = ask(
        lambda sites: Question(replace={(sites["loss", "assigned"], 0): np.array(7.0)}, loss=sites["loss", "assigned"])
    )
    assert played.report["loss"] == [7.0]


def test_an_update_is_held_back_to_the_end_of_the_step(ask):
    text = TEXT.replace("    b = b", "    late = w * 1.0\n    w -= np.array([0.5, 0.5])\n    b = b")
    played = ask(lambda sites: Question(hold={sites["w", "updated"]: [0]}, ends=[0]), text)
    np.testing.assert_allclose(played.report["values"][f"{played.sites['late', 'assigned']}:0"], W)
    # only the site of the first of the two changes is held: the other one works on the old value
    np.testing.assert_allclose(played.report["ends"]["0"], step(W, B)[0])


def test_several_changes_of_a_held_variable_add_up(ask):
    text = "w = [1.0, 2.0]\nfor i in range(3):\n    for j in range(2):\n        w[j] = w[j] - 1.0\n"
    played = ask(lambda sites: Question(hold={sites["w", "item"]: [0]}, ends=[0]), text, variables=[Variable("w")])
    assert played.report["ends"]["0"].tolist() == [0.0, 1.0]


def test_what_changes_its_shape_cannot_be_held(ask):
    text = "w = np.ones(2)\nfor i in range(3):\n    w = np.ones(3)\n"
    played = ask(lambda sites: Question(hold={sites["w", "assigned"]: [0]}, ends=[0]), text, variables=[Variable("w")])
    assert played.report["ends"]["0"].tolist() == [1, 1, 1]


def test_items(ask):
    text = "w = [[1.0, 2.0], [3.0, 4.0]]\nt = (1.0,)\nfor i in range(3):\n    w[0][1] = 5.0\n    d = {}\n    d[0] = 'word'\n"
    played = ask(lambda sites: Question(add={(sites["w", "item"], 0): np.ones((2, 2))}), text, variables=[])
    assert played.names["w"] == [[2.0, 6.0], [4.0, 5.0]]
    text = "d = {}\nfor i in range(2):\n    d['a'] = 5.0\n"
    played = ask(lambda sites: Question(add={(sites["d", "item"], 0): np.array(1.0)}), text, variables=[])
    assert played.report["values"][f"{played.sites['d', 'item']}:0"] == 6.0


def test_pairs(ask):
    def question(sites):
        number = next(n for (name, kind), n in sites.items() if kind == "difference" and name.startswith("p"))
        return Question(pairs=True, pair=(number, "right", False))

    report = ask(question).report
    pair = next(iter(report["pairs"].values()))
    np.testing.assert_allclose(pair["left"], X @ W + B)
    np.testing.assert_allclose(pair["right"], Y)
    assert report["pair_losses"]["half_sum"] == pytest.approx(((X @ W + B - Y) ** 2).sum() / 2)


def test_the_targets_may_stand_on_the_left(ask):
    text = (
        "y, p = np.array([1.0, 0.0]), np.array([0.5, 0.25])\nfor i in range(2):\n    e = y - p\n    s = {1, 2} - {1}\n"
    )
    found = {}

    def question(sites):
        found.update(sites)
        number = next(n for (name, kind), n in sites.items() if kind == "difference" and name.startswith("y"))
        return Question(pairs=True, pair=(number, "left", False))

    report = ask(question, text, variables=[]).report
    assert report["pair_losses"]["ce"] == pytest.approx(-np.log(0.5))
    assert len(report["pairs"]) == 1  # sets are subtracted too, and are no numbers


def test_only_what_is_wanted_is_written_down(ask):
    played = ask(lambda sites: Question(values={(sites["p", "assigned"], 0)}))
    assert list(played.report["values"]) == [f"{played.sites['p', 'assigned']}:0"]
    report = ask(Question(record=False)).report
    assert report["values"] == {}
    assert report["keys"].shape == (0, 2)


def test_long_values_and_strings_are_not_written_down_in_full(ask):
    played = ask(Question(), "for i in range(2):\n    a = np.zeros(5000)\n    name = 'word'\n", variables=[])
    assert f"{played.sites['a', 'assigned']}:0" not in played.report["values"]
    numbers = [row[0] for row in played.report["keys"]]
    assert played.sites["a", "assigned"] in numbers
    assert played.sites["name", "assigned"] not in numbers


def test_after_some_occurrences_nothing_more_is_written_down(ask):
    text = "for i in range(2):\n    for j in range(500):\n        a = 1.0 - j\n"
    played = ask(Question(pairs=True), text, variables=[])
    number = played.sites["a", "assigned"]
    assert sum(row[0] == number for row in played.report["keys"]) == 400


def test_the_replay_stops_where_nothing_matters_any_more(ask):
    report = ask(lambda sites: Question(stop=(sites["error", "assigned"], 0), ends=[0])).report
    assert (report["reason"], report["steps"]) == ("stopped", 0)
    np.testing.assert_allclose(report["ends"]["0"], W)


def test_the_last_iteration_ends_with_the_loop(ask):
    report = ask(Question(ends=[0]), iteration=4).report
    assert (report["reason"], report["steps"]) == ("step", 1)


def test_a_script_that_ends_or_fails_before_the_step_is_over(ask):
    report = ask(Question(steps=9, ends=[0])).report
    assert (report["reason"], report["steps"]) == ("ended", 4)
    report = ask(Question(), "for i in range(3):\n    1 / 0\n", variables=[]).report
    assert (report["reason"], report["error"]) == ("failed", {"exception": "ZeroDivisionError"})


def test_a_report_before_there_is_a_frame():
    reports = []
    Replay(Question(ends=[0]), VARIABLES, 0, reports.append).ended(None)
    assert reports[0]["ends"] == {}


def test_other_loops_are_no_steps(ask):
    text = "for i in range(2):\n    for j in range(3):\n        a = 1.0\n    b = 2.0\n"
    played = ask(Question(), text, variables=[])
    assert (played.sites["b", "assigned"], 0) in [tuple(row) for row in played.report["keys"]]


def test_a_loss_that_is_no_number_is_not_a_number(ask):
    text = "for i in range(2):\n    loss = 'small'\n"
    report = ask(lambda sites: Question(loss=sites["loss", "assigned"]), text, variables=[]).report
    assert np.isnan(report["loss"][0])


def test_the_tape(ask):
    def question(sites):
        number = next(n for (name, kind), n in sites.items() if kind == "difference" and name.startswith("p"))
        return Question(
            tape=[0],
            tape_losses=["reported", "half_sum"],
            tape_values=True,
            loss=sites["loss", "assigned"],
            pair=(number, "right", False),
        )

    played = ask(question)
    error = X @ W + B - Y
    found = played.report["gradients"]
    np.testing.assert_allclose(found["reported"]["variables"]["0"], 2 * X.T @ error / 3)
    np.testing.assert_allclose(found["half_sum"]["variables"]["0"], X.T @ error)
    np.testing.assert_allclose(found["half_sum"]["values"][f"{played.sites['p', 'assigned']}:0"], error)
