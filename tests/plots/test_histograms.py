import re
from dataclasses import dataclass

import numpy as np
import pytest

from unstuck.errors import DataError, OptionError, ShapeError
from unstuck.nets import Dense, Dropout, LayerNorm, Network, dense_layers
from unstuck.plots import plot_histograms
from unstuck.plots.style import COLOURS

RNG = np.random.default_rng(0)
X, Y = RNG.normal(size=(30, 4)), RNG.integers(0, 3, 30)


@pytest.fixture
def network():
    return Network(dense_layers(4, [6, 5], 3, dropout=0.5, output_activation="softmax"))


def panels(display):
    return {axes.get_label(): axes for axes in display.axes}


def drawn(axes):
    (patch,) = axes.patches
    return patch.get_data()


def assert_shows(axes, array, title):
    """Everything finite is counted, and the title says what the array is."""
    counts, edges, _ = drawn(axes)
    assert edges[0] == pytest.approx(array.min())
    assert edges[-1] == pytest.approx(array.max())
    np.testing.assert_array_equal(counts, np.histogram(array, len(counts))[0])
    assert counts.sum() == array.size
    first, second = axes.get_title(loc="left").split("\n")
    assert first == f"{title} {array.shape}"
    mean, deviation, zeros = re.fullmatch(r"mean (\S+)  std (\S+)  zeros (\S+)%", second).groups()
    assert float(mean) == pytest.approx(array.mean(), rel=1e-2, abs=1e-15)
    assert float(deviation) == pytest.approx(array.std(), rel=1e-2)
    assert float(zeros) == pytest.approx(100 * np.mean(array == 0), abs=0.051)


def test_weights_alone(network):
    display = plot_histograms(network)
    assert list(panels(display)) == ["layer1.weights", "layer3.weights", "layer5.weights"]
    for name, axes in panels(display).items():
        assert_shows(axes, network.named_parameters()[name], "weights")
    assert [axes.get_ylabel() for axes in display.axes] == [
        "layer 1\nDense 4 -> 6 relu",
        "layer 3\nDense 6 -> 5 relu",
        "layer 5\nDense 5 -> 3 softmax",
    ]


def test_activations(network):
    shown = panels(plot_histograms(network, X))
    assert list(shown)[:3] == ["layer1.weights", "layer1.activation", "layer2.weights"]
    assert len(shown) == 10
    for number, values in enumerate(network.forward(X), 1):
        assert_shows(shown[f"layer{number}.activation"], values.activation, "activations")
    assert [text.get_text() for text in shown["layer2.weights"].texts] == ["no weights"]
    assert [text.get_text() for text in shown["layer1.weights"].texts] == []


def test_gradients(network, note_of):
    display = plot_histograms(network, X, Y)
    shown = panels(display)
    assert len(shown) == 15
    _, gradient = network.loss_and_gradient(*network.check(X, Y))
    for number in (1, 3, 5):
        expected = network.named_parameters(gradient)[f"layer{number}.weights"]
        assert_shows(shown[f"layer{number}.weights.gradient"], expected, "weight gradients")
    assert [text.get_text() for text in shown["layer4.weights.gradient"].texts] == ["no weights"]
    assert note_of(display) == "a bar's height: how many values lie there"


def test_a_colour_for_each_column(network):
    shown = panels(plot_histograms(network, X, Y))
    for name, colour in zip(("weights", "activation", "weights.gradient"), COLOURS[:3], strict=False):
        (patch,) = shown[f"layer1.{name}"].patches
        assert patch.get_facecolor()[:3] == pytest.approx([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])


def test_drawing_changes_nothing(network):
    before = network.parameters.copy()
    plot_histograms(network, X, Y)
    np.testing.assert_array_equal(network.parameters, before)


def test_equal_values_are_one_bar(network):
    network.parameters[:] = 0
    axes = panels(plot_histograms(network))["layer1.weights"]
    counts, edges, _ = drawn(axes)
    assert counts.tolist() == [24]
    assert edges[0] < 0 < edges[1]
    assert axes.get_title(loc="left").endswith("mean 0  std 0  zeros 100%")


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("values", [(1.0, np.nextafter(1, 2)), (1e15, 1e15 + 0.125), (5e-324, 1e-323)])
def test_values_as_good_as_equal_are_one_bar(values, dtype):
    network = Network([Dense(2, 1)], dtype=dtype)
    network.parameters[:2] = values
    counts, edges, _ = drawn(plot_histograms(network).axes[0])
    assert counts.tolist() == [2]
    assert edges[0] < network.parameters[0] < edges[1]


@pytest.mark.parametrize("scale", [1e-200, 1e150])
def test_very_small_and_very_large_values(scale):
    network = Network([Dense(2, 2)])
    network.parameters[:4] = np.array([1.0, 2.0, 3.0, 6.0]) * scale
    display = plot_histograms(network)
    deviation = np.std([1, 2, 3, 6]) * scale
    assert f"std {deviation:.3g}  zeros 0%" in display.axes[0].get_title(loc="left")
    display._repr_png_()


def test_a_network_that_diverged():
    network = Network([Dense(2, 3, "relu"), Dense(3, 1)])
    network.parameters[:4] = np.nan, np.inf, -np.inf, 1e308
    network.parameters[9:12] = np.nan
    shown = panels(plot_histograms(network, np.ones((2, 2)), np.ones(2)))
    assert shown["layer1.weights"].get_title(loc="left").endswith("  4 left out (NaN, infinite or huge)")
    assert drawn(shown["layer1.weights"])[0].sum() == 2
    assert shown["layer2.weights"].get_title(loc="left") == "weights (3, 1)\n3 left out (NaN, infinite or huge)"
    assert drawn(shown["layer2.weights"])[0].sum() == 0


def test_a_layer_with_several_weights():
    @dataclass(frozen=True)
    class Gated(Dense):
        weight_names = ("weights", "biases")

        def __init__(self):
            super().__init__(4, 2)

    network = Network([Gated()])
    network.parameters[:] = np.arange(10)
    axes = plot_histograms(network).axes[0]
    assert axes.get_title(loc="left") == "weights (10,)\nmean 4.5  std 2.87  zeros 10.0%"


def test_gains_and_shifts_are_no_weights():
    shown = panels(plot_histograms(Network([LayerNorm(4), Dense(4, 1), Dropout(0.2)]), X))
    assert [text.get_text() for text in shown["layer1.weights"].texts] == ["no weights"]


def test_float32(network):
    network = network.copy("float32")
    for axes in plot_histograms(network, X, Y).axes:
        assert axes.texts or drawn(axes)[0].sum() > 0


def test_errors(network, error_of):
    assert error_of(OptionError, plot_histograms, network, targets=Y) == (
        "targets are given without inputs. Give both: plot_histograms(network, inputs, targets)."
    )
    assert error_of(DataError, plot_histograms, Network([LayerNorm(4)])) == (
        "no layer of this network has weights. Give inputs to see its activations."
    )
    assert error_of(ShapeError, plot_histograms, network, X[:, :3]).startswith(
        "inputs has shape (30, 3), expected (batch, 4).\n"
    )
    assert error_of(ShapeError, plot_histograms, network, X, Y[:5]) == (
        "y has 5 rows, but X has 30. Each row of X needs one target."
    )
