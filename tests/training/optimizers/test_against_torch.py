"""Every rule that torch has, step by step beside torch, in float64."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from unstuck.training.optimizers import Adagrad, Adam, AdamW, GradientDescent, IRpropMinus, RMSProp

STEPS = 100

PAIRS = {
    "gd": (GradientDescent(learning_rate=0.05), torch.optim.SGD, {"lr": 0.05}),
    "momentum": (GradientDescent(0.05, momentum=0.9), torch.optim.SGD, {"lr": 0.05, "momentum": 0.9}),
    "nesterov": (
        GradientDescent(0.05, momentum=0.9, nesterov=True),
        torch.optim.SGD,
        {"lr": 0.05, "momentum": 0.9, "nesterov": True},
    ),
    # without momentum, decay that is decoupled and decay that is added to the gradient are the same
    "gd with decay": (GradientDescent(0.05, weight_decay=0.1), torch.optim.SGD, {"lr": 0.05, "weight_decay": 0.1}),
    "adagrad": (Adagrad(), torch.optim.Adagrad, {}),
    "adagrad, set": (Adagrad(0.5, epsilon=1e-3), torch.optim.Adagrad, {"lr": 0.5, "eps": 1e-3}),
    "rmsprop": (RMSProp(), torch.optim.RMSprop, {}),
    "rmsprop, set": (
        RMSProp(0.02, smoothing=0.9, epsilon=1e-3),
        torch.optim.RMSprop,
        {"lr": 0.02, "alpha": 0.9, "eps": 1e-3},
    ),
    "rmsprop, momentum": (RMSProp(momentum=0.8), torch.optim.RMSprop, {"momentum": 0.8}),
    "rmsprop, centered": (RMSProp(centered=True), torch.optim.RMSprop, {"centered": True}),
    "rmsprop, both": (
        RMSProp(momentum=0.8, centered=True),
        torch.optim.RMSprop,
        {"momentum": 0.8, "centered": True},
    ),
    "adam": (Adam(), torch.optim.Adam, {}),
    "adam, set": (
        Adam(0.1, beta1=0.8, beta2=0.99, epsilon=1e-4),
        torch.optim.Adam,
        {"lr": 0.1, "betas": (0.8, 0.99), "eps": 1e-4},
    ),
    "adam with decay": (Adam(0.1, weight_decay=0.2), torch.optim.AdamW, {"lr": 0.1, "weight_decay": 0.2}),
    "adamw": (AdamW(), torch.optim.AdamW, {}),
    "adamw, set": (AdamW(0.1, weight_decay=0.3), torch.optim.AdamW, {"lr": 0.1, "weight_decay": 0.3}),
}


@pytest.fixture(params=PAIRS)
def pair(request):
    return PAIRS[request.param]


def torch_steps(cls, settings, start, gradient_at):
    """Return the weights after each of torch's steps; ``gradient_at(step, weights)`` is what torch is given."""
    weights = torch.from_numpy(start.copy()).requires_grad_()
    optimizer = cls([weights], **settings)
    path = []
    for step in range(STEPS):
        weights.grad = torch.from_numpy(gradient_at(step, weights.detach().numpy()))
        optimizer.step()
        path.append(weights.detach().numpy().copy())
    return np.array(path)


def test_follows_torch(pair, problem, run):
    ours, cls, settings = pair
    path, _ = run(ours, problem, STEPS)
    theirs = torch_steps(cls, settings, problem.start, lambda _, weights: problem.gradient(weights))
    assert_allclose(path, theirs, rtol=1e-10, atol=1e-13)


@settings(max_examples=15, deadline=None)
@given(data=st.data())
@pytest.mark.parametrize("name", PAIRS)
def test_follows_torch_on_generated_problems(name, data, run, generated):
    """Torch is given the gradients along our path.

    Where a gradient is zero but for rounding, Adagrad and its kin make a step of that rounding, and the paths part.
    """
    ours, cls, settings = PAIRS[name]
    problem = data.draw(generated)
    path, _ = run(ours, problem, STEPS)
    points = np.vstack([problem.start, path])
    theirs = torch_steps(cls, settings, problem.start, lambda step, _: problem.gradient(points[step]))
    assert_allclose(path, theirs, rtol=1e-10, atol=1e-12 * np.abs(points).max())


RPROP = {"lr": 0.01, "etas": (0.5, 1.2), "step_sizes": (1e-6, 50)}


def test_irprop_minus_is_torch_to_the_last_digit(problem, run):
    path, _ = run(IRpropMinus(first_step=0.01), problem, STEPS)
    theirs = torch_steps(torch.optim.Rprop, RPROP, problem.start, lambda _, weights: problem.gradient(weights))
    assert_array_equal(path, theirs)


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_irprop_minus_is_torch_to_the_last_digit_on_generated_problems(data, run, generated):
    problem = data.draw(generated)
    path, _ = run(IRpropMinus(first_step=0.01), problem, STEPS)
    theirs = torch_steps(torch.optim.Rprop, RPROP, problem.start, lambda _, weights: problem.gradient(weights))
    assert_array_equal(path, theirs)


def test_defaults_are_those_of_torch():
    """All but the rate of gradient descent, 0.1 here and 0.001 there, and the first step of Rprop, 0.1 as published."""
    theirs = {cls: cls([torch.zeros(1)]).defaults for cls in (torch.optim.Adagrad, torch.optim.RMSprop)}
    assert theirs[torch.optim.Adagrad].items() >= {"lr": Adagrad().learning_rate, "eps": Adagrad().epsilon}.items()
    rmsprop = RMSProp()
    expected = {
        "lr": rmsprop.learning_rate,
        "alpha": rmsprop.smoothing,
        "eps": rmsprop.epsilon,
        "momentum": rmsprop.momentum,
        "centered": rmsprop.centered,
        "weight_decay": rmsprop.weight_decay,
    }
    assert theirs[torch.optim.RMSprop].items() >= expected.items()
    for ours, cls in ((Adam(), torch.optim.Adam), (AdamW(), torch.optim.AdamW)):
        expected = {
            "lr": ours.learning_rate,
            "betas": (ours.beta1, ours.beta2),
            "eps": ours.epsilon,
            "weight_decay": ours.weight_decay,
        }
        assert cls([torch.zeros(1)]).defaults.items() >= expected.items()
