"""Which engine runs which optimizer."""

import numpy as np
import pytest

from unstuck.data.batches import ArrayBatches
from unstuck.errors import OptionError
from unstuck.kernels import kernels
from unstuck.nets import Dense, Network
from unstuck.training.engines import (
    CompiledEngine,
    MinimizingEngine,
    ReferenceEngine,
    StepSettings,
    check_engine,
    choose_engine,
    compiled,
)
from unstuck.training.optimizers import LBFGS, OPTIMIZERS, Adam, Minimizer

BATCHES = ArrayBatches(np.zeros((2, 1)), np.zeros((2, 1)))


def chosen(engine, optimizer):
    return choose_engine(engine, Network([Dense(1, 1)]), optimizer, BATCHES)


@pytest.mark.parametrize("engine", ["auto", "reference"])
@pytest.mark.parametrize("name", OPTIMIZERS.names())
def test_minimizers_have_an_engine_of_their_own(name, engine):
    optimizer = OPTIMIZERS.create(name)
    given = ReferenceEngine if engine == "reference" or kernels() is None else CompiledEngine
    assert type(chosen(engine, optimizer)) is (MinimizingEngine if isinstance(optimizer, Minimizer) else given)


def test_minimizers_are_not_compiled(error_of, monkeypatch):
    monkeypatch.setattr(compiled, "kernels", object)
    assert error_of(OptionError, chosen, "compiled", LBFGS()) == (
        "engine 'compiled' cannot run this: the kernels know no optimizer LBFGS.\n  Use engine 'auto' or 'reference'."
    )


def test_names():
    assert (ReferenceEngine.name, MinimizingEngine.name) == ("reference", "minimizing")


def test_an_unknown_engine(error_of):
    assert error_of(OptionError, check_engine, "referense") == (
        "unknown engine 'referense'. Did you mean 'reference'?\n  Known: auto, compiled, reference"
    )


def test_without_kernels(error_of, monkeypatch):
    monkeypatch.setattr(compiled, "kernels", lambda: None)
    assert type(chosen("auto", Adam())) is ReferenceEngine
    assert error_of(OptionError, chosen, "compiled", Adam()) == (
        "engine 'compiled' cannot run this: the compiled kernels are not part of this installation.\n"
        "  Use engine 'auto' or 'reference'."
    )


@pytest.mark.parametrize(
    ("engine", "optimizer", "message"),
    [
        (ReferenceEngine(), LBFGS(), "LBFGS owns its steps and needs another engine"),
        (MinimizingEngine(), Adam(), "Adam is given gradients and needs another engine"),
    ],
)
def test_an_engine_refuses_what_it_cannot_run(error_of, engine, optimizer, message):
    assert error_of(TypeError, engine.prepare, Network([Dense(1, 1)]), optimizer, BATCHES, StepSettings()) == message
