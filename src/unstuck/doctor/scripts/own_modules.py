"""Modules that lie beside a script are part of it: they are instrumented when it imports them."""

from __future__ import annotations

import ast
import importlib.abc
import importlib.machinery
import importlib.util
import os
import sys
from typing import TYPE_CHECKING

from unstuck.doctor.scripts.instrument import Places, instrument_tree
from unstuck.doctor.scripts.variables import OWN_MODULES

if TYPE_CHECKING:
    from collections.abc import Sequence
    from importlib.machinery import ModuleSpec
    from pathlib import Path
    from types import CodeType, ModuleType

    from unstuck.doctor.scripts.instrument import Wanted


def watch_own_modules(folder: Path, places: Places, wanted: Wanted | None) -> None:
    """From now on instrument every module that is imported from ``folder`` or below."""
    sys.meta_path.insert(0, _Finder(folder, places, wanted))


class _Finder(importlib.abc.MetaPathFinder):
    """Finds what the usual finder would find, and takes over what lies in the folder."""

    def __init__(self, folder: Path, places: Places, wanted: Wanted | None) -> None:
        self._folder = str(folder.resolve())
        self._places = places
        self._wanted = wanted

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return the module's specification with the instrumenting loader, None for a module from elsewhere."""
        spec = importlib.machinery.PathFinder.find_spec(fullname, path, target)
        if spec is None or spec.origin is None or not isinstance(spec.loader, importlib.machinery.SourceFileLoader):
            return None
        if not os.path.realpath(spec.origin).startswith(self._folder + os.sep) or "site-packages" in spec.origin:
            return None
        OWN_MODULES.add(fullname)
        spec.loader = _Loader(fullname, spec.origin, self._places, self._wanted)
        return spec


class _Loader(importlib.machinery.SourceFileLoader):
    """Compiles the instrumented syntax tree; where that fails, the module as it is."""

    def __init__(self, fullname: str, path: str, places: Places, wanted: Wanted | None) -> None:
        super().__init__(fullname, path)
        self._places = places
        self._wanted = wanted

    def get_code(self, fullname: str) -> CodeType | None:
        """Compile the module."""
        text = self.get_source(fullname)
        if text is None:
            return super().get_code(fullname)
        sites, loops = len(self._places.sites), len(self._places.loops)
        try:
            tree = instrument_tree(ast.parse(text), text, self._places, fullname, wanted=self._wanted)
            return compile(tree, self.path, "exec", dont_inherit=True)
        except (SyntaxError, ValueError, RecursionError):
            del self._places.sites[sites:], self._places.loops[loops:]
            return super().get_code(fullname)
