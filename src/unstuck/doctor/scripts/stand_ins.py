"""Objects that accept whatever is done to them: for plots nobody will see, and progress bars."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from unstuck.doctor.scripts.callers import instruction

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_DATA = ("imread", "load_dataset", "imread_collection")
"""Functions of such packages that give data, which cannot be made up."""

_SUBSCRIPTS_AND_NUMBERS = (
    "add", "radd", "sub", "rsub", "mul", "rmul", "truediv", "rtruediv", "floordiv", "rfloordiv", "mod", "rmod", "pow", "rpow",
    "neg", "pos", "abs", "getitem", "enter", "matmul", "rmatmul", "lt", "le", "gt", "ge",
)  # fmt: skip


class StandIn:
    """Accepts every call, attribute, item and calculation; what comes out is the same object again.

    It is as many values as are asked for: ``figure, (left, right) = anything`` works, a loop over it ends at once.

    >>> anything = StandIn()
    >>> first, second, third = anything.some.thing(1, key=2)[3]
    >>> list(anything), float(anything), bool(anything)
    ([], 0.0, False)
    """

    def __init__(self, *arguments: Any, **named: Any) -> None:
        """Accept everything."""

    def __call__(self, *arguments: Any, **named: Any) -> StandIn:
        """Return this."""
        return self

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        return subplots if name == "subplots" else self

    def __setattr__(self, name: str, value: object) -> None:
        """Forget it."""

    def __setitem__(self, key: object, value: object) -> None:
        """Forget it."""

    def __iter__(self) -> Iterator[StandIn]:
        return iter([self] * _how_many_are_wanted())

    def __len__(self) -> int:
        return 0

    def __contains__(self, item: object) -> bool:
        return False

    def __exit__(self, *_: object) -> None:
        """Do nothing."""

    def __float__(self) -> float:
        return 0.0

    def __int__(self) -> int:
        return 0

    def __index__(self) -> int:
        return 0

    def __mro_entries__(self, bases: tuple[object, ...]) -> tuple[type, ...]:
        """Be nobody's base: a class derived from this is an ordinary one."""
        return ()


def _itself(self: StandIn, *_: object) -> StandIn:
    return self


for _name in _SUBSCRIPTS_AND_NUMBERS:
    setattr(StandIn, f"__{_name}__", _itself)


def subplots(
    rows: int = 1,
    columns: int = 1,
    *_: Any,
    squeeze: bool = True,
    nrows: int | None = None,
    ncols: int | None = None,
    **__: Any,
) -> tuple[StandIn, Any]:
    """Return a stand-in for a figure and as many for its axes as ``matplotlib.pyplot.subplots`` would make."""
    rows, columns = int(nrows or rows), int(ncols or columns)
    axes = np.empty((rows, columns), dtype=object)
    for place in np.ndindex(rows, columns):
        axes[place] = StandIn()
    if not squeeze:
        return StandIn(), axes
    return StandIn(), axes.item() if axes.size == 1 else axes.squeeze()


def _how_many_are_wanted() -> int:
    """Return to how many names the script is just assigning; 0 where it does something else."""
    name, argument = instruction(sys._getframe(2))  # noqa: SLF001 (who unpacks)
    if name == "UNPACK_SEQUENCE":
        return argument
    return (argument & 0xFF) + (argument >> 8) if name == "UNPACK_EX" else 0


class StandInModule(ModuleType):
    """A module in which there is everything, except for data."""

    __path__: list[str] = []  # noqa: RUF012 (a package, as import sees it)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        package = self.__name__.partition(".")[0]
        if name in _DATA:
            raise ModuleNotFoundError(f"No module named '{package}'", name=package)
        return subplots if name == "subplots" else StandIn()


class TqdmModule(StandInModule):
    """A stand-in for ``tqdm`` and its parts."""

    def __getattr__(self, name: str) -> Any:
        if name in ("auto", "notebook", "std"):
            return TqdmModule(f"tqdm.{name}")
        if name in ("tqdm", "tqdm_notebook"):
            return Progress
        return _progress_over_range if name in ("trange", "tnrange") else super().__getattr__(name)


class Progress(StandIn):
    """What ``tqdm(iterable)`` gives: the iterable, and a bar that is not shown."""

    def __init__(self, iterable: Iterable[Any] | None = None, *arguments: Any, **named: Any) -> None:
        object.__setattr__(self, "iterable", () if iterable is None else iterable)

    def __iter__(self) -> Iterator[Any]:
        return iter(self.iterable)

    def __len__(self) -> int:
        return len(self.iterable)

    def __bool__(self) -> bool:
        return True

    def __enter__(self) -> Self:
        return self

    @staticmethod
    def write(*arguments: Any, **named: Any) -> None:
        """Print nothing: it would go past the output that is kept."""

    @staticmethod
    def pandas(*arguments: Any, **named: Any) -> None:
        """Do nothing."""


def _progress_over_range(*arguments: int, **_: Any) -> Progress:
    return Progress(range(*arguments))
