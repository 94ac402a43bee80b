"""A network's architecture as plain data, ready for JSON, and back."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from unstuck.errors import UsageError
from unstuck.nets.activations import ACTIVATIONS, Activation
from unstuck.nets.initializers import INITIALIZERS, Initializer
from unstuck.nets.layers import LAYERS, Layer
from unstuck.nets.losses import LOSSES
from unstuck.nets.network import Network


def network_to_config(network: Network) -> dict[str, Any]:
    """Describe everything about ``network`` but the values of its parameters.

    Raises:
        OptionError: A part of it is a class of the user's that is not registered.
    """
    return {
        "layers": [_layer_to_config(layer) for layer in network.layers],
        "loss": LOSSES.to_config(network.loss),
        "l1": network.l1,
        "l2": network.l2,
        "max_norm": network.max_norm,
        "dtype": network.dtype,
        "seed": network.seed,
    }


def network_from_config(config: dict[str, Any]) -> Network:
    """Rebuild what :func:`network_to_config` described; the parameters are drawn from its seed.

    Raises:
        UsageError: Something is missing or has no meaning here.
    """
    try:
        settings = dict(config)
        layers = [_layer_from_config(layer) for layer in settings.pop("layers")]
        return Network(layers, LOSSES.from_config(settings.pop("loss")), **settings)
    except UsageError:
        raise
    except KeyError as error:
        raise UsageError(f"this is no description of a network: it has no {error}.") from error
    except (AttributeError, TypeError, ValueError) as error:
        raise UsageError(f"this is no description of a network: {error}.") from error


def _layer_to_config(layer: Layer) -> dict[str, Any]:
    config: dict[str, Any] = {"name": LAYERS.name_of(layer)}
    for field in fields(layer):
        value = getattr(layer, field.name)
        if isinstance(value, Activation):
            value = ACTIVATIONS.to_config(value)
        elif isinstance(value, Initializer):
            value = INITIALIZERS.to_config(value)
        config[field.name] = value
    return config


def _layer_from_config(config: dict[str, Any]) -> Layer:
    settings = dict(config)
    name = settings.pop("name")
    return LAYERS.create(name, **{key: _part_from_config(key, value) for key, value in settings.items()})


def _part_from_config(key: str, value: Any) -> Any:
    """Rebuild an activation or initialiser; anything else is what it is.

    A layer of the user's may hold further ones under names of its own; then the table that knows the part tells what it is.
    """
    if not isinstance(value, dict) or "name" not in value:
        return value
    known_initializer = key != "activation" and value["name"] in INITIALIZERS.names()
    if key == "initializer" or known_initializer:
        return INITIALIZERS.from_config(value)
    return ACTIVATIONS.from_config(value)
