"""What a report says, before it is shown."""

from dataclasses import replace

import pytest

from unstuck.doctor.diagnosis import Diagnosis
from unstuck.doctor.findings import Finding, Trial
from unstuck.report.view import build_view


def trial_view(**settings):
    trial = Trial(
        **{"metric": "J", "horizon": 20000, "seeds": 3, "as_written": (0.7,), "with_remedy": (0.1,), **settings}
    )
    finding = Finding("too-few-steps", "m", None, {}, trial=trial)
    return build_view(Diagnosis("a.py", "stuck", 1.0, findings=(finding,))).blocks[0].trial


def test_a_block(samples):
    (block,) = build_view(samples["crash"]).blocks
    assert (block.severity, block.title) == ("fatal", "The shapes of two arrays do not fit together")
    assert block.place.split() == ["line", "6"]
    assert [line.number for line in block.excerpt] == [4, 5, 6]
    assert block.message[1] == "With w2.T in its place the product has shape (3, 2)."
    assert block.evidence[0] == ("shape of w2", "(4, 3)")
    assert [change.sign for change in block.remedies[0].changes] == ["-", "+"]
    assert block.trial is None
    assert block.page == "unstuck explain shape-mismatch"


def test_a_finding_nowhere_in_particular(samples):
    block, _ = build_view(samples["two"]).blocks
    assert (block.place, block.excerpt) == ("", ())


@pytest.mark.parametrize(
    ("settings", "summary"),
    [
        ({}, "20,000 steps, 3 seeds, final J 0.7 -> 0.1"),
        ({"horizon": 1, "seeds": 1}, "1 step, 1 seed, final J 0.7 -> 0.1"),
        ({"as_written": (0.7, float("nan")), "with_remedy": (0.2, 0.1)},
         "20,000 steps, 3 seeds, final J 0.7, 1 of 2 not finite -> 0.1 to 0.2"),
        ({"metric": "accuracy\t", "with_remedy": ()}, "20,000 steps, 3 seeds, final accuracy 0.7 -> nothing"),
    ],
)  # fmt: skip
def test_what_came_of_a_trial(settings, summary):
    assert " ".join(trial_view(**settings).summary.split()) == summary


def test_changes_that_were_made_together_are_named():
    assert trial_view(changes=("a rate of 1", "biases")).summary.startswith("a rate of 1 and biases, all together: ")
    assert "together" not in trial_view(changes=("a rate of 1",)).summary


def test_controls_are_on_one_line():
    assert trial_view(controls={"another seed": (0.7, 0.69), "rate 1": (float("inf"),)}).controls == (
        "another seed -> 0.69 to 0.7, rate 1 -> not finite"
    )
    assert trial_view().controls == ""


def test_two_curves_are_drawn_on_one_scale():
    curves = {"with remedy": (1.0, 0.0), "as written": (2.0,), "another": (9.0,)}
    view = trial_view(curves=curves)
    assert view.curves == (("as written", (2.0,)), ("with remedy", (1.0, 0.0)))
    assert str(view.scale) == "linear scale from 0 to 2"
    assert trial_view(curves={"as written": ()}).curves == ()
    assert trial_view().scale is None


@pytest.mark.parametrize(("proved", "word"), [(True, "proved"), (False, "not proved")])
def test_the_word(proved, word):
    assert trial_view(proved=proved).word == word


def test_parameters(samples):
    first, *_, last = build_view(samples["wrong gradient"]).parameters
    assert (first.name, first.shape, first.line, first.verdict, first.cosine) == (
        "W1",
        "(5, 2)",
        "23",
        "wrong",
        "0.8123",
    )
    assert (last.update, last.verdict, last.cosine) == ("cannot-tell", "cannot tell", "")


def test_what_is_healthy_and_what_needs_no_table(samples):
    views = {name: build_view(diagnosis) for name, diagnosis in samples.items()}
    assert [name for name, view in views.items() if view.healthy] == ["healthy"]
    assert [name for name, view in views.items() if view.brief] == ["healthy"]
    assert not build_view(replace(samples["healthy"], outcome="stuck")).healthy
    frozen = replace(samples["healthy"].parameters[0], update="frozen")
    assert not build_view(replace(samples["healthy"], parameters=(frozen,))).brief
