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
    from unstuck.nets import activations as activations
    from unstuck.nets import initializers as initializers
    from unstuck.nets import losses as losses
    from unstuck.training import metrics as metrics
    from unstuck.training import optimizers as optimizers
    from unstuck.training import schedules as schedules

__version__ = "0.1.0"

_MODULES = {
    "activations": "unstuck.nets.activations",
    "api": "unstuck.api",
    "initializers": "unstuck.nets.initializers",
    "losses": "unstuck.nets.losses",
    "metrics": "unstuck.training.metrics",
    "optimizers": "unstuck.training.optimizers",
    "plots": "unstuck.plots",
    "recipes": "unstuck.recipes",
    "schedules": "unstuck.training.schedules",
}
"""Modules whose classes are made with settings of their own, such as ``us.optimizers.IRpropMinus(first_step=0.01)``."""


def __getattr__(name: str) -> Any:
    """Load a public name at its first use (PEP 562)."""
    if name.startswith("_"):
        raise AttributeError(f"module 'unstuck' has no attribute {name!r}")
    if name in _MODULES:
        return import_module(_MODULES[name])
    api = import_module("unstuck.api")
    if name not in api.__all__:
        from unstuck.registry import suggestion  # noqa: PLC0415 (only for the message)

        raise AttributeError(
            f"module 'unstuck' has no attribute {name!r}.{suggestion(name, [*api.__all__, *_MODULES])}"
        )
    value = getattr(api, name)
    globals()[name] = value
    return value


def load_ipython_extension(shell: Any) -> None:
    """Give IPython the cell magic ``%%diagnose``; run by ``%load_ext unstuck``."""
    import_module("unstuck.notebook").register_magics(shell)


def __dir__() -> list[str]:
    """Return the public names."""
    return sorted([*import_module("unstuck.api").__all__, *_MODULES, "__version__"])
