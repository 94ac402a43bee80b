"""What the tests of nets share: the oracle, which is everything once more in torch, and tables that forget their guests."""

import math

import numpy as np
import pytest
import torch
from torch.nn import functional

from unstuck.nets import ACTIVATIONS, INITIALIZERS, LAYERS, LOSSES

ACTIVATIONS_IN_TORCH = {
    "identity": torch.clone,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "softsign": functional.softsign,
    # functional.hardsigmoid multiplies its gradient by 1/6 in single precision, whatever the precision of its input.
    "hard_sigmoid": lambda z: functional.relu6(z + 3) / 6,
    "softmax": lambda z: torch.softmax(z, 1),
    "relu": torch.relu,
    "leaky_relu": functional.leaky_relu,
    "elu": functional.elu,
    "selu": torch.selu,
    "gelu": lambda z: functional.gelu(z, approximate="tanh"),
    "silu": functional.silu,
    # By default torch goes over to the identity at 20, where exp(-20) = 2e-9 is missing. Later, it is exact.
    "softplus": lambda z: functional.softplus(z, threshold=math.log(torch.finfo(z.dtype).max) - 8),
}


def activate(activation, z):
    """Return f(z)."""
    name, *settings = ACTIVATIONS.to_config(activation).values()
    return ACTIVATIONS_IN_TORCH[name](z, *settings)


def cost_of_rows(loss, activation, z, y):
    """Return what each row costs, from the logits where torch has a form for them."""
    a, n_out = activate(activation, z), y.shape[1]
    each = {"reduction": "none"}
    elements = {
        "mse": lambda: functional.mse_loss(a, y, **each),
        "half_sum": lambda: 0.5 * (a - y) ** 2 * n_out,
        "mae": lambda: functional.l1_loss(a, y, **each),
        "huber": lambda: functional.huber_loss(a, y, delta=loss.threshold, **each),
        "quantile": lambda: torch.max(loss.q * (y - a), (loss.q - 1) * (y - a)),
        "poisson": lambda: functional.poisson_nll_loss(a, y, log_input=loss.log_input, **each),
        "bce": lambda: functional.binary_cross_entropy(a, y, **each),
        "bce on logits": lambda: functional.binary_cross_entropy_with_logits(z, y, **each),
        "ce on logits": lambda: functional.cross_entropy(z, y, **each)[:, None],
        "focal on logits": lambda: focal(loss, activation, z, y),
    }
    name = LOSSES.name_of(loss)
    if ACTIVATIONS.name_of(activation) == {"bce": "sigmoid", "ce": "softmax"}.get(name) or name == "focal":
        name += " on logits"
    return elements[name]().mean(1)


def focal(loss, activation, z, y):
    """Return the focal cost of each output for a sigmoid, of each row for a softmax."""
    if activation.is_distribution:
        log_truth = -functional.cross_entropy(z, y, reduction="none")[:, None]
        return -((-torch.expm1(log_truth)) ** loss.gamma) * log_truth
    margin = torch.where(y > 0, z, -z)
    balance = 1.0 if loss.alpha is None else loss.alpha * y + (1 - loss.alpha) * (1 - y)
    return -balance * torch.sigmoid(-margin) ** loss.gamma * functional.logsigmoid(margin)


class Oracle:
    """Values and gradients from torch, for arrays and parts of ours."""

    def activation(self, activation, z, grad):
        """Return f(z) and dJ/dz for dJ/da = ``grad``."""
        z = torch.tensor(z, requires_grad=True)
        a = activate(activation, z)
        a.backward(torch.tensor(grad))
        return a.detach().numpy(), z.grad.numpy()

    def loss(self, loss, activation, z, y):
        """Return the cost of each row and its derivative by z."""
        z = torch.tensor(z, requires_grad=True)
        rows = cost_of_rows(loss, activation, z, torch.tensor(y))
        rows.sum().backward()
        return rows.detach().numpy(), z.grad.numpy()

    def network(self, net, x, y, row_weights=None, masks=None):
        """Return J and dJ/dparameters; ``masks`` holds what dropout multiplies by, by the index of its layer."""
        parameters = torch.tensor(net.parameters, requires_grad=True)
        arrays = iter(self._cut(net, parameters))
        values, penalised = torch.tensor(x), []
        for index, layer in enumerate(net.layers):
            name = type(layer).__name__
            if name == "Dense":
                penalised.append(next(arrays))
                z = values @ penalised[-1] + (next(arrays) if layer.bias else 0)
            elif name == "LayerNorm":
                z = functional.layer_norm(values, (layer.n,), next(arrays), next(arrays), layer.epsilon)
            else:
                z = values if masks is None else values * torch.tensor(masks[index])
            values = activate(layer.activation, z)
        rows = cost_of_rows(net.loss, net.output_activation, z, torch.tensor(y))
        objective = (rows if row_weights is None else rows * torch.tensor(row_weights)).mean()
        for weights in penalised:
            objective = objective + net.l1 * weights.abs().sum() + net.l2 / 2 * weights.square().sum()
        objective.backward()
        return objective.item(), parameters.grad.numpy()

    def targets(self, loss, activation, shape, rng):
        """Return targets that mean something to the loss: numbers, probabilities, counts or one-hot rows."""
        name = LOSSES.name_of(loss)
        if loss.takes_classes(activation):
            return np.eye(shape[1])[rng.integers(0, shape[1], shape[0])]
        if name == "bce":
            return rng.choice([0.0, 1.0, 0.3], shape)
        if name == "focal":
            return rng.choice([0.0, 1.0], shape)
        if name == "poisson":
            return rng.poisson(2.0, shape).astype(float)
        return rng.normal(size=shape)

    @staticmethod
    def _cut(net, parameters):
        start = 0
        for layer in net.layers:
            for shape in layer.parameter_shapes().values():
                stop = start + math.prod(shape)
                yield parameters[start:stop].reshape(shape)
                start = stop


def numbers_from(raw, low, high, extremes=(0.0,)):
    """Return ten rows of five numbers: a third each of the extremes, of moderate ones, and from anywhere between the limits.

    ``raw`` is 200 bytes from hypothesis, which draws them in a hundredth of the time that it takes for 50 floats.
    """
    kind, share = np.divmod(np.frombuffer(raw, "<u4").reshape(10, 5) * (3 / 2**32), 1)
    extreme = np.array(extremes)[(share * len(extremes)).astype(int)]
    moderate = np.clip(40 * share - 20, low, high)
    return np.choose(kind.astype(int), [extreme, moderate, low + (high - low) * share])


@pytest.fixture(scope="session")
def numbers():
    return numbers_from


@pytest.fixture(scope="session")
def oracle():
    torch.set_num_threads(1)
    return Oracle()


@pytest.fixture
def own_tables(monkeypatch):
    """The tables of names, which after the test forget what the test registered."""
    for table in (ACTIVATIONS, INITIALIZERS, LAYERS, LOSSES):
        monkeypatch.setattr(table, "_classes", dict(table._classes))
