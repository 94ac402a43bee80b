"""Schedules beside torch's, epoch by epoch."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from unstuck.errors import OptionError
from unstuck.training.schedules import SCHEDULES, Constant, Cosine, Exponential, Plateau, Step, WarmUp
from unstuck.training.trainer import Trainer

torch_schedules = torch.optim.lr_scheduler


def factors(schedule, losses):
    """Return the factor of each epoch, as the trainer asks for them."""
    memory, path = {}, []
    for epoch, loss in enumerate(losses):
        path.append(schedule.factor(epoch, memory))
        schedule.observe(loss, memory)
    return path


def torch_factors(make, losses, *, with_loss=False):
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
    scheduler, path = make(optimizer), []
    for loss in losses:
        path.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step(*([loss] if with_loss else []))
    return path


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (Step(every=3, gamma=0.5), lambda optimizer: torch_schedules.StepLR(optimizer, 3, 0.5)),
        (Step(), lambda optimizer: torch_schedules.StepLR(optimizer, 30)),
        (Exponential(0.9), lambda optimizer: torch_schedules.ExponentialLR(optimizer, 0.9)),
        (Exponential(1.1), lambda optimizer: torch_schedules.ExponentialLR(optimizer, 1.1)),
        (Cosine(70), lambda optimizer: torch_schedules.CosineAnnealingLR(optimizer, 70)),
        (Cosine(99, floor=0.2), lambda optimizer: torch_schedules.CosineAnnealingLR(optimizer, 99, eta_min=0.2)),
        (WarmUp(7), lambda optimizer: torch_schedules.LinearLR(optimizer, 1 / 8, total_iters=7)),
    ],
    ids=repr,
)
def test_equals_torch(ours, theirs):
    epochs = ours.epochs if isinstance(ours, Cosine) else 70
    assert_allclose(factors(ours, np.zeros(epochs)), torch_factors(theirs, np.zeros(epochs)), rtol=1e-10)


def test_warm_up_hands_over_as_in_torch():
    def theirs(optimizer):
        parts = [torch_schedules.LinearLR(optimizer, 1 / 4, total_iters=3), torch_schedules.StepLR(optimizer, 2, 0.5)]
        return torch_schedules.SequentialLR(optimizer, parts, milestones=[3])

    ours = WarmUp(3, Step(every=2, gamma=0.5))
    assert_allclose(factors(ours, np.zeros(12)), torch_factors(theirs, np.zeros(12)), rtol=1e-12)


@settings(max_examples=60, deadline=None)
@given(
    losses=st.lists(
        st.sampled_from([-1.0, -0.5, 0.0, 0.5, 0.7, 0.70001, 1.0, 2.0, float("nan"), float("inf")]), max_size=40
    ),
    patience=st.integers(0, 4),
    gamma=st.sampled_from([0.5, 0.9]),
    threshold=st.sampled_from([0.0, 1e-4, 0.3]),
)
def test_plateau_equals_torch(losses, patience, gamma, threshold):
    """Torch leaves out reductions by less than ``eps``."""

    def theirs(optimizer):
        return torch_schedules.ReduceLROnPlateau(
            optimizer, factor=gamma, patience=patience, threshold=threshold, threshold_mode="rel", eps=0.0
        )

    ours = factors(Plateau(patience, gamma, threshold), losses)
    assert_allclose(ours, torch_factors(theirs, losses, with_loss=True), rtol=1e-12)


def test_plateau_has_the_defaults_of_torch():
    theirs = torch_schedules.ReduceLROnPlateau(torch.optim.SGD([torch.zeros(1)], lr=1.0))
    ours = Plateau()
    assert (ours.patience, ours.gamma, ours.threshold) == (theirs.patience, theirs.factor, theirs.threshold)


def test_constant():
    assert factors(Constant(), [1.0, 2.0]) == [1.0, 1.0]


def test_cosine_stays_at_its_floor():
    assert_allclose(factors(Cosine(4, floor=0.1), np.zeros(7))[4:], 0.1)


def test_cosine_without_a_length_takes_that_of_the_run():
    assert Cosine().for_run(20) == Cosine(20)
    assert Cosine(5).for_run(20) == Cosine(5)
    assert Cosine().factor(3, {}) == 1.0
    assert WarmUp(5, "cosine").for_run(20) == WarmUp(5, Cosine(15))
    assert WarmUp(5, "cosine").for_run(3) == WarmUp(5, Cosine(1))
    assert Step().for_run(20) == Step()


def test_warm_up_passes_losses_on():
    plateau = Plateau(patience=1, gamma=0.5)
    assert factors(WarmUp(2, plateau), [1.0] * 6) == [1 / 3, 2 / 3, 1.0, 0.5, 0.5, 0.25]


def test_the_rate_of_each_epoch_is_recorded_and_used(regressor, curve, recorder):
    """Plain descent on a full batch: a step is the rate times the factor times the gradient."""
    network = regressor()
    trainer = Trainer(
        network, optimizer="gd", learning_rate=0.2, batch_size="full", schedule=Exponential(0.5), callbacks=[recorder]
    )
    history = trainer.fit(*curve, 4)
    assert history.column("learning_rate_factor") == [1.0, 0.5, 0.25, 0.125]
    for factor, before, after in zip(
        (1.0, 0.5, 0.25, 0.125), recorder.parameters, recorder.parameters[1:], strict=False
    ):
        _, gradient = network.at(before).loss_and_gradient(*curve)
        assert_allclose(after, before - 0.2 * factor * gradient, rtol=1e-12)


def test_a_constant_schedule_is_not_recorded(regressor, curve):
    assert Trainer(regressor()).fit(*curve, 1).names() == ["loss"]


def test_cosine_over_several_fits_goes_on_as_in_one(regressor, curve):
    """The second fit says how long the whole run is, so that a run that was cut short is finished as it was planned."""
    trainer = Trainer(regressor(), schedule=Cosine(6))
    trainer.fit(*curve, 2)
    expected = trainer.fit(*curve, 4).column("learning_rate_factor")
    assert Trainer(regressor(), schedule="cosine").fit(*curve, 6).column("learning_rate_factor") == expected
    second = Trainer(regressor(), schedule="cosine")
    second.fit(*curve, 2)
    assert second.fit(*curve, 4).column("learning_rate_factor")[2:] == expected[2:]


def test_plateau_watches_the_validation_loss_where_there_is_one(regressor, curve):
    x, y = curve
    trainer = Trainer(regressor(), schedule=Plateau(patience=1, gamma=0.5))
    history = trainer.fit(x, y, 12, validation=(x[:5], -y[:5] + 1))
    expected = factors(Plateau(patience=1, gamma=0.5), history.column("validation_loss"))
    assert history.column("learning_rate_factor") == expected
    assert min(expected) < 1 > max(np.diff(history.column("loss")))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: SCHEDULES.create("cosin"), "unknown schedule 'cosin'. Did you mean 'cosine'?\n  Known: NAMES"),
        (lambda: WarmUp(then="cosin"), "unknown schedule 'cosin'. Did you mean 'cosine'?\n  Known: NAMES"),
        (lambda: Step(every=0), "every of step must be a whole number of at least 1. Got 0 instead."),
        (lambda: Step(gamma=0), "gamma of step must be a number above 0. Got 0 instead."),
        (lambda: Exponential(-1), "gamma of exponential must be a number above 0. Got -1 instead."),
        (lambda: Cosine(0), "epochs of cosine must be a whole number of at least 1. Got 0 instead."),
        (lambda: Cosine(floor=1.0), "floor of cosine must be at least 0 and below 1. Got 1.0 instead."),
        (lambda: WarmUp(0), "epochs of warm_up must be a whole number of at least 1. Got 0 instead."),
        (lambda: Plateau(patience=-1), "patience of plateau must be a whole number of at least 0. Got -1 instead."),
        (lambda: Plateau(gamma=1), "gamma of plateau must be between 0 and 1, both excluded. Got 1 instead."),
        (lambda: Plateau(threshold=1), "threshold of plateau must be at least 0 and below 1. Got 1 instead."),
    ],
)
def test_settings_outside_their_limits(error_of, make, message):
    assert error_of(OptionError, make) == message.replace(
        "NAMES", "constant, cosine, exponential, plateau, step, warm_up"
    )


def test_names_and_settings_are_told_as_they_were_given():
    assert SCHEDULES.describe(WarmUp()) == "warm_up"
    assert SCHEDULES.describe(WarmUp(3, "cosine")) == "warm_up(epochs=3, then='cosine')"
