"""An exception that ended a script, described so that it can be sent and explained elsewhere."""

from __future__ import annotations

import traceback
from typing import TYPE_CHECKING, Any

import numpy as np

from unstuck.doctor.scripts.variables import scope

if TYPE_CHECKING:
    from types import FrameType, TracebackType

_MOST_VARIABLES = 200
_LONGEST_TEXT = 80


def describe_exception(exception: BaseException, path: str) -> dict[str, Any]:
    """Return what a :class:`unstuck.doctor.crash.Crash` holds, for the innermost line of ``path`` that was running."""
    place = _innermost(exception.__traceback__, path)
    description: dict[str, Any] = {
        "exception": type(exception).__name__,
        "message": _text(exception, 2000),
        "line": None, "column": None, "end_line": None, "end_column": None, "function": "", "variables": {}, "callers": [],
    }  # fmt: skip
    if isinstance(exception, ImportError) and exception.name:
        description["missing"] = exception.name
    if place is None:
        return description
    line, column, end_line, end_column = _position(place)
    frame = place.tb_frame
    description |= {
        "line": line,
        "column": column,
        "end_line": end_line,
        "end_column": end_column,
        "function": "" if frame.f_code.co_name == "<module>" else frame.f_code.co_name,
        "variables": describe_variables(frame),
        "callers": [step.lineno for step in traceback.extract_tb(exception.__traceback__) if step.filename == path][
            :-1
        ],
    }
    return description


def _innermost(trace: TracebackType | None, path: str) -> TracebackType | None:
    found = None
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == path:
            found = trace
        trace = trace.tb_next
    return found


def _position(trace: TracebackType) -> tuple[int, int | None, int | None, int | None]:
    """Return where the expression that failed stands."""
    positions = list(trace.tb_frame.f_code.co_positions())
    index = trace.tb_lasti // 2
    if 0 <= index < len(positions):
        line, end_line, column, end_column = positions[index]
        if line is not None:
            return line, column, end_line, end_column
    return trace.tb_lineno, None, None, None


def describe_variables(frame: FrameType) -> dict[str, dict[str, Any]]:
    """Return for every name that ``frame`` can see what it holds: kind, shape, dtype and what it looks like."""
    described = {}
    for name, value in list(scope(frame).items())[-_MOST_VARIABLES:]:
        try:
            described[name] = _describe(value)
        except Exception:  # noqa: BLE001 (an object may lie about its class, its length, its numbers)
            described[name] = {"kind": type(value).__name__, "shape": None, "dtype": None, "text": "<?>"}
    return described


def _describe(value: Any) -> dict[str, Any]:
    return {
        "kind": type(value).__name__,
        "shape": _shape(value),
        "dtype": str(value.dtype) if isinstance(value, np.ndarray | np.generic) else None,
        "text": _text(value, _LONGEST_TEXT),
    }


def _shape(value: Any) -> list[int] | None:
    if isinstance(value, np.ndarray | np.generic):
        return list(value.shape)
    if isinstance(value, bool) or not isinstance(value, int | float | list | tuple):
        return None
    try:
        array = np.asarray(value)
    except (ValueError, TypeError, OverflowError):
        return None
    return list(array.shape) if array.dtype.kind in "iuf" else None


def _text(value: Any, longest: int) -> str:
    """Return a short text for a value; an array is only named, since printing a large one takes long."""
    if isinstance(value, np.ndarray) and value.size > 100:  # noqa: PLR2004 (more would be cut off anyway)
        return f"array of shape {value.shape}"
    try:
        text = str(value) if isinstance(value, BaseException | str) else repr(value)
    except Exception:  # noqa: BLE001 (a stranger's __repr__ may do anything)
        return f"<{type(value).__name__}>"
    text = text if isinstance(value, BaseException) else " ".join(text.split())
    return text if len(text) <= longest else text[: longest - 1] + "…"
