"""The numeric variables of a running frame: found wherever they are kept, read, and written back in place."""

from __future__ import annotations

import contextlib
import ctypes
import sys
from dataclasses import dataclass
from types import FunctionType, MethodType
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import numpy as np
from numpy import asarray  # as it is before scripts on the tape get another

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator
    from types import CellType, FrameType

    from numpy.typing import NDArray

Step: TypeAlias = "tuple[Literal['item', 'attribute', 'cell'], Hashable]"
"""How to get from a container to what it holds; a function holds the variables that it closes over."""

_DEEPEST = 8
_LONGEST_CONTAINER = 200
_LONGEST_NUMBER_LIST = 10_000


@dataclass(frozen=True)
class Variable:
    """Where a numeric value is kept: a name in the frame and the way from there, such as ``net.layers[0]['W']``."""

    name: str
    steps: tuple[Step, ...] = ()

    def __str__(self) -> str:
        return _spelt(self.name, self.steps)


def _spelt(name: str, steps: tuple[Step, ...]) -> str:
    """Return how a script would write a variable; what a function closes over is written like an attribute of it."""
    for kind, key in steps:
        name = f"{name}[{key!r}]" if kind == "item" else f"{name}.{key}"
    return name


def as_floats(value: Any) -> NDArray[np.float64] | None:
    """Return a numeric value as float64, or None if it is none: a number, an array, or nested lists of numbers."""
    if isinstance(value, np.ndarray):
        return asarray(value, np.float64) if value.dtype.kind in "fiub" and value.size else None
    is_number = isinstance(value, int | float | np.number) and not isinstance(value, bool | np.complexfloating)
    is_list = isinstance(value, list | tuple) and 0 < len(value) <= _LONGEST_NUMBER_LIST and _looks_numeric(value[0])
    if not (is_number or is_list):
        return None
    try:
        array = asarray(value)
        return array.astype(np.float64) if array.dtype.kind in "fiu" and array.size else None
    except (ValueError, TypeError, OverflowError):
        return None


def _looks_numeric(value: Any) -> bool:
    return isinstance(value, int | float | np.number | np.ndarray | list | tuple) and not isinstance(value, bool)


def scope(frame: FrameType) -> dict[str, Any]:
    """Return every name a statement in ``frame`` can see: the locals over the module's own globals."""
    names = {name: value for name, value in frame.f_globals.items() if not name.startswith("__")}
    if frame.f_locals is not frame.f_globals:
        names.update(frame.f_locals)
    return names


def numeric_variables(frame: FrameType) -> dict[Variable, NDArray[Any]]:
    """Return every numeric variable that ``frame`` can see, each object once, under the shortest way to it.

    Containers and the attributes of objects of the script's own classes are looked into, up to eight deep. Arrays are not copied.
    What a loop's own variable holds, such as the ``layer`` of a ``for``, goes by another name if it has one: that one stays. An array
    that is such a variable itself keeps the name: it belongs to one pass.
    """
    found: dict[Variable, NDArray[Any]] = {}
    seen: set[int] = set()
    names = scope(frame)
    for is_fleeting in (False, True):
        group = {name: value for name, value in names.items() if _is_fleeting(name, value) == is_fleeting}
        _look_into([(Variable(name), value) for name, value in group.items()], found, seen)
    return found


def _is_fleeting(name: str, value: Any) -> bool:
    return name in FLEETING_NAMES and as_floats(value) is None


def _look_into(waiting: list[tuple[Variable, Any]], found: dict[Variable, NDArray[Any]], seen: set[int]) -> None:
    """Add the numeric variables that some others are or hold, without those seen before."""
    for _ in range(_DEEPEST):
        deeper: list[tuple[Variable, Any]] = []
        for variable, value in waiting:
            numbers = (
                value
                if isinstance(value, np.ndarray) and value.dtype.kind in "fiub" and value.size
                else as_floats(value)
            )
            if isinstance(value, np.ndarray | list | dict) or hasattr(value, "__dict__"):
                if id(value) in seen:
                    continue
                seen.add(id(value))
            if numbers is not None:
                found[variable] = numbers
            else:
                deeper += [(Variable(variable.name, (*variable.steps, step)), inner) for step, inner in _inside(value)]
        waiting = deeper


def _inside(value: Any) -> Iterator[tuple[Step, Any]]:
    """Yield what a container or an object of the script's own holds."""
    if isinstance(value, list | tuple) and len(value) <= _LONGEST_CONTAINER:
        for index, inner in enumerate(value):
            yield ("item", index), inner
    elif isinstance(value, dict) and len(value) <= _LONGEST_CONTAINER:
        for key, inner in value.items():
            yield ("item", key), inner
    elif isinstance(value, FunctionType) and value.__module__ in OWN_MODULES:
        yield from _closed_over(value)
    elif isinstance(value, MethodType) and _is_own(type(value.__self__)):
        yield ("attribute", "__self__"), value.__self__
    elif _is_own(type(value)) and hasattr(value, "__dict__"):
        for name, inner in vars(value).items():
            yield ("attribute", name), inner


def _closed_over(function: FunctionType) -> Iterator[tuple[Step, Any]]:
    for name, cell in zip(function.__code__.co_freevars, function.__closure__ or (), strict=True):
        try:
            yield ("cell", name), cell.cell_contents
        except ValueError:  # nothing is in it yet
            continue


OWN_MODULES: set[str] = {"__main__"}
"""The modules whose classes are the script's own."""

FLEETING_NAMES: set[str] = set()
"""The names that loops of the script give one value after the other."""


def _is_own(kind: type) -> bool:
    return kind.__module__ in OWN_MODULES


def read(frame: FrameType, variable: Variable) -> Any:
    """Return the present value of a variable.

    Raises:
        LookupError: It is no longer there.
    """
    value = _start(frame, variable.name)
    for step in variable.steps:
        value = _follow(value, step)
    return value


def _start(frame: FrameType, name: str) -> Any:
    if name in frame.f_locals:
        return frame.f_locals[name]
    if name in frame.f_globals:
        return frame.f_globals[name]
    raise LookupError(f"no variable {name}")


def _follow(value: Any, step: Step) -> Any:
    kind, key = step
    try:
        if kind == "cell":
            return _cell(value, str(key)).cell_contents
        return value[key] if kind == "item" else getattr(value, str(key))
    except (AttributeError, TypeError, ValueError) as error:
        raise LookupError(f"nothing at {key!r}") from error


def _cell(function: FunctionType, name: str) -> CellType:
    return (function.__closure__ or ())[function.__code__.co_freevars.index(name)]


def write(frame: FrameType, variable: Variable, numbers: NDArray[np.float64], *, keeps_integers: bool = False) -> None:
    """Give a variable a new value of the same shape, in its own type; arrays and lists are changed in place.

    In place means that aliases and views see the change, as they would if the script had made it. An array of integers or of float32
    cannot hold the value, or only rounded, so it is replaced by one of float64: slopes are measured in steps of 1e-6.

    Args:
        frame: Where the variable lives.
        variable: Which one.
        numbers: The new value.
        keeps_integers: Whether an array of integers stays one, for numbers that are whole: the script may count or index with them.

    Raises:
        LookupError: The variable is no longer there.
        TypeError: What holds it cannot be assigned to, such as a tuple.
    """
    old = read(frame, variable)
    if isinstance(old, np.ndarray) and old.dtype == np.float64 and old.flags.writeable:
        old[...] = numbers.reshape(old.shape)
        return
    if keeps_integers and isinstance(old, np.ndarray) and old.dtype.kind in "iu":
        _store(frame, variable, numbers.reshape(old.shape).astype(old.dtype))
        return
    if isinstance(old, list):
        _fill(old, numbers)
        return
    new: Any = numbers.copy() if isinstance(old, np.ndarray) else numbers.tolist()
    _store(frame, variable, type(old)(new) if isinstance(old, np.floating | tuple) else new)


def _fill(values: list[Any], numbers: NDArray[np.float64]) -> None:
    """Put numbers into nested lists, keeping the lists themselves and the arrays among them."""
    for index, entry in enumerate(numbers):
        if isinstance(values[index], list):
            _fill(values[index], entry)
        elif isinstance(values[index], np.ndarray) and values[index].dtype.kind == "f":
            values[index][...] = entry
        else:
            values[index] = entry if isinstance(values[index], np.ndarray) else float(entry)


def replace(frame: FrameType, variable: Variable, value: Any) -> None:
    """Let a variable be another object; of an array under every name that it has: ``W1`` may be ``params[0]`` as well.

    Raises:
        LookupError: What holds the variable is no longer there.
    """
    old = read(frame, variable)
    if value is old:
        return
    others = list(_ways_to(frame, old)) if isinstance(old, np.ndarray) else []
    _store(frame, variable, value)
    for other in others:
        if other != variable:
            with contextlib.suppress(TypeError):  # a tuple holds what it holds
                _store(frame, other, value)


def _ways_to(frame: FrameType, wanted: Any) -> Iterator[Variable]:
    """Yield every way to an object, by names and through containers, as deep as variables are looked for."""
    seen: set[int] = set()
    waiting = [(Variable(name), value) for name, value in scope(frame).items()]
    for _ in range(_DEEPEST):
        deeper: list[tuple[Variable, Any]] = []
        for variable, value in waiting:
            if value is wanted:
                yield variable
            elif id(value) not in seen:
                seen.add(id(value))
                deeper += [(Variable(variable.name, (*variable.steps, step)), inner) for step, inner in _inside(value)]
        waiting = deeper


def _store(frame: FrameType, variable: Variable, value: Any) -> None:
    if variable.steps:
        *before, (kind, key) = variable.steps
        holder = read(frame, Variable(variable.name, tuple(before)))
        if kind == "item":
            holder[key] = value
        elif kind == "cell":
            _cell(holder, str(key)).cell_contents = value
        else:
            setattr(holder, str(key), value)
    elif frame.f_locals is frame.f_globals or variable.name not in frame.f_locals:
        frame.f_globals[variable.name] = value
    else:
        frame.f_locals[variable.name] = value
        if sys.version_info < (3, 13):  # since then f_locals writes through
            ctypes.pythonapi.PyFrame_LocalsToFast(ctypes.py_object(frame), ctypes.c_int(0))
