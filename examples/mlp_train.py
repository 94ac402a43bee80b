"""`mlp_train`: backpropagation for any sizes, squared error, one sample at a time.

Asked: an `mlp_train` written after the formulas does not lower the cost; all outputs run to the same value. Is NumPy misused?

Wrong: five things, and no single change mends it. The cost itself was multiplied in where its derivative belongs, so the step
never changes its sign; the sigmoid's derivative was taken at the input; the step was added; the hidden layer's step was built from
the output layer's step and its already changed weights; there were no biases. With all that mended the rate 0.01 is still too
small for 10,000 iterations.

Shown: XOR with 2 hidden units, each sample's output and cost every 2,000 iterations. Two units are the fewest that can do it,
and 8 of the seeds 0-9 do within 4,000 iterations (the other two end in a local minimum); 4 units do it from all ten.
Then the same function with other sizes: 3 inputs, 6 hidden units, 2 outputs (a full adder).
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import numpy as np

import unstuck as us


def mlp_train(
    X: Any,  # noqa: N803 (the name it has in the question)
    y: Any,
    n_h: int,
    learning_rate: float = 1.0,
    max_iterations: int = 10_000,
) -> tuple[us.Network, us.History]:
    """Train a network with ``n_h`` hidden units, its other sizes taken from the data.

    Args:
        X: Inputs, shape ``(samples, n_in)``.
        y: Targets from 0 to 1, shape ``(samples,)`` or ``(samples, n_out)``.
        n_h: Number of hidden units.
        learning_rate: Of plain gradient descent.
        max_iterations: How often to go through all samples; each sample is a step.
    """
    inputs, targets = np.asarray(X), np.asarray(y).reshape(len(y), -1)
    layers = [us.Dense(inputs.shape[1], n_h, "sigmoid"), us.Dense(n_h, targets.shape[1], "sigmoid")]
    net = us.Network(layers, loss="half_sum", seed=0)
    history = us.train(
        net,
        inputs,
        targets,
        optimizer="gd",
        learning_rate=learning_rate,
        batch_size=1,
        shuffle=False,
        epochs=max_iterations,
        callbacks=[us.SampleReport(inputs, targets, every=2000)],
        history_every=20,
    )
    return net, history


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="XOR and a full adder, one sample at a time.")
    parser.add_argument(
        "--out", type=Path, default=Path("pictures"), help="folder for the pictures (default: pictures)"
    )
    out = parser.parse_args().out

    print("XOR, 2-2-1")
    _, xor = mlp_train([[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0], n_h=2, max_iterations=4000)

    print("\nFull adder, 3-6-2: sum and carry of three bits")
    bits = np.array([[a, b, c] for a in (0, 1) for b in (0, 1) for c in (0, 1)])
    total = bits.sum(axis=1)
    _, adder = mlp_train(bits, np.column_stack([total % 2, total // 2]), n_h=6, max_iterations=2000)

    picture = us.plots.plot_curves({"XOR 2-2-1": xor, "full adder 3-6-2": adder}, title="One sample at a time")
    print("\nwritten:", picture.save(out / "mlp_train.png", force=True))
