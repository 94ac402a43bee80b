"""Biases added to products on the tape, against gradients worked out by hand."""

import numpy as np
import pytest

from unstuck.doctor.scripts.added_biases import AddedBiases
from unstuck.doctor.scripts.taped import TapedStep

RNG = np.random.default_rng(5)
X, W, Y = RNG.normal(size=(6, 3)), RNG.normal(size=(3, 4)), RNG.normal(size=(6, 4))
RATES = [0.5]


def gradients(tape):
    return tape.report(["half_sum"], accumulates=False, everything=False)["half_sum"]["variables"]


def step(biases, tape, product, targets):
    """One step of a linear layer: returns the outputs."""
    biases.begin_step()
    outputs = product(lambda value: biases.added(7, value, tape))
    tape.note_pair(outputs, targets)
    biases.descend(gradients(tape), RATES)
    return np.asarray(outputs)


@pytest.mark.parametrize(("inputs", "targets", "axis"), [(X, Y, 1), (X.T, Y.T, 0)])
def test_one_for_each_column_or_row_starting_at_zero(inputs, targets, axis):
    biases = AddedBiases({7: (axis, 4, 0)})
    value = inputs @ W if axis else W.T @ inputs
    first = step(biases, TapedStep(), lambda add: add(value), targets)
    np.testing.assert_array_equal(first, value)
    second = step(biases, TapedStep(), lambda add: add(value), targets)
    expected = -0.5 * (value - targets).sum(1 - axis, keepdims=True)
    np.testing.assert_allclose(second - first, np.broadcast_to(expected, value.shape))


def test_one_for_each_unit_where_units_come_one_at_a_time():
    biases = AddedBiases({7: (None, 4, 0)})

    def product(add):
        return np.stack([add(X[0] @ column) for column in W.T])

    first = step(biases, TapedStep(), product, Y[0])
    second = step(biases, TapedStep(), product, Y[0])
    np.testing.assert_allclose(second - first, -0.5 * (X[0] @ W - Y[0]))


def test_units_are_the_same_for_every_sample_of_a_step():
    biases = AddedBiases({7: (None, 4, 0)})

    def product(add):
        return np.stack([np.stack([add(row @ column) for column in W.T]) for row in X])

    first = step(biases, TapedStep(), product, Y)
    second = step(biases, TapedStep(), product, Y)
    np.testing.assert_allclose(second - first, np.broadcast_to(-0.5 * (X @ W - Y).sum(0), Y.shape))
