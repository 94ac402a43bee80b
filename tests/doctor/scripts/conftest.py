"""Fixtures that run scripts in real child processes and see to it that nothing of them is left."""

import textwrap
from pathlib import Path
from types import SimpleNamespace

import pytest

from unstuck.doctor.scripts.child_environment import child_environment
from unstuck.doctor.scripts.child_process import ChildProcess
from unstuck.doctor.scripts.processes import session_processes
from unstuck.doctor.scripts.workspace import Workspace

RUNNER = Path(__file__).with_name("runner.py")


@pytest.fixture
def start(tmp_path):
    """Start a script; what is returned is the child and its workspace, both are gone when the test is over."""
    started = []

    def start(text, limits=None, arguments=(), **options):
        folder = tmp_path / f"run{len(started)}"
        folder.mkdir()
        script = folder / "train.py"
        script.write_text(textwrap.dedent(text))
        workspace = Workspace(script)
        workspace.__enter__()
        child = ChildProcess([str(RUNNER)], child_environment(workspace.temporary), workspace.current, limits)
        started.append((child, workspace))
        child.send(
            {
                "script": str(workspace.script),
                "workspace": str(workspace.root),
                "arguments": list(arguments),
                "options": options,
            }
        )
        return SimpleNamespace(child=child, workspace=workspace, folder=folder)

    yield start
    for child, workspace in started:
        child.close()
        workspace.close()
        assert session_processes(child.marker) == set()
        assert not workspace.root.exists()


@pytest.fixture
def run(start):
    """Run a script to its end and return its report; what it calls ``result`` is part of that."""

    def run(text, limits=None, arguments=(), **options):
        started = start(text, limits, arguments, **options)
        report = SimpleNamespace(**started.child.receive(30))
        report.folder = started.folder
        return report

    return run


@pytest.fixture
def run_well(run):
    """Run a script that must not fail and return its report."""

    def run_well(text, **options):
        report = run(text, **options)
        assert report.error is None, report.error
        return report

    return run_well
