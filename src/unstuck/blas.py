"""How many threads NumPy's matrix products may use while a network trains."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from contextlib import AbstractContextManager


def one_blas_thread() -> AbstractContextManager[Any]:
    """Limit the BLAS library to one thread inside a ``with`` block, and give it back what it had afterwards.

    The products of small and medium networks gain little from a second thread, and on a machine that is busy with something
    else its spinning made training up to 35 times slower.
    """
    limiter: AbstractContextManager[Any] = _controller().limit(limits=1, user_api="blas")
    return limiter


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
