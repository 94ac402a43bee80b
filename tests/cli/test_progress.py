"""How far a training is."""

import sys
from types import SimpleNamespace

import pytest

from unstuck.cli import progress as progress_module
from unstuck.cli.progress import Opening, ProgressBar, ProgressLines, describe_row, progress


@pytest.fixture
def clock(monkeypatch):
    """A clock that stands still until it is told a time."""
    time = SimpleNamespace(now=0.0)
    monkeypatch.setattr(progress_module, "perf_counter", lambda: time.now)
    return time


def train(callback, epochs, clock, seconds):
    """Call ``callback`` as a training does whose epochs take so many seconds each."""
    callback.on_start(None)
    for epoch in range(1, epochs + 1):
        clock.now += seconds
        assert callback.on_epoch(None, {"epoch": epoch, "loss": 1 / epoch}) is None
    callback.on_end(None)


def test_a_row_as_text():
    row = {"epoch": 3, "loss": 0.1234567, "validation_loss": 2.0}
    assert describe_row(row) == "epoch 3  loss 0.12346  validation loss 2"


def test_lines_every_so_many_epochs(clock, capsys):
    train(ProgressLines(2), 5, clock, 0.0)
    assert capsys.readouterr() == ("", "epoch 1  loss 1\nepoch 2  loss 0.5\nepoch 4  loss 0.25\n")


def test_lines_every_five_seconds(clock, capsys):
    train(ProgressLines(), 12, clock, 1.0)
    assert capsys.readouterr() == ("", "epoch 5  loss 0.2\nepoch 10  loss 0.1\n")


def test_a_quick_training_draws_no_bar(clock, capsys):
    train(ProgressBar(5), 5, clock, 0.01)
    assert capsys.readouterr() == ("", "")


def test_a_bar_is_drawn_at_most_ten_times_a_second(clock, monkeypatch):
    updates = []
    bar = SimpleNamespace(
        add_task=lambda _, total: updates.append(total) or 0,
        start=lambda: updates.append("start"),
        stop=lambda: updates.append("stop"),
        update=lambda _, **settings: updates.append(settings["completed"]),
    )
    monkeypatch.setattr(progress_module, "_rich_bar", lambda: bar)
    train(ProgressBar(100), 100, clock, 0.0625)
    assert updates == [100, "start", *range(2, 101, 2), "stop"]


def test_a_real_bar_goes_to_stderr_and_away(clock, capsys):
    train(ProgressBar(10), 10, clock, 1.0)
    assert capsys.readouterr().out == ""


def test_who_sees_what(monkeypatch):
    monkeypatch.setattr(sys, "stderr", SimpleNamespace(isatty=lambda: True))
    assert isinstance(progress(10), ProgressBar)
    assert isinstance(progress(10, 2), ProgressLines)
    monkeypatch.setattr(sys, "stderr", SimpleNamespace(isatty=lambda: False))
    assert isinstance(progress(10), ProgressLines)
    monkeypatch.setattr(sys, "stderr", None)
    assert isinstance(progress(10), ProgressLines)


def test_an_opening_is_said_at_the_start():
    said = []
    Opening("now", said.append).on_start(None)
    assert said == ["now"]
