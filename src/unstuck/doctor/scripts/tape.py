"""Reverse-mode differentiation of whatever NumPy code a step runs: arrays that remember how they came about.

A script knows nothing of it: its parameters are replaced by arrays of a subclass, and what is computed from them is of that
subclass too. The trail is lost where a script leaves NumPy (``float(x)``, ``math.exp(x)``, ``np.array([x, y])``), so nothing that
comes from here is believed before a few directions have been measured.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy import asarray  # as it is before scripts on the tape get another
from numpy.typing import NDArray

if TYPE_CHECKING:
    from unstuck.doctor.scripts.tape_ufuncs import Rule

Array: TypeAlias = NDArray[Any]
Pullback: TypeAlias = Callable[[Array], Array]
"""From the gradient of a result to that of one of its operands, up to broadcasting."""

_COPIED_UP_TO = 100_000


class Recording:
    """Whether what is computed is put on the tape, in the whole process; after the loss nothing needs to be."""

    is_on = True


@dataclass(eq=False)
class Node:
    """A value on the tape: its shape, and what it came from."""

    shape: tuple[int, ...]
    parents: list[tuple[Node, Pullback]] = field(default_factory=list)


class Tracked(np.ndarray[Any, Any]):
    """An array on the tape, or one that was computed from such and has left it (``node`` is None)."""

    node: Node | None

    def __array_finalize__(self, _: Array | None) -> None:
        """Start off the tape."""
        self.node = None

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, out: Any = None, **settings: Any) -> Any:
        """Run a ufunc and put its result on the tape."""
        if not Recording.is_on:
            return _off_tape(ufunc, method, inputs, out, settings)
        if method == "at":
            ufunc.at(*[plain(entry) for entry in inputs])
            return None
        inputs = tuple(lifted(entry) for entry in inputs)
        operands = [kept(entry) for entry in inputs]
        result = getattr(ufunc, method)(*operands, **{name: plain(value) for name, value in settings.items()})
        rule = _rule_of(ufunc, method)
        made = _node(rule, inputs, operands, settings, result)
        if out is not None:
            target = out[0]
            plain(target)[...] = result
            if isinstance(target, Tracked):
                target.node = made
            return target
        return on_tape(result, made)

    def __array_function__(self, function: Any, types: Any, arguments: Any, settings: Any) -> Any:
        """Run a NumPy function and put its result on the tape."""
        from unstuck.doctor.scripts import tape_rules  # noqa: PLC0415 (as above)

        return tape_rules.run(function, arguments, settings)

    def __getitem__(self, index: Any) -> Any:
        """Take a part."""
        whole = plain(self)
        index = plain(index)
        part = whole[index]

        def pull_back(gradient: Array) -> Array:
            spread = np.zeros(whole.shape)
            np.add.at(spread, index, gradient)
            return spread

        return on_tape(part, _single(self, np.shape(part), pull_back))

    def __setitem__(self, index: Any, value: Any) -> None:
        """Put something into a part: from now on the array is another value."""
        index = plain(index)
        plain(self)[index] = plain(value)

        def without_part(gradient: Array) -> Array:
            rest = gradient.copy()
            rest[index] = 0.0
            return rest

        parents: list[tuple[Node, Pullback]] = []
        if self.node is not None:
            parents.append((self.node, without_part))
        if isinstance(value, Tracked) and value.node is not None:
            parents.append((value.node, lambda gradient: gradient[index]))
        self.node = Node(self.shape, parents) if parents else None

    @property
    def T(self) -> Any:  # noqa: N802 (NumPy's name)
        """The transpose."""
        return np.transpose(self)

    def __iter__(self) -> Any:
        """Yield the rows."""
        return (self[index] for index in range(len(self)))

    def reshape(self, *shape: Any, **settings: Any) -> Any:
        """See ``numpy.reshape``."""
        return np.reshape(self, shape[0] if len(shape) == 1 else shape, **settings)

    def __deepcopy__(self, memo: Any) -> Any:
        """Copy, staying on the tape."""
        return np.copy(self, subok=True)

    def __reduce__(self) -> Any:
        """Pickle as a plain array."""
        return plain(self).__reduce__()


def _as_method(name: str) -> Callable[..., Any]:
    function = getattr(np, {"max": "amax", "min": "amin", "flatten": "ravel", "conj": "conjugate"}.get(name, name))

    def method(self: Tracked, *arguments: Any, **settings: Any) -> Any:
        return function(self, *arguments, **settings)

    return method


for _name in (
    "dot",
    "sum",
    "mean",
    "ravel",
    "flatten",
    "squeeze",
    "transpose",
    "max",
    "min",
    "clip",
    "swapaxes",
    "var",
    "std",
    "repeat",
    "prod",
    "trace",
):
    setattr(Tracked, _name, _as_method(_name))


def _copy(self: Tracked, *_: Any, **__: Any) -> Any:
    return on_tape(plain(self).copy(), _single(self, self.shape, lambda gradient: gradient))


def _astype(self: Tracked, dtype: Any, *_: Any, **__: Any) -> Any:
    if np.dtype(dtype).kind != "f":
        return plain(self).astype(dtype)
    return _copy(self)


setattr(Tracked, "copy", _copy)  # noqa: B010 (a plain assignment would have to have NumPy's overloads)
setattr(Tracked, "astype", _astype)  # noqa: B010 (as above)


def leaf(value: Array) -> Tracked:
    """Return ``value`` as an array on the tape that came from nothing; it shares the memory."""
    tracked = value.view(Tracked)
    tracked.node = Node(value.shape)
    return tracked


def plain(value: Any) -> Any:
    """Return a value without its tape."""
    if isinstance(value, Tracked):
        return value.view(np.ndarray)
    if isinstance(value, tuple | list) and any(isinstance(entry, Tracked) for entry in value):
        return type(value)(plain(entry) for entry in value)
    return value


def lifted(value: Any) -> Any:
    """Return a list that holds values on the tape as one array on the tape; everything else as it is."""
    if isinstance(value, list | tuple) and value and any(_is_on_tape(entry) for entry in value):
        return np.stack([np.asanyarray(lifted(entry), np.float64) for entry in value])
    return value


def _is_on_tape(value: Any) -> bool:
    if isinstance(value, Tracked):
        return value.node is not None
    return isinstance(value, list | tuple) and any(_is_on_tape(entry) for entry in value)


def kept(value: Any) -> Any:
    """Return an operand as it is now: the script may change it in place before its gradient is wanted."""
    if isinstance(value, Tracked):
        values = value.view(np.ndarray)
        return values.copy() if values.size <= _COPIED_UP_TO else values
    return plain(value)


def on_tape(result: Any, node: Node | None) -> Any:
    """Return ``result`` as an array on the tape, or as it is if it did not come from the tape."""
    if node is None:
        return result
    tracked = asarray(result).view(Tracked)
    tracked.node = node
    return tracked


def _off_tape(ufunc: np.ufunc, method: str, inputs: tuple[Any, ...], out: Any, settings: dict[str, Any]) -> Any:
    """Run a ufunc on what used to be on the tape."""
    more = {name: plain(value) for name, value in settings.items()}
    result = getattr(ufunc, method)(
        *[plain(entry) for entry in inputs], **more, **({} if out is None else {"out": plain(out)})
    )
    return result if out is None else out[0]


@cache
def _rule_of(ufunc: np.ufunc, method: str) -> Rule | None:
    from unstuck.doctor.scripts import tape_ufuncs  # noqa: PLC0415 (the rules are made of what is here)

    return tape_ufuncs.of_ufunc(ufunc, method)


def _single(operand: Tracked, shape: tuple[int, ...], pull_back: Pullback) -> Node | None:
    return None if operand.node is None or not Recording.is_on else Node(shape, [(operand.node, pull_back)])


def _node(rule: Rule | None, inputs: Any, operands: list[Any], settings: dict[str, Any], result: Any) -> Node | None:
    if rule is None or not isinstance(result, np.ndarray | np.generic) or result.dtype.kind != "f":
        return None
    parents = [
        (entry.node, pull_back)
        for entry, pull_back in zip(inputs, rule(operands, settings, _as_now(result)), strict=False)
        if isinstance(entry, Tracked) and entry.node is not None
    ]
    return Node(np.shape(result), parents) if parents else None


def _as_now(result: Any) -> Any:
    """Return a copy of a result: the script may change it in place."""
    return result.copy() if result.size <= _COPIED_UP_TO else result


def make_node(result: Any, parents: list[tuple[Any, Pullback]]) -> Node | None:
    """Return the node of a result that came from ``parents``; None if none of them is on the tape."""
    if not Recording.is_on:
        return None
    found = [
        (entry.node, pull_back) for entry, pull_back in parents if isinstance(entry, Tracked) and entry.node is not None
    ]
    return Node(np.shape(result), found) if found else None


def gradients(seeds: list[tuple[Node, Array]]) -> dict[Node, Array]:
    """Return the gradient of every node that leads to ``seeds``: nodes with the gradient of the loss there."""
    order = _upstream([node for node, _ in seeds])
    found: dict[Node, Array] = {}
    for node, gradient in seeds:
        found[node] = found[node] + gradient if node in found else asarray(gradient, np.float64)
    for node in order:
        gradient_here = found.get(node)
        if gradient_here is None:
            continue
        for parent, pull_back in node.parents:
            part = summed_to(asarray(pull_back(gradient_here)), parent.shape)
            found[parent] = found[parent] + part if parent in found else part
    return found


def _upstream(nodes: list[Node]) -> list[Node]:
    """Return everything that leads to ``nodes``, results before their operands."""
    finished: list[Node] = []
    seen: set[Node] = set()
    waiting = [(node, False) for node in nodes]
    while waiting:
        node, is_done = waiting.pop()
        if is_done:
            finished.append(node)
        elif node not in seen:
            seen.add(node)
            waiting.append((node, True))
            waiting += [(parent, False) for parent, _ in node.parents]
    return finished[::-1]


def summed_to(gradient: Array, shape: tuple[int, ...]) -> Array:
    """Return the gradient of an operand of ``shape`` that was broadcast: summed over what it was repeated along."""
    while gradient.ndim > len(shape):
        gradient = gradient.sum(0)
    gradient = gradient.reshape((1,) * (len(shape) - gradient.ndim) + gradient.shape)  # x[0] = a row in two brackets
    for axis, length in enumerate(shape):
        if length == 1 and gradient.shape[axis] != 1:
            gradient = gradient.sum(axis, keepdims=True)
    return gradient.reshape(shape)
