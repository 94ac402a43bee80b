"""The command as a process of its own: signals, pipes, terminals."""

import json
import os
import pty
import signal
import subprocess
import sys
from pathlib import Path

import pytest


def until(stream, text):
    """Read ``stream`` up to the line that starts with ``text``."""
    for line in stream:
        if line.startswith(text):
            return
    raise AssertionError(f"no line starts with {text!r}")


ENDLESS = "train spirals --no-stop --epochs 100000000 --report-every 1 --run here --json"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_training_is_saved(process, number):
    running = process(ENDLESS)
    until(running.stderr, "epoch 3 ")
    running.send_signal(number)
    out, err = running.communicate(timeout=60)
    assert running.returncode == 0
    assert "interrupted after " in err
    assert err.endswith("saved here\n")
    assert json.loads(out)["stopped"] == "interrupted"
    assert json.loads(Path("here/run.json").read_text())["result"]["stopped"] == "interrupted"


def test_a_reader_that_goes_away_does_not_cost_the_run(process):
    running = process("train xor --run here")
    assert running.stdout.readline() == "xor: 4 rows, binary\n"
    running.stdout.close()
    assert running.wait(timeout=60) == 0
    assert running.stderr.read() == ""
    assert Path("here/model.safetensors").exists()


def test_help_into_a_pipe_that_is_closed(process):
    reading, writing = os.pipe()
    os.close(reading)
    running = process("train --help", stdout=writing)
    os.close(writing)
    assert running.wait(timeout=60) == 0
    assert running.stderr.read() == ""


def test_json_is_read_by_another_program(process):
    running = process("train xor --json")
    tool = subprocess.run(
        [sys.executable, "-m", "json.tool"], stdin=running.stdout, capture_output=True, timeout=60, check=True
    )
    assert json.loads(tool.stdout)["accuracy"]["train"] == 1


def test_narrow_encodings(process, monkeypatch):
    monkeypatch.setenv("PYTHONIOENCODING", "latin-1")
    running = process("--help")
    out, err = running.communicate(timeout=60)
    assert (running.returncode, err) == (0, "")
    assert r"unstuck evaluate runs/xor-\u2026 xor " in out


def test_a_terminal_shows_a_bar(process):
    terminal, end = pty.openpty()
    running = process("train spirals --target-loss 0 --epochs 1000000 --time-limit 0.7 --json", stderr=end)
    out, _ = running.communicate(timeout=60)
    os.close(end)
    shown = b""
    while True:
        try:
            shown += os.read(terminal, 65536)
        except OSError:  # that is how a terminal ends
            break
        if not shown or b"saved " in shown:
            break
    os.close(terminal)
    assert running.returncode == 0
    assert json.loads(out)["stopped"] == "time"
    assert "━".encode() in shown
    assert b"  loss 0." in shown
