"""Engines: what runs the epochs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from unstuck.errors import OptionError
from unstuck.registry import unknown_option
from unstuck.training.engines.base import Engine, StepSettings
from unstuck.training.engines.compiled import CompiledEngine
from unstuck.training.engines.many_networks import Outcome, lacks_together, train_together
from unstuck.training.engines.minimizing import MinimizingEngine
from unstuck.training.engines.reference import ReferenceEngine
from unstuck.training.optimizers.minimizer import Minimizer

if TYPE_CHECKING:
    from unstuck.data.batches import Batches
    from unstuck.nets import Network
    from unstuck.training.optimizers.base import Rule

__all__ = [
    "CompiledEngine",
    "Engine",
    "MinimizingEngine",
    "Outcome",
    "ReferenceEngine",
    "StepSettings",
    "check_engine",
    "choose_engine",
    "lacks_together",
    "train_together",
]

_ENGINES = ("auto", "reference", "compiled")


def check_engine(name: str) -> str:
    """Return ``name`` if an engine is called so.

    Raises:
        OptionError: Unknown name.
    """
    if name not in _ENGINES:
        raise unknown_option("engine", name, _ENGINES)
    return name


def choose_engine(name: str, network: Network, optimizer: Rule, batches: Batches) -> Engine:
    """Return the engine called ``name``, for ``auto`` the compiled one wherever it can run the training.

    Raises:
        OptionError: ``compiled`` where the kernels are not there, or cannot run this training.
    """
    lacks = None if name == "reference" else CompiledEngine.lacks(network, optimizer, batches)
    if name == "compiled" and lacks is not None:
        raise OptionError(f"engine 'compiled' cannot run this: {lacks}.\n  Use engine 'auto' or 'reference'.")
    if isinstance(optimizer, Minimizer):
        return MinimizingEngine()
    return ReferenceEngine() if name == "reference" or lacks is not None else CompiledEngine()
