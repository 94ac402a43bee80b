"""The table of processes without /proc, and what else the tests of child processes do not come by."""

import os
import subprocess
import sys

import pytest

from unstuck.doctor.scripts import processes
from unstuck.doctor.scripts.processes import MARKER, end_session, session_processes


@pytest.fixture
def sleeper():
    command = [sys.executable, "-c", "print('up', flush=True)\nwhile True: pass"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, start_new_session=True, env={**os.environ, MARKER: "a test of ours"}
    ) as process:
        process.stdout.readline()
        yield process
        process.kill()


def test_a_marked_process_is_found_and_ended(sleeper):
    assert session_processes("a test of ours") == {sleeper.pid}
    assert session_processes("a test of our") == set()
    assert end_session("a test of ours")
    assert session_processes("a test of ours") == set()
    assert end_session("a test of ours")


def test_a_leader_is_ended_whatever_its_environment(sleeper):
    assert session_processes("unknown", sleeper.pid) == {sleeper.pid}
    assert end_session("unknown", sleeper.pid)
    assert sleeper.wait(5) == -9


def test_without_proc_the_table_is_what_ps_says(monkeypatch, tmp_path):
    monkeypatch.setattr(processes, "_PROC", tmp_path)
    monkeypatch.setattr(
        processes, "_run", lambda _: "  1  0  1 Ss\n 70  1 70 Ss+\n 71 70 70 Z+\n 72 71 99 R\n 73 72 73 S\n 80 1 80 S\n"
    )
    assert session_processes("unknown", 70) == {70}
    assert session_processes("unknown", 72) == {72, 73}


def test_a_system_without_ps_has_an_empty_table(monkeypatch, tmp_path):
    monkeypatch.setattr(processes, "_PROC", tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert session_processes("unknown", 70) == set()
