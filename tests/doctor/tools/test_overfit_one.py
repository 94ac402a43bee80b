"""Scripts on a single example."""

import math

import pytest

from unstuck.doctor.options import DiagnosisOptions
from unstuck.doctor.tools.overfit_one import ExampleRun, OverfitReport, overfit_one

OPTIONS = DiagnosisOptions(time_limit=20)


def test_a_right_net_learns_one_example(script, texts):
    report = overfit_one(script(texts.columns), steps=300, options=OPTIONS)
    assert (report.verdict, report.learns) == ("learns", True)
    assert report.sentence == "It learns one example."
    assert report.how == "Every column of X and Y was a copy of the same one, so all shapes stayed as they are."
    assert report.metric == "loss of the outputs"
    assert [(run.sample, run.outcome, run.steps, run.ending) for run in report.examples] == [
        (sample, "learned", 300, "horizon") for sample in range(3)
    ]
    assert [run.targets for run in report.examples] == [(0,), (1,), (1,)]
    assert report.examples[1].outputs == (pytest.approx(1, abs=0.1),)
    assert report.to_dict()["examples"][0].keys() == {
        "sample", "outcome", "first", "last", "steps", "ending", "outputs", "targets",
    }  # fmt: skip


def test_one_that_ascends_cannot(script, texts):
    ascending = texts.columns.replace("W2 -=", "W2 +=").replace("b2 -=", "b2 +=").replace("1 -=", "1 +=")
    report = overfit_one(script(ascending), steps=200, options=OPTIONS)
    assert (report.verdict, report.learns) == ("cannot", False)
    assert report.sentence == "It cannot even learn one example: look at the gradients first."


def test_a_loop_over_shuffled_samples_stands_still(script, texts):
    shuffled = texts.single.replace(
        "    for x, t in zip(inputs, wanted):\n",
        "    order = rng.permutation(4)\n    for i in order:\n        x, t = inputs[i], wanted[i]\n",
    )
    report = overfit_one(script(shuffled), steps=400, options=OPTIONS)
    assert (report.verdict, report.how) == ("learns", "Every pass of the loop in line 10 had the same sample.")
    assert all(len(set(run.targets)) == 1 for run in report.examples)


MINIBATCHES = """\
import numpy as np
rng = np.random.default_rng(2)
X = rng.normal(size=(60, 3))
Y = X @ np.array([[1.0], [-2.0], [0.5]])
W = np.zeros((3, 1))
for epoch in range(20):
    order = rng.permutation(60)
    for start in range(0, 60, 12):
        rows = order[start:start + 12]
        x, y = X[rows], Y[rows]
        miss = x @ W - y
        W -= 0.1 * x.T @ miss / 12
"""


def test_where_samples_cannot_be_reached_the_same_batch_comes_again(script):
    report = overfit_one(script(MINIBATCHES), steps=300, options=OPTIONS)
    assert (report.verdict, report.how) == ("learns", "Every pass of the loop in line 8 had the same 12 samples.")


def run(first, last, curve=(1.0, 0.5, 0.3), ending="horizon"):
    return ExampleRun(0, first, last, 1000, ending, None, None, curve)


@pytest.mark.parametrize(
    ("example", "outcome"),
    [
        (run(0.5, 0.01), "learned"),
        (run(0.5, 0.1), "falling"),
        (run(0.5, 0.1, curve=(1.0, 0.1, 0.1)), "not learned"),
        (run(0.5, 0.45), "not learned"),
        (run(0.5, 0.45, ending="time"), "falling"),
        (run(0.5, 0.6, ending="time"), "not learned"),
        (run(0.5, math.nan, ending="not finite"), "not learned"),
        (run(0.0, 0.0), "was right"),
        (run(0.0, 0.3), "not learned"),
    ],
)
def test_outcomes(example, outcome):
    assert example.outcome == outcome


def test_a_run_that_had_no_time_is_not_blamed():
    report = OverfitReport("a.py", "", "J", (run(0.5, 0.45, ending="time"),), "slowly")
    assert report.sentence == "It is learning one example, but the time was over first."
    assert OverfitReport("a.py", "", "J", (run(0.5, 0.1),), "slowly").sentence.startswith(
        "It learns one example, but slowly"
    )
