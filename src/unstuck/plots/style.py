"""What all pictures have in common: colours, fonts, and the frame they are drawn in.

Pictures do not depend on the user's matplotlib settings, and change nothing in them.
"""

from __future__ import annotations

import textwrap
from contextlib import contextmanager
from functools import wraps
from threading import RLock
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from unstuck.extras import require

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

P = ParamSpec("P")
T = TypeVar("T")

COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#4d4d4d")
"""Told apart by colour-blind people too. Source: Okabe and Ito, *Color universal design*, 2008; without yellow."""

MARKERS = ("o", "s", "^", "D", "v", "P", "X")
"""One for each colour, so that points can also be told apart by their shape."""

QUIET = "#6b6b6b"
"""Of text and lines in the background."""

_SETTINGS: dict[str, Any] = {
    "figure.dpi": 100,
    "savefig.dpi": "figure",
    "font.size": 9.0,
    "axes.titlesize": 10.0,
    "axes.titlelocation": "left",
    "axes.edgecolor": "#8c8c8c",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": "#e6e6e6",
    "grid.linewidth": 0.6,
    "lines.linewidth": 1.6,
    "legend.frameon": False,
    "svg.hashsalt": "unstuck",  # without it, names inside an SVG are drawn at random
}
_ENTRY_HEIGHT = 0.19  # inches
_SMALL_ENTRY_HEIGHT = 0.135
_LONGEST_LABEL = 30
_CHARACTERS_PER_INCH = 16
_LOCK = RLock()  # matplotlib's settings are global: two threads must not put each other's back


@contextmanager
def house_style(purpose: str) -> Iterator[None]:
    """Draw with matplotlib's defaults and the settings above, whatever the user's own are.

    Raises:
        MissingExtraError: matplotlib is not installed, which ``purpose`` needs.
    """
    style = require("matplotlib.style", "plots", purpose)
    with _LOCK, style.context(["default", _SETTINGS]):
        yield


def in_house_style(draw: Callable[P, T]) -> Callable[P, T]:
    """Make a function draw in :func:`house_style`."""

    @wraps(draw)
    def styled(*arguments: P.args, **settings: P.kwargs) -> T:
        with house_style(draw.__name__):
            return draw(*arguments, **settings)

    return styled


def new_figure(width: float, height: float) -> Any:
    """Return an empty matplotlib figure of this size in inches, drawn by Agg: no window, no pyplot."""
    figure = require("matplotlib.figure", "plots", "a picture").Figure((width, height), layout="constrained")
    require("matplotlib.backends.backend_agg", "plots", "a picture").FigureCanvasAgg(figure)
    return figure


def colour(index: int) -> str:
    """Return the colour of a run or class: seven, then the same darker, then lighter, and so on in turn.

    >>> colour(0), colour(7), colour(14), colour(21)
    ('#0072b2', '#003f62', '#73b1d5', '#0072b2')
    """
    base = COLOURS[index % len(COLOURS)]
    shade = index // len(COLOURS) % 3
    return (base, mix(base, "#000000", 0.45), mix(base, "#ffffff", 0.45))[shade]


def marker(index: int) -> str:
    """Return the marker that goes with :func:`colour`."""
    return MARKERS[index % len(MARKERS)]


def mix(first: str, second: str, share: float) -> str:
    """Return the colour between two ``#rrggbb``, ``share`` (0 to 1) of the way from the first to the second.

    >>> mix("#000000", "#ffffff", 0.2)
    '#333333'
    """
    pairs = zip(bytes.fromhex(first[1:]), bytes.fromhex(second[1:]), strict=True)
    return "#" + "".join(f"{round((1 - share) * a + share * b):02x}" for a, b in pairs)


def add_note(figure: Any, sentences: Sequence[str]) -> None:
    """Write sentences below the picture, in small print, if there are any."""
    if sentences:
        width = int(figure.get_figwidth() * _CHARACTERS_PER_INCH)
        lines = [line for sentence in sentences for line in textwrap.wrap(sentence, width)]
        figure.supxlabel("\n".join(lines), fontsize=8, color=QUIET, parse_math=False)


def add_legend(figure: Any, entries: Sequence[tuple[Any, str]], title: str = "") -> None:
    """Write pairs of a drawn thing and its label to the right of the picture: in smaller print where they are many.

    What finds no room is counted in the last line.
    """
    is_small = len(entries) > _room(figure, _ENTRY_HEIGHT)
    room = _room(figure, _SMALL_ENTRY_HEIGHT)
    shown = list(entries if len(entries) <= room else entries[: room - 1])
    if len(entries) > len(shown):
        line = require("matplotlib.lines", "plots", "a legend").Line2D
        shown.append((line([], [], linestyle="none"), f"and {len(entries) - len(shown)} more"))
    # Labels are filled in afterwards: matplotlib leaves out those that begin with an underscore and reads $ as mathematics.
    legend = figure.legend(
        [handle for handle, _ in shown],
        ["label"] * len(shown),
        loc="outside right upper",
        title=title or None,
        alignment="left",
        fontsize=7 if is_small else None,
        labelspacing=0.3 if is_small else 0.5,
    )
    for text, (_, label) in zip(legend.get_texts(), shown, strict=True):
        text.set_parse_math(False)
        text.set_text(shorten(label, _LONGEST_LABEL))


def _room(figure: Any, entry_height: float) -> int:
    """Return how many entries of this height a legend with a title can have."""
    return max(int(figure.get_figheight() / entry_height) - 2, 2)


def shorten(text: str, longest: int) -> str:
    """Return ``text``, without its middle if it is longer than ``longest``: names often differ at the end.

    >>> shorten("a class with a long name", 15)
    'a class…ng name'
    """
    return text if len(text) <= longest else text[: longest // 2] + "…" + text[longest // 2 + 1 - longest :]
