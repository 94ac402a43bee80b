"""Every named value of a step, beside torch's autograd."""

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose, assert_array_equal

from unstuck.errors import OptionError, ShapeError
from unstuck.nets import Dense, Dropout, LayerNorm, Network
from unstuck.training.optimizers import Adam, GradientDescent
from unstuck.training.trace import trace
from unstuck.training.trainer import Trainer


def tiny():
    """Two inputs, two hidden units, one output; round numbers throughout."""
    network = Network([Dense(2, 2, "relu"), Dense(2, 1)])
    network.parameters[:] = [0.5, -1, 1, 0.25, 0, 0.5, 2, -1, 0.5]
    return network


def in_torch(network, x, y):
    """Return loss and values of a step in torch, retained at every stage."""
    values, parameters, stages = {}, {}, {}
    a = torch.tensor(x)
    for number in range(1, len(network.layers) + 1):
        name = f"layer{number}"
        weights, biases = (
            torch.tensor(network.named_parameters()[f"{name}.{what}"], requires_grad=True)
            for what in ("weights", "biases")
        )
        values[f"{name}.input"] = a
        z = a @ weights + biases
        z.retain_grad()
        a = torch.tanh(z) if number < len(network.layers) else z
        values |= {f"{name}.preactivation": z, f"{name}.activation": a}
        stages[name], parameters[f"{name}.weights"], parameters[f"{name}.biases"] = z, weights, biases
    loss = torch.nn.functional.mse_loss(a, torch.tensor(y))
    loss.backward()
    values |= {f"{name}.delta": z.grad for name, z in stages.items()}
    values |= parameters
    values |= {f"{name}.gradient": array.grad for name, array in parameters.items()}
    return loss.item(), {name: value.detach().numpy() for name, value in values.items()}


def test_every_number_equals_torch():
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(4, 3)), rng.normal(size=(4, 2))
    network = Network([Dense(3, 5, "tanh"), Dense(5, 2)])
    (step,) = trace(network, x, y, optimizer="gd", learning_rate=0.2).steps
    loss, expected = in_torch(network, x, y)
    assert step.loss == pytest.approx(loss, rel=1e-12)
    for name, value in expected.items():
        assert_allclose(step.values[name], value, rtol=1e-12, atol=1e-15, err_msg=name)
    for name in network.named_parameters():
        assert_allclose(step.values[f"{name}.update"], -0.2 * expected[f"{name}.gradient"], rtol=1e-10)
        assert_array_equal(step.values[f"{name}.after"], step.values[name] + step.values[f"{name}.update"])


def test_names_in_the_order_of_computation():
    (step,) = trace(tiny(), [[1, 2]], [1]).steps
    forward = [f"layer{layer}.{what}" for layer in (1, 2) for what in ("input", "preactivation", "activation")]
    backward = [
        f"layer{layer}.{what}"
        for layer in (2, 1)
        for what in (
            "delta",
            *("weights", "weights.gradient", "weights.update", "weights.after"),
            *("biases", "biases.gradient", "biases.update", "biases.after"),
        )
    ]
    assert list(step.values) == forward + backward


TEXT = """\
step 1   loss 20.25
  layer1.input             [[1. 2.]]
  layer1.preactivation     [[2.5 0. ]]
  layer1.activation        [[2.5 0. ]]
  layer2.input             [[2.5 0. ]]
  layer2.preactivation     [[5.5]]
  layer2.activation        [[5.5]]
  layer2.delta             [[9.]]
  layer2.weights           [[ 2.]
                            [-1.]]
  layer2.weights.gradient  [[22.5]
                            [ 0. ]]
  layer2.weights.update    [[-2.25]
                            [ 0.  ]]
  layer2.weights.after     [[-0.25]
                            [-1.  ]]
  layer2.biases            [0.5]
  layer2.biases.gradient   [9.]
  layer2.biases.update     [-0.9]
  layer2.biases.after      [-0.4]
  layer1.delta             [[18.  0.]]
  layer1.weights           [[ 0.5  -1.  ]
                            [ 1.    0.25]]
  layer1.weights.gradient  [[18.  0.]
                            [36.  0.]]
  layer1.weights.update    [[-1.8  0. ]
                            [-3.6  0. ]]
  layer1.weights.after     [[-1.3  -1.  ]
                            [-2.6   0.25]]
  layer1.biases            [0.  0.5]
  layer1.biases.gradient   [18.  0.]
  layer1.biases.update     [-1.8  0. ]
  layer1.biases.after      [-1.8  0.5]
"""


def test_the_text_of_a_step():
    """Every number can be found by hand: the second hidden unit stands exactly at the relu's corner."""
    assert str(trace(tiny(), [[1, 2]], [1], learning_rate=0.1)) + "\n" == TEXT


def test_a_blank_line_between_steps():
    traced = trace(tiny(), [[1, 2]], [1], learning_rate=0.1, steps=2)
    assert str(traced) + "\n" == f"{TEXT}\n{traced[1]}\n"
    assert str(traced[1]).startswith("step 2   loss 1.96")


def test_steps_in_a_row_are_a_training(regressor, curve):
    network = regressor(max_norm=1.0)
    traced = trace(network, *curve, optimizer=Adam(0.1), steps=3)
    history = Trainer(network, optimizer=Adam(0.1), batch_size="full", engine="reference").fit(*curve, 3)
    assert [step.loss for step in traced.steps] == history.column("loss")
    assert [step.number for step in traced.steps] == [1, 2, 3]
    assert len(traced) == 3
    for name, array in network.named_parameters().items():
        assert_array_equal(traced[-1].values[f"{name}.after"], array)
    for before, after in zip(traced.steps, traced.steps[1:], strict=False):
        assert_array_equal(before.values["layer1.weights.after"], after.values["layer1.weights"])


def test_the_network_stays_as_it_is(regressor, curve):
    network = regressor()
    before = network.parameters.copy()
    trace(network, *curve, steps=3)
    assert_array_equal(network.parameters, before)


def test_dropout_is_off():
    network = Network([Dense(2, 4), Dropout(0.5), Dense(4, 1)])
    (step,) = trace(network, [[1, 2]], [1]).steps
    assert_array_equal(step.values["layer2.activation"], step.values["layer2.input"])
    assert_array_equal(step.values["layer3.activation"], network.predict([[1, 2]]))


def test_parameters_of_other_layers_have_their_names():
    network = Network([Dense(2, 3, bias=False), LayerNorm(3), Dense(3, 1)])
    (step,) = trace(network, [[1, 2], [3, 4]], [1, 2]).steps
    assert [name for name in step.values if name.endswith(".update")] == [
        "layer3.weights.update",
        "layer3.biases.update",
        "layer2.gain.update",
        "layer2.shift.update",
        "layer1.weights.update",
    ]


def test_ten_layers_are_not_confused_with_one():
    network = Network([Dense(1, 1) for _ in range(11)])
    (step,) = trace(network, [[1.0]], [1.0]).steps
    assert len(step.values) == 11 * (3 + 1 + 2 * 4)


def test_large_arrays_are_summarised():
    network = Network([Dense(3, 20, "relu"), Dense(20, 1)])
    (step,) = trace(network, [[1, 2, 3]], [1]).steps
    weights = step.values["layer1.weights"]
    line = next(line for line in str(step).splitlines() if line.startswith("  layer1.weights  "))
    assert line.split("  ", 2)[2].strip() == (
        f"(3, 20)  from {weights.min():.4g} to {weights.max():.4g}, mean {weights.mean():.4g}, 0% zeros"
    )


def test_overflow_shows_in_the_values(regressor, curve):
    traced = trace(regressor(), *curve, optimizer=GradientDescent(1e200), steps=4)
    assert not np.isfinite(traced[-1].loss)


def test_float32_stays_float32():
    network = Network([Dense(2, 3, "tanh"), Dense(3, 1)], dtype="float32")
    (step,) = trace(network, [[1, 2]], [1], optimizer="adam").steps
    assert {array.dtype for array in step.values.values()} == {np.dtype("float32")}


@pytest.mark.parametrize("name", ["lm", "lbfgs"])
def test_minimizers_are_refused(error_of, name):
    assert error_of(OptionError, trace, tiny(), [[1, 2]], [1], optimizer=name) == (
        f"{name} owns its steps, so there is no single gradient and update to show.\n"
        "  Trace with another optimizer, such as gd."
    )


def test_other_refusals(error_of):
    assert error_of(OptionError, trace, tiny(), [[1, 2]], [1], steps=0) == (
        "steps must be a whole number of at least 1. Got 0 instead."
    )
    assert error_of(OptionError, trace, tiny(), [[1, 2]], [1], optimizer=Adam(), learning_rate=0.5) == (
        "learning_rate=0.5 goes with an optimizer given by name.\n"
        "  Set it where the optimizer is made: Adam(learning_rate=0.5)."
    )
    assert error_of(OptionError, trace, tiny(), [[1, 2]], [1], optimizer="gdd").startswith("unknown optimizer 'gdd'.")
    assert error_of(ShapeError, trace, tiny(), [[1, 2, 3]], [1]).startswith("X has shape (1, 3), expected (batch, 2).")
