"""Neural networks in NumPy that tell you why they are stuck.

::

    import unstuck as us

    net = us.Network([us.Dense(2, 5, "sigmoid"), us.Dense(5, 1, "sigmoid")], seed=0)
    history = us.train(net, X, y, optimizer="irprop-", epochs=200)
    net.predict(X)

Every name is loaded when it is first used, so that importing the package costs no more than importing NumPy.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from unstuck import plots as plots
    from unstuck import recipes as recipes
    from unstuck.api import *  # noqa: F403 (the front door, for type checkers)

__version__ = "0.1.0"

_MODULES = ("api", "plots", "recipes")


def __getattr__(name: str) -> Any:
    """Load a public name at its first use (PEP 562)."""
    if name.startswith("_"):
        raise AttributeError(f"module 'unstuck' has no attribute {name!r}")
    if name in _MODULES:
        return import_module(f"unstuck.{name}")
    api = import_module("unstuck.api")
    if name not in api.__all__:
        from unstuck.registry import suggestion  # noqa: PLC0415 (only for the message)

        raise AttributeError(
            f"module 'unstuck' has no attribute {name!r}.{suggestion(name, [*api.__all__, *_MODULES])}"
        )
    value = getattr(api, name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """Return the public names."""
    return sorted([*import_module("unstuck.api").__all__, *_MODULES, "__version__"])
