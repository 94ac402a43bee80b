"""Every example runs, without a display and without a warning, and shows what it says it shows."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = ROOT / "examples"
PNG = b"\x89PNG\r\n\x1a\n"
SECONDS = 400
WHOLE_RUN_SEEDS = 3

needs_mnist = pytest.mark.skipif(not os.environ.get("UNSTUCK_DATA"), reason="UNSTUCK_DATA names no folder with MNIST")


def run(script, folder, *arguments, warnings="error"):
    """Run an example in ``folder`` and return what it printed."""
    display = ("DISPLAY", "WAYLAND_DISPLAY", "MPLBACKEND")
    environment = {name: value for name, value in os.environ.items() if name not in display}
    done = subprocess.run(
        [sys.executable, "-W", warnings, EXAMPLES / script, *map(str, arguments)],
        cwd=folder,
        env={**environment, "PYTHONPATH": str(ROOT / "src"), "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
        timeout=SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def pictures(folder):
    """Return the names of the pictures in ``folder``, which must hold nothing else."""
    files = sorted(folder.iterdir())
    assert all(file.read_bytes().startswith(PNG) for file in files)
    return [file.name for file in files]


def numbers(pattern, text):
    """Return the first group of each match as a number."""
    return [float(found) for found in re.findall(pattern, text, re.MULTILINE)]


# ---------------------------------------------------------------------- done right


def test_three_optimizers_solve_xor_and_one_plot_compares_them(tmp_path):
    text = run("xor_three_optimizers.py", tmp_path, "--out", "plots")
    assert "gradients: right" in text
    small, large = numbers(r"first weights of scale \S+ +loss (\S+)", text)
    assert small == pytest.approx(np.log(2), abs=1e-4)
    assert large < 0.2
    assert re.findall(r"^(\S+): the loss has reached 0.001 in epoch", text, re.MULTILINE) == [
        "gd",
        "rmsprop",
        "irprop-",
    ]
    assert text.count("raw      [") == 3
    assert text.count("rounded  [0. 1. 1. 0.]") == 3
    assert pictures(tmp_path / "plots") == ["xor_three_optimizers.png"]


def test_mlp_train_learns_and_reports_every_2000_iterations(tmp_path):
    text = run("mlp_train.py", tmp_path)
    xor, adder = text.split("Full adder")
    for part, epochs, n_samples in ((xor, [1, 2000, 4000], 4), (adder, [1, 2000], 8)):
        assert numbers(r"^epoch (\d+)", part) == epochs
        costs = numbers(r"cost (\S+)$", part)
        assert len(costs) == n_samples * (len(epochs) + 1)
        assert max(costs[-n_samples:]) < 1e-3
    assert pictures(tmp_path / "pictures") == ["mlp_train.png"]


def test_two_layers_train_while_the_error_improves_and_wrong_shapes_are_explained(tmp_path):
    text = run("two_layers_five_inputs.py", tmp_path)
    learned, contradicting = numbers(r"nothing has improved for 20 epochs: epoch \S+, error (\S+)$", text)
    assert learned < 0.01
    assert contradicting == pytest.approx(np.log(2) / 4, abs=2e-3)
    assert "layer 1: (2, 5) @ (5, 4) + (4,) -> (2, 4)" in text
    assert text.count("the same as net.predict: True") == 2
    assert "weights (5, 4)  biases (4,)" in text
    assert text.count("ShapeError: ") == 3
    assert "Make layer 2 Dense(4, 4)" in text
    assert "It looks as if samples are columns. Turn it: X.T has shape (2, 5)." in text
    assert pictures(tmp_path / "pictures") == ["two_layers_five_inputs.png"]


def test_relu_and_sigmoid_units_both_learn_and_their_surfaces_are_drawn(tmp_path):
    (tmp_path / "pictures").mkdir()
    (tmp_path / "pictures" / "xor_constant_input_loss.png").write_bytes(b"of an earlier run")
    text = run("xor_constant_input.py", tmp_path)
    costs = numbers(r"cost (\S+)$", text)
    assert len(costs) == 8
    assert max(costs) < 0.01
    assert re.findall(r"rounded \[(\d)\]", text) == ["0", "1", "1", "0"] * 2
    assert pictures(tmp_path / "pictures") == [
        "xor_constant_input_loss.png",
        "xor_constant_input_relu_surface.png",
        "xor_constant_input_sigmoid_surface.png",
    ]


def check_mnist(text, folder, n_test):
    """Check what the MNIST example printed and drew, and return its accuracy on the test digits in percent."""
    assert "the network fits it" in text
    before, after = numbers(r"^step \d   loss (\S+)$", text)
    assert after < before
    for name in ("layer1.preactivation", "layer2.delta", "layer1.weights.gradient", "layer2.biases.after"):
        assert text.count(f"  {name} ") == 2, name
    assert len(numbers(r"^  epoch +(\d+)  loss", text)) == 10
    assert pictures(folder) == ["mnist_784_16_10_confusion.png", "mnist_784_16_10_loss.png"]
    (accuracy,) = numbers(rf"^test accuracy (\S+)% on {n_test:,} other digits", text)
    return accuracy


def test_mnist_example_runs_on_a_small_made_up_set(small_mnist, tmp_path):
    text = run("mnist_784_16_10.py", tmp_path, "--data-folder", small_mnist, "--out", "drawn")
    assert check_mnist(text, tmp_path / "drawn", n_test=2000) > 92


@needs_mnist
@pytest.mark.slow
def test_mnist_reaches_92_percent_on_digits_it_has_not_seen(tmp_path):
    accuracies = []
    for seed in range(WHOLE_RUN_SEEDS):
        text = run("mnist_784_16_10.py", tmp_path, "--seed", seed)
        accuracies.append(check_mnist(text, tmp_path / "pictures", n_test=10_000))
    assert np.median(accuracies) > 92


@pytest.fixture
def small_mnist(tmp_path_factory):
    """A folder with MNIST's four files, but of 500 and 2,000 digits, every class a noisy bar at a height of its own."""
    folder = tmp_path_factory.mktemp("small_mnist")
    rng = np.random.default_rng(0)
    for part, n in (("train", 500), ("t10k", 2000)):
        labels = rng.integers(0, 10, n).astype(np.uint8)
        images = rng.integers(0, 60, (n, 28, 28)).astype(np.uint8)
        for image, label in zip(images, labels, strict=True):
            image[2 * label + 4 : 2 * label + 6, 4:24] += 180
        (folder / f"{part}-images-idx3-ubyte").write_bytes(idx_header(images) + images.tobytes())
        (folder / f"{part}-labels-idx1-ubyte").write_bytes(idx_header(labels) + labels.tobytes())
    return folder


def idx_header(array):
    """Return the IDX header of an array of bytes: two zeros, the type, the number of axes, the length of each."""
    return bytes([0, 0, 8, array.ndim]) + np.array(array.shape, ">u4").tobytes()


# ---------------------------------------------------------------------- as their authors had them


def test_plateau_stays_at_the_logarithm_of_two(tmp_path):
    text = run("stuck/xor_plateau.py", tmp_path)
    losses = numbers(r"loss(?: at the end)? (\S+)$", text)
    assert len(losses) == 6
    assert losses == pytest.approx([np.log(2)] * 6, abs=1e-4)


def test_loss_in_place_of_its_derivative_drives_every_output_to_one(tmp_path):
    text = run("stuck/mlp_loss_for_derivative.py", tmp_path)
    costs = numbers(r"cost (\S+)$", text)
    assert len(costs) == 4 * 6
    assert costs[-4:] == pytest.approx([0.5, 0, 0, 0.5], abs=1e-3)


def test_two_layers_without_a_loop_predict_one_half(tmp_path):
    text = run("stuck/two_layers_no_loop.py", tmp_path)
    assert numbers(r"(0\.\d+)", text) == pytest.approx([0.5] * 8, abs=2e-5)


def test_relu_with_updated_weights_explodes(tmp_path):
    text = run("stuck/xor_relu_updated_weights.py", tmp_path, warnings="ignore")  # its sigmoid overflows
    assert numbers(r"loss at the end (\S+)", text)[0] >= 1
    assert numbers(r"largest weight into a hidden unit (\S+)", text)[0] > 1e9


def test_sigmoid_with_updated_weights_learns_all_the_same(tmp_path):
    text = run("stuck/xor_sigmoid_updated_weights.py", tmp_path)
    assert numbers(r"loss at the end (\S+)", text)[0] < 0.05
    assert [round(output) for output in numbers(r"gives (\S+) wanted", text)] == [0, 1, 1, 0]


def check_saturated(text):
    """Check that no output is left after the first step."""
    assert text.count("first digit's outputs [0. 0. 0. 0. 0. 0. 0. 0. 0. 0.]") == 9
    assert numbers(r"largest output of all digits (\S+)", text)[0] < 1e-6
    assert numbers(r"share of digits that are right (\S+)", text)[0] < 0.2


def test_sum_in_place_of_the_mean_saturates_every_output(small_mnist, tmp_path):
    check_saturated(
        run("stuck/mnist_sum_not_mean.py", tmp_path, small_mnist, warnings="ignore")
    )  # its sigmoid overflows


@needs_mnist
@pytest.mark.slow
def test_sum_in_place_of_the_mean_saturates_every_output_on_mnist(tmp_path):
    check_saturated(run("stuck/mnist_sum_not_mean.py", tmp_path, warnings="ignore"))


# ---------------------------------------------------------------------- the folder


def test_the_readme_names_every_file_and_no_other():
    files = {file.relative_to(EXAMPLES).as_posix() for file in EXAMPLES.rglob("*.py")}
    named = set(re.findall(r"\]\(([\w/]+\.py)\)", (EXAMPLES / "README.md").read_text(encoding="utf-8")))
    assert named == files
