"""What the tests of nets share: the oracle, which is everything once more in torch, and tables that forget their guests."""

import math

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from unstuck.nets import ACTIVATIONS, INITIALIZERS, LAYERS, LOSSES

ACTIVATIONS_IN_TORCH = {
    "identity": lambda entry, z: z * 1,
    "sigmoid": lambda entry, z: torch.sigmoid(z),
    "tanh": lambda entry, z: torch.tanh(z),
    "softsign": lambda entry, z: F.softsign(z),
    # F.hardsigmoid multiplies its gradient by 1/6 in single precision, whatever the precision of its input.
    "hard_sigmoid": lambda entry, z: F.relu6(z + 3) / 6,
    "softmax": lambda entry, z: torch.softmax(z, 1),
    "relu": lambda entry, z: torch.relu(z),
    "leaky_relu": lambda entry, z: F.leaky_relu(z, entry.slope),
    "elu": lambda entry, z: F.elu(z, entry.alpha),
    "selu": lambda entry, z: torch.selu(z),
    "gelu": lambda entry, z: F.gelu(z, approximate="tanh"),
    "silu": lambda entry, z: F.silu(z),
    # By default torch goes over to the identity at 20, where exp(-20) = 2e-9 is missing. Later, it is exact.
    "softplus": lambda entry, z: F.softplus(z, threshold=math.log(torch.finfo(z.dtype).max) - 8),
}


def bce_rows(loss, z, a, y, activation):
    if activation == "sigmoid":
        return F.binary_cross_entropy_with_logits(z, y, reduction="none").mean(1)
    return F.binary_cross_entropy(a, y, reduction="none").mean(1)


def focal_rows(loss, z, a, y, activation):
    if activation == "softmax":
        log_truth = -F.cross_entropy(z, y, reduction="none")
        return -((-torch.expm1(log_truth)) ** loss.gamma) * log_truth
    margin = torch.where(y > 0, z, -z)
    balance = 1.0 if loss.alpha is None else loss.alpha * y + (1 - loss.alpha) * (1 - y)
    return (-balance * torch.sigmoid(-margin) ** loss.gamma * F.logsigmoid(margin)).mean(1)


LOSSES_IN_TORCH = {
    "mse": lambda loss, z, a, y, activation: F.mse_loss(a, y, reduction="none").mean(1),
    "half_sum": lambda loss, z, a, y, activation: (0.5 * (a - y) ** 2).sum(1),
    "mae": lambda loss, z, a, y, activation: F.l1_loss(a, y, reduction="none").mean(1),
    "huber": lambda loss, z, a, y, activation: F.huber_loss(a, y, delta=loss.threshold, reduction="none").mean(1),
    "quantile": lambda loss, z, a, y, activation: torch.max(loss.q * (y - a), (loss.q - 1) * (y - a)).mean(1),
    "poisson": lambda loss, z, a, y, activation: F.poisson_nll_loss(
        a, y, log_input=loss.log_input, reduction="none"
    ).mean(1),
    "bce": bce_rows,
    "ce": lambda loss, z, a, y, activation: F.cross_entropy(z, y, reduction="none"),
    "focal": focal_rows,
}


class Oracle:
    """Values and gradients from torch, for arrays and parts of ours."""

    def activation(self, activation, z, grad):
        """Return f(z) and dJ/dz for dJ/da = ``grad``."""
        z = torch.tensor(z, requires_grad=True)
        a = self._activate(activation, z)
        a.backward(torch.tensor(grad))
        return a.detach().numpy(), z.grad.numpy()

    def loss(self, loss, activation, z, y):
        """Return the cost of each row and its derivative by z."""
        z = torch.tensor(z, requires_grad=True)
        rows = self._rows(loss, activation, z, torch.tensor(y))
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
                z = F.layer_norm(values, (layer.n,), next(arrays), next(arrays), layer.epsilon)
            else:
                z = values if masks is None else values * torch.tensor(masks[index])
            values = self._activate(layer.activation, z)
        rows = self._rows(net.loss, net.output_activation, z, torch.tensor(y))
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
    def _activate(activation, z):
        return ACTIVATIONS_IN_TORCH[ACTIVATIONS.name_of(activation)](activation, z)

    def _rows(self, loss, activation, z, y):
        rows = LOSSES_IN_TORCH[LOSSES.name_of(loss)]
        return rows(loss, z, self._activate(activation, z), y, ACTIVATIONS.name_of(activation))

    @staticmethod
    def _cut(net, parameters):
        start = 0
        for layer in net.layers:
            for shape in layer.parameter_shapes().values():
                stop = start + math.prod(shape)
                yield parameters[start:stop].reshape(shape)
                start = stop


@pytest.fixture(scope="session")
def oracle():
    torch.set_num_threads(1)
    return Oracle()


@pytest.fixture
def own_tables(monkeypatch):
    """The tables of names, which after the test forget what the test registered."""
    for table in (ACTIVATIONS, INITIALIZERS, LAYERS, LOSSES):
        monkeypatch.setattr(table, "_classes", dict(table._classes))
