"""How weights, activations and gradients are distributed, layer by layer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from unstuck.errors import DataError, OptionError
from unstuck.nets.checking import as_inputs
from unstuck.plots.display import Display
from unstuck.plots.scales import percent, use_whole_numbers
from unstuck.plots.style import COLOURS, QUIET, add_note, in_house_style, new_figure

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from unstuck.arrays import Vector
    from unstuck.nets import Network

_TITLES = {"weights": "weights", "activation": "activations", "weights.gradient": "weight gradients"}
_MOST_BINS = 50
_FEWEST_BINS = 5
_LARGEST = 1e300  # beyond it the distance of two values can overflow


@in_house_style
def plot_histograms(network: Network, inputs: Any = None, targets: Any = None) -> Display:
    """Draw a histogram of each layer's weights, and of its activations and weight gradients where there are data for them.

    Each title holds the shape, the mean, the standard deviation, and the share of exact zeros. Dropout is off.

    Args:
        network: The network.
        inputs: Shape ``(batch, n_in)``; adds a column of activations, with a row for layers without weights too.
        targets: Shape ``(batch, n_out)``, or class indices; adds a column of gradients of J.

    Raises:
        OptionError: Targets without inputs.
        ShapeError: Arrays that do not fit the network.
        DataError: Arrays that it cannot be trained on, or a network without weights and no inputs.
    """
    columns = [_weights(network, network.parameters)]
    if inputs is None and targets is not None:
        raise OptionError("targets are given without inputs. Give both: plot_histograms(network, inputs, targets).")
    with np.errstate(over="ignore", invalid="ignore"):  # a network that diverged is drawn as far as it goes
        if inputs is not None:
            x = as_inputs(inputs, network.n_in, network.dtype, "inputs")
            columns.append([values.activation for values in network.forward(x)])
        if targets is not None:
            columns.append(_weights(network, network.loss_and_gradient(*network.check(inputs, targets))[1]))
    shown = [number for number in range(len(network.layers)) if inputs is not None or columns[0][number] is not None]
    if not shown:
        raise DataError("no layer of this network has weights. Give inputs to see its activations.")
    return _draw(network, shown, dict(zip(_TITLES, columns, strict=False)))


def _weights(network: Network, vector: Vector) -> list[NDArray[Any] | None]:
    """Return each layer's weights, cut out of ``vector``, or None where it has none; several arrays become one."""
    named = network.named_parameters(vector)
    found: list[NDArray[Any] | None] = []
    for number, layer in enumerate(network.layers, 1):
        arrays = [named[f"layer{number}.{name}"] for name in layer.weight_names]
        joined = [np.concatenate([array.ravel() for array in arrays])] if arrays[1:] else arrays
        found.append(joined[0] if joined else None)
    return found


def _draw(network: Network, shown: list[int], columns: dict[str, list[NDArray[Any] | None]]) -> Display:
    figure = new_figure(3.3 * len(columns) + 0.4, 2.1 * len(shown) + 0.2)
    grid = figure.subplots(len(shown), len(columns), squeeze=False)
    for row, number in zip(grid, shown, strict=True):
        for index, (name, arrays) in enumerate(columns.items()):
            row[index].set_label(f"layer{number + 1}.{name}")
            _panel(row[index], _TITLES[name], arrays[number], COLOURS[index])
        row[0].set_ylabel(f"layer {number + 1}\n{network.layers[number].describe()}", fontsize=8, parse_math=False)
    add_note(figure, ["a bar's height: how many values lie there"])
    return Display(figure, tuple(grid.ravel()))


def _panel(axes: Any, name: str, array: NDArray[Any] | None, fill: str) -> None:
    if array is None:
        axes.text(0.5, 0.5, "no weights", transform=axes.transAxes, ha="center", va="center", color=QUIET)
        axes.set(xticks=[], yticks=[])
        axes.spines[:].set_visible(False)
        return
    values = array.ravel().astype(np.float64)
    drawn = values[np.abs(values) <= _LARGEST]
    axes.set_title(f"{name} {array.shape}\n{_facts(drawn, values.size - drawn.size)}", fontsize=8)
    counts, edges = _bins(drawn)
    axes.stairs(counts, edges, fill=True, color=fill)
    axes.set_ylim(bottom=0)
    axes.locator_params(axis="x", nbins=6)
    axes.ticklabel_format(axis="x", scilimits=(-2, 4))
    axes.tick_params(labelsize=8)
    axes.xaxis.get_offset_text().set_size(8)
    use_whole_numbers(axes.yaxis, most=5)


def _facts(values: NDArray[np.float64], n_lost: int) -> str:
    """Return mean, standard deviation and share of zeros, and how many values are left out."""
    lost = [f"{n_lost:,} left out (NaN, infinite or huge)"] if n_lost else []
    if not values.size:
        return lost[0]
    scale = np.abs(values).max() or 1.0  # squares of very small or large values would vanish or overflow
    centre, spread = scale * (values / scale).mean(), scale * (values / scale).std()
    zeros = percent(float(np.mean(values == 0)), 1)
    return "  ".join([f"mean {centre:.3g}  std {spread:.3g}  zeros {zeros}", *lost])


def _bins(values: NDArray[np.float64]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return counts and edges: about the root of n bins, and a single one where all values are as good as equal."""
    n_bins = int(np.clip(np.sqrt(values.size), _FEWEST_BINS, _MOST_BINS))
    if values.size and np.ptp(values) > n_bins * 2 * np.spacing(np.abs(values).max()):
        return np.histogram(values, n_bins)
    centre = values[0] if values.size else 0.0
    half = max(abs(centre) * 0.1, 1e-3)
    return np.array([values.size]), np.array([centre - half, centre + half])
