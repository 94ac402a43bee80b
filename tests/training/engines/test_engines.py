"""Which engine runs which optimizer."""

import numpy as np
import pytest

from unstuck.data.batches import ArrayBatches
from unstuck.errors import OptionError
from unstuck.nets import Dense, Network
from unstuck.training.engines import MinimizingEngine, ReferenceEngine, StepSettings, choose_engine
from unstuck.training.optimizers import LBFGS, OPTIMIZERS, Adam, Minimizer


@pytest.mark.parametrize("engine", ["auto", "reference"])
@pytest.mark.parametrize("name", OPTIMIZERS.names())
def test_minimizers_have_an_engine_of_their_own(name, engine):
    optimizer = OPTIMIZERS.create(name)
    expected = MinimizingEngine if isinstance(optimizer, Minimizer) else ReferenceEngine
    assert type(choose_engine(engine, optimizer)) is expected


def test_names():
    assert (ReferenceEngine.name, MinimizingEngine.name) == ("reference", "minimizing")


def test_an_unknown_engine(error_of):
    assert error_of(OptionError, choose_engine, "referense", Adam()) == (
        "unknown engine 'referense'. Did you mean 'reference'?\n  Known: auto, compiled, reference"
    )


def test_an_engine_that_is_not_there(error_of):
    assert error_of(OptionError, choose_engine, "compiled", Adam()) == (
        "engine 'compiled' is not part of this installation.\n  Use engine 'auto' or 'reference'."
    )


@pytest.mark.parametrize(
    ("engine", "optimizer", "message"),
    [
        (ReferenceEngine(), LBFGS(), "LBFGS owns its steps and needs another engine"),
        (MinimizingEngine(), Adam(), "Adam is given gradients and needs another engine"),
    ],
)
def test_an_engine_refuses_what_it_cannot_run(error_of, engine, optimizer, message):
    batches = ArrayBatches(np.zeros((2, 1)), np.zeros((2, 1)))
    network = Network([Dense(1, 1)])
    assert error_of(TypeError, engine.prepare, network, optimizer, batches, StepSettings()) == message
