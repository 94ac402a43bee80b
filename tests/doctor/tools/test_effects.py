"""What an edit does, told from runs with it and without."""

import math

import numpy as np
import pytest

from unstuck.doctor.scripts.trials import TrialReport
from unstuck.doctor.tools.effects import Reading, effect_of, read
from unstuck.doctor.tools.variant_runs import Metric

METRIC = Metric("J", outputs=False, constant=0.5, window=1)
DEAD = Reading(math.nan, 0.0, runs=False)


def reading(last):
    return Reading(last, (0.5 - last) / 0.5, runs=True)


@pytest.mark.parametrize(
    ("before", "after", "effect"),
    [
        ([0.5, 0.5, 0.5], [0.01, 0.02, 0.01], "makes the difference"),
        ([0.5, 0.5, 0.5], [0.01, 0.02, 0.5], "depends on the seed"),
        ([0.5, 0.5], [0.5, 0.5], "no difference"),
        ([0.4, 0.4], [0.25, 0.26], "makes the difference"),
        ([0.2, 0.2], [0.1, 0.1], "helps"),
        ([0.1, 0.1], [0.2, 0.2], "hurts"),
        ([0.1, 0.1], [0.49, 0.5], "breaks"),
        ([0.5, 0.5], [0.9, 0.9], "hurts"),
        ([0.1, 0.1], [0.1, 0.2], "depends on the seed"),
        ([1e-5, 1e-5], [1e-7, 1e-7], "no difference"),
        ([], [], "not tried"),
    ],
)
def test_effects(before, after, effect):
    assert effect_of(list(map(reading, before)), list(map(reading, after))) == effect


def test_half_of_the_way_that_the_second_version_goes_is_needed():
    before, goal = [reading(0.5)] * 3, [reading(0.01)] * 3
    assert effect_of(before, [reading(0.3)] * 3) == "makes the difference"
    assert effect_of(before, [reading(0.3)] * 3, goal) == "helps"
    assert effect_of(before, [reading(0.2)] * 3, goal) == "makes the difference"
    assert effect_of(before, [reading(0.3)] * 3, [reading(0.5)] * 3) == "makes the difference"


def test_what_no_longer_runs_is_broken_and_what_runs_at_last_is_mended():
    assert effect_of([reading(0.5)] * 3, [reading(0.4), DEAD, reading(0.4)]) == "breaks"
    assert effect_of([DEAD] * 3, [DEAD] * 3) == "breaks"
    assert effect_of([reading(0.5)], [Reading(math.nan, 0.0, runs=True)]) == "breaks"
    assert effect_of([DEAD] * 3, [reading(0.01)] * 3) == "makes the difference"
    assert effect_of([Reading(math.nan, 0.0, runs=True)] * 2, [reading(0.3)] * 2) == "makes the difference"


def run(values, reason="ended", steps=None):
    return TrialReport(reason, None, steps or len(values), np.arange(len(values)), np.array(values, float), None, 1.0)


def test_a_run_is_read_as_far_as_the_other_went_when_time_was_short():
    long, short = run(np.linspace(1, 0, 11)), run(np.linspace(1, 0.5, 6), "time")
    assert read(long, long, METRIC) == Reading(0.0, 1.0, runs=True)
    assert read(long, short, METRIC).last == 0.5


def test_a_failure_after_the_training_does_not_count():
    whole, early, late = run([1, 0.5, 0]), run([1], "failed"), run([1, 0.5, 0], "failed")
    assert not read(early, whole, METRIC).runs
    assert read(late, whole, METRIC).runs
    assert not read(None, whole, METRIC).runs
    assert read(late, None, METRIC).runs
    assert not read(run([], "died"), None, METRIC).runs


def test_without_a_constant_the_loss_at_the_start_counts():
    metric = Metric("J", outputs=False, constant=None, window=1)
    assert read(run([0.8, 0.2]), None, metric).closed == pytest.approx(0.75)
    assert read(run([9.0, 0.2]), run([0.8, 0.8]), metric).closed == pytest.approx(0.75)
    assert read(run([1.0, 2.0], "not finite"), None, metric).closed == 0
