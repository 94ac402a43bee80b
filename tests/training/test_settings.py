"""Settings of a training that depend on each other."""

import pytest

from unstuck.errors import OptionError
from unstuck.nets import Dense, Dropout, Network
from unstuck.training.optimizers import OPTIMIZERS, Adam, GradientDescent, IRpropMinus
from unstuck.training.schedules import Constant, Cosine
from unstuck.training.settings import fitting_batch_size, make_optimizer
from unstuck.training.trainer import Trainer

FULL_ONLY = [name for name in OPTIMIZERS.names() if OPTIMIZERS.create(name).full_batch_only]
NO_RATE = [name for name in OPTIMIZERS.names() if not hasattr(OPTIMIZERS.create(name), "learning_rate")]


def network(*layers):
    return Network(layers or [Dense(2, 1)])


def test_who_needs_all_rows():
    assert FULL_ONLY == NO_RATE == ["irprop+", "irprop-", "lbfgs", "lm", "rprop+", "rprop-"]


def test_an_optimizer_by_name():
    assert make_optimizer("adam", None) == Adam()
    assert make_optimizer("adam", 0.5) == Adam(learning_rate=0.5)
    made = GradientDescent(0.3)
    assert make_optimizer(made, None) is made


def test_a_rate_goes_with_a_name(error_of):
    message = (
        "learning_rate=0.1 goes with an optimizer given by name.\n"
        "  Set it where the optimizer is made: Adam(learning_rate=0.1)."
    )
    assert error_of(OptionError, make_optimizer, Adam(), 0.1) == message
    assert error_of(OptionError, Trainer, network(), optimizer=Adam(), learning_rate=0.1) == message


def test_a_rate_for_a_rule_that_has_none(error_of):
    assert error_of(OptionError, Trainer, network(), optimizer="irprop-", learning_rate=0.1) == (
        "unknown setting of optimizer 'irprop-' 'learning_rate'.\n"
        "  Known: first_step, grow, largest_step, shrink, smallest_step"
    )


def test_an_unknown_optimizer(error_of):
    assert error_of(OptionError, Trainer, network(), optimizer="adams").startswith(
        "unknown optimizer 'adams'. Did you mean 'adam'?\n  Known: "
    )


@pytest.mark.parametrize("name", OPTIMIZERS.names())
def test_the_usual_batch_size(name):
    assert fitting_batch_size(None, OPTIMIZERS.create(name)) == ("full" if name in FULL_ONLY else 32)
    assert fitting_batch_size("full", OPTIMIZERS.create(name)) == "full"


@pytest.mark.parametrize("name", FULL_ONLY)
def test_mini_batches_are_refused_by_rules_that_need_all_rows(error_of, name):
    assert error_of(OptionError, Trainer, network(), optimizer=name, batch_size=16) == (
        f"{name} needs the gradient over all rows, but batch_size is 16.\n"
        "  Use batch_size='full', or an optimizer for mini-batches such as adam or rmsprop."
    )


def test_what_is_no_batch_size(error_of):
    message = "batch_size must be a whole number of at least 1. Got 0 instead."
    assert error_of(OptionError, Trainer, network(), batch_size=0) == message
    assert error_of(OptionError, Trainer, network(), batch_size=0, optimizer="rprop-") == message


@pytest.mark.parametrize("name", FULL_ONLY)
def test_random_layers_are_refused_by_rules_that_need_all_rows(error_of, name):
    layers = Dense(2, 3), Dropout(0.25), Dense(3, 1)
    assert error_of(OptionError, Trainer, network(*layers), optimizer=name) == (
        f"{name} needs the same objective at every step, but layer 2 (Dropout 0.25) draws random numbers.\n"
        "  Take the layer out and use l2 instead, or an optimizer such as adam."
    )


@pytest.mark.parametrize("name", NO_RATE)
def test_schedules_are_refused_by_rules_without_a_rate(error_of, name):
    assert error_of(OptionError, Trainer, network(), optimizer=name, schedule="step") == (
        f"{name} has no learning rate, so a schedule cannot change it.\n"
        "  Leave the schedule out, or choose gd, adagrad, rmsprop, adam or adamw."
    )
    assert Trainer(network(), optimizer=name, schedule="constant").schedule == Constant()


def test_messages_name_settings_that_differ(error_of):
    assert error_of(
        OptionError, Trainer, network(), optimizer=IRpropMinus(first_step=0.5), schedule=Cosine()
    ).startswith("irprop-(first_step=0.5) has no learning rate")


def test_an_unknown_schedule(error_of):
    assert error_of(OptionError, Trainer, network(), schedule="plato") == (
        "unknown schedule 'plato'. Did you mean 'plateau'?\n"
        "  Known: constant, cosine, exponential, plateau, step, warm_up"
    )


@pytest.mark.parametrize("clip", ["clip_norm", "clip_value"])
@pytest.mark.parametrize("name", ["lbfgs", "lm"])
def test_clipping_is_refused_by_minimizers(error_of, name, clip):
    assert error_of(OptionError, Trainer, network(), optimizer=name, **{clip: 1.0}) == (
        f"{name} owns its steps, so {clip} cannot change their gradients.\n  Leave {clip} out, or choose another optimizer."
    )


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"clip_norm": 0}, "clip_norm must be a number above 0. Got 0 instead."),
        ({"clip_value": -1}, "clip_value must be a number above 0. Got -1 instead."),
        ({"seed": -1}, "seed must be a whole number from 0 to 2**63 - 1. Got -1 instead."),
        ({"history_every": 0}, "history_every must be a whole number of at least 1. Got 0 instead."),
        ({"patience": 0}, "patience must be a whole number of at least 1. Got 0 instead."),
        ({"min_delta": -1}, "min_delta must be a number of at least 0. Got -1 instead."),
        ({"tolerance": 0}, "tolerance must be a number above 0. Got 0 instead."),
        ({"time_limit": 0}, "time_limit must be a number above 0. Got 0 instead."),
        ({"target_loss": "low"}, "target_loss must be a finite number. Got 'low' instead."),
        ({"engine": "fast"}, "unknown engine 'fast'.\n  Known: auto, compiled, reference"),
    ],
)
def test_settings_outside_their_limits(error_of, settings, message):
    assert error_of(OptionError, Trainer, network(), **settings) == message


def test_epochs(error_of, curve):
    assert error_of(OptionError, Trainer(network()).fit, *curve, 0) == (
        "epochs must be a whole number of at least 1. Got 0 instead."
    )
