"""XOR with a third input that is always 1: ten ReLU or five sigmoid hidden units, one sample at a time.

Asked: with sigmoid hidden units the program learns, with ReLU it learns nothing; where is the flaw?

Wrong: the hidden layer's step used output weights that the same step had already changed. Sigmoid units are bounded and bear it;
active ReLUs grow exponentially, and after 3,000 epochs 9 of 10 runs have weights above 1e11 and outputs that are just 0 or 1.
(First weights of both signs, instead of positive ones only, would have hidden the mistake in 9 of 10 runs.)

Shown: both kinds learn with the question's own rates and numbers of epochs (loss below 0.01 from 20 of the seeds 0-19, each):
each sample's output at the end, the decay of the loss with a point every 50 epochs, and the learned function as a
surface on a grid of 20 x 20 points, the third input held at 1.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import NamedTuple

import numpy as np

import unstuck as us

X = np.array([[0, 0, 1], [0, 1, 1], [1, 0, 1], [1, 1, 1]])
y = np.array([0, 1, 1, 0])


class Setting(NamedTuple):
    """How one kind of hidden layer is trained."""

    units: int
    learning_rate: float
    epochs: int


SETTINGS = {"relu": Setting(10, 0.05, 3000), "sigmoid": Setting(5, 0.1, 5000)}


def train(activation: str, setting: Setting) -> tuple[us.Network, us.History]:
    """Train a network with such a hidden layer and print its outputs at the end."""
    net = us.Network([us.Dense(3, setting.units, activation), us.Dense(setting.units, 1, "sigmoid")], seed=0)
    print(f"\n{setting.units} {activation} units, rate {setting.learning_rate}, {setting.epochs:,} epochs")
    history = us.train(
        net,
        X,
        y,
        optimizer="gd",
        learning_rate=setting.learning_rate,
        batch_size=1,
        shuffle=False,
        epochs=setting.epochs,
        history_every=50,
        callbacks=[us.SampleReport(X, y)],
    )
    return net, history


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="XOR with a constant third input.")
    parser.add_argument(
        "--out", type=Path, default=Path("pictures"), help="folder for the pictures (default: pictures)"
    )
    out = parser.parse_args().out

    histories = {}
    for name, chosen in SETTINGS.items():
        network, histories[f"{chosen.units} {name} units"] = train(name, chosen)
        surface = us.plots.plot_surface(network, features=(0, 1), fixed={2: 1}, points=20)
        print("written:", surface.save(out / f"xor_constant_input_{name}_surface.png", force=True))
    curves = us.plots.plot_curves(histories, title="Loss decay")
    print("\nwritten:", curves.save(out / "xor_constant_input_loss.png", force=True))
