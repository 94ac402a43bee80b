"""What holds for each rule alike."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

import unstuck.training.optimizers
from unstuck.training.optimizers import (
    OPTIMIZERS,
    Adagrad,
    Adam,
    AdamW,
    GradientDescent,
    IRpropMinus,
    IRpropPlus,
    RMSProp,
    RpropMinus,
    RpropPlus,
)

NAMES = {
    "gd": GradientDescent,
    "adagrad": Adagrad,
    "rmsprop": RMSProp,
    "adam": Adam,
    "adamw": AdamW,
    "rprop-": RpropMinus,
    "irprop-": IRpropMinus,
    "rprop+": RpropPlus,
    "irprop+": IRpropPlus,
}

RULES = [
    *(cls() for cls in NAMES.values()),
    GradientDescent(0.01, momentum=0.9, nesterov=True, weight_decay=0.1),
    RMSProp(smoothing=0.9, momentum=0.9, centered=True, weight_decay=0.1),
]


@pytest.fixture(params=RULES, ids=repr)
def rule(request):
    return request.param


def walk(rule, problem, weights, slots, steps):
    for step in steps:
        gradient = problem.gradient(weights).astype(weights.dtype)
        rule.update(weights, gradient, slots, problem.loss(weights), step)


def test_all_names_are_exported_and_sorted():
    exported = unstuck.training.optimizers.__all__
    assert all(hasattr(unstuck.training.optimizers, name) for name in exported)
    constants = [name for name in exported if name.isupper()]
    functions = [name for name in exported if name.islower()]
    classes = [name for name in exported if name not in constants + functions]
    assert exported == sorted(constants) + sorted(classes) + sorted(functions)


@pytest.mark.parametrize(("name", "cls"), NAMES.items())
def test_importing_registers_the_rule(name, cls):
    assert type(OPTIMIZERS.create(name)) is cls
    assert OPTIMIZERS.name_of(cls()) == name


def test_settings_survive_the_way_through_json_and_back(rule):
    assert OPTIMIZERS.from_config(OPTIMIZERS.to_config(rule)) == rule


def test_slots_are_as_declared(rule):
    slots = dict(rule.start(3, "float32").items())
    assert list(slots) == [*rule.slots, *rule.scalar_slots]
    assert all(slots[name].shape == (3,) for name in rule.slots)
    assert all(slots[name].shape == (1,) for name in rule.scalar_slots)
    assert all(array.dtype == np.float32 for array in slots.values())


def test_slots_are_all_it_remembers(rule, problem):
    """Fifty steps, and fifty more from copies of weights and slots, are a hundred steps bit for bit."""
    weights, slots = problem.start.copy(), rule.start(problem.start.size)
    walk(rule, problem, weights, slots, range(1, 51))

    resumed_weights, resumed_slots = weights.copy(), rule.start(weights.size)
    for name, array in slots.items():
        setattr(resumed_slots, name, array.copy())

    walk(rule, problem, weights, slots, range(51, 101))
    walk(rule, problem, resumed_weights, resumed_slots, range(51, 101))
    assert_array_equal(resumed_weights, weights)
    for (_, resumed), (_, array) in zip(resumed_slots.items(), slots.items(), strict=True):
        assert_array_equal(resumed, array)


def test_a_step_changes_nothing_but_weights_and_slots_and_those_in_place(rule, problem):
    weights, slots = problem.start.copy(), rule.start(problem.start.size)
    arrays = dict(slots.items())
    gradient = problem.gradient(weights)
    before = gradient.copy()
    for step in (1, 2, 3):
        rule.update(weights, gradient, slots, 1.0, step)
    assert_array_equal(gradient, before)
    assert all(array is arrays[name] for name, array in slots.items())
    assert not any(np.shares_memory(array, other) for _, array in slots.items() for other in (weights, gradient))


def test_float32_stays_float32(rule, named):
    problem = named["ill-conditioned"]
    weights, slots = problem.start.astype(np.float32), rule.start(2, "float32")
    walk(rule, problem, weights, slots, range(1, 21))
    assert weights.dtype == np.float32
    assert all(array.dtype == np.float32 for _, array in slots.items())

    exact, exact_slots = problem.start.copy(), rule.start(2)
    walk(rule, problem, exact, exact_slots, range(1, 21))
    assert_allclose(weights, exact, rtol=1e-3)


def test_a_weight_without_gradient_stays(rule):
    """All but for weight decay; and there is no warning about zero divided by zero."""
    weights, slots = np.array([2.0, 3.0]), rule.start(2)
    for step in range(1, 11):
        rule.update(weights, np.array([0.0, 1.0]), slots, 1.0, step)
    decay = 1 - getattr(rule, "learning_rate", 0.0) * getattr(rule, "weight_decay", 0.0)
    assert weights[0] == pytest.approx(2.0 * decay**10, rel=1e-14)
    assert weights[1] < 3.0


def test_a_gradient_that_is_not_a_number_shows_in_the_weight_and_in_no_other(rule):
    weights, slots = np.array([2.0, 3.0]), rule.start(2)
    rule.update(weights, np.array([np.nan, 1.0]), slots, 1.0, 1)
    assert np.isnan(weights[0])
    assert weights[1] < 3.0


@pytest.mark.parametrize("name", NAMES)
def test_only_the_rprops_need_the_full_batch(name):
    assert OPTIMIZERS.create(name).full_batch_only == ("rprop" in name)
