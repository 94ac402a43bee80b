"""A finished picture: shown in a notebook, saved as PNG or SVG."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, Literal

from unstuck.errors import OptionError
from unstuck.files import write_whole
from unstuck.plots.style import house_style


@dataclass(frozen=True, eq=False)
class Display:
    """A picture that no window shows and nothing else holds on to.

    Args:
        figure: The ``matplotlib.figure.Figure``; change it as you like before saving.
        axes: Its panels (``matplotlib.axes.Axes``), row by row.
    """

    figure: Any
    axes: tuple[Any, ...]

    def save(self, path: str | Path, *, force: bool = False) -> Path:
        """Write the picture to a file, whole or not at all, and return its path.

        The same picture gives the same file, byte for byte: an SVG holds no date and no random names.

        Args:
            path: Ends in ``.png`` or ``.svg``, which says how it is written. Missing folders are made.
            force: Replace a file that is already there.

        Raises:
            OptionError: Another suffix.
            FileError: The file exists and ``force`` is not set, or it cannot be written.
        """
        target = Path(path)
        suffix = target.suffix.lower()
        if suffix == ".png":
            return write_whole(target, self._repr_png_(), force=force)
        if suffix == ".svg":
            return write_whole(target, self._repr_svg_(), force=force)
        raise OptionError(
            f"cannot save a picture as {target.name!r}: expected a name that ends in .png or .svg.\n"
            f"  Try {str(target.with_suffix('.png')) if target.name else 'picture.png'!r}."
        )

    def _repr_png_(self) -> bytes:
        """Return the picture as PNG: for notebooks."""
        return self._render("png")

    def _repr_svg_(self) -> str:
        """Return the picture as SVG: for notebooks."""
        return self._render("svg").decode()

    def _render(self, kind: Literal["png", "svg"]) -> bytes:
        stream = BytesIO()
        with house_style("a picture"):
            self._start_layout_afresh()
            self.figure.savefig(stream, format=kind, metadata={"Date": None} if kind == "svg" else None)
        return stream.getvalue()

    def _start_layout_afresh(self) -> None:
        """Put the panels where they were first: the layout goes on from where they are, and a second file would differ."""
        for axes in self.figure.axes:
            place = axes.get_subplotspec()
            if place is not None and axes.get_in_layout():
                axes.set_position(place.get_position(self.figure))
                axes.set_in_layout(True)  # set_position took it out
