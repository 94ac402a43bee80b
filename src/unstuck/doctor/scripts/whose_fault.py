"""Whose fault an exception is that has ended a script: its own, or that of the doctor who runs it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from unstuck.doctor.scripts.callers import is_our_own
from unstuck.doctor.scripts.refusals import MESSAGES

if TYPE_CHECKING:
    from unstuck.doctor.scripts.taming import Tamed

_HOOKS = frozenset({"value", "item", "top", "bottom"})
_LIMITS = (RecursionError, MemoryError)
_LONGEST_CHAIN = 20


def raised_by_hook(exception: BaseException, script: str) -> bool:
    """Return whether what listens to the script has failed, and not the script.

    A script that has used up its stack or its memory may happen to notice it there, which is its own doing.
    """
    if isinstance(exception, _LIMITS):
        return False
    trace, found = exception.__traceback__, False
    while trace is not None:
        code = trace.tb_frame.f_code
        if code.co_filename == script:
            found = False
        elif code.co_name in _HOOKS and is_our_own(trace.tb_frame):
            found = True
        trace = trace.tb_next
    return found


def why_not_let(exception: BaseException, tamed: Tamed) -> str | None:
    """Return what the doctor has not let the script do if that is what ended it: it may well work elsewhere."""
    if isinstance(exception, EOFError) and tamed.answers.is_over:
        return "nobody answers its questions while the doctor runs a script"
    if not tamed.refused:
        return None
    cause: BaseException | None = exception
    for _ in range(_LONGEST_CHAIN):
        if cause is None:
            return None
        try:
            text = str(cause)
        except Exception:  # noqa: BLE001 (a stranger's __str__ may do anything)
            text = ""
        for message in MESSAGES:
            if message in text:
                return message
        cause = cause.__cause__ or cause.__context__
    return None
