"""What an engine knows about a step: how gradients are clipped and which loss is low enough."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from unstuck.errors import OptionError
from unstuck.training.engines import StepSettings

vectors = st.lists(st.floats(-100, 100), min_size=1, max_size=8).map(np.array)
limits = st.floats(0.01, 100)


def clipped(gradient, **settings):
    gradient = gradient.copy()
    StepSettings(**settings).clip(gradient)
    return gradient


@settings(max_examples=60, deadline=None)
@given(vectors, limits)
def test_clipping_by_norm_equals_torch(gradient, limit):
    """Torch adds 1e-6 to the norm that it divides by."""
    parameter = torch.zeros(len(gradient), dtype=torch.float64)
    parameter.grad = torch.tensor(gradient)
    torch.nn.utils.clip_grad_norm_([parameter], limit)
    assert_allclose(clipped(gradient, clip_norm=limit), parameter.grad, rtol=2e-6 / min(limit, 1), atol=1e-300)


@settings(max_examples=60, deadline=None)
@given(vectors, limits)
def test_clipping_by_norm_keeps_the_direction_and_shortens_only_what_is_longer(gradient, limit):
    result, norm = clipped(gradient, clip_norm=limit), np.linalg.norm(gradient)
    if norm <= limit * (1 - 1e-12):
        assert_array_equal(result, gradient)
    else:
        assert_allclose(result, gradient * (limit / norm), rtol=1e-12)


@settings(max_examples=60, deadline=None)
@given(vectors, limits)
def test_clipping_by_value(gradient, limit):
    assert_array_equal(clipped(gradient, clip_value=limit), np.clip(gradient, -limit, limit))


def test_clipping_by_value_comes_first():
    result = clipped(np.array([3.0, 0.5]), clip_value=1.0, clip_norm=0.5)
    assert_allclose(result, np.array([1.0, 0.5]) / np.hypot(1, 0.5) * 0.5, rtol=1e-14)


def test_without_limits_nothing_changes():
    assert_array_equal(clipped(np.array([1e9, -1e-9])), [1e9, -1e-9])


def test_clipping_keeps_float32():
    assert clipped(np.ones(3, "float32"), clip_norm=0.1, clip_value=0.5).dtype == np.float32


def test_which_loss_is_low_enough():
    assert not StepSettings().reached(0.0)
    half = StepSettings(target_loss=0.5)
    assert half.reached(0.5)
    assert not half.reached(0.50001)
    assert not half.reached(float("nan"))


@pytest.mark.parametrize("name", ["clip_norm", "clip_value"])
@pytest.mark.parametrize("limit", [0, -1.0, float("inf"), "1"])
def test_limits_that_are_not_above_zero(error_of, name, limit):
    message = error_of(OptionError, StepSettings, **{name: limit})
    assert message == f"{name} must be a number above 0. Got {limit!r} instead."
