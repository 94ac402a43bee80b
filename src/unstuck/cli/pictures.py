"""The pictures that ``unstuck train --plot`` leaves in the run folder."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from unstuck import plots
from unstuck.errors import UsageError
from unstuck.extras import require
from unstuck.training.metrics import decide

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

    from unstuck.data.dataset import Dataset
    from unstuck.model import Model
    from unstuck.plots import Display
    from unstuck.training.history import History

_PLANE = 2
_ROWS_SHOWN = 1000


class OnRawInputs:
    """A model as pictures take one, so that their axes are in the unit of the data."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self.n_in = model.network.n_in

    def predict(self, inputs: Any) -> NDArray[Any]:
        """Return the outputs for raw inputs."""
        return self._model.outputs(inputs)


def check_can_draw() -> None:
    """Raise a :class:`MissingExtraError` if matplotlib is not installed: before the training, not after it."""
    require("matplotlib", "plots", "--plot")


def draw_run(folder: Path, model: Model, dataset: Dataset, history: History) -> str:
    """Draw into the run folder what makes sense for the data, and return a line that says what is there.

    Always ``loss.png`` and ``histograms.png``; ``regions.png`` for classes over two inputs, ``surface.png`` for one output over two
    inputs, ``confusion.png`` for classes, of the test set where there is one.
    """
    drawn, missing = [], []
    for name, draw in _pictures(model, dataset, history).items():
        try:
            draw().save(folder / f"{name}.png")
        except UsageError as error:  # such as a network whose outputs are nowhere finite
            missing.append(f"\nno {name}.png: {error}")
        else:
            drawn.append(f"{name}.png")
    return f"drew {', '.join(drawn) or 'nothing'}{''.join(missing)}"


def _pictures(model: Model, dataset: Dataset, history: History) -> dict[str, Callable[[], Display]]:
    """Return how each picture is drawn, by its name."""
    few = slice(_ROWS_SHOWN)
    pictures = {
        "loss": lambda: plots.plot_curves(history),
        "histograms": lambda: plots.plot_histograms(
            model.network, model.inputs(dataset.inputs[few]), model.targets(dataset.targets[few])
        ),
    }
    has_classes = model.kind in ("binary", "multiclass")
    if dataset.inputs.shape[1] == _PLANE and has_classes:
        pictures["regions"] = lambda: plots.plot_decision_regions(
            OnRawInputs(model), dataset.inputs, dataset.targets, class_names=model.class_names
        )
    if dataset.inputs.shape[1] == _PLANE and model.network.n_out == 1:
        pictures["surface"] = lambda: plots.plot_surface(OnRawInputs(model), ranges=_ranges(dataset))
    if has_classes:
        pictures["confusion"] = lambda: _confusion(model, dataset)
    return pictures


def _ranges(dataset: Dataset) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return lowest and highest value of both inputs."""
    first, second = ((float(column.min()), float(column.max())) for column in dataset.inputs.T)
    return first, second


def _confusion(model: Model, dataset: Dataset) -> Display:
    tested = dataset.test_inputs is not None
    inputs, targets = (dataset.test_inputs, dataset.test_targets) if tested else (dataset.inputs, dataset.targets)
    return plots.plot_confusion(targets, decide(model.outputs(inputs), model.kind), class_names=model.class_names)
