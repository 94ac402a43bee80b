"""What the tests of the command line share: a folder of one's own, and a way to run a command in this process."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from unstuck.cli.main import run

SOURCES = Path(__file__).resolve().parents[2] / "src"


class Outcome(NamedTuple):
    """What a command left: its exit status and what it printed."""

    status: int
    out: str
    err: str

    @property
    def json(self):
        def refuse(constant):
            raise AssertionError(f"{constant} in JSON")

        return json.loads(self.out, parse_constant=refuse)


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """An empty folder that is the working folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("UNSTUCK_DATA", raising=False)
    return tmp_path


@pytest.fixture
def unstuck(capsys):
    """Run ``unstuck`` with a line of arguments, in this process."""

    def command(line="", *more):
        capsys.readouterr()
        status = run([*line.split(), *more])
        return Outcome(status, *capsys.readouterr())

    return command


@pytest.fixture
def process():
    """Start ``python -m unstuck`` with a line of arguments, as a process of its own."""
    started = []

    def start(line, **settings):
        environment = {**os.environ, "PYTHONPATH": str(SOURCES)}
        command = [sys.executable, "-m", "unstuck", *line.split()]
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **settings}
        started.append(subprocess.Popen(command, text=True, env=environment, **pipes))
        return started[-1]

    yield start
    for one in started:
        one.kill()
        one.communicate()


@pytest.fixture
def runs():
    """Return the run folders that are there."""
    return lambda: sorted(str(file.parent) for file in Path().glob("*/**/run.json"))


@pytest.fixture
def table():
    """Write a CSV file of two inputs, ``a`` and ``b``, and a target, and return its name."""

    def write(kind, rows=60, name="table.csv"):
        inputs = np.random.default_rng(0).normal(size=(rows, 2)).round(3)
        sums = inputs.sum(axis=1)
        targets = {
            "regression": np.round(1000 + 50 * sums, 2),
            "binary": np.where(sums > 0, "yes", "no"),
            "multiclass": np.select([sums > 0.7, sums > -0.7], ["high", "middle"], "low"),
            "counts": np.random.default_rng(1).poisson(5 * np.exp(0.4 * sums)),
        }[kind]
        lines = ["a,b,target", *(f"{a},{b},{target}" for (a, b), target in zip(inputs, targets, strict=True))]
        Path(name).write_text("\n".join(lines) + "\n", encoding="utf-8")
        return name

    return write
