"""What a network computes: activations, losses, initialisers, layers, and the network that joins them."""

from unstuck.nets.activations import ACTIVATIONS, Activation
from unstuck.nets.initializers import INITIALIZERS, Initializer
from unstuck.nets.layers import LAYERS, Dense, Dropout, Layer, LayerNorm
from unstuck.nets.losses import LOSSES, Loss
from unstuck.nets.network import LayerValues, Network
from unstuck.nets.stacking import dense_layers

__all__ = [
    "ACTIVATIONS",
    "INITIALIZERS",
    "LAYERS",
    "LOSSES",
    "Activation",
    "Dense",
    "Dropout",
    "Initializer",
    "Layer",
    "LayerNorm",
    "LayerValues",
    "Loss",
    "Network",
    "dense_layers",
]
