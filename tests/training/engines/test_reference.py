"""The engine to read: which steps an epoch is made of, and what is left in the state."""

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from unstuck.data.batches import ArrayBatches
from unstuck.nets import Dense, Dropout, Network
from unstuck.seeding import Draw
from unstuck.training.engines import ReferenceEngine, StepSettings
from unstuck.training.optimizers import Adam, GradientDescent
from unstuck.training.state import Best, TrainingState


def ready(network, data, optimizer, *, batch_size=10, **settings):
    engine = ReferenceEngine()
    engine.prepare(network, optimizer, ArrayBatches(*data, batch_size=batch_size), StepSettings(**settings))
    state = TrainingState(optimizer.start(network.n_parameters), Best(network.parameters.copy()))
    return engine, state


def test_losses_are_handed_over_epoch_by_epoch(regressor, curve):
    engine, state = ready(regressor(), curve, Adam())
    seen = []
    assert engine.run(state, 3, lambda losses: seen.append(losses)) is None  # noqa: PLW0108 (its None means go on)
    assert [len(losses) for losses in seen] == [1, 1, 1]
    assert (state.epoch, state.batch, state.step, state.loss_sum) == (3, 0, 12, 0.0)


def test_true_ends_the_run(regressor, curve):
    engine, state = ready(regressor(), curve, Adam())
    engine.run(state, 10, lambda _: state.epoch == 4)
    assert state.epoch == 4


def test_an_epoch_that_was_begun_is_finished_first(regressor, curve):
    """From a state that was left after two of four batches, with the losses of these."""
    network, stopped = regressor(), regressor()
    whole, losses = [], []
    engine, state = ready(network, curve, GradientDescent(0.1))
    engine.run(state, 2, whole.extend)

    engine, state = ready(stopped, curve, GradientDescent(0.1))
    batches = ArrayBatches(*curve, batch_size=10)
    for batch, _ in zip(batches.epoch(0), range(2), strict=False):
        loss, gradient = stopped.loss_and_gradient(*batch)
        stopped.parameters -= 0.1 * gradient
        state.loss_sum += loss / 4
        state.batch += 1
        state.step += 1
    engine.run(state, 2, losses.extend)
    assert losses == pytest.approx(whole, rel=1e-14)
    assert_array_equal(network.parameters, stopped.parameters)
    assert state.step == 8


def test_the_loss_of_an_epoch_counts_every_row_once(curve):
    """The last batch is smaller, and counts for less."""
    x, y = curve
    network = Network([Dense(2, 1)])
    seen = []
    engine, state = ready(network, (x, y), GradientDescent(0.0), batch_size=12)
    engine.run(state, 1, seen.extend)
    assert seen == [pytest.approx(network.evaluate(x, y), rel=1e-14)]


def test_the_schedule_sets_the_rate(regressor, curve):
    network, slower = regressor(), regressor()
    engine, state = ready(network, curve, GradientDescent(0.1))
    state.rate_factor = 0.5
    engine.run(state, 1, lambda _: False)
    engine, state = ready(slower, curve, GradientDescent(0.05))
    engine.run(state, 1, lambda _: False)
    assert_array_equal(network.parameters, slower.parameters)


def test_random_layers_draw_by_seed_epoch_and_batch(curve):
    """The same epoch written out, each batch with a mask of its own."""
    ours, expected = (Network([Dense(2, 9, "tanh"), Dropout(0.5), Dense(9, 1)]) for _ in range(2))
    engine, state = ready(ours, curve, GradientDescent(0.1), seed=6)
    engine.run(state, 2, lambda _: False)
    for epoch in range(2):
        for number, batch in enumerate(ArrayBatches(*curve, batch_size=10).epoch(epoch)):
            _, gradient = expected.loss_and_gradient(*batch, draw=Draw(6, epoch, number))
            expected.parameters -= 0.1 * gradient
    assert_array_equal(ours.parameters, expected.parameters)


def test_max_norm_holds_after_every_update(curve):
    network = Network([Dense(2, 5, "tanh"), Dense(5, 1)], max_norm=0.7)
    engine, state = ready(network, curve, GradientDescent(1.0))
    engine.run(state, 2, lambda _: False)
    for weights in network.weight_matrices():
        assert (np.linalg.norm(weights, axis=0) <= 0.7 * (1 + 1e-12)).all()


def test_a_full_batch_at_the_target_makes_no_update(regressor, curve):
    network = regressor()
    start, loss = network.parameters.copy(), network.evaluate(*curve)
    seen = []
    engine, state = ready(network, curve, Adam(), batch_size="full", target_loss=loss)
    engine.run(state, 1, seen.extend)
    assert seen == [loss]
    assert (state.epoch, state.step, state.batch) == (1, 0, 0)
    assert_array_equal(network.parameters, start)


def test_mini_batches_at_the_target_go_on(regressor, curve):
    engine, state = ready(regressor(), curve, Adam(), target_loss=1e9)
    engine.run(state, 1, lambda _: False)
    assert state.step == 4
