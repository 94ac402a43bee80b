"""Modules that are changed at the moment a script imports them, and stand-ins for some that are not installed."""

from __future__ import annotations

import importlib.util
import sys
from importlib.machinery import ModuleSpec
from typing import TYPE_CHECKING, Any, cast

from unstuck.doctor.scripts.stand_ins import StandInModule, TqdmModule

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from importlib.abc import Loader  # at run time it would cost 20 ms
    from types import ModuleType

COSMETIC = ("matplotlib", "mpl_toolkits", "pylab", "seaborn", "tqdm", "IPython")
"""Packages that show things; a script trains the same without them."""


def change_after_import(changes: Mapping[str, Callable[[ModuleType], None]]) -> None:
    """Call ``changes[name](module)`` once a module has been imported, at once for those that already are."""
    for name in changes.keys() & sys.modules.keys():
        changes[name](sys.modules[name])
    sys.meta_path.insert(0, _Changer(changes))


def stand_in_for_missing(names: Collection[str] = COSMETIC, always: Collection[str] = ()) -> set[str]:
    """Import a module that accepts everything where a package is not installed.

    Args:
        names: The packages.
        always: Those for which this is done also where they are installed.

    Returns:
        The set in which the names of the packages will stand that were imported this way.
    """
    used: set[str] = set()
    sys.meta_path.append(_StandInFinder(names, used))
    sys.meta_path.insert(0, _StandInFinder(always, used))
    return used


class _Changer:
    def __init__(self, changes: Mapping[str, Callable[[ModuleType], None]]) -> None:
        self._changes = changes
        self._looking: set[str] = set()

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Find a module as it would be found without this, and let it be changed when it has run."""
        if fullname not in self._changes or fullname in self._looking:
            return None
        self._looking.add(fullname)
        try:
            spec = importlib.util.find_spec(fullname)
        except ValueError:
            spec = None
        finally:
            self._looking.discard(fullname)
        if spec is not None and spec.loader is not None and not isinstance(spec.loader, _StandInLoader):
            spec.loader = cast("Loader", _ChangingLoader(spec.loader, self._changes[fullname]))
        return spec


class _ChangingLoader:
    """Loads as another loader does, then changes the module."""

    def __init__(self, loader: Any, change: Callable[[ModuleType], None]) -> None:
        self._loader = loader
        self._change = change

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        module: ModuleType | None = self._loader.create_module(spec)
        return module

    def exec_module(self, module: ModuleType) -> None:
        self._loader.exec_module(module)
        self._change(module)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._loader, name)


class _StandInFinder:
    def __init__(self, names: Collection[str], used: set[str]) -> None:
        self._names = names
        self._used = used

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Find a stand-in for a package, or for a part of one that is a stand-in itself."""
        package, _, rest = fullname.partition(".")
        if package not in self._names or (rest and not isinstance(sys.modules.get(package), StandInModule)):
            return None
        self._used.add(package)
        return ModuleSpec(fullname, cast("Loader", _StandInLoader()), is_package=True)


class _StandInLoader:
    def create_module(self, spec: ModuleSpec) -> ModuleType:
        package = spec.name.partition(".")[0]
        return TqdmModule(spec.name) if package == "tqdm" else StandInModule(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Do nothing: there is no code."""
