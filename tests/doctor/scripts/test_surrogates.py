"""Candidate losses and their gradients against torch."""

import numpy as np
import pytest
import torch
from torch.nn import functional

from unstuck.doctor.scripts.surrogates import Meetings, PairLosses, pair_gradients, pair_losses

RNG = np.random.default_rng(11)


def of_torch(name, outputs, targets):
    if name == "half_sum":
        return functional.mse_loss(outputs, targets, reduction="sum") / 2
    if name == "mae":
        return functional.l1_loss(outputs, targets, reduction="sum")
    if name == "bce":
        return functional.binary_cross_entropy(outputs, targets, reduction="sum")
    if name == "ce":
        return -(targets * torch.log(outputs)).sum()
    return -(targets * torch.log_softmax(outputs, int(name[-1]))).sum()


NAMES = ("half_sum", "mae", "bce", "ce", "softmax-ce-0", "softmax-ce-1")


@pytest.mark.parametrize("name", NAMES)
def test_values_and_gradients(name):
    numbers = RNG.uniform(0.05, 0.95, (5, 3))
    labels = np.eye(3)[RNG.integers(0, 3, 5)]
    outputs = torch.tensor(numbers, requires_grad=True)
    loss = of_torch(name, outputs, torch.tensor(labels))
    loss.backward()
    losses = pair_losses(numbers, labels)
    assert set(losses) == set(NAMES)
    assert losses[name] == pytest.approx(loss.item(), rel=1e-12)
    np.testing.assert_allclose(pair_gradients(numbers, labels, name), outputs.grad.numpy(), rtol=1e-10, atol=1e-12)


def test_what_is_not_a_probability_has_no_cross_entropy():
    outputs, targets = np.array([1.5, 0.5]), np.array([1.0, 0.0])
    assert set(pair_losses(outputs, targets)) == {"half_sum", "mae", "softmax-ce-0"}
    assert pair_gradients(outputs, targets, "bce") is None
    assert pair_gradients(-outputs, targets, "ce") is None


def test_a_softmax_needs_more_than_one_entry():
    outputs, targets = np.zeros((3, 1)), np.ones((3, 1))
    assert "softmax-ce-1" not in pair_losses(outputs, targets)
    assert pair_gradients(outputs, targets, "softmax-ce-1") is None
    assert pair_gradients(outputs[:, 0], targets[:, 0], "softmax-ce-1") is None
    assert set(pair_losses(np.array(0.5), np.array(1.0))) == {"half_sum", "mae", "bce", "ce"}


@pytest.mark.parametrize(("given", "against"), [((4,), (3, 4)), ((3, 1), (3, 4)), ((), (2,)), ((1, 4), (3, 4))])
def test_the_gradient_of_outputs_that_are_broadcast(given, against):
    numbers, labels = RNG.normal(size=given), RNG.normal(size=against)
    outputs = torch.tensor(numbers, requires_grad=True)
    (((outputs - torch.tensor(labels)) ** 2).sum() / 2).backward()
    np.testing.assert_allclose(pair_gradients(numbers, labels, "half_sum"), outputs.grad.numpy())


def test_shapes_that_do_not_go_together():
    assert pair_gradients(np.zeros(2), np.zeros(3), "half_sum") is None
    losses = PairLosses()
    losses.add(np.zeros(2), np.zeros(3))
    assert losses.totals() == {}


def test_the_same_meeting_counts_once():
    losses = PairLosses()
    for outputs in ([0.5, 0.5], [0.5, 0.5], [0.25, 1.0]):
        losses.add(outputs, [1.0, 0.0])
    assert losses.totals()["half_sum"] == pytest.approx(0.25 + (0.75**2 + 1) / 2)
    losses.add("words", [1.0])
    losses.add([1.0], None)
    assert losses.totals()["mae"] == pytest.approx(1.0 + 1.75)


def test_a_sample_that_repeats_counts_each_time():
    losses = PairLosses(repeats=True)
    for _ in range(3):
        losses.add([0.5], [1.0])
    assert losses.totals()["half_sum"] == pytest.approx(3 * 0.125)


def test_only_losses_that_every_meeting_has_are_totalled():
    losses = PairLosses()
    losses.add([0.5, 0.5], [1.0, 0.0])
    losses.add([1.5, -0.5], [1.0, 0.0])
    assert set(losses.totals()) == {"half_sum", "mae", "softmax-ce-0"}


def test_large_meetings_are_not_compared():
    meetings, large = Meetings(), np.zeros(5000)
    assert meetings.is_new(large, large)
    assert meetings.is_new(large, large)
    assert meetings.is_new(large[:10], large[:10])
    assert not meetings.is_new(large[:10], large[:10])
