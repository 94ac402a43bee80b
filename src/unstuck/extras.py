"""Optional dependencies, imported at the moment they are needed."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from unstuck.errors import MissingExtraError

if TYPE_CHECKING:
    from types import ModuleType


def require(module: str, extra: str, purpose: str) -> ModuleType:
    """Import ``module``, which the extra ``extra`` installs, for ``purpose``.

    Raises:
        MissingExtraError: It is not installed; the message holds the pip line.

    >>> require("json", "plots", "a demonstration").__name__
    'json'
    """
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        if error.name != module.split(".", maxsplit=1)[0]:
            raise
        raise MissingExtraError(
            f"{purpose} needs {error.name}, which is not installed.\n  Install it with: pip install 'unstuck[{extra}]'"
        ) from error
