"""Engines: what runs the epochs."""

from unstuck.errors import OptionError
from unstuck.registry import unknown_option
from unstuck.training.engines.base import Engine, StepSettings
from unstuck.training.engines.minimizing import MinimizingEngine
from unstuck.training.engines.reference import ReferenceEngine
from unstuck.training.optimizers.base import Rule
from unstuck.training.optimizers.minimizer import Minimizer

__all__ = ["Engine", "MinimizingEngine", "ReferenceEngine", "StepSettings", "choose_engine"]

_ENGINES = ("auto", "reference", "compiled")


def choose_engine(name: str, optimizer: Rule) -> Engine:
    """Return the engine called ``name`` that can run ``optimizer``.

    Raises:
        OptionError: Unknown name, or ``compiled`` where the compiled kernels are not there.
    """
    if name not in _ENGINES:
        raise unknown_option("engine", name, _ENGINES)
    if name == "compiled":
        raise OptionError("engine 'compiled' is not part of this installation.\n  Use engine 'auto' or 'reference'.")
    return MinimizingEngine() if isinstance(optimizer, Minimizer) else ReferenceEngine()
