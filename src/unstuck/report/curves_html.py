"""Curves as a small picture in HTML."""

from __future__ import annotations

import math
from itertools import groupby
from typing import TYPE_CHECKING

from unstuck.report.elements import element, escaped

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from unstuck.report.sparkline import Scale

_WIDTH, _HEIGHT, _MARGIN = 320, 60, 4
_STROKES = ("#8a8a8a", "#2f86c9")
_CAPTION = "opacity:.65;font-size:.9em"


def draw(curves: Sequence[tuple[str, Sequence[float]]], scale: Scale | None) -> str:
    """Return curves in one picture, on one scale, with what they are called below; nothing if there is nothing to draw.

    A curve has a gap where it is not finite.
    """
    if scale is None:
        return ""
    longest = max(len(values) for _, values in curves)
    colours = _STROKES if len(curves) > 1 else _STROKES[1:]
    lines, names = [], []
    for (name, values), colour in zip(curves, colours, strict=False):
        stroke = {"fill": "none", "stroke": colour, "stroke_width": "2"}
        lines += [element("polyline", points=points, **stroke) for points in _pieces(values, scale, longest)]
        if name:
            names.append(f"{element('span', '━', style=f'color:{colour}')} {escaped(name)}")
    box = f"0 0 {_WIDTH} {_HEIGHT}"
    label = ", ".join([*(name for name, _ in curves if name), str(scale)])
    style = "display:block;max-width:100%;background:rgba(127,127,127,.12);border-radius:4px"
    picture = element(
        "svg", *lines, viewBox=box, width=str(_WIDTH), height=str(_HEIGHT), role="img", aria_label=label, style=style
    )
    caption = " · ".join([*names, escaped(str(scale))])
    return element("div", picture, element("div", caption, style=_CAPTION), style="margin:.4em 0")


def _pieces(values: Sequence[float], scale: Scale, longest: int) -> Iterator[str]:
    """Yield the points of each part of a curve that is finite; one alone becomes a short line."""
    for finite, group in groupby(enumerate(values), key=lambda entry: math.isfinite(entry[1])):
        if finite:
            points = [_point(place, value, scale, longest) for place, value in group]
            points += [(points[0][0] + 2, points[0][1])] if len(points) == 1 else []
            yield " ".join(f"{x:.1f},{y:.1f}" for x, y in points)


def _point(place: int, value: float, scale: Scale, longest: int) -> tuple[float, float]:
    across = place / max(longest - 1, 1)
    height = min(max(scale.fraction(value), 0.0), 1.0)
    return _MARGIN + across * (_WIDTH - 2 * _MARGIN), _HEIGHT - _MARGIN - height * (_HEIGHT - 2 * _MARGIN)
