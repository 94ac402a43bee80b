"""Snippets run for real, and what their crashes look like to the doctor."""

import os
import sys
import warnings
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path

import pytest

from unstuck.doctor.checks.syntax import explain_syntax
from unstuck.doctor.crash import Crash, Held
from unstuck.doctor.patch import apply_edits
from unstuck.doctor.scripts.examine import examine, locate, scout
from unstuck.doctor.scripts.exceptions import describe_exception
from unstuck.doctor.scripts.session import run_in
from unstuck.doctor.scripts.source import read_source, source_of
from unstuck.doctor.scripts.variables import numeric_variables, read
from unstuck.doctor.scripts.workspace import Workspace

_FILE = "<snippet>"


def _run(text):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a snippet may divide by zero or overflow
        names = {"__name__": "__main__"}
        exec(compile(text, _FILE, "exec"), names)  # noqa: S102 (the snippets are our own)


def _inner(error):
    """What is kept in attributes and containers of the frame that crashed, under names such as ``self.W``."""
    trace = error.__traceback__
    frame = None
    while trace is not None:
        frame = trace.tb_frame if trace.tb_frame.f_code.co_filename == _FILE else frame
        trace = trace.tb_next
    held = {}
    for variable, numbers in numeric_variables(frame).items():
        value = read(frame, variable)
        held[str(variable)] = Held(type(value).__name__, numbers.shape, str(numbers.dtype), repr(value)[:80])
    return held


def _crash(text, iteration, *, with_columns, with_inner):
    source = source_of(text)
    try:
        _run(source.text)
    except BaseException as error:  # noqa: BLE001 (whatever a snippet raises is of interest)
        told = describe_exception(error, _FILE)
        variables = {
            name: Held(
                held["kind"], None if held["shape"] is None else tuple(held["shape"]), held["dtype"], held["text"]
            )
            for name, held in told["variables"].items()
        }
        if with_inner:
            variables = {**_inner(error), **variables}
        columns = [told[name] if with_columns else None for name in ("column", "end_line", "end_column")]
        crash = Crash(
            told["exception"], told["message"], told["line"], *columns, told["function"], variables,
            tuple(told["callers"]), iteration,
        )  # fmt: skip
        return crash, source
    pytest.fail("the snippet did not crash")
    return None


@pytest.fixture(autouse=True)
def figures_closed():
    """The pictures that a snippet opens are closed after the test."""
    yield
    if "matplotlib.pyplot" in sys.modules:
        import_module("matplotlib.pyplot").close("all")


@pytest.fixture
def crash_of():
    """``crash_of(text)`` runs a snippet that crashes and returns the crash and the source."""

    def run(text, *, iteration=None, with_columns=True, with_inner=True):
        return _crash(text, iteration, with_columns=with_columns, with_inner=with_inner)

    return run


@pytest.fixture
def runs():
    """``runs(text)`` runs a snippet, which must not crash."""
    return _run


@pytest.fixture
def mended():
    """``mended(source, finding)`` makes the edits of the first remedy; None if it has none."""

    def mend(source, finding):
        made = [edit for remedy in finding.remedies[:1] for edit in remedy.edits]
        return apply_edits(source.text, made) if made else None

    return mend


@pytest.fixture
def explained_syntax():
    """``explained_syntax(text)`` is the finding for a text that is no program, and the text with the edits made."""

    def explain(text):
        source = source_of(text)
        with pytest.raises(SyntaxError) as caught:
            compile(source.text, _FILE, "exec")
        finding = explain_syntax(caught.value, source)
        made = [edit for remedy in finding.remedies for edit in remedy.edits]
        return finding, (apply_edits(source.text, made) if made else None)

    return explain


@pytest.fixture
def in_folder(tmp_path):
    """``in_folder(*names)`` makes empty files in a new folder, where the test then runs, and returns the folder."""
    before = Path.cwd()

    def make(*names):
        for name in names:
            file = tmp_path / name
            file.parent.mkdir(exist_ok=True)
            file.touch()
        os.chdir(tmp_path)
        return tmp_path

    yield make
    os.chdir(before)


@pytest.fixture
def examined(tmp_path):
    """``with examined(text) as examination:`` runs the real pipeline on a script, up to what the checks are given."""

    @contextmanager
    def examine_text(text, *, seconds=0.3):
        path = tmp_path / "script.py"
        path.write_text(text)
        source = read_source(path)
        with Workspace(path, source.text) as workspace:
            run = run_in(workspace, source.text)
            scouting = scout(run, source)
            located = locate(scouting)
            if located is None:
                scouting = scout(run, source, repeat=True)
                located = locate(scouting)
            assert located is not None, "no training step was found"
            session, found = located
            with session:
                yield examine(source, scouting, found, seconds=seconds)

    return examine_text


_STRUCTURE = (
    "no_loop", "loss_mismatch", "frozen_parameter", "unused_parameter", "stale_gradients", "optimizer_error", "uneven_steps",
    "missing_bias", "no_hidden_layer", "stale_prediction", "evaluation",
)  # fmt: skip


@pytest.fixture
def nothing_found():
    """``nothing_found(examination)``: no check of structure, optimizer and evaluation finds anything without a trial."""

    def assert_nothing_found(examination):
        for name in _STRUCTURE:
            suspicions = import_module(f"unstuck.doctor.checks.{name}").check(examination)
            assert [entry.finding.message for entry in suspicions if not entry.needs_proof] == []

    return assert_nothing_found
