"""Ctrl-C: it ends a training, but not the saving of what was trained."""

from __future__ import annotations

import contextlib
import signal
import threading
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextlib.contextmanager
def ending_training() -> Iterator[None]:
    """Let Ctrl-C, and being asked to terminate, end the training inside the ``with`` block: in the background of a script too."""
    with _handled_by(signal.default_int_handler):
        yield


@contextlib.contextmanager
def saving() -> Iterator[None]:
    """Let neither disturb what is inside the ``with`` block: who presses Ctrl-C twice still finds the run saved."""
    with _handled_by(signal.SIG_IGN):
        yield


@contextlib.contextmanager
def _handled_by(handler: Any) -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():  # signals go to the main thread, which is not ours
        yield
        return
    before = {number: signal.signal(number, handler) for number in _SIGNALS}
    try:
        yield
    finally:
        for number, previous in before.items():
            signal.signal(number, previous)
