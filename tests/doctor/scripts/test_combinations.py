"""Remedies together."""

import math
import sys
from pathlib import Path

import pytest

from unstuck.doctor.scripts.combinations import combined, generic_changes, merged, redrawn
from unstuck.doctor.scripts.proof import Bench
from unstuck.doctor.scripts.trials import Change

sys.path.insert(0, str(Path(__file__).parent))
from trial_doubles import FakeTrials, examination, report, suspicion

sys.path.pop(0)


def bench(finals, *, deadline=math.inf):
    return Bench(examination(FakeTrials(finals)), deadline, 500)


# ---------------------------------------------------------------------- changes


def test_controls_that_need_no_suspicion():
    assert [change.name for change in generic_changes(examination())] == ["update x 10", "update x 0.1"]
    assert generic_changes(examination(written=report(1.0, 4))) == []


def test_weights_are_drawn_anew_by_their_fan_in_and_vectors_set_to_zero():
    change = redrawn(examination(shapes=((9, 16), (4,), (1, 5))), 2.0)
    assert change.name == "weights drawn anew, 2 / sqrt(fan-in)"
    assert change.updates == {"redraw": {"0": pytest.approx(2 / 3), "1": 0.0, "2": pytest.approx(2 / math.sqrt(2))}}


def test_merging_takes_what_each_does():
    change = merged([Change("a", {"x": 1}), Change("b", {"y": 2}), Change("c", text="W = 1")])
    assert (change.name, change.updates, change.text) == ("a + b + c", {"x": 1, "y": 2}, "W = 1")


def test_merging_multiplies_scales():
    assert merged([Change("a", {"scale": 10.0}), Change("b", {"scale": 0.1})]).updates == {"scale": pytest.approx(1.0)}


def test_a_scale_goes_into_the_rates_of_a_true_descent():
    change = merged([Change("a", {"gradient": "mae", "rates": [0.1, 0.2]}), Change("b", {"scale": 10.0})])
    assert change.updates == {"gradient": "mae", "rates": [1.0, 2.0]}


def test_what_contradicts_itself_is_not_merged():
    assert merged([Change("a", text="x"), Change("b", text="y")]) is None
    assert merged([Change("a", {"x": 1}), Change("b", {"x": 2})]) is None
    assert merged([Change("a", {"x": 1}), Change("b", {"x": 1})]).updates == {"x": 1}


# ---------------------------------------------------------------------- trying them


GRADIENT = {"gradient": "mae", "rates": [0.1, 0.2]}


def test_the_combination_that_does_best_is_proved():
    tried = bench({"mend + update x 10": 0.6, "mend + rate 1": 0.1})
    gradient, other = suspicion(updates=GRADIENT), suspicion("other", needs_proof=True)
    found = combined(tried, [gradient, other])
    assert set(found) == {id(gradient)}
    assert (found[id(gradient)].severity, found[id(gradient)].trial.proved) == ("fatal", True)
    assert tried.examination.notes["combination"][0].name == "mend + rate 1"


def test_an_edit_is_combined_with_a_gradient_and_both_are_found():
    gradient, edit = suspicion(updates=GRADIENT), suspicion("edit", updates={}, text="W = 1")
    found = combined(bench({"mend + edit": 0.1}), [gradient, edit])
    assert set(found) == {id(gradient), id(edit)}


def test_several_plain_remedies_at_once():
    both = [suspicion("one", updates={"x": 1}), suspicion("two", updates={"y": 1})]
    found = combined(bench({"one + two + update x 0.1": 0.1}), both)
    assert set(found) == {id(entry) for entry in both}


def test_other_rates_and_weights_alone_are_no_finding_but_noted():
    tried = bench({"update x 0.1 + weights drawn anew, 1 / sqrt(fan-in)": 0.1})
    assert combined(tried, []) == {}
    assert tried.examination.notes["combination"][1]


def test_a_combination_that_helps_on_one_seed_is_not_proved():
    gradient = suspicion(updates=GRADIENT)
    found = combined(bench({"mend + update x 10": [0.1, 1.0]}), [gradient])
    assert (found[id(gradient)].severity, found[id(gradient)].trial.proved) == ("unproven", False)


def test_without_help_nothing_is_found():
    assert combined(bench({"mend + update x 10": 0.95}), [suspicion(updates=GRADIENT)]) == {}


def test_without_time_nothing_is_tried():
    tried = bench({"mend + update x 10": 0.1}, deadline=0.0)
    assert combined(tried, [suspicion(updates=GRADIENT)]) == {}
    assert tried.examination.trials.asked == []
