"""Pictures of what a network learned and how: each function returns a :class:`Display`. They need the extra ``plots``."""

from unstuck.plots.confusion import confusion_matrix, plot_confusion
from unstuck.plots.curves import plot_curves
from unstuck.plots.display import Display
from unstuck.plots.histograms import plot_histograms
from unstuck.plots.rates import plot_rate_search
from unstuck.plots.regions import plot_decision_regions
from unstuck.plots.surface import plot_surface

__all__ = [
    "Display",
    "confusion_matrix",
    "plot_confusion",
    "plot_curves",
    "plot_decision_regions",
    "plot_histograms",
    "plot_rate_search",
    "plot_surface",
]
