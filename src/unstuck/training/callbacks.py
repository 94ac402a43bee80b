"""What may happen after each epoch besides learning."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from unstuck.errors import OptionError

if TYPE_CHECKING:
    from collections.abc import Callable

    from unstuck.training.history import Row
    from unstuck.training.trainer import Trainer


class Callback:
    """Something that is told how the training goes; override what is of use.

    A plain function ``f(trainer, row)`` serves as well, and is called as :meth:`on_epoch`.

    Attributes:
        is_patient: Whether it need not be called after every epoch: if all callbacks are, the compiled engine goes on for about a
            twentieth of a second between two calls.
    """

    is_patient: ClassVar[bool] = False

    def on_start(self, trainer: Trainer) -> None:
        """Training begins."""

    def on_epoch(self, trainer: Trainer, row: Row) -> bool | None:
        """An epoch has ended; ``row`` holds what was measured. Return True to stop the training."""
        return None

    def on_end(self, trainer: Trainer) -> None:
        """Training has ended, the parameters to be kept are in place."""

    def describe(self) -> str:
        """What messages call it."""
        return type(self).__name__


class FunctionCallback(Callback):
    """A plain function as a callback."""

    def __init__(self, function: Callable[[Trainer, Row], bool | None]) -> None:
        self._function = function

    def on_epoch(self, trainer: Trainer, row: Row) -> bool | None:
        """Call the function."""
        return self._function(trainer, row)

    def describe(self) -> str:
        """The function's name."""
        return getattr(self._function, "__name__", type(self._function).__name__)


def as_callback(given: Callback | Callable[[Trainer, Row], bool | None]) -> Callback:
    """Return ``given`` as a :class:`Callback`.

    Raises:
        OptionError: It is neither a callback nor a function.
    """
    if isinstance(given, Callback):
        return given
    if isinstance(given, type) or not callable(given):
        raise OptionError(
            f"a callback must be a us.Callback object or a function f(trainer, row). Got {given!r} instead."
        )
    return FunctionCallback(given)
