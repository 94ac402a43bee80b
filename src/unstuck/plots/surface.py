"""The function that a network computes, as a surface over two of its inputs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from unstuck.errors import DataError, OptionError
from unstuck.limits import check_count, check_finite
from unstuck.plots.display import Display
from unstuck.plots.plane import Plane, check_features, check_fixed, counted
from unstuck.plots.scales import percent
from unstuck.plots.style import add_note, in_house_style, new_figure

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from unstuck.plots.plane import Predictor

Range = tuple[float, float]

_MOST_NAMED = 5
_MOST_LINES = 50


@in_house_style
def plot_surface(
    network: Predictor,
    *,
    features: Sequence[int] = (0, 1),
    fixed: Mapping[int, float] | None = None,
    ranges: tuple[Range, Range] = ((0, 1), (0, 1)),
    points: int = 20,
    output: int = 0,
    n_in: int | None = None,
) -> Display:
    """Draw one output of a network over two of its inputs, in three dimensions.

    Args:
        network: Anything with ``predict(inputs) -> (batch, n_out)``.
        features: Which two inputs to draw, counted from 0 (default the first two).
        fixed: The value at which each other input is held, by index, such as ``{2: 1}``.
        ranges: Lowest and highest value of each of the two inputs (default 0 to 1).
        points: Grid points along each axis (default 20).
        output: Which output to draw, counted from 0 (default the first).
        n_in: How many inputs the network takes; by default its own ``n_in``.

    Raises:
        OptionError: An input that is neither drawn nor fixed, or a setting that does not fit.
        ShapeError: Outputs of another shape.
        DataError: No finite output.
    """
    size = _n_in(network, n_in)
    pair = check_features(features, size)
    check_count("points", points, least=2)
    check_count("output", output, least=0)
    first, second = (np.linspace(*limits, points) for limits in _check_ranges(ranges))
    plane = Plane(pair, first, second, _held(fixed, pair, size))
    outputs = plane.outputs(network)
    if output >= outputs.shape[2]:
        raise OptionError(
            f"output is {output}, but the network has {counted(outputs.shape[2], 'output')}, counted from 0."
        )
    heights = outputs[..., output]
    if not np.isfinite(heights).any():
        raise DataError(f"output {output} is nowhere finite on the grid, though others are. Draw another one.")
    return _draw(plane, heights, "output" if outputs.shape[2] == 1 else f"output {output}")


def _n_in(network: Predictor, n_in: int | None) -> int:
    """Return how many inputs the network takes."""
    own = getattr(network, "n_in", None)
    if n_in is None and own is None:
        raise OptionError(
            f"cannot tell how many inputs a {type(network).__name__} takes, as it has no n_in.\n"
            "  Say it: plot_surface(…, n_in=3)."
        )
    if None not in (n_in, own) and n_in != own:
        raise OptionError(f"n_in is {n_in}, but the network takes {own} inputs. Leave n_in out.")
    size: Any = own if n_in is None else n_in
    check_count("n_in", size)
    return int(size)


def _check_ranges(ranges: tuple[Range, Range]) -> tuple[Range, Range]:
    if np.asarray(ranges, dtype=object).shape != (2, 2):
        raise OptionError(f"ranges must be two pairs, such as ((0, 1), (0, 1)). Got {ranges!r} instead.")
    for place, (low, high) in enumerate(ranges):
        check_finite(f"ranges[{place}][0]", low)
        check_finite(f"ranges[{place}][1]", high)
        if not low < high:
            raise OptionError(f"ranges[{place}] must rise from low to high. Got ({low!r}, {high!r}) instead.")
    return ranges


def _held(fixed: Mapping[int, float] | None, pair: tuple[int, int], n_in: int) -> np.ndarray[Any, Any]:
    """Return a value for each input, with whatever for the two that are drawn."""
    values = check_fixed(fixed, pair, n_in)
    missing = [index for index in range(n_in) if index not in values and index not in pair]
    if missing:
        more = ", …" if len(missing) > _MOST_NAMED else ""
        named = ", ".join(map(str, missing[:_MOST_NAMED])) + more
        entries = ", ".join(f"{index}: …" for index in missing[:_MOST_NAMED]) + more
        which = f"Input {named} has" if len(missing) == 1 else f"Inputs {named} have"
        raise OptionError(
            f"plot_surface draws inputs {pair[0]} and {pair[1]} of {n_in}. {which} no value to be held at.\n"
            f"  Add fixed={{{entries}}}."
        )
    held = np.zeros(n_in)
    for index, value in values.items():
        held[index] = value
    return held


def _draw(plane: Plane, heights: np.ndarray[Any, Any], name: str) -> Display:
    figure = new_figure(6.4, 5.2)
    axes = figure.add_subplot(projection="3d")
    finite = np.isfinite(heights)
    has_lines = len(plane.x) <= _MOST_LINES
    axes.plot_surface(
        *np.meshgrid(plane.x, plane.y),
        np.where(finite, heights, np.nan),
        cmap="viridis",
        rcount=len(plane.y),
        ccount=len(plane.x),
        edgecolor="#ffffff" if has_lines else "none",
        linewidth=0.3,
        antialiased=has_lines,  # else the background shines through between the faces
        rasterized=not has_lines,  # else an SVG is larger than a megabyte
    )
    axes.set(xlabel=f"input {plane.features[0]}", ylabel=f"input {plane.features[1]}", zlabel=name)
    notes = [plane.held_in_words()]
    if not finite.all():
        notes.append(f"{percent(float(np.mean(~finite)))} of the surface is left out: the output there is not finite")
    add_note(figure, [note for note in notes if note])
    return Display(figure, (axes,))
