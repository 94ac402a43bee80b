from types import SimpleNamespace

import numpy as np
import pytest

from unstuck.data.tasks import load
from unstuck.errors import DataError, ShapeError
from unstuck.nets import Network, dense_layers
from unstuck.plots import plot_rate_search
from unstuck.plots.style import COLOURS
from unstuck.training.rate_finder import find_learning_rate

RATES = np.logspace(-4, 0, 9).tolist()
SMOOTHED = [2.0, 2.0, 1.9, 1.5, 1.0, 0.8, 1.5, 40.0, 1e5]


def search(**changes):
    """A search that ends in divergence, as they do."""
    losses = [value * 1.01 for value in SMOOTHED]
    return SimpleNamespace(**({"rates": RATES, "losses": losses, "smoothed": SMOOTHED, "suggestion": 3e-3} | changes))


def test_loss_against_rate_with_the_suggestion(legend_of, note_of):
    display = plot_rate_search(search())
    (axes,) = display.axes
    assert axes.get_xscale() == "log"
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("learning rate", "loss")
    raw, smoothed, suggestion = axes.lines
    assert raw.get_xdata().tolist() == smoothed.get_xdata().tolist() == RATES
    assert raw.get_ydata().tolist() == search().losses
    assert smoothed.get_ydata().tolist() == SMOOTHED
    assert suggestion.get_xdata() == [3e-3, 3e-3]
    assert list(legend_of(display)) == ["each step", "smoothed", "suggestion 0.003"]
    assert legend_of(display)["smoothed"].get_color() == COLOURS[0]
    assert note_of(display) == ""


def test_a_real_search(legend_of):
    data = load("moons")
    network = Network(dense_layers(2, [16], 1, activation="tanh", output_activation="sigmoid"))
    found = find_learning_rate(network, data.inputs, data.targets)
    display = plot_rate_search(found)
    assert display.axes[0].lines[1].get_ydata().tolist() == found.smoothed
    assert list(legend_of(display))[2] == f"suggestion {found.suggestion:.3g}"
    low, high = display.axes[0].get_ylim()
    assert low < min(found.smoothed) < found.smoothed[0] < high


def test_divergence_does_not_flatten_the_rest():
    low, high = plot_rate_search(search()).axes[0].get_ylim()
    assert 0 < low < 0.8
    assert 2.0 < high < 5


def test_a_descent_over_decades_is_logarithmic():
    falling = [100.0, 90.0, 50.0, 10.0, 1.0, 0.1, 0.5, 50.0, 1e9]
    axes = plot_rate_search(search(losses=falling, smoothed=falling)).axes[0]
    assert axes.get_yscale() == "log"
    low, high = axes.get_ylim()
    assert low < 0.1
    assert 100 < high < 1000


def test_negative_and_constant_losses():
    negative = [value - 1 for value in SMOOTHED]
    axes = plot_rate_search(search(losses=negative, smoothed=negative)).axes[0]
    assert axes.get_yscale() == "linear"
    assert axes.get_ylim()[0] < -0.2
    display = plot_rate_search(search(losses=[1.0] * 9, smoothed=[1.0] * 9))
    low, high = display.axes[0].get_ylim()
    assert low < 1 < high


def test_what_is_not_finite_is_left_out(note_of):
    display = plot_rate_search(search(losses=[*SMOOTHED[:7], np.inf, np.nan], smoothed=[*SMOOTHED[:7], np.nan, np.nan]))
    assert np.isnan(display.axes[0].lines[0].get_ydata()[-2:]).all()
    assert note_of(display) == "2 of 9 losses left out: NaN or infinite, first at rate 0.316"


@pytest.mark.parametrize("suggestion", [None, np.nan])
def test_no_suggestion(suggestion, note_of, legend_of):
    display = plot_rate_search(search(suggestion=suggestion))
    assert list(legend_of(display)) == ["each step", "smoothed"]
    assert note_of(display) == "no suggestion: the loss does not fall at any rate"


def test_a_single_rate():
    plot_rate_search(search(rates=[0.1], losses=[1.0], smoothed=[1.0]))._repr_png_()


def test_nothing_smoothed_is_finite():
    axes = plot_rate_search(search(smoothed=[np.nan] * 9)).axes[0]
    assert 2 < axes.get_ylim()[1] < 5


def test_errors(error_of):
    assert error_of(ShapeError, plot_rate_search, search(losses=[1.0])) == (
        "the search holds 9 rates, 1 losses and 9 smoothed losses, expected as many of each."
    )
    assert error_of(DataError, plot_rate_search, search(rates=[], losses=[], smoothed=[])) == (
        "the search holds no rates. Run it first."
    )
    assert error_of(DataError, plot_rate_search, search(rates=[0.0, *RATES[1:]])) == (
        "the search holds the rate 0, expected learning rates above 0."
    )
    assert error_of(DataError, plot_rate_search, search(losses=[np.nan] * 9)) == (
        "the search holds no finite loss. Start it at a smaller learning rate."
    )
