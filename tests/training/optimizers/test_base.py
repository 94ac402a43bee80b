"""Slots, the contract of an optimizer, and trace."""

from dataclasses import dataclass

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from unstuck.errors import OptionError
from unstuck.training.optimizers import OPTIMIZERS, GradientDescent, IRpropMinus, Optimizer, Slots, trace


@dataclass(frozen=True)
class Halving(Optimizer):
    """Halves the weights and counts how often."""

    scalar_slots = ("count",)

    def update(self, weights, gradient, slots, loss, step):
        weights /= 2
        slots.count += 1


def test_a_slot_is_read_by_its_name():
    velocity = np.ones(3)
    assert Slots(velocity=velocity).velocity is velocity


def test_assigning_to_a_slot_copies_into_its_array():
    velocity, gradient = np.zeros(2), np.array([1.0, 2.0])
    slots = Slots(velocity=velocity)
    slots.velocity = gradient
    assert slots.velocity is velocity
    assert_array_equal(velocity, [1, 2])
    gradient[0] = 7
    assert_array_equal(velocity, [1, 2])


def test_augmented_assignment_to_a_slot_changes_its_array():
    velocity = np.array([1.0, 2.0])
    slots = Slots(velocity=velocity)
    slots.velocity *= 3
    assert slots.velocity is velocity
    assert_array_equal(velocity, [3, 6])


def test_a_number_fills_a_slot():
    slots = Slots(step_size=np.zeros(2))
    slots.step_size = 0.5
    assert_array_equal(slots.step_size, [0.5, 0.5])


def test_slots_are_listed_in_the_order_of_their_declaration():
    arrays = {"zeta": np.zeros(1), "alpha": np.ones(1)}
    assert list(Slots(**arrays).items()) == list(arrays.items())


def test_an_unknown_slot_cannot_be_read():
    with pytest.raises(AttributeError) as caught:
        Slots(velocity=np.zeros(1)).momentum  # noqa: B018 (reading it is the test)
    assert str(caught.value) == "no slot called 'momentum'"


def test_an_unknown_slot_cannot_be_assigned():
    with pytest.raises(AttributeError) as caught:
        Slots(velocity=np.zeros(1)).momentum = np.zeros(1)
    assert str(caught.value) == "no slot called 'momentum'"


def test_scalar_slots_are_arrays_of_one_number():
    slots = Halving().start(5, "float32")
    assert slots.count.shape == (1,)
    assert slots.count.dtype == np.float32


def test_trace_follows_an_optimizer():
    assert trace(Halving(), start=3.0, steps=3) == [1.5, 0.75, 0.375]


def test_an_optimizer_has_no_slots_and_takes_any_batch_unless_it_says_otherwise():
    assert Halving.slots == ()
    assert not Halving.full_batch_only


def test_scaled_multiplies_the_learning_rate_and_keeps_the_rest():
    assert GradientDescent(0.5, momentum=0.9).scaled(0.1) == GradientDescent(0.05, momentum=0.9)


def test_scaled_by_one_is_the_same_optimizer():
    optimizer = IRpropMinus()
    assert optimizer.scaled(1.0) is optimizer


def test_a_schedule_may_end_at_zero():
    assert GradientDescent(0.5).scaled(0.0).learning_rate == 0.0


def test_scaled_leaves_a_plain_float_so_that_float32_stays_float32():
    assert type(GradientDescent(0.5).scaled(np.float64(0.1)).learning_rate) is float


def test_a_rule_without_learning_rate_refuses_a_schedule():
    with pytest.raises(OptionError) as caught:
        IRpropMinus().scaled(0.5)
    assert str(caught.value) == (
        "IRpropMinus has no learning rate, so a schedule cannot change it.\n"
        "  Leave the schedule out, or choose gd, adagrad, rmsprop, adam or adamw."
    )


def test_a_misspelt_name_is_answered_with_the_right_one():
    with pytest.raises(OptionError) as caught:
        OPTIMIZERS.create("irpop-")
    assert str(caught.value).startswith("unknown optimizer 'irpop-'. Did you mean 'irprop-'?\n  Known: ")


def test_a_misspelt_setting_is_answered_with_the_right_one():
    with pytest.raises(OptionError) as caught:
        OPTIMIZERS.create("gd", learning_rat=0.1)
    assert str(caught.value) == (
        "unknown setting of optimizer 'gd' 'learning_rat'. Did you mean 'learning_rate'?\n"
        "  Known: learning_rate, momentum, nesterov, weight_decay"
    )
