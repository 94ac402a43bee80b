"""Printing that never costs a training."""

import os
import sys
from io import TextIOWrapper

import pytest

from unstuck.cli import streams
from unstuck.cli.main import run


@pytest.fixture(autouse=True)
def forget():
    yield
    streams.failures.clear()


def test_out_and_err(capsys):
    streams.say("a")
    streams.say("b", err=True)
    streams.say("c", newline=False)
    streams.speaker(as_json=False)("d")
    streams.speaker(as_json=True)("e")
    assert capsys.readouterr() == ("a\ncd\n", "b\ne\n")


def test_a_reader_that_has_gone_away_is_no_failure(monkeypatch):
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as stream:
        monkeypatch.setattr(sys, "stdout", stream)
        for _ in range(3):
            streams.say("x")
        stream.write("y")  # and nothing complains when the stream is closed
    assert streams.failures == []


@pytest.fixture
def full(tmp_path):
    """A stream on a disk that is full."""

    class Full(TextIOWrapper):
        def write(self, text):
            raise OSError(28, "No space left on device")

    with Full((tmp_path / "out").open("wb")) as stream:
        yield stream


def test_a_full_disk_is_remembered(monkeypatch, full):
    monkeypatch.setattr(sys, "stdout", full)
    streams.say("x")
    assert streams.failures == ["cannot print: No space left on device"]


def test_a_full_disk_does_not_cost_the_run(monkeypatch, full, folder, capsys):
    monkeypatch.setattr(sys, "stdout", full)
    assert run(["train", "or", "--run", "here"]) == 3
    assert capsys.readouterr().err == "Error: cannot print: No space left on device\n"
    assert (folder / "here" / "model.safetensors").exists()


def test_closed_streams_are_no_failure(monkeypatch):
    monkeypatch.setattr(sys, "stdout", None)
    streams.say("x")
    assert streams.failures == []
