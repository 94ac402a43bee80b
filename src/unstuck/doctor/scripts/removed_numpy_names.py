"""Names that NumPy no longer has, given back to a script so that it runs on; that it uses them is remembered."""

from __future__ import annotations

import ast
import math
import sys
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from unstuck.doctor.scripts.callers import instruction, is_library

if TYPE_CHECKING:
    from collections.abc import Callable

REPLACEMENTS = {
    "float": "float", "int": "int", "object": "object", "str": "str", "complex": "complex", "bool": "bool",
    "unicode": "str", "long": "int", "float_": "np.float64", "complex_": "np.complex128", "cfloat": "np.complex128",
    "singlecomplex": "np.complex64", "longfloat": "np.longdouble", "longcomplex": "np.clongdouble",
    "clongfloat": "np.clongdouble", "string_": "np.bytes_", "unicode_": "np.str_", "str0": "np.str_",
    "bytes0": "np.bytes_", "void0": "np.void", "object0": "np.object_", "int0": "np.intp", "uint0": "np.uintp",
    "bool8": "np.bool_", "Inf": "np.inf", "Infinity": "np.inf", "infty": "np.inf", "PINF": "np.inf", "NINF": "-np.inf",
    "NaN": "np.nan", "NAN": "np.nan", "PZERO": "0.0", "NZERO": "-0.0", "mat": "np.asmatrix", "product": "np.prod",
    "cumproduct": "np.cumprod", "alltrue": "np.all", "sometrue": "np.any", "in1d": "np.isin", "row_stack": "np.vstack",
    "trapz": "np.trapezoid", "round_": "np.round", "issubclass_": "issubclass", "issubsctype": "np.issubdtype",
    "find_common_type": "np.result_type", "safe_eval": "ast.literal_eval", "disp": "print", "math": "math",
    "warnings": "warnings", "rank": "np.ndim",
    "VisibleDeprecationWarning": "np.exceptions.VisibleDeprecationWarning",
    "ComplexWarning": "np.exceptions.ComplexWarning", "RankWarning": "np.exceptions.RankWarning",
    "AxisError": "np.exceptions.AxisError", "TooHardError": "np.exceptions.TooHardError",
}  # fmt: skip
"""For each name what to write instead, and what the name is until then."""

_ARGUMENTS_CHANGE: dict[str, tuple[str, Callable[..., Any]]] = {
    "asfarray": ("np.asarray(a, dtype=float)", lambda a, dtype=np.float64: np.asarray(a, dtype)),
    "asscalar": ("a.item()", lambda a: a.item()),
    "msort": ("np.sort(a, axis=0)", lambda a: np.sort(a, axis=0)),
    "fastCopyAndTranspose": ("a.T.copy()", lambda a: a.T.copy()),
    "obj2sctype": ("np.dtype(obj).type", lambda rep, default=None: np.dtype(rep).type or default),
    "sctype2char": ("np.dtype(obj).char", lambda sctype: np.dtype(sctype).char),
    "in1d": ("np.isin(a.ravel(), b)", lambda ar1, ar2, **named: np.isin(np.ravel(ar1), ar2, **named)),
    "find_common_type": (
        "np.result_type(...)",
        lambda array_types, scalar_types: np.result_type(*array_types, *scalar_types),
    ),
}

_ACCESSES = ("LOAD_ATTR", "LOAD_METHOD", "IMPORT_FROM")


@dataclass(frozen=True)
class RemovedName:
    """A name that the installed NumPy does not have.

    Attributes:
        name: As the script has it, without the ``np.``.
        replacement: What to write instead.
        filename: The file that uses it first.
        line: Where in that file.
    """

    name: str
    replacement: str
    filename: str
    line: int


def give_back_removed_names() -> list[RemovedName]:
    """Let a script find names that NumPy once had, and return the list in which its first use of each will stand.

    Libraries, ``hasattr`` and ``getattr`` still find what is really there: they ask in order to adapt.
    """
    used: list[RemovedName] = []
    as_it_is: Callable[[str], Any] = np.__getattr__

    def find(name: str) -> Any:
        caller = sys._getframe(1)  # noqa: SLF001 (who asks, and how)
        asked_for = name in REPLACEMENTS or name in _ARGUMENTS_CHANGE
        if (
            not asked_for
            or is_library(caller)
            or instruction(caller)[0] not in _ACCESSES
            or _still_there(as_it_is, name)
        ):
            return as_it_is(name)
        replacement, value = _stand_in(name)
        if all(known.name != name for known in used):
            used.append(RemovedName(name, replacement, caller.f_code.co_filename, caller.f_lineno))
        return value

    vars(np)["__getattr__"] = find
    return used


def _still_there(find: Callable[[str], Any], name: str) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            find(name)
        except AttributeError:
            return False
    return True


def _stand_in(name: str) -> tuple[str, Any]:
    """Return what to write instead of a name, and its value."""
    if name in _ARGUMENTS_CHANGE:
        return _ARGUMENTS_CHANGE[name]
    replacement = REPLACEMENTS[name]
    known = {"np": np, "math": math, "warnings": warnings, "ast": ast}
    return replacement, eval(replacement, known)  # noqa: S307 (the table above)
