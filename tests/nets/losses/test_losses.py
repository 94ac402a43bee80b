"""Losses beyond torch: the forms on probabilities, finite costs everywhere, and the straight end of poisson."""

from dataclasses import dataclass

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose
from torch.nn import functional

from unstuck.nets.activations import ACTIVATIONS, Sigmoid, Softmax, sigmoid
from unstuck.nets.losses import LOSSES, Focal, Loss, Poisson

ENTRIES = [*map(LOSSES.create, LOSSES.names()), Poisson(log_input=False), Focal(gamma=0.5, alpha=0.9), Focal(gamma=0)]
ENDS = [(loss, ACTIVATIONS.create(loss.output_activation)) for loss in ENTRIES if loss != Poisson(log_input=False)]
ENDS += [(Poisson(log_input=False), ACTIVATIONS.create("relu")), (Focal(gamma=0.5), Softmax())]
ENDS += [(LOSSES.create("bce"), ACTIVATIONS.create(name)) for name in ("hard_sigmoid", "softmax")]
ends = pytest.mark.parametrize(
    ("loss", "activation"), ENDS, ids=lambda entry: (LOSSES if isinstance(entry, Loss) else ACTIVATIONS).describe(entry)
)


def central_difference(rows, outputs):
    """The derivative of each row's cost by each output, one column at a time."""
    steps = 1e-6 * np.eye(outputs.shape[1])
    return np.stack([(rows(outputs + step) - rows(outputs - step)) / 2e-6 for step in steps], axis=1)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@ends
def test_costs_up_to_ten_thousand_are_finite(oracle, loss, activation, dtype):
    """And without a warning, which pytest would make an error."""
    rng = np.random.default_rng(4)
    sizes = np.concatenate([np.geomspace(1e-30, 1e4, 60), np.linspace(0, 1e4, 60)])
    z = rng.permutation(np.concatenate([-sizes, sizes])).reshape(-1, 3).astype(dtype)
    y = oracle.targets(loss, activation, z.shape, rng).astype(dtype)
    a = activation.forward(z)
    for values in (loss.cost(z, a, y, activation), loss.delta(z, a, y, activation), loss.floor(y)):
        assert np.isfinite(values).all()
        assert values.dtype == dtype


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("loss", ENTRIES, ids=LOSSES.describe)
def test_gradient_is_the_derivative_of_rows(oracle, loss, dtype):
    """The forms on outputs, which a loss with a form on logits does not use for its own activation."""
    rng = np.random.default_rng(5)
    outputs = rng.uniform(0.1, 0.9, (20, 3))
    y = oracle.targets(loss, Sigmoid(), outputs.shape, rng)
    gradient = loss.gradient(outputs.astype(dtype), y.astype(dtype))
    expected = central_difference(lambda values: loss.rows(values, y), outputs)
    assert_allclose(gradient, expected, rtol=1e-4 if dtype == "float32" else 1e-6)
    assert gradient.dtype == loss.rows(outputs.astype(dtype), y.astype(dtype)).dtype == dtype


@pytest.mark.parametrize("loss", [LOSSES.create("bce"), Focal(), Focal(gamma=1, alpha=0.2)], ids=LOSSES.describe)
def test_forms_on_logits_and_on_probabilities_agree(oracle, loss):
    rng = np.random.default_rng(6)
    z = rng.normal(size=(20, 3))
    y = oracle.targets(loss, Sigmoid(), z.shape, rng)
    a = sigmoid(z)
    assert_allclose(loss.rows(a, y), loss.cost(z, a, y, Sigmoid()), rtol=1e-12)
    assert_allclose(loss.gradient(a, y) * a * (1 - a), loss.delta(z, a, y, Sigmoid()), rtol=1e-12)


def test_forms_of_cross_entropy_agree():
    rng = np.random.default_rng(7)
    z, y, ce = rng.normal(size=(20, 4)), np.eye(4)[rng.integers(0, 4, 20)], LOSSES.create("ce")
    a = Softmax().forward(z)
    assert_allclose(ce.rows(a, y), ce.cost(z, a, y, Softmax()), rtol=1e-12)
    assert_allclose(Softmax().backward(z, a, ce.gradient(a, y)), ce.delta(z, a, y, Softmax()), rtol=1e-10, atol=1e-15)


@dataclass(frozen=True)
class Steep(Sigmoid):
    """A sigmoid of a person's own making: the form on logits does not hold for it."""

    def forward(self, z):
        return sigmoid(3 * z)

    def backward(self, z, a, grad):
        return 3 * grad * a * (1 - a)


@dataclass(frozen=True)
class Cold(Softmax):
    """A softmax with a temperature: neither does the other one for it."""

    def forward(self, z):
        return super().forward(3 * z)

    def backward(self, z, a, grad):
        return 3 * super().backward(z, a, grad)


@pytest.mark.parametrize(("name", "activation"), [("bce", Steep()), ("ce", Cold())])
def test_a_relative_of_the_fitting_activation_takes_the_chain_rule(name, activation):
    rng = np.random.default_rng(8)
    z, y, loss = rng.normal(size=(9, 3)), np.eye(3)[rng.integers(0, 3, 9)], LOSSES.create(name)
    a = activation.forward(z)
    assert_allclose(loss.cost(z, a, y, activation), loss.rows(a, y), rtol=1e-12)
    expected = central_difference(lambda logits: loss.rows(activation.forward(logits), y), z)
    assert_allclose(loss.delta(z, a, y, activation), expected, rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_bce_of_certain_and_wrong_outputs_equals_torch(dtype):
    """An output of exactly 0 or 1 costs 100, in both precisions."""
    a = np.array([[0.0, 1.0, 0.0, 1.0, 1e-30]], dtype)
    y = np.array([[1.0, 0.0, 0.0, 1.0, 1.0]], dtype)
    expected = functional.binary_cross_entropy(torch.tensor(a), torch.tensor(y), reduction="none").mean(1).numpy()
    assert_allclose(LOSSES.create("bce").rows(a, y), expected, rtol=1e-6 if dtype == "float32" else 1e-12)
    assert LOSSES.create("bce").rows(a[:, :1], y[:, :1]).item() == 100


def test_bce_keeps_its_digits_far_out():
    """The form of torch's logistic sigmoid has no difference of large numbers; its BCEWithLogitsLoss has one."""
    z = np.array([[1e4, -1e4, 9e3, -9e3, 700.0]])
    y = np.array([[1 - 1e-9, 1e-9, 1e-12, 1.0, 0.5]])
    logits = torch.tensor(z)
    expected = -(torch.tensor(y) * functional.logsigmoid(logits) + torch.tensor(1 - y) * functional.logsigmoid(-logits))
    a = sigmoid(z)
    for column, cost in enumerate(expected.numpy()[0]):
        one = slice(column, column + 1)
        assert_allclose(LOSSES.create("bce").cost(z[:, one], a[:, one], y[:, one], Sigmoid()), [cost], rtol=1e-14)


@pytest.mark.parametrize("alpha", [None, 0.25])
@pytest.mark.parametrize("gamma", [0.0, 1.0, 2.0, 3.5])
def test_focal_equals_the_formula_of_torchvision(gamma, alpha):
    """Its ``1 - p_t`` loses digits where p_t is close to 1, so moderate logits and an absolute tolerance."""
    rng = np.random.default_rng(9)
    z, y = rng.normal(scale=3, size=(50, 4)), rng.choice([0.0, 1.0], (50, 4))
    logits, targets = torch.tensor(z, requires_grad=True), torch.tensor(y)
    p = torch.sigmoid(logits)
    cost = functional.binary_cross_entropy_with_logits(logits, targets, reduction="none")
    p_t = p * targets + (1 - p) * (1 - targets)
    cost = cost * (1 - p_t) ** gamma
    if alpha is not None:
        cost = (alpha * targets + (1 - alpha) * (1 - targets)) * cost
    cost.mean(1).sum().backward()
    focal = Focal(gamma=gamma, alpha=alpha)
    assert_allclose(focal.cost(z, p.detach().numpy(), y, Sigmoid()), cost.mean(1).detach(), rtol=1e-10, atol=1e-14)
    assert_allclose(focal.delta(z, p.detach().numpy(), y, Sigmoid()), logits.grad, rtol=1e-10, atol=1e-14)


@pytest.mark.parametrize("gamma", [1.0, 2.0, 3.5])
def test_focal_over_classes_equals_torch(gamma):
    rng = np.random.default_rng(10)
    z, classes = rng.normal(scale=2, size=(50, 4)), rng.integers(0, 4, 50)
    logits = torch.tensor(z, requires_grad=True)
    truth = torch.softmax(logits, 1)[torch.arange(50), torch.tensor(classes)]
    cost = (1 - truth) ** gamma * functional.cross_entropy(logits, torch.tensor(classes), reduction="none")
    cost.sum().backward()
    a, y = Softmax().forward(z), np.eye(4)[classes]
    assert_allclose(Focal(gamma=gamma).cost(z, a, y, Softmax()), cost.detach(), rtol=1e-10, atol=1e-14)
    assert_allclose(Focal(gamma=gamma).delta(z, a, y, Softmax()), logits.grad, rtol=1e-10, atol=1e-14)


def test_focal_without_gamma_is_cross_entropy():
    rng = np.random.default_rng(11)
    z, y = rng.normal(size=(20, 3)), np.eye(3)[rng.integers(0, 3, 20)]
    for name, activation in (("bce", Sigmoid()), ("ce", Softmax())):
        a = activation.forward(z)
        assert_allclose(
            Focal(gamma=0).cost(z, a, y, activation), LOSSES.create(name).cost(z, a, y, activation), rtol=1e-12
        )


@pytest.mark.parametrize("name", ["quantile", "mae", "huber", "mse"])
def test_an_exact_output_has_no_slope(name):
    assert LOSSES.create(name).gradient(np.array([[2.0, 3.0]]), np.array([[2.0, 3.0]])).tolist() == [[0.0, 0.0]]


def test_poisson_goes_on_as_a_straight_line_where_it_would_overflow():
    a, y = np.array([[70.0], [71.0], [72.0], [1e4]]), np.full((4, 1), 5.0)
    rate = np.exp(70.0)
    assert_allclose(Poisson().rows(a, y), rate * np.array([1, 2, 3, 9931.0]) - 5 * a[:, 0], rtol=1e-12)
    assert_allclose(Poisson().gradient(a, y), np.full((4, 1), rate - 5), rtol=1e-12)
