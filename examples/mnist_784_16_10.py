"""MNIST with 784 inputs, 16 hidden units and 10 outputs: sigmoid, one-hot squared error, all 60,000 digits a step.

Asked: after a few steps all ten outputs are almost zero for every digit; what is wrong with the updates?

Wrong: the size of the step. The gradient was summed over 10,000 digits and used without a learning rate, so the first step threw
the weights far out and every sigmoid was saturated from then on. (The sign was right: target minus output, added.) The network
was also trained and judged on the same digits.

Shown: the network fits a single digit; every value of two steps on that digit, before and after the update; then 100 epochs of
iRprop- over the full batch, which needs no rate, in float32; the accuracy on the 10,000 digits that training never saw, and which
digit is taken for which. The seeds 0 to 4 reach 93.3, 93.7, 93.4, 93.4 and 93.0 %, each in about 50 s on 2 cores.

The four files of MNIST are downloaded once, or read from --data-folder or the folder that UNSTUCK_DATA names.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

import unstuck as us


def show_progress(trainer: us.Trainer, row: dict[str, float]) -> None:
    """Print the loss every 10 epochs."""
    if trainer.state.epoch % 10 == 0:
        print(f"  epoch {trainer.state.epoch:3}  loss {row['loss']:.5f}", flush=True)


def main(out: Path, data_folder: Path | None, seed: int) -> None:
    """Try one digit, train on all, test on others."""
    digits = us.load_data("mnist", data_folder=data_folder)
    pixels = digits.inputs.astype(np.float32) / 255
    one_hot = np.eye(10, dtype=np.float32)[digits.targets]
    layers = [us.Dense(784, 16, "sigmoid"), us.Dense(16, 10, "sigmoid")]
    net = us.Network(layers, loss="mse", dtype="float32", seed=seed)
    print(net.summary())

    print(f"\nA single digit, a {digits.targets[0]}:")
    print(us.overfit_one(net, pixels[:1], one_hot[:1]))
    print("\nTwo steps on it, rate 1:")
    print(us.trace(net, pixels[:1], one_hot[:1], optimizer="gd", learning_rate=1.0, steps=2))

    print(f"\nAll {len(pixels):,} digits, full batch:")
    history = us.train(net, pixels, one_hot, optimizer="irprop-", epochs=100, callbacks=[show_progress])
    said = net.predict(digits.test_inputs.astype(np.float32) / 255).argmax(axis=1)
    right = (said == digits.test_targets).mean()
    print(
        f"\ntest accuracy {right:.2%} on {len(said):,} other digits, after {len(history)} epochs in {history.seconds:.0f} s"
    )

    curve = us.plots.plot_curves(history, title="MNIST 784-16-10, iRprop-, full batch")
    print("written:", curve.save(out / "mnist_784_16_10_loss.png", force=True))
    confusion = us.plots.plot_confusion(digits.test_targets, said, digits.class_names)
    print("written:", confusion.save(out / "mnist_784_16_10_confusion.png", force=True))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="MNIST with 16 hidden sigmoid units.")
    parser.add_argument(
        "--out", type=Path, default=Path("pictures"), help="folder for the pictures (default: pictures)"
    )
    parser.add_argument("--data-folder", type=Path, help="folder with MNIST's four IDX files")
    parser.add_argument("--seed", type=int, default=0, help="of the first weights (default: 0)")
    given = parser.parse_args()
    main(given.out, given.data_folder, given.seed)
