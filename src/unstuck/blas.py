"""How many threads NumPy's matrix products may use while a network works."""

from __future__ import annotations

import os
import threading
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

_lock = threading.Lock()
_blocks = 0
_limit: Any = None


@contextmanager
def one_blas_thread() -> Iterator[None]:
    """Limit the BLAS library to one thread inside a ``with`` block, and give it back what it had afterwards.

    Blocks in several threads may overlap: the last one that ends gives back what was there before the first.

    The products of small and medium networks gain little from a second thread, and on a machine that is busy with something
    else its spinning made training up to 35 times slower.
    """
    global _blocks, _limit  # noqa: PLW0603 (it is the process that has a number of threads)
    with _lock:
        _blocks += 1
        if _blocks == 1:
            _limit = _controller().limit(limits=1, user_api="blas")
    try:
        yield
    finally:
        with _lock:
            _blocks -= 1
            if not _blocks:
                _limit.restore_original_limits()


def core_count() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def blas_libraries() -> list[str]:
    """Return the files of the OpenBLAS libraries that are loaded, NumPy's first."""
    found = [each["filepath"] for each in _controller().info() if each.get("internal_api") == "openblas"]
    return sorted(found, key=lambda path: "numpy" not in path)


def find_blas() -> None:
    """Look for the BLAS libraries once, so that the first training does not have to."""
    _controller()


@cache
def _controller() -> Any:
    from threadpoolctl import ThreadpoolController  # noqa: PLC0415 (only who trains pays for it)

    return ThreadpoolController()
