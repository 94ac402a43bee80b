"""What becomes of matplotlib where it is installed: everything is computed, nothing is drawn, shown or saved."""

from __future__ import annotations

import functools
import os
from typing import TYPE_CHECKING, Any

from unstuck.doctor.scripts.stand_ins import StandIn

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import ModuleType

_SHOWING = ("show", "pause", "draw", "ion", "ioff", "waitforbuttonpress", "ginput")


def _nothing(*_: Any, **__: Any) -> None:
    """Do nothing."""


def _quieten_pyplot(pyplot: ModuleType) -> None:
    for name in _SHOWING:
        setattr(pyplot, name, _nothing)
    switch = pyplot.switch_backend
    pyplot.__dict__["switch_backend"] = lambda *_: switch("agg")  # pyplot itself calls it, with what the script has set
    pyplot.__dict__["get_current_fig_manager"] = StandIn  # its window is not there


def _quieten_figures(figure: ModuleType) -> None:
    save: Callable[..., Any] = figure.Figure.savefig

    @functools.wraps(save)  # pyplot looks at its name
    def savefig(self: Any, target: Any, *arguments: Any, **named: Any) -> Any:
        """Write into a buffer, which the script may read again, but into no file."""
        return None if isinstance(target, str | os.PathLike) else save(self, target, *arguments, **named)

    figure.Figure.savefig = savefig
    figure.Figure.show = _nothing


def _keep_backend(matplotlib: ModuleType) -> None:
    matplotlib.__dict__["use"] = _nothing


def _without_monitor(tqdm: ModuleType) -> None:
    tqdm.tqdm.monitor_interval = 0  # its thread would not survive a fork


def _open_no_browser(webbrowser: ModuleType) -> None:
    for name in ("open", "open_new", "open_new_tab"):
        setattr(webbrowser, name, lambda *_, **__: False)


CHANGES: Mapping[str, Callable[[ModuleType], None]] = {
    "matplotlib": _keep_backend,
    "matplotlib.pyplot": _quieten_pyplot,
    "matplotlib.figure": _quieten_figures,
    "tqdm.std": _without_monitor,
    "webbrowser": _open_no_browser,
}
"""By module what is done to it once it has been imported."""
