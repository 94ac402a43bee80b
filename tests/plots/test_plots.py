"""The pictures as a whole: what importing and drawing them touches."""

import subprocess
import sys

import unstuck.plots
from unstuck.errors import MissingExtraError

_DRAW_ALL = """
import sys, types, unstuck.plots as plots
assert not [name for name in sys.modules if name.split(".")[0] in ("matplotlib", "mpl_toolkits", "PIL")], "imported too early"
import matplotlib, numpy as np
before = dict(matplotlib.rcParams.copy())  # reading the backend would import pyplot
from unstuck.nets import Network, dense_layers
net, x, y = Network(dense_layers(2, [3], 1, output_activation="sigmoid")), np.eye(2), np.array([0, 1])
search = types.SimpleNamespace(rates=[0.1, 1.0], losses=[2.0, 1.0], smoothed=[2.0, 1.0], suggestion=0.1)
for display in (
    plots.plot_curves([{"epoch": 1, "loss": 1.0}]), plots.plot_decision_regions(net, x, y, points=5), plots.plot_surface(net, points=5),
    plots.plot_histograms(net, x, y), plots.plot_confusion([0, 1], [1, 1]), plots.plot_rate_search(search),
):
    assert type(display) is plots.Display
    assert type(display.figure.canvas).__name__ == "FigureCanvasAgg"
display._repr_png_()
assert "matplotlib.pyplot" not in sys.modules, "pyplot was touched"
assert dict(matplotlib.rcParams.copy()) == before, "the user's settings have changed"
import matplotlib.pyplot
assert matplotlib.pyplot.get_fignums() == []
"""


def test_matplotlib_comes_late_and_pyplot_never():
    outcome = subprocess.run(
        [sys.executable, "-W", "error", "-c", _DRAW_ALL], capture_output=True, text=True, check=False
    )
    assert (outcome.returncode, outcome.stderr) == (0, "")


def test_what_is_exported_is_there_and_sorted():
    assert unstuck.plots.__all__ == sorted(unstuck.plots.__all__)
    assert all(hasattr(unstuck.plots, name) for name in unstuck.plots.__all__)


class NoMatplotlib:
    """Says that matplotlib is not there, as Python does where it is not installed."""

    def find_spec(self, name, path=None, target=None):
        if name == "matplotlib":
            raise ModuleNotFoundError("No module named 'matplotlib'", name="matplotlib")


def test_without_matplotlib(monkeypatch, error_of):
    for name in [name for name in sys.modules if name.split(".")[0] == "matplotlib"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(sys, "meta_path", [NoMatplotlib(), *sys.meta_path])
    assert error_of(MissingExtraError, unstuck.plots.plot_confusion, [0], [0]) == (
        "plot_confusion needs matplotlib, which is not installed.\n  Install it with: pip install 'unstuck[plots]'"
    )
