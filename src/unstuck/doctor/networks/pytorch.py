"""PyTorch's ``nn.Sequential`` of linear layers as a setup: the same weights, activations, loss and rule."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from unstuck.doctor.networks.own import hold_out
from unstuck.doctor.networks.setup import Setup
from unstuck.errors import OptionError
from unstuck.limits import check_count
from unstuck.nets import Dense, Network
from unstuck.nets.activations import Elu, LeakyRelu
from unstuck.nets.losses import Huber
from unstuck.training.optimizers import Adagrad, Adam, AdamW, GradientDescent, RMSProp

if TYPE_CHECKING:
    from unstuck.data.batches import BatchSize
    from unstuck.nets import Activation, Loss
    from unstuck.training.optimizers import Rule

_ACTIVATIONS = {
    "ReLU": "relu", "Sigmoid": "sigmoid", "Tanh": "tanh", "Softplus": "softplus", "SiLU": "silu", "GELU": "gelu", "SELU": "selu",
    "Softsign": "softsign", "Softmax": "softmax", "Identity": "identity",
}  # fmt: skip
_BEHIND = {"BCEWithLogitsLoss": "sigmoid", "CrossEntropyLoss": "softmax"}
"""Losses that apply an activation themselves."""
_LOSSES = {"MSELoss": "mse", "L1Loss": "mae", "BCELoss": "bce", "BCEWithLogitsLoss": "bce", "CrossEntropyLoss": "ce"}
_OPTIMIZERS = ("SGD", "Adam", "AdamW", "RMSprop", "Adagrad")


def is_sequential(target: Any) -> bool:
    """Whether it is an ``nn.Sequential``, without importing PyTorch."""
    return any(cls.__name__ == "Sequential" and cls.__module__.startswith("torch.") for cls in type(target).__mro__)


def setup_of_sequential(
    module: Any,
    inputs: Any,
    targets: Any,
    *,
    optimizer: Any,
    loss: Any,
    epochs: int = 100,
    batch_size: BatchSize = "full",
) -> Setup:
    """Return the training of a ``Sequential`` from its present weights.

    Args:
        module: Linear layers, each with an activation behind it or none.
        inputs: Shape ``(rows, n_in)``.
        targets: Shape ``(rows, n_out)``, or class indices for ``CrossEntropyLoss``.
        optimizer: A ``torch.optim`` optimizer: SGD, Adam, AdamW, RMSprop or Adagrad.
        loss: MSELoss, L1Loss, HuberLoss, BCELoss, BCEWithLogitsLoss or CrossEntropyLoss.
        epochs: How often all rows are seen (default 100).
        batch_size: Rows a step (default all of them).

    Raises:
        OptionError: A layer, loss or optimizer that is not known here, or that does not fit the others.
    """
    check_count("epochs", epochs)
    kind = type(loss).__name__
    layers = _layers(module)
    if kind in _BEHIND:
        _refuse_second_activation(layers, kind)
        layers[-1] = _with_activation(layers[-1], _BEHIND[kind])
    network = Network([dense for dense, _ in layers], _loss(loss), l2=_penalty(optimizer))
    for (_, linear), arrays in zip(layers, network.layer_views(network.parameters), strict=True):
        arrays["weights"][...] = linear.weight.detach().cpu().numpy().T
        if linear.bias is not None:
            arrays["biases"][...] = linear.bias.detach().cpu().numpy()
    x, y = network.check(_array(inputs), _array(targets))
    x, y, n_training = hold_out(x, y)
    return Setup(network, x, y, n_training, _rule(optimizer), batch_size, epochs, is_drawn=False)


def _layers(module: Any) -> list[tuple[Dense, Any]]:
    found: list[tuple[Dense, Any]] = []
    for part in module:
        name = type(part).__name__
        if name == "Linear":
            found.append((Dense(part.in_features, part.out_features, bias=part.bias is not None), part))
        elif name in ("Flatten", "Dropout"):
            continue  # rows are flat already; dropout is for generalisation, which is not what is asked
        elif not found:
            raise OptionError(f"the Sequential must begin with a Linear layer. It begins with {name}.")
        else:
            found[-1] = _with_activation(found[-1], _activation(part))
    if not found:
        raise OptionError("the Sequential has no Linear layer.")
    return found


def _activation(part: Any) -> str | Activation:
    name = type(part).__name__
    if name == "LeakyReLU":
        return LeakyRelu(part.negative_slope)
    if name == "ELU":
        return Elu(part.alpha)
    if name not in _ACTIVATIONS:
        known = ", ".join(["Linear", *_ACTIVATIONS, "LeakyReLU", "ELU", "Flatten", "Dropout"])
        raise OptionError(f"a layer of kind {name} is not known here.\n  Known: {known}")
    return _ACTIVATIONS[name]


def _with_activation(layer: tuple[Dense, Any], activation: str | Activation) -> tuple[Dense, Any]:
    dense, linear = layer
    return Dense(dense.n_in, dense.n_out, activation, bias=dense.bias), linear


def _refuse_second_activation(layers: list[tuple[Dense, Any]], kind: str) -> None:
    last = layers[-1][0].activation
    if type(last).__name__ in ("Softmax", "Sigmoid"):
        raise OptionError(
            f"{kind} applies a {_BEHIND[kind]} itself, and the Sequential ends with one as well, so it is applied twice.\n"
            f"  Leave the last layer, {type(last).__name__}, out of the Sequential."
        )


def _loss(loss: Any) -> str | Loss:
    name = type(loss).__name__
    if name == "HuberLoss":
        return Huber(loss.delta)
    if name not in _LOSSES:
        raise OptionError(f"the loss {name} is not known here.\n  Known: {', '.join([*_LOSSES, 'HuberLoss'])}")
    return _LOSSES[name]


def _penalty(optimizer: Any) -> float:
    """Return the factor of the squared weights in the loss: what PyTorch calls weight decay, but for AdamW, which decays by itself."""
    if type(optimizer).__name__ == "AdamW":
        return 0.0
    return float(optimizer.param_groups[0].get("weight_decay", 0.0))


def _rule(optimizer: Any) -> Rule:
    name, given = type(optimizer).__name__, optimizer.param_groups[0]
    rate = float(given["lr"])
    if name == "SGD":
        return GradientDescent(rate, momentum=given["momentum"], nesterov=given["nesterov"])
    if name in ("Adam", "AdamW"):
        beta1, beta2 = given["betas"]
        if name == "Adam":
            return Adam(rate, beta1=beta1, beta2=beta2, epsilon=given["eps"])
        return AdamW(rate, weight_decay=given["weight_decay"], beta1=beta1, beta2=beta2, epsilon=given["eps"])
    if name == "RMSprop":
        return RMSProp(
            rate, smoothing=given["alpha"], epsilon=given["eps"], momentum=given["momentum"], centered=given["centered"]
        )  # fmt: skip
    if name == "Adagrad":
        return Adagrad(rate, epsilon=given["eps"])
    raise OptionError(f"the optimizer {name} is not known here.\n  Known: {', '.join(_OPTIMIZERS)}")


def _array(values: Any) -> np.ndarray[Any, Any]:
    """Return a tensor, or anything like an array, as an array."""
    return np.asarray(values.detach().cpu().numpy() if hasattr(values, "detach") else values)
