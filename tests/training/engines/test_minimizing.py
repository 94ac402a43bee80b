"""The engine for rules that own their step: an epoch is one step of theirs."""

import numpy as np
import pytest

from unstuck.data.batches import ArrayBatches
from unstuck.training.engines import MinimizingEngine, StepSettings
from unstuck.training.optimizers import OPTIMIZERS
from unstuck.training.state import Best, TrainingState


def ready(network, data, name, weights=None):
    optimizer, engine = OPTIMIZERS.create(name), MinimizingEngine()
    engine.prepare(network, optimizer, ArrayBatches(*data, weights), StepSettings())
    return engine, TrainingState(optimizer.start(network.n_parameters), Best(network.parameters.copy()))


@pytest.fixture(params=["lm", "lbfgs"])
def name(request):
    return request.param


def test_every_step_is_an_epoch(regressor, curve, name):
    network = regressor()
    engine, state = ready(network, curve, name)
    seen = []
    assert engine.run(state, 5, lambda losses: seen.append((state.epoch, *losses))) is None  # None means go on
    assert [epoch for epoch, _ in seen] == [1, 2, 3, 4, 5]
    assert (state.epoch, state.step) == (5, 5)
    assert seen[-1][1] == pytest.approx(network.evaluate(*curve), rel=1e-14)


def test_true_ends_the_run(regressor, curve, name):
    engine, state = ready(regressor(), curve, name)
    assert engine.run(state, 50, lambda _: state.epoch == 3) is None
    assert state.epoch == 3


def test_converged(regressor, curve, name):
    engine, state = ready(regressor(l2=0.5), curve, name)
    assert engine.run(state, 1000, lambda _: False) == "converged"
    assert 0 < state.epoch < 1000


def test_row_weights_count(regressor, curve, name):
    x, y = curve
    weights = np.linspace(0, 2, 40)
    network = regressor()
    engine, state = ready(network, curve, name, weights)
    seen = []
    engine.run(state, 3, seen.extend)
    assert seen[-1] == pytest.approx(network.evaluate(x, y, weights), rel=1e-12)


def test_an_objective_that_is_not_finite_is_handed_over(regressor, curve, name):
    network = regressor()
    network.parameters[:] = np.inf
    engine, state = ready(network, curve, name)
    seen = []
    assert engine.run(state, 5, seen.extend) is None
    assert len(seen) == 1
    assert not np.isfinite(seen[0])
    assert (state.epoch, state.step) == (1, 0)
