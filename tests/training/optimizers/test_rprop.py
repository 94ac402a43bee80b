"""The four Rprops: hand-made traces, the published pseudo-code beside them, and both step limits."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from unstuck.errors import OptionError
from unstuck.training.optimizers import IRpropMinus, IRpropPlus, Rprop, RpropMinus, RpropPlus, trace

RULES = {"rprop+": RpropPlus, "rprop-": RpropMinus, "irprop+": IRpropPlus, "irprop-": IRpropMinus}


@pytest.mark.parametrize(
    ("cls", "after_the_turn"),
    [
        (RpropPlus, [1.35, 1.135, 0.877, 1.135, 1.006]),
        (RpropMinus, [1.135, 1.028, 0.899, 0.963, 1.041]),
        (IRpropPlus, [0.92, 1.135, 0.92, 1.028, 1.028]),
        (IRpropMinus, [0.92, 1.135, 1.135, 1.028, 0.899]),
    ],
)
def test_follows_the_published_rule(cls, after_the_turn):
    """A test of convergence would not see a step that comes one iteration late."""
    until_the_turn = [2.9, 2.78, 2.636, 2.463, 2.256, 2.007, 1.708, 1.35, 0.92]
    path = trace(cls(first_step=0.1), start=3.0, steps=14)
    assert [round(weight, 3) for weight in path] == until_the_turn + after_the_turn


def sign(number):
    return (number > 0) - (number < 0)


class Published:
    """The pseudo-code of Igel and Hüsken (2003), weight by weight, as printed: their names, their order, their cases."""

    def __init__(self, name, weights, first_step):
        self.name = name
        self.w = list(weights)
        self.delta = [first_step] * len(self.w)
        self.delta_w = [0.0] * len(self.w)
        self.previous_gradient = [0.0] * len(self.w)
        self.previous_error = None

    def step(self, gradient, error):
        for i in range(len(self.w)):
            getattr(self, {"rprop+": "rprop_plus", "rprop-": "rprop_minus"}.get(self.name, "improved"))(
                i, gradient[i], error
            )
        self.previous_error = error

    def grow(self, i):
        self.delta[i] = min(self.delta[i] * 1.2, 50.0)

    def shrink(self, i):
        self.delta[i] = max(self.delta[i] * 0.5, 1e-6)

    def move(self, i, gradient):
        self.delta_w[i] = -sign(gradient) * self.delta[i]
        self.w[i] = self.w[i] + self.delta_w[i]

    def rprop_plus(self, i, gradient, _):
        if gradient * self.previous_gradient[i] > 0:
            self.grow(i)
            self.move(i, gradient)
        elif gradient * self.previous_gradient[i] < 0:
            self.shrink(i)
            self.w[i] = self.w[i] - self.delta_w[i]
            gradient = 0.0
        else:
            self.move(i, gradient)
        self.previous_gradient[i] = gradient

    def rprop_minus(self, i, gradient, _):
        if gradient * self.previous_gradient[i] > 0:
            self.grow(i)
        elif gradient * self.previous_gradient[i] < 0:
            self.shrink(i)
        self.move(i, gradient)
        self.previous_gradient[i] = gradient

    def improved(self, i, gradient, error):
        if gradient * self.previous_gradient[i] > 0:
            self.grow(i)
            self.move(i, gradient)
        elif gradient * self.previous_gradient[i] < 0:
            self.shrink(i)
            if self.name == "irprop+" and error > self.previous_error:
                self.w[i] = self.w[i] - self.delta_w[i]
            gradient = 0.0
        else:
            self.move(i, gradient)
        self.previous_gradient[i] = gradient


def published_path(name, problem, first_step, steps):
    oracle = Published(name, problem.start.tolist(), first_step)
    path = []
    for _ in range(steps):
        weights = np.array(oracle.w)
        oracle.step(problem.gradient(weights).tolist(), problem.loss(weights))
        path.append(list(oracle.w))
    return np.array(path)


@pytest.mark.parametrize("name", RULES)
def test_equals_the_pseudo_code(name, problem, run):
    path, _ = run(RULES[name](), problem, 100)
    assert_array_equal(path, published_path(name, problem, 0.1, 100))


@settings(max_examples=40, deadline=None)
@given(data=st.data(), first_step=st.sampled_from([0.01, 0.1, 1.0, 50.0]))
@pytest.mark.parametrize("name", RULES)
def test_equals_the_pseudo_code_on_generated_problems(name, data, first_step, run, generated):
    problem = data.draw(generated)
    path, _ = run(RULES[name](first_step=first_step), problem, 100)
    assert_array_equal(path, published_path(name, problem, first_step, 100))


@pytest.mark.parametrize("name", RULES)
def test_step_sizes_reach_both_limits_and_no_further(name, named):
    optimizer, problem = RULES[name](), named["both step limits"]
    weights, slots = problem.start.copy(), optimizer.start(2)
    smallest, largest = 1.0, 0.0
    for step in range(1, 301):
        optimizer.update(weights, problem.gradient(weights), slots, problem.loss(weights), step)
        smallest, largest = min(smallest, *slots.step_size), max(largest, *slots.step_size)
    assert (smallest, largest) == (1e-6, 50.0)


@pytest.mark.parametrize("name", RULES)
def test_limits_and_factors_can_be_set(name, run, named):
    optimizer = RULES[name](first_step=0.5, grow=2.0, shrink=0.25, smallest_step=0.125, largest_step=4.0)
    path, _ = run(optimizer, named["both step limits"], 100)
    assert np.diff(path[:5, 0], prepend=0.0).tolist() == [0.5, 1.0, 2.0, 4.0, 4.0]


@pytest.mark.parametrize("name", RULES)
@pytest.mark.parametrize("size", [1e-30, 1e30])
def test_gradients_whose_product_float32_cannot_hold_still_count(name, size):
    optimizer = RULES[name]()
    weights, slots = np.zeros(1, np.float32), optimizer.start(1, "float32")
    for step in (1, 2, 3):
        optimizer.update(weights, np.array([-size], np.float32), slots, 1.0, step)
    assert weights[0] == pytest.approx(0.1 + 0.12 + 0.144, rel=1e-6)


@pytest.mark.parametrize(
    ("loss", "expected"),
    [
        pytest.param(2.0, 0.0, id="grew, so taken back"),
        pytest.param(1.0, 0.1, id="stayed, so kept"),
        pytest.param(0.5, 0.1, id="fell, so kept"),
    ],
)
def test_irprop_plus_takes_a_step_back_only_if_the_error_grew(loss, expected):
    optimizer = IRpropPlus()
    weights, slots = np.zeros(2), optimizer.start(2)
    optimizer.update(weights, np.array([-1.0, -1.0]), slots, 1.0, 1)
    optimizer.update(weights, np.array([1.0, -1.0]), slots, loss, 2)
    assert weights.tolist() == [expected, 0.1 + 0.12]


def test_irprop_plus_compares_losses_in_the_precision_of_the_weights():
    """0.7 is more than the float32 next to it, which must not look like growth."""
    optimizer = IRpropPlus()
    weights, slots = np.zeros(1, np.float32), optimizer.start(1, "float32")
    loss = np.float64(0.7)
    assert float(np.float32(loss)) < loss
    for step, gradient in enumerate((-1.0, 1.0, 1.0, -1.0), start=1):
        optimizer.update(weights, np.array([gradient], np.float32), slots, loss, step)
        assert slots.previous_update[0] == [np.float32(0.1), 0, np.float32(-0.05), 0][step - 1]


def test_defaults_are_those_of_the_papers():
    for cls in RULES.values():
        assert cls() == cls(first_step=0.1, grow=1.2, shrink=0.5, smallest_step=1e-6, largest_step=50.0)


def test_the_base_is_no_rule_itself():
    with pytest.raises(TypeError, match="abstract"):
        Rprop()


@pytest.mark.parametrize("cls", RULES.values())
@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"first_step": 0}, "first_step must be a number above 0. Got 0 instead."),
        ({"grow": 1.0}, "grow must be between 1 and inf, both excluded. Got 1.0 instead."),
        ({"shrink": 1.0}, "shrink must be between 0 and 1, both excluded. Got 1.0 instead."),
        ({"shrink": 0.0}, "shrink must be between 0 and 1, both excluded. Got 0.0 instead."),
        ({"smallest_step": 0.0}, "smallest_step must be a number above 0. Got 0.0 instead."),
        ({"largest_step": float("inf")}, "largest_step must be a number above 0. Got inf instead."),
        (
            {"first_step": 60.0},
            "first_step must be from smallest_step=1e-06 to largest_step=50.0. Got 60.0 instead.",
        ),
        (
            {"smallest_step": 0.2},
            "first_step must be from smallest_step=0.2 to largest_step=50.0. Got 0.1 instead.",
        ),
    ],
)
def test_settings_outside_their_limits(cls, settings, message):
    with pytest.raises(OptionError) as caught:
        cls(**settings)
    assert str(caught.value) == message
