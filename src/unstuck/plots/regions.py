"""Where the network says what: the plane of two inputs, coloured by class."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from unstuck.errors import ShapeError
from unstuck.extras import require
from unstuck.limits import check_count
from unstuck.nets.checking import as_numbers
from unstuck.plots.classes import classes_of_targets, names_of_classes
from unstuck.plots.display import Display
from unstuck.plots.plane import Plane, check_features, check_fixed
from unstuck.plots.scales import percent
from unstuck.plots.style import add_legend, add_note, colour, in_house_style, marker, mix, new_figure

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from unstuck.plots.plane import Predictor

_MATRIX = 2
_MARGIN = 0.1  # of the data's range, on each side
_PALE = 0.6  # how far the background is mixed with white
_BOUNDARY = 0.5
_MOST_SHAPES = 2000  # in an SVG; more points become an image


@in_house_style
def plot_decision_regions(
    network: Predictor,
    inputs: Any,
    targets: Any,
    *,
    features: Sequence[int] = (0, 1),
    fixed: Mapping[int, float] | None = None,
    points: int = 200,
    class_names: Sequence[str] = (),
) -> Display:
    """Colour the plane of two inputs by what the network says there, with the data on top.

    One output is shaded from 0 to 1, with a line at 0.5; of several outputs the largest gives the colour.

    Args:
        network: Anything with ``predict(inputs) -> (batch, n_out)``.
        inputs: Shape ``(n, n_in)``. The picture covers their range and 10 % more on each side.
        targets: Class indices ``(n,)`` or ``(n, 1)``, or one-hot rows ``(n, n_out)``.
        features: Which two inputs to draw, counted from 0 (default the first two).
        fixed: Values at which other inputs are held, by index; by default the median of each in ``inputs``. The points are
            drawn wherever their other inputs are.
        points: Grid points along each axis (default 200).
        class_names: A name for each class (default their indices).

    Raises:
        ShapeError: Arrays that do not fit each other, or outputs of another shape.
        DataError: Values that are not finite, targets that are no classes, or no finite output.
        OptionError: Features, fixed inputs or names that do not fit.
    """
    check_count("points", points, least=2)
    x = as_numbers(inputs, "inputs", "float64")
    if x.ndim != _MATRIX:
        raise ShapeError(f"inputs has shape {x.shape}, expected (n, n_in).")
    plane = _plane(x, features, fixed, points)
    outputs = plane.outputs(network)
    classes = classes_of_targets(targets, len(x), outputs.shape[2])
    names = names_of_classes(class_names, max(2, outputs.shape[2]))

    figure = new_figure(6.4, 4.8)
    has_scale = outputs.shape[2] == 1
    axes, scale = figure.subplots(1, 2, width_ratios=(25, 1)) if has_scale else (figure.add_subplot(), None)
    axes.grid(visible=False)
    said = _shade(axes, scale, plane, outputs, names) if has_scale else _fill(axes, plane, outputs, names)
    notes = [*said, plane.held_in_words()]
    add_legend(figure, _scatter(axes, x[:, plane.features], classes, names), title="class")
    axes.set(xlabel=f"input {plane.features[0]}", ylabel=f"input {plane.features[1]}")
    axes.set(xlim=plane.x[[0, -1]], ylim=plane.y[[0, -1]])
    add_note(figure, [note for note in notes if note])
    return Display(figure, (axes,))


def _plane(x: NDArray[Any], features: Sequence[int], fixed: Mapping[int, float] | None, points: int) -> Plane:
    """Lay the grid over the range of the data."""
    pair = check_features(features, x.shape[1])
    held = np.median(x, axis=0)
    for index, value in check_fixed(fixed, pair, x.shape[1]).items():
        held[index] = value
    first, second = (_span(x[:, feature], points) for feature in pair)
    return Plane(pair, first, second, held)


def _span(values: NDArray[Any], points: int) -> NDArray[np.float64]:
    """Return the axis: the range of ``values`` and a margin; where they are all equal, one half to each side."""
    low, high = values.min(), values.max()
    margin = (high - low) * _MARGIN or _BOUNDARY
    return np.linspace(low - margin, high + margin, points)


def _show(axes: Any, plane: Plane, values: NDArray[Any], **settings: Any) -> Any:
    """Paint a value for each grid point; each stands in the middle of its pixel."""
    half_x, half_y = (plane.x[1] - plane.x[0]) / 2, (plane.y[1] - plane.y[0]) / 2
    extent = (plane.x[0] - half_x, plane.x[-1] + half_x, plane.y[0] - half_y, plane.y[-1] + half_y)
    return axes.imshow(values, extent=extent, origin="lower", aspect="auto", interpolation="nearest", **settings)


def _shade(axes: Any, scale: Any, plane: Plane, outputs: NDArray[np.float64], names: list[str]) -> list[str]:
    """Shade one output from 0 to 1 and draw the line between the classes; return what there is to say about it."""
    colours = require("matplotlib.colors", "plots", "plot_decision_regions")
    ends = [mix(colour(index), "#ffffff", _PALE * 0.75) for index in range(2)]
    shades = colours.LinearSegmentedColormap.from_list("classes", [ends[0], "#ffffff", ends[1]])
    values = np.ma.masked_invalid(outputs[..., 0])
    low, high = values.min(), values.max()
    image = _show(axes, plane, values, cmap=shades, vmin=0, vmax=1)
    beyond = {(False, False): "neither", (True, False): "min", (False, True): "max", (True, True): "both"}
    bar = axes.figure.colorbar(image, cax=scale, extend=beyond[bool(low < 0), bool(high > 1)])
    bar.set_label("output")
    bar.outline.set_visible(False)
    notes = _left_blank(values.mask)
    if low < _BOUNDARY < high:
        axes.contour(plane.x, plane.y, values, levels=[_BOUNDARY], colors="#1a1a1a", linewidths=1.2)
    else:
        notes.append(f"the network says {names[int(high > _BOUNDARY)]} everywhere here")
    return notes


def _fill(axes: Any, plane: Plane, outputs: NDArray[np.float64], names: list[str]) -> list[str]:
    """Colour each grid point by its largest output; return what there is to say about it."""
    colours = require("matplotlib.colors", "plots", "plot_decision_regions")
    shades = colours.ListedColormap([mix(colour(index), "#ffffff", _PALE) for index in range(len(names))])
    largest = np.ma.masked_array(outputs.argmax(axis=2), mask=~np.isfinite(outputs).all(axis=2))
    _show(axes, plane, largest, cmap=shades, vmin=-0.5, vmax=len(names) - 0.5)
    notes = _left_blank(largest.mask)
    said = np.unique(largest.compressed())
    if len(said) == 1:
        notes.append(f"the network says {names[said[0]]} everywhere here")
    return notes


def _left_blank(mask: Any) -> list[str]:
    share = float(np.mean(mask))
    return [f"{percent(share)} of the plane is left blank: the output there is not finite"] if share else []


def _scatter(axes: Any, places: NDArray[Any], classes: NDArray[np.intp], names: list[str]) -> list[tuple[Any, str]]:
    """Draw the data, a colour and a shape for each class; return what the legend says."""
    size = float(np.clip(180 / len(places) ** 0.33, 10, 60))
    entries = []
    for index, name in enumerate(names):
        own = places[classes == index]
        dots = axes.scatter(
            own[:, 0],
            own[:, 1],
            s=size,
            color=colour(index),
            marker=marker(index),
            edgecolor="white",
            linewidth=0.5,
            rasterized=len(places) > _MOST_SHAPES,
        )
        entries.append((dots, name))
    return entries
