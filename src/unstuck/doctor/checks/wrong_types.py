"""Is something not of the type that an operation or a function needs?"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from unstuck.doctor.checks import wrong_arguments, wrong_entries, wrong_operands

if TYPE_CHECKING:
    from collections.abc import Callable

    from unstuck.doctor.checks.crash_site import CrashSite
    from unstuck.doctor.findings import Finding


def explain_wrong_type(site: CrashSite) -> Finding | None:
    """Return the finding for a TypeError over operands, entries or arguments, None for any other crash."""
    if site.crash.exception not in {"TypeError", "UFuncTypeError", "_UFuncOutputCastingError"}:
        return None
    for pattern, explain in _EXPLANATIONS:
        found = re.search(pattern, site.crash.message)
        if found:
            return explain(site, found)
    return None


_EXPLANATIONS: tuple[tuple[str, Callable[[CrashSite, re.Match[str]], Finding | None]], ...] = (
    (r"unsupported operand type\(s\) for [^:]+: '([\w.]+)' and '([\w.]+)'", wrong_operands.explain_operands),
    (r"can only concatenate (\w+) \(not \"([\w.]+)\"\)", wrong_operands.explain_operands),
    (r"can't multiply sequence by non-int of type '([\w.]+)'", wrong_operands.explain_operands),
    (r"not supported between instances of '([\w.]+)' and '([\w.]+)'", wrong_operands.explain_operands),
    (r"must be str, not (\w+)", wrong_operands.explain_operands),
    (r"only (?:0-dimensional|length-1|size-1) arrays can be converted", wrong_arguments.explain_single_number),
    (r"'([\w.]+)' object cannot be interpreted as an integer", wrong_arguments.explain_no_whole_number),
    (r"Cannot interpret '.*' as a data type", wrong_arguments.explain_two_sizes),
    (r"Cannot cast ufunc .* output from dtype\('(\w+)'\) to dtype\('(\w+)'\)", wrong_arguments.explain_integer_array),
    (r"indices must be integers or slices, not ([\w.]+)", wrong_entries.explain_list_index),
    (r"'([\w.]+)' object is not iterable", wrong_entries.explain_not_iterable),
    (r"'([\w.]+)' object is not subscriptable", wrong_entries.explain_not_subscriptable),
    (r"object of type '([\w.]+)' has no len\(\)|len\(\) of unsized object", wrong_arguments.explain_no_length),
    (
        r"not supported for the input types|loop of ufunc does not support argument",
        wrong_arguments.explain_no_function_of,
    ),
)
