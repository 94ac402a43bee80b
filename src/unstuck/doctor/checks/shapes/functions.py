"""The shapes that NumPy's functions and methods return."""

from __future__ import annotations

import ast
import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from unstuck.doctor.checks.shapes import rules
from unstuck.doctor.checks.shapes.scope import Value, whole_number

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from unstuck.doctor.checks.shapes.rules import Shape

MISFIT: Final = Value(None, kind="misfit")
"""Returned where known shapes do not go together."""


@dataclass(frozen=True)
class Call:
    """The arguments of a call, as far as they are known.

    Attributes:
        arguments: By position; of a method what it is called on comes first.
        settings: By name.
        keepdims: Whether ``keepdims=True`` is among them.
    """

    arguments: Sequence[Value | None]
    settings: dict[str, Value | None] = field(default_factory=dict)
    keepdims: bool = False

    def get(self, position: int, name: str) -> Value | None:
        """Return an argument by its position or its name; None if it is not given or not known."""
        return self.arguments[position] if len(self.arguments) > position else self.settings.get(name)

    def has(self, position: int, name: str) -> bool:
        """Whether an argument is given."""
        return len(self.arguments) > position or name in self.settings

    @property
    def shape(self) -> Shape | None:
        """The shape of the first argument."""
        return self.arguments[0].shape if self.arguments and self.arguments[0] else None


def is_true(node: ast.expr) -> bool:
    """Whether an argument is the word ``True`` or the number 1."""
    return isinstance(node, ast.Constant) and node.value in (True, 1)


def result(name: str, call: Call) -> Value | None:
    """Return what a function returns.

    Args:
        name: Its name within NumPy, ``method.`` and the name of a method, or ``builtins.`` and the name of a built-in function.
        call: Its arguments.

    Returns:
        What is known of the result, None if nothing is, or :data:`MISFIT`.
    """
    rule = _RULES.get(name.removeprefix("method.") if name.removeprefix("method.") in _METHODS else name)
    return rule(call) if rule and (call.arguments or name.startswith("random.")) else None


def _known(shape: Shape | None) -> Value:
    return MISFIT if shape is None else Value(shape, kind="ndarray" if shape else "float64")


def _same(call: Call) -> Value | None:
    """Return an array of the first argument's shape."""
    if "ndmin" in call.settings or call.shape is None:
        return None
    return _known(call.shape)


def _reduced(call: Call) -> Value | None:
    axis = call.get(1, "axis")
    if call.shape is None or (call.has(1, "axis") and (axis is None or axis.number is None)):
        return None
    return _known(rules.reduced(call.shape, axis.number if axis else None, keepdims=call.keepdims))


def _outer(call: Call) -> Value | None:
    second = call.get(1, "b")
    if call.shape is None or second is None or second.shape is None:
        return None
    return _known((math.prod(call.shape), math.prod(second.shape)))


def sizes_of(value: Value | None) -> Shape | None:
    """Return a shape from the value that states it: a whole number or a tuple of them."""
    if value is None:
        return None
    if value.number is not None:
        return (value.number,)
    if not value.items or any(item is None or item.number is None for item in value.items):
        return None
    return tuple(item.number for item in value.items if item is not None and item.number is not None)


def _made(position: int, name: str) -> Callable[[Call], Value | None]:
    """Return the rule of a function that makes an array of a stated size, or a single number if none is stated."""

    def rule(call: Call) -> Value | None:
        if not call.has(position, name):
            return Value((), kind="float")
        sizes = sizes_of(call.get(position, name))
        return None if sizes is None or min(sizes, default=0) < 0 else _known(sizes)

    return rule


def _made_of_sizes(call: Call) -> Value | None:
    """Return an array whose sizes are the arguments, as in ``np.random.randn(4, 3)``."""
    if any(value is None or value.number is None or value.number < 0 for value in call.arguments):
        return None
    return _known(tuple(value.number for value in call.arguments if value and value.number is not None))


def _square(call: Call) -> Value | None:
    rows = call.get(0, "N")
    columns = call.get(1, "M") if call.has(1, "M") else rows
    if rows is None or columns is None or rows.number is None or columns.number is None:
        return None
    return _known((rows.number, columns.number))


def _reshaped(call: Call) -> Value | None:
    wanted = call.arguments[1:] if len(call.arguments) > 2 else None  # noqa: PLR2004 (more than the array and its shape)
    sizes = sizes_of(Value(None, items=tuple(wanted))) if wanted else sizes_of(call.get(1, "newshape"))
    if call.shape is None or sizes is None or set(call.settings) & {"order", "shape"}:
        return None
    return _known(rules.reshaped(call.shape, sizes))


def _flat(call: Call) -> Value | None:
    return None if call.shape is None else _known((math.prod(call.shape),))


def _transposed(call: Call) -> Value | None:
    return None if call.shape is None or call.has(1, "axes") else _known(call.shape[::-1])


def _expanded(call: Call) -> Value | None:
    axis = call.get(1, "axis")
    if call.shape is None or axis is None or axis.number is None or abs(axis.number) > len(call.shape):
        return None
    position = axis.number if axis.number >= 0 else axis.number + len(call.shape) + 1
    return _known((*call.shape[:position], 1, *call.shape[position:]))


def _squeezed(call: Call) -> Value | None:
    if call.shape is None or call.has(1, "axis"):
        return None
    return _known(tuple(size for size in call.shape if size != 1))


def _two_dimensions(call: Call) -> Value | None:
    return None if call.shape is None else _known((1,) * (2 - len(call.shape)) + call.shape)


def _matrix(call: Call) -> Value | None:
    made = _two_dimensions(call)
    return None if made is None else Value(made.shape, kind="matrix")


def _joined(default_axis: int | None) -> Callable[[Call], Value | None]:
    """Return the rule of a function that joins the arrays in its first argument."""

    def rule(call: Call) -> Value | None:
        first = call.arguments[0]
        axis = call.get(1, "axis")
        along = axis.number if axis else 0
        if first is None or not first.items or along is None or (call.has(1, "axis") and axis is None):
            return None
        shapes = [item.shape for item in first.items if item is not None and item.shape is not None]
        if len(shapes) < len(first.items) or () in shapes:
            return None
        if default_axis == 1:  # np.hstack
            along = 0 if len(shapes[0]) == 1 else 1
        elif default_axis == 0:  # np.vstack
            shapes = [shape if len(shape) > 1 else (1, *shape) for shape in shapes]
        return _known(rules.joined(shapes, along))

    return rule


def _columns(call: Call) -> Value | None:
    first = call.arguments[0]
    if first is None or not first.items or any(item is None or not item.shape for item in first.items):
        return None
    shapes = [item.shape for item in first.items if item is not None and item.shape is not None]
    return _known(rules.joined([shape if len(shape) > 1 else (*shape, 1) for shape in shapes], 1))


def _appended(call: Call) -> Value | None:
    first, second = call.arguments[0], call.get(1, "values")
    if first is None or second is None or first.shape is None or second.shape is None:
        return None
    axis = call.get(2, "axis")
    if not call.has(2, "axis"):
        return _known((math.prod(first.shape) + math.prod(second.shape),))
    if axis is None or axis.number is None or not first.shape:
        return None
    return _known(rules.joined([first.shape, second.shape], axis.number))


def _length(call: Call) -> Value | None:
    return whole_number(call.shape[0]) if call.shape else None


def _whole(call: Call) -> Value | None:
    value = call.arguments[0]
    return Value((), value.number, kind="int") if value and value.shape == () else None


def _number(_call: Call) -> Value | None:
    return Value((), kind="float")


def _listed(call: Call) -> Value | None:
    return None if call.shape is None else Value(call.shape, kind="list")


_SAME = (
    *("exp", "exp2", "expm1", "log", "log1p", "log2", "log10", "sqrt", "cbrt", "square", "abs", "absolute", "fabs"),
    *("sign", "negative", "reciprocal", "sin", "cos", "tan", "sinh", "cosh", "tanh", "arctan", "floor", "ceil", "rint"),
    *("round", "around", "clip", "nan_to_num", "isnan", "isfinite", "isinf", "array", "asarray", "ascontiguousarray"),
    *("copy", "astype", "zeros_like", "ones_like", "empty_like", "full_like", "sort", "flip", "builtins.abs"),
)
_REDUCING = (
    *("sum", "mean", "max", "min", "amax", "amin", "std", "var", "prod", "any", "all", "argmax", "argmin", "median"),
    *("nansum", "nanmean", "count_nonzero", "average"),
)
_METHODS = frozenset(
    [
        *("copy", "astype", "round", "clip", "sum", "mean", "max", "min", "std", "var", "prod", "any", "all", "argmax"),
        *("argmin", "reshape", "ravel", "flatten", "transpose", "squeeze", "tolist"),
    ]
)
_RULES: dict[str, Callable[[Call], Value | None]] = {
    **dict.fromkeys(_SAME, _same),
    **dict.fromkeys(_REDUCING, _reduced),
    **dict.fromkeys(("zeros", "ones", "empty", "full"), _made(0, "shape")),
    **dict.fromkeys(("random.normal", "random.uniform", "random.randint", "random.binomial"), _made(2, "size")),
    **dict.fromkeys(("random.random", "random.random_sample", "random.standard_normal"), _made(0, "size")),
    **dict.fromkeys(("random.rand", "random.randn"), _made_of_sizes),
    **dict.fromkeys(("eye", "identity"), _square),
    "outer": _outer,
    "reshape": _reshaped,
    **dict.fromkeys(("ravel", "flatten"), _flat),
    "transpose": _transposed,
    "expand_dims": _expanded,
    "squeeze": _squeezed,
    "atleast_2d": _two_dimensions,
    **dict.fromkeys(("matrix", "asmatrix"), _matrix),
    "concatenate": _joined(None),
    "hstack": _joined(1),
    "vstack": _joined(0),
    "column_stack": _columns,
    "append": _appended,
    "builtins.len": _length,
    "builtins.int": _whole,
    "builtins.float": _number,
    "tolist": _listed,
}
