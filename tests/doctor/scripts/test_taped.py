"""A step followed from its parameters to its losses."""

import numpy as np
import pytest
import torch

from unstuck.doctor.scripts.tape import Tracked
from unstuck.doctor.scripts.taped import REPORTED, TapedStep

pytestmark = pytest.mark.usefixtures("own_numpy")
RNG = np.random.default_rng(2)
X, Y = RNG.normal(size=(5, 3)), RNG.normal(size=(5, 2))


def test_the_gradients_of_every_loss_are_those_of_torch():
    weights, bias = RNG.normal(size=(3, 2)), RNG.normal(size=2)
    step = TapedStep()
    w, b = step.follow(0, weights), step.follow(3, bias)
    outputs = X @ w + b
    step.note((7, 0), outputs)
    step.note_pair(outputs, Y)
    loss = ((outputs - Y) ** 2).mean()
    step.note((8, 0), loss)
    step.note_loss(loss)
    report = step.report([REPORTED, "mae"], accumulates=False, everything=True)
    for name in (REPORTED, "mae"):
        tw, tb = torch.tensor(weights, requires_grad=True), torch.tensor(bias, requires_grad=True)
        out = torch.tensor(X) @ tw + tb
        out.retain_grad()
        ((out - torch.tensor(Y)) ** 2).mean().backward() if name == REPORTED else (
            out - torch.tensor(Y)
        ).abs().sum().backward()
        np.testing.assert_allclose(report[name]["variables"]["0"], tw.grad.numpy())
        np.testing.assert_allclose(report[name]["variables"]["3"], tb.grad.numpy())
        np.testing.assert_allclose(report[name]["values"]["7:0"], out.grad.numpy())
    assert report[REPORTED]["values"]["8:0"] == 1.0
    assert "8:0" not in report["mae"]["values"]
    assert step.report([REPORTED], accumulates=False, everything=False)[REPORTED]["values"] == {}


def test_lists_of_arrays_are_followed_entry_by_entry():
    step = TapedStep()
    weights = [np.ones((2, 2)), np.ones((2, 2))]
    assert step.follow(0, weights) is weights
    assert all(isinstance(entry, Tracked) for entry in weights)
    step.note_loss((weights[0] @ weights[1] @ np.ones(2)).sum())
    assert step.report([REPORTED], accumulates=False, everything=False)[REPORTED]["variables"]["0"].shape == (2, 2, 2)


def test_lists_of_numbers_are_followed_number_by_number():
    step = TapedStep()
    weights = step.follow(0, [[1.0, 2.0], [3.0, 4]])
    step.note_loss(weights[0][0] * weights[0][1] + weights[1][1] ** 2)
    found = step.report([REPORTED], accumulates=False, everything=False)[REPORTED]["variables"]["0"]
    assert found.tolist() == [[2.0, 1.0], [0.0, 8.0]]


def test_a_single_number_is_followed():
    step = TapedStep()
    slope = step.follow(0, 3.0)
    step.note_loss(slope * slope)
    assert step.report([REPORTED], accumulates=False, everything=False)[REPORTED]["variables"]["0"] == 6.0


@pytest.mark.parametrize("value", [np.arange(3), "words", None, 3, [], ["a"], (1.0, 2.0)])
def test_what_cannot_be_followed_stays_as_it_is(value):
    assert TapedStep().follow(0, value) is value


def test_of_an_accumulated_loss_the_last_value_counts():
    step = TapedStep()
    w = step.follow(0, np.array([2.0]))
    total = w * 1.0
    step.note_loss(total)
    step.note_loss(total + w)
    assert step.report([REPORTED], accumulates=True, everything=False)[REPORTED]["variables"]["0"].tolist() == [2.0]
    assert step.report([REPORTED], accumulates=False, everything=False)[REPORTED]["variables"]["0"].tolist() == [3.0]


def test_what_is_not_on_the_tape_is_not_noted():
    step = TapedStep()
    w = step.follow(0, np.ones(2))
    step.note((0, 0), np.ones(2))
    step.note_loss(1.0)
    step.note_pair(np.ones(2), np.ones(2))
    step.note_pair(w * 1.0, "words")
    report = step.report([REPORTED, "half_sum"], accumulates=False, everything=True)
    assert report == {REPORTED: {"variables": {}, "values": {}}, "half_sum": {"variables": {}, "values": {}}}


def test_the_same_meeting_counts_once_and_only_where_the_loss_is_defined():
    step = TapedStep()
    w = step.follow(0, np.array([0.5, 2.0]))
    step.note_pair(w * 1.0, np.zeros(2))
    step.note_pair(w * 1.0, np.zeros(2))
    report = step.report(["half_sum", "bce"], accumulates=False, everything=False)
    assert report["half_sum"]["variables"]["0"].tolist() == [0.5, 2.0]
    assert report["bce"]["variables"] == {}


def test_a_parameter_that_the_loss_does_not_depend_on_has_the_gradient_nothing():
    step = TapedStep()
    w = step.follow(0, np.ones(2))
    step.follow(1, np.ones(3))
    step.note_loss(w.sum())
    found = step.report([REPORTED], accumulates=False, everything=False)[REPORTED]["variables"]
    assert found["1"].tolist() == [0, 0, 0]
