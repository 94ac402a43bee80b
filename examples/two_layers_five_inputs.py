"""Two layers, 5 inputs, 4 sigmoid outputs: every shape, a forward pass as a function, epochs while the error improves.

Asked: the shapes of a two-layer network do not go together when it predicts; how do rows of 5 inputs get through it?

Wrong: the second layer's weights were multiplied with the inputs, not with the hidden layer. Behind that: there was no loop, so a
single step of rate 0.0001 was made; the error was taken between the two layers, not between output and target; all weights
began at zero; the biases were never used while training; and the first data set had two equal rows with different targets.

Shown: the summary with every shape; the forward pass, written out as a function; training from random weights in [-1, 1] for as
long as the error improves (by 1e-5 within 20 epochs), on the data whose rows differ and on the one whose rows contradict
each other, where the error cannot fall below ln(2) / 4 = 0.173; predictions; and what a wrong shape is answered with.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

import unstuck as us

if TYPE_CHECKING:
    from numpy.typing import NDArray

ROWS_THAT_DIFFER = np.array([[1.0, 0, 1, 1, 1], [1, 1, 1, 1, 1]]), np.array([[0.0, 1, 0, 0], [1, 0, 0, 0]])
EQUAL_ROWS = np.array([[1.0, 1, 1, 1, 1], [1, 1, 1, 1, 1]]), np.array([[0.0, 0, 0, 0], [1, 0, 0, 0]])


def forward(net: us.Network, x: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the outputs, as ``net.predict(x)`` does, printing each product's shapes."""
    for number in (1, 2):
        weights, biases = (net.named_parameters()[f"layer{number}.{name}"] for name in ("weights", "biases"))
        z = x @ weights + biases
        print(f"  layer {number}: {x.shape} @ {weights.shape} + {biases.shape} -> {z.shape}")
        x = 1 / (1 + np.exp(-z))
    return x


def train(x: NDArray[np.float64], y: NDArray[np.float64]) -> tuple[us.Network, us.History]:
    """Train for as long as the error improves."""
    layers = [us.Dense(5, 4, "sigmoid", initializer="uniform"), us.Dense(4, 4, "sigmoid", initializer="uniform")]
    net = us.Network(layers, loss="bce", seed=0)
    history = us.train(
        net, x, y, optimizer="gd", learning_rate=1.0, batch_size="full", epochs=20_000, patience=20, min_delta=1e-5
    )
    print(f"  {history.stopped}: epoch {history[-1]['epoch']:,}, error {history[-1]['loss']:.4f}")
    return net, history


def show_wrong_shapes(net: us.Network) -> None:
    """Make the question's mistake, and samples as columns, and print the answers."""
    x, _ = ROWS_THAT_DIFFER
    for attempt in (
        lambda: us.Network([us.Dense(5, 4, "sigmoid"), us.Dense(5, 4, "sigmoid")]),
        lambda: net.predict(x.T),
        lambda: net.predict(x[0]),
    ):
        try:
            attempt()
        except us.ShapeError as error:
            print(f"ShapeError: {error}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Two layers, five inputs, four labels.")
    parser.add_argument(
        "--out", type=Path, default=Path("pictures"), help="folder for the pictures (default: pictures)"
    )
    out = parser.parse_args().out

    histories = {}
    for name, data in {"rows that differ": ROWS_THAT_DIFFER, "equal rows, different targets": EQUAL_ROWS}.items():
        print(f"{name}:")
        network, histories[name] = train(*data)
        outputs = forward(network, data[0])
        print(f"  the same as net.predict: {np.allclose(outputs, network.predict(data[0]))}")
        print(f"outputs\n{outputs.round(3)}\ntargets\n{data[1]}\n")
    print(network.summary(), "\n")
    show_wrong_shapes(network)
    picture = us.plots.plot_curves(histories, title="Epochs while the error improves")
    print("\nwritten:", picture.save(out / "two_layers_five_inputs.png", force=True))
