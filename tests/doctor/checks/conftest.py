"""Snippets run for real, and what their crashes look like to the doctor."""

import sys
import traceback
from pathlib import Path

import pytest

from unstuck.doctor.crash import Crash, Held
from unstuck.doctor.scripts.source import source_of
from unstuck.doctor.scripts.variables import as_floats, numeric_variables, scope

_FILE = "<snippet>"
_LONGEST = 80


def _held(value):
    numbers = as_floats(value)
    text = repr(value)
    return Held(
        kind=type(value).__name__,
        shape=None if numbers is None else numbers.shape,
        dtype=str(value.dtype) if hasattr(value, "dtype") else None,
        text=text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…",
    )


def _variables(frame):
    """What the names visible in a frame held, and what their attributes and entries did."""
    names = {name: _held(value) for name, value in scope(frame).items() if not callable(value)}
    return names | {str(variable): _held(_read(frame, variable)) for variable in numeric_variables(frame)}


def _read(frame, variable):
    value = scope(frame)[variable.name]
    for kind, key in variable.steps:
        value = value[key] if kind == "item" else getattr(value, key)
    return value


def _crash(text, iteration, *, with_columns):
    source = source_of(text)
    names = {"__name__": "__main__"}
    try:
        exec(compile(source.text, _FILE, "exec"), names)  # noqa: S102 (the snippets are our own)
    except BaseException as error:  # noqa: BLE001 (whatever a snippet raises is of interest)
        walked = list(traceback.walk_tb(error.__traceback__))
        own = [(frame, line) for frame, line in walked if frame.f_code.co_filename == _FILE]
        entries = [entry for entry in traceback.extract_tb(error.__traceback__) if entry.filename == _FILE]
        frame, entry = own[-1][0], entries[-1]
        name = frame.f_code.co_qualname.replace("<locals>.", "")
        columns = (entry.colno, entry.end_lineno, entry.end_colno) if with_columns else (None, None, None)
        crash = Crash(
            exception=type(error).__name__,
            message=str(error),
            line=entry.lineno,
            column=columns[0],
            end_line=columns[1],
            end_column=columns[2],
            function="" if name == "<module>" else name,
            variables=_variables(frame),
            callers=tuple(line for _, line in own[:-1]),
            iteration=iteration,
        )
        return crash, source
    pytest.fail("the snippet did not crash")
    return None


@pytest.fixture
def crash_of():
    """``crash_of(text)`` runs a snippet and returns the crash and the source."""

    def run(text, *, iteration=None, with_columns=True):
        return _crash(text, iteration, with_columns=with_columns)

    return run


@pytest.fixture
def posts():
    """The folder of the real posts' scripts as the project has them."""
    return Path(__file__).parents[3] / "examples" / "stuck"


assert sys.version_info >= (3, 11)
