"""Severities from trials, whose results are made up."""

import math
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from unstuck.doctor.findings import Finding, Trial
from unstuck.doctor.scripts import proof
from unstuck.doctor.scripts.proof import Bench, helps_much, prove, without_consequences
from unstuck.doctor.scripts.suspicion import Suspicion
from unstuck.doctor.scripts.trials import AS_WRITTEN, Change, TrialReport

sys.path.insert(0, str(Path(__file__).parent))
from trial_doubles import FakeTrials, examination, report, suspicion

sys.path.pop(0)


def proved(trials, *suspicions, seconds=60.0, **settings):
    return prove(examination(trials, **settings), suspicions or [suspicion()], seconds)


# ---------------------------------------------------------------------- in a script that is stuck


def test_a_remedy_that_helps_from_every_seed_is_proved():
    (finding,) = proved(FakeTrials({"mend": 0.1, "update x 10": 0.8}))
    assert finding.severity == "fatal"
    trial = finding.trial
    assert (trial.metric, trial.horizon, trial.seeds, trial.proved) == ("J", 500, 3, True)
    assert trial.as_written == (1.0, 1.0, 1.0)
    assert trial.with_remedy == pytest.approx((0.1, 0.1, 0.1))
    assert trial.controls == {"other seed": (1.0,), "instead: update x 10": (pytest.approx(0.8),)}
    assert set(trial.curves) == {"as written", "with remedy"}
    assert len(trial.curves["as written"]) <= 60


def test_every_run_is_made_once():
    trials = FakeTrials({"mend": 0.1})
    proved(trials, suspicion(), suspicion())
    assert len(trials.asked) == len(set(trials.asked))


def test_help_from_one_seed_alone_is_no_proof():
    (finding,) = proved(FakeTrials({"mend": [0.1, 1.0, 1.0]}))
    assert finding.severity == "unproven"
    assert not finding.trial.proved


def test_without_any_help_the_finding_stands_untried():
    (finding,) = proved(FakeTrials())
    assert finding.severity == "unproven"
    assert finding.trial is None


def test_a_suspicion_that_needs_proof_is_dropped_without_it():
    assert proved(FakeTrials(), suspicion(needs_proof=True)) == []
    assert proved(FakeTrials({"mend": [0.1, 1.0, 1.0]}), suspicion(needs_proof=True)) == []
    assert [finding.severity for finding in proved(FakeTrials({"mend": 0.1}), suspicion(needs_proof=True))] == ["fatal"]


def test_what_cannot_be_tried_stands_as_it_was_observed():
    finding = Finding("no-signal", "!", None, {}, severity="fatal")
    assert proved(FakeTrials(), Suspicion(finding)) == [finding]


def test_longer_runs_show_what_shorter_ones_did_not():
    class Slow(FakeTrials):
        def one(self, change, seed, horizon, seconds, **more):
            run = super().one(change, seed, horizon, seconds, **more)
            return run if horizon >= 2000 or change.name != "mend" else report(1.0, horizon)

    (finding,) = proved(Slow({"mend": 0.1}))
    assert (finding.severity, finding.trial.horizon) == ("fatal", 2000)


def test_with_little_time_nothing_is_tried():
    trials = FakeTrials({"mend": 0.1})
    (finding,) = proved(trials, seconds=5.0)
    assert (finding.severity, finding.trial, trials.asked) == ("unproven", None, [])


# ---------------------------------------------------------------------- runs that time has cut short


def test_runs_are_compared_after_the_steps_that_all_have_had():
    (finding,) = proved(FakeTrials({"mend": 0.1}, steps={"mend": 200}))
    assert (finding.severity, finding.trial.horizon) == ("fatal", 200)


def test_a_slow_run_is_compared_with_all_steps_of_the_script():
    (finding,) = proved(FakeTrials({"mend": 0.1}, steps={"mend": 50}))
    assert (finding.severity, finding.trial.horizon) == ("fatal", 50)
    (finding,) = proved(FakeTrials({"mend": 0.1, "as written": 0.15}, steps={"mend": 50}))
    assert finding.trial is None


def test_a_slow_run_that_only_has_not_got_worse_yet_proves_nothing():
    bench = Bench(examination(FakeTrials()), math.inf, 500)
    fine = np.concatenate([[1.0], np.full(40, 0.1)])
    worse = np.concatenate([fine, np.ones(459)])
    runs = {"mend": fine, "as written": worse}
    bench.examination.trials.many = lambda changes, *_: [
        TrialReport(
            "time", None, len(runs[change.name]), np.arange(len(runs[change.name])), runs[change.name], None, 1.0
        )
        for change, _ in changes
    ]
    assert not proof._helps(bench, Change("mend"), [0], learned=False)


def test_a_run_that_overflowed_early_does_not_cut_the_others_short():
    bench = Bench(examination(FakeTrials({"mend": math.nan}, steps={"mend": 3})), math.inf, 500)
    assert bench.common_steps([AS_WRITTEN, Change("mend")], [0]) == 500


# ---------------------------------------------------------------------- in a script that learns


LEARNS = report(0.5)


def test_a_remedy_that_lowers_the_loss_clearly_was_harmful():
    trials = FakeTrials({"as written": 0.5, "mend": 0.1})
    (finding,) = proved(trials, written=LEARNS)
    assert (finding.severity, finding.trial.horizon, finding.trial.proved) == ("harmful", 100, True)


def test_a_remedy_that_changes_nothing_was_harmless():
    (finding,) = proved(FakeTrials({"as written": 0.5, "mend": 0.45}), written=LEARNS)
    assert (finding.severity, finding.trial) == ("harmless", None)
    (finding,) = proved(FakeTrials({"as written": 0.5, "mend": [0.1, 0.5, 0.5]}), written=LEARNS)
    assert (finding.severity, finding.trial.proved) == ("unproven", False)


@pytest.mark.parametrize(("written", "severity"), [(0.7, "unproven"), (0.4, "harmless")])
def test_a_remedy_with_hardly_any_steps_is_harmless_only_where_the_script_learns_well(written, severity):
    trials = FakeTrials({"as written": written, "mend": written}, {"mend": 10})
    (finding,) = proved(trials, written=report(written))
    assert (finding.severity, finding.trial) == (severity, None)


def test_in_a_script_that_learns_what_needs_proof_is_dropped_without_it():
    assert proved(FakeTrials({"as written": 0.5}), suspicion(needs_proof=True), written=LEARNS) == []


# ---------------------------------------------------------------------- in a script that learns late


LATE = report(0.2, 900, reason="time", seconds=4.0)
CUT_OFF = report(1.0, reason="time", seconds=3.0)


@pytest.mark.parametrize(("steps", "severity"), [(200, "harmful"), (400, "harmless")])
def test_a_remedy_is_harmful_to_be_without_if_it_needs_a_third_of_the_steps(steps, severity):
    looked_at = examination(FakeTrials({"mend": 0.1}, {"mend": steps}, LATE), written=CUT_OFF)
    assert [finding.severity for finding in prove(looked_at, [suspicion()], 60)] == [severity]
    assert looked_at.written is LATE


def test_a_remedy_that_never_comes_so_far_is_harmless():
    looked_at = examination(FakeTrials({}, {"mend": 100}, LATE), written=CUT_OFF)
    assert [finding.severity for finding in prove(looked_at, [suspicion()], 60)] == ["harmless"]


@pytest.mark.parametrize("written", [replace(CUT_OFF, reason="ended"), replace(CUT_OFF, seconds=0.5)])
def test_a_run_that_was_not_cut_off_is_not_run_on(written):
    looked_at = examination(FakeTrials({}, {}, LATE), written=written)
    prove(looked_at, [suspicion()], 20)
    assert looked_at.written is written


# ---------------------------------------------------------------------- combinations


def test_two_remedies_together_where_none_is_enough_alone():
    found = examination(FakeTrials({"mend + update x 10": 0.05}))
    (finding,) = prove(found, [suspicion(updates={"gradient": "mae", "rates": [0.1, 0.2]})], 60)
    assert (finding.severity, finding.trial.proved) == ("fatal", True)
    change, is_proved = found.notes["combination"]
    assert change.updates == {"gradient": "mae", "rates": [1.0, 2.0]}
    assert is_proved


# ---------------------------------------------------------------------- what follows from something else


def found(fault, *, is_proved=False, parameter=None):
    trial = Trial("J", 10, 3, (1.0,), (0.1,), proved=True) if is_proved else None
    return Finding(fault, "!", None, {}, parameter=parameter, trial=trial)


@pytest.mark.parametrize("fault", ["non-finite", "saturation", "exploding", "vanishing", "dead-relu"])
def test_consequences_of_a_proved_cause_are_dropped(fault):
    cause, consequence = found("ascends", is_proved=True), found(fault)
    assert without_consequences([consequence, cause]) == [cause]
    assert without_consequences([consequence, found("ascends")]) == [consequence, found("ascends")]
    assert without_consequences([consequence]) == [consequence]


def test_a_consequence_that_was_proved_itself_is_no_cause_for_dropping_others():
    kept = [found("saturation", is_proved=True), found("exploding")]
    assert without_consequences(kept) == kept


def test_of_two_remedies_for_one_fault_the_first_that_was_proved_stays():
    first, second = found("step-too-large", is_proved=True), found("step-too-large")
    assert without_consequences([first, second]) == [first]
    assert without_consequences([second, first]) == [second, first]


def test_the_same_fault_of_another_parameter_is_another_finding():
    both = [found("frozen-parameter", is_proved=True, parameter=name) for name in ("w1", "w2")]
    assert without_consequences(both) == both


def test_each_wrong_gradient_is_told():
    both = [found("wrong-gradient", is_proved=True), found("wrong-gradient", is_proved=True)]
    assert without_consequences(both) == both


# ---------------------------------------------------------------------- pieces


@pytest.mark.parametrize(
    ("written", "mended", "much"),
    [
        ([0.0, 0.0], [0.2, 0.2], True),
        ([0.0, 0.0], [0.2, 0.05], False),
        ([0.3, 0.3], [0.5, 0.5], False),
        ([0.3], [0.6], True),
    ],
)
def test_help_is_twice_as_much_and_a_tenth_more_on_every_seed(written, mended, much):
    assert helps_much(written, mended) == much


def test_a_bench_remembers_runs_by_name_seed_and_horizon():
    trials = FakeTrials({"mend": 0.5})
    bench = Bench(examination(trials), math.inf, 100)
    assert bench.closed(Change("mend"), [0, 1]) == [0.5, 0.5]
    assert bench.last(Change("mend"), [0, 1]) == (0.5, 0.5)
    assert trials.asked == [("mend", 0, 100), ("mend", 1, 100)]
    bench.horizon = 200
    assert bench.last(Change("mend"), [0]) == (0.5,)
    assert trials.asked[2:] == [("mend", 0, 200)]
    assert bench.left() == np.inf
