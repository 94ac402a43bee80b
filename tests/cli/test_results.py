"""The outcome of a training as text."""

from types import SimpleNamespace

import pytest

import unstuck as us
from unstuck.cli.results import count, describe_ending, describe_network, not_healthy, scores_table
from unstuck.recipes import Recipe


def ended(stopped_by="epochs", stopped="all epochs are done", step=1000, epoch=1234, rate=None):
    history = us.History()
    history.stopped_by, history.stopped, history.seconds = stopped_by, stopped, 1.23456
    optimizer = SimpleNamespace() if rate is None else SimpleNamespace(learning_rate=rate)
    return SimpleNamespace(history=history, state=SimpleNamespace(step=step, epoch=epoch), optimizer=optimizer)


def test_networks():
    layers = [us.Dense(2, 5, "relu"), us.Dropout(0.1), us.LayerNorm(5), us.Dense(5, 1, "sigmoid")]
    assert describe_network(us.Network(layers)) == "2-5-1 relu, sigmoid"


@pytest.mark.parametrize(
    ("trainer", "text"),
    [
        (ended(), "trained for 1,234 epochs, 1.23 s"),
        (ended(epoch=1), "trained for 1 epoch, 1.23 s"),
        (ended("patience", "nothing has improved"), "stopped after 1,234 epochs, 1.23 s: nothing has improved"),
        (ended("interrupted", "interrupted"), "interrupted after 1,234 epochs, 1.23 s; the best so far is kept"),
    ],
)
def test_endings(trainer, text):
    assert describe_ending(trainer) == text


@pytest.mark.parametrize(
    ("trainer", "recipe", "losses", "problem"),
    [
        (ended(), Recipe(), (1.0, 0.5), None),
        (ended(), Recipe(), (1.0, 1.0), None),
        (ended(), Recipe(), (-1.0, -2.0), None),
        (ended(step=99), Recipe(), (1.0, 10.0), None),
        (ended("interrupted"), Recipe(), (1.0, 99.0), None),
        (ended(), Recipe(), (1.0, 1.1), "the loss went up, from 1 to 1.1.\n  Try another --optimizer or --scaling standard."),
        (ended(step=99), Recipe(scaling="minmax"), (1.0, 11), "the loss went up, from 1 to 11.\n  Try another --optimizer."),
        (ended(rate=0.1), Recipe(scaling="minmax"), (-3.0, float("nan")),
         "the loss went up, from -3 to nan.\n  Try a smaller --learning-rate (it was 0.1)."),
        (ended("non-finite", "the loss is gone", rate=5.0), Recipe(), (1.0, 0.5),
         "the loss is gone.\n  Try a smaller --learning-rate (it was 5) or --scaling standard."),
    ],
)  # fmt: skip
def test_what_is_not_healthy(trainer, recipe, losses, problem):
    assert not_healthy(trainer, recipe, *losses) == problem


def test_tables():
    scores = {"train": {"loss": 0.123456, "log_loss": 1.0}, "test": {"loss": 12345678.0, "log_loss": float("nan")}}
    assert scores_table(scores) == (
        "               train        test\nloss         0.12346  1.2346e+07\nlog loss           1         nan"
    )


def test_counts():
    assert [count(number, "row") for number in (0, 1, 2, 1234)] == ["0 rows", "1 row", "2 rows", "1,234 rows"]
