"""The pictures that ``unstuck train --plot`` leaves in the run folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from unstuck import plots

if TYPE_CHECKING:
    from pathlib import Path

    from unstuck.data.dataset import Dataset
    from unstuck.model import Model
    from unstuck.training.history import History

_PLANE = 2


def draw_run(folder: Path, model: Model, dataset: Dataset, history: History) -> None:
    """Write ``loss.png``, ``histograms.png`` and, as far as they make sense, ``regions.png`` and ``confusion.png``.

    Raises:
        MissingExtraError: matplotlib is not installed.
    """
    plots.plot_curves(history).save(folder / "loss.png")
    inputs, targets = model.inputs(dataset.inputs), model.targets(dataset.targets)
    plots.plot_histograms(model.network, inputs[:1000], targets[:1000]).save(folder / "histograms.png")
    if dataset.inputs.shape[1] == _PLANE and dataset.kind in ("binary", "multiclass"):
        regions = plots.plot_decision_regions(model.network, inputs, targets, class_names=model.class_names)
        regions.save(folder / "regions.png")
    if dataset.kind in ("binary", "multiclass"):
        tested = dataset.test_inputs is not None
        raw = dataset.test_inputs if tested else dataset.inputs
        truth = dataset.test_targets if tested else dataset.targets
        _draw_confusion(folder, model, raw, truth)


def _draw_confusion(folder: Path, model: Model, raw: object, truth: object) -> None:
    outputs = model.outputs(raw)
    predicted = outputs.argmax(axis=1) if model.kind == "multiclass" else (outputs[:, 0] > 0.5).astype(int)  # noqa: PLR2004 (a probability)
    classes = np.asarray(truth).reshape(len(predicted), -1)[:, 0].astype(int)
    plots.plot_confusion(classes, predicted, class_names=model.class_names).save(folder / "confusion.png")
