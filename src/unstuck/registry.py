"""The tables of names: what an activation, loss, optimizer … is called, and what to say when the name is unknown."""

from __future__ import annotations

from dataclasses import fields
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from unstuck.errors import OptionError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

T = TypeVar("T")


def suggestion(given: str, known: Iterable[str]) -> str:
    """Return ``' Did you mean …?'`` for the closest known name, whatever its capitals, or an empty string.

    >>> suggestion("RelLU", ["relu", "tanh"])
    " Did you mean 'relu'?"
    """
    spelled = {name.lower(): name for name in known}
    close = get_close_matches(given.lower(), spelled, n=1)
    return f" Did you mean '{spelled[close[0]]}'?" if close else ""


def unknown_option(what: str, given: object, known: Iterable[str]) -> OptionError:
    """Build the error for a name that is in no table.

    >>> print(unknown_option("activation", "rellu", ["relu", "tanh"]))
    unknown activation 'rellu'. Did you mean 'relu'?
      Known: relu, tanh
    """
    names = sorted(known)
    return OptionError(f"unknown {what} {given!r}.{suggestion(str(given), names)}\n  Known: {', '.join(names)}")


class Registry(Generic[T]):
    """A table from names to dataclasses whose instances hold their own settings.

    Args:
        what: What the table holds, as error messages call it, such as ``"activation"``.
        base: The class that every entry derives from.
    """

    def __init__(self, what: str, base: type[T]) -> None:
        self.what = what
        self._base = base
        self._classes: dict[str, type[T]] = {}

    def register(self, name: str, cls: type[T]) -> None:
        """Add ``cls`` under ``name``.

        Raises:
            OptionError: The name is taken, or ``cls`` is not a dataclass derived from the table's base class.
        """
        if name in self._classes and self._classes[name] is not cls:
            raise OptionError(f"{self.what} {name!r} is already registered. Choose another name.")
        # The decorator must be on the class itself: an inherited one would not see its settings, and they would not be saved.
        if not (isinstance(cls, type) and issubclass(cls, self._base) and "__dataclass_fields__" in vars(cls)):
            raise OptionError(
                f"cannot register {cls!r} as {self.what} {name!r}.\n"
                f"  Expected a dataclass derived from {self._base.__name__}."
            )
        self._classes[name] = cls

    def register_all(self, table: Mapping[str, type[T]]) -> None:
        """Add each class under its name, as :meth:`register`."""
        for name, cls in table.items():
            self.register(name, cls)

    def names(self) -> list[str]:
        """All registered names, in alphabetical order."""
        return sorted(self._classes)

    def create(self, given: str | T, **settings: Any) -> T:
        """Return the entry called ``given`` made with ``settings``, or ``given`` itself if it already is one.

        Raises:
            OptionError: Unknown name or setting.
        """
        if isinstance(given, self._base):
            return given
        if not isinstance(given, str) or given not in self._classes:
            raise unknown_option(self.what, given, self._classes)
        cls = self._classes[given]
        known = [field.name for field in fields(cls) if field.init]  # type: ignore[arg-type]  # register() checks
        for setting in settings:
            if setting not in known:
                raise unknown_option(f"setting of {self.what} {given!r}", setting, known)
        return cls(**settings)

    def name_of(self, entry: T) -> str:
        """Return the name under which the class of ``entry`` is registered.

        Raises:
            OptionError: It is not registered.
        """
        for name, cls in self._classes.items():
            if type(entry) is cls:
                return name
        raise OptionError(
            f"{self.what} {type(entry).__name__} is not registered, so it cannot be saved by name.\n"
            f"  Call us.register({self.what!r}, 'its-name', {type(entry).__name__}) first."
        )

    def describe(self, entry: T) -> str:
        """Return the name of ``entry`` and whatever settings differ from the defaults, such as ``leaky_relu(slope=0.2)``."""
        known = [name for name, cls in self._classes.items() if type(entry) is cls]
        name = known[0] if known else type(entry).__name__
        changed = [
            f"{field.name}={getattr(entry, field.name)!r}"
            for field in fields(entry)  # type: ignore[arg-type]  # register() and the base classes see to it
            if field.init and getattr(entry, field.name) != field.default
        ]
        return f"{name}({', '.join(changed)})" if changed else name

    def to_config(self, entry: T) -> dict[str, Any]:
        """Describe ``entry`` by its name and settings, ready for JSON."""
        settings = {field.name: getattr(entry, field.name) for field in fields(entry) if field.init}  # type: ignore[arg-type]  # register() checks
        return {"name": self.name_of(entry), **settings}

    def from_config(self, config: dict[str, Any]) -> T:
        """Rebuild what :meth:`to_config` described."""
        settings = dict(config)
        return self.create(settings.pop("name"), **settings)
