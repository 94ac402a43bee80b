"""The compiled kernels, where they are part of this installation."""

from __future__ import annotations

import ctypes
import importlib
from functools import cache
from typing import Any, NamedTuple

from unstuck.blas import blas_libraries

_PREFIXES = ("scipy_", "")
_SUFFIXES = ("64_", "_64", "64", "")


@cache
def kernels() -> Any | None:
    """Return the module of compiled kernels, or None where it was not built."""
    try:
        return importlib.import_module("unstuck._kernels")
    except ImportError:
        return None


class Gemm(NamedTuple):
    """Where a BLAS library's matrix product is in memory, and whether it counts with 64 bits."""

    address: int
    is_wide: bool


@cache
def find_gemm(letter: str) -> Gemm | None:
    """Return ``cblas_sgemm`` (letter s) or ``cblas_dgemm`` (d) of the library that NumPy has loaded, None if it has no such."""
    for path in blas_libraries():
        library = ctypes.CDLL(path)
        for prefix in _PREFIXES:
            for suffix in _SUFFIXES:
                function = getattr(library, f"{prefix}cblas_{letter}gemm{suffix}", None)
                if function is not None:
                    address = ctypes.cast(function, ctypes.c_void_p).value
                    return Gemm(address or 0, is_wide="64" in suffix)
    return None
