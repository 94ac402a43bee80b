"""What losses refuse: settings, output activations and targets that mean nothing to them."""

import numpy as np
import pytest

from unstuck.errors import DataError, OptionError
from unstuck.nets import Dense, Network
from unstuck.nets.losses import LOSSES, Focal, Huber, Poisson, Quantile

X = np.zeros((3, 2))


def target_error(loss, activation, y):
    y = np.asarray(y, dtype=float)
    net = Network([Dense(2, y.shape[1], activation)], loss=loss)
    with pytest.raises(DataError) as caught:
        net.check(X[: len(y)], y)
    return str(caught.value)


@pytest.mark.parametrize(
    ("loss", "activation", "message"),
    [
        ("bce", "tanh", "loss bce needs outputs between 0 and 1, but the last layer's activation is tanh.|sigmoid"),
        ("bce", "relu", "loss bce needs outputs between 0 and 1, but the last layer's activation is relu.|sigmoid"),
        (
            "ce",
            "sigmoid",
            "loss ce needs class probabilities that sum to 1, but the last layer's activation is sigmoid.|softmax",
        ),
        (
            "focal",
            "hard_sigmoid",
            "loss focal needs logits, but the last layer's activation is hard_sigmoid.|sigmoid or softmax",
        ),
        (
            Poisson(log_input=False),
            "identity",
            "loss poisson with log_input=False needs rates of at least 0, but the last layer's activation is identity.|softplus",
        ),
    ],
)
def test_output_activation_does_not_fit(loss, activation, message):
    what, remedy = message.split("|")
    with pytest.raises(OptionError) as caught:
        Network([Dense(2, 3, activation)], loss=loss)
    assert str(caught.value) == f"{what}\n  Give the last layer the activation {remedy}, or choose another loss."


def test_focal_with_alpha_has_two_sides_only():
    with pytest.raises(OptionError) as caught:
        Network([Dense(2, 3, "softmax")], loss=Focal(alpha=0.25))
    assert str(caught.value) == (
        "focal with alpha=0.25 balances two sides, but a softmax has several classes.\n"
        "  Leave alpha out and use class_weight instead."
    )


@pytest.mark.parametrize("loss", ["ce", "mse", "bce", "focal", None])
def test_softmax_over_one_output(loss):
    with pytest.raises(OptionError) as caught:
        Network([Dense(2, 1, "softmax")], loss=loss)
    assert str(caught.value) == (
        "a softmax over one output is always 1.\n  For two classes use one sigmoid output with the loss bce, or two softmax outputs."
    )


@pytest.mark.parametrize(
    ("loss", "activation", "y", "message"),
    [
        ("bce", "sigmoid", [[0, 1], [1, 2]], "target 2 in row 1, column 1: bce expects targets from 0 to 1."),
        ("bce", "sigmoid", [[-0.5, 1]], "target -0.5 in row 0, column 0: bce expects targets from 0 to 1."),
        ("focal", "sigmoid", [[0, 1], [0.5, 2]], "target 0.5 in row 1, column 0: focal expects targets 0 or 1."),
        ("focal", "softmax", [[0, 1], [1, 0.5]], "target 0.5 in row 1, column 1: focal expects targets 0 or 1."),
        (
            "focal",
            "softmax",
            [[0, 1], [1, 1]],
            "target 1 in row 1, column 0: focal expects rows that sum to 1 (one-hot, or the class's index).",
        ),
        ("ce", "softmax", [[0, 1], [-1, 2]], "target -1 in row 1, column 0: ce expects class shares from 0 to 1."),
        (
            "ce",
            "softmax",
            [[0.2, 0.8], [0.5, 0.4]],
            "target 0.5 in row 1, column 0: ce expects rows that sum to 1 (one-hot, or the class's index).",
        ),
        (
            "poisson",
            "identity",
            [[0, 3], [-1, 2]],
            "target -1 in row 1, column 0: poisson expects counts of at least 0.",
        ),
    ],
)
def test_target_without_meaning(loss, activation, y, message):
    assert target_error(loss, activation, y) == f"{message}\n  Rows and columns count from 0."


@pytest.mark.parametrize(
    ("loss", "activation", "y"),
    [
        ("focal", "sigmoid", [[1, 1], [0, 0]]),
        ("ce", "softmax", [[0.25, 0.75], [1, 0]]),
        ("bce", "sigmoid", [[0.25, 1], [0, 1]]),
        ("poisson", "identity", [[0.5, 1e6], [0, 1]]),
        ("mse", "identity", [[-1e6, 2], [0, 1]]),
    ],
)
def test_targets_with_a_meaning(loss, activation, y):
    _, targets = Network([Dense(2, 2, activation)], loss=loss).check(X[:2], y)
    assert targets.tolist() == y


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Huber(threshold=0), "threshold must be a number above 0. Got 0 instead."),
        (lambda: Quantile(q=1), "q must be between 0 and 1, both excluded. Got 1 instead."),
        (lambda: Focal(gamma=-1), "gamma must be a number of at least 0. Got -1 instead."),
        (lambda: Focal(alpha=0.0), "alpha must be between 0 and 1, both excluded. Got 0.0 instead."),
        (
            lambda: LOSSES.create("mze"),
            "unknown loss 'mze'. Did you mean 'mse'?\n  Known: bce, ce, focal, half_sum, huber, mae, mse, poisson, quantile",
        ),
        (
            lambda: LOSSES.create("focal", gama=1),
            "unknown setting of loss 'focal' 'gama'. Did you mean 'gamma'?\n  Known: alpha, gamma",
        ),
    ],
)
def test_settings_outside_their_limits(make, message):
    with pytest.raises(OptionError) as caught:
        make()
    assert str(caught.value) == message


@pytest.mark.parametrize("name", LOSSES.names())
def test_squared_errors_know_their_factor(name):
    """Levenberg-Marquardt asks: a row costs factor / 2 times its sum of squared residuals."""
    loss = LOSSES.create(name)
    factor = loss.squared_error_factor(4)
    if name in ("mse", "half_sum"):
        assert loss.rows(np.full((1, 4), 3.0), np.zeros((1, 4))).item() == factor / 2 * 4 * 9
    else:
        assert factor is None
