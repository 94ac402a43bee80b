"""The outcome of a training, as the JSON document and as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from unstuck.nets import ACTIVATIONS, Dense

if TYPE_CHECKING:
    from pathlib import Path

    from unstuck.data.dataset import Dataset
    from unstuck.model import Model
    from unstuck.nets import Network
    from unstuck.recipes import Recipe
    from unstuck.training.history import History

Scores = dict[str, dict[str, float]]
"""Loss and metrics by part of the data: ``train``, ``test`` …"""


def describe_network(network: Network) -> str:
    """Return the sizes and activations, such as ``2-5-1 sigmoid, sigmoid``."""
    dense = [layer for layer in network.layers if isinstance(layer, Dense)]
    sizes = "-".join(map(str, [network.n_in, *(layer.n_out for layer in dense)]))
    return f"{sizes} {', '.join(ACTIVATIONS.describe(layer.activation) for layer in dense)}"


def result_of(
    dataset: Dataset, model: Model, recipe: Recipe, history: History, scores: Scores, folder: Path
) -> dict[str, Any]:
    """Return the JSON document of ``unstuck train``."""
    network = model.network
    kept = next((row for row in history if row["epoch"] == history.best_epoch), history[-1])
    return {
        "schema": 1,
        "data": dataset.name,
        "network": describe_network(network),
        "parameters": network.n_parameters,
        "optimizer": recipe.optimizer,
        "epochs": int(history[-1]["epoch"]),
        "stopped": history.stopped_by,
        "loss": {"train": scores["train"]["loss"], "validation": kept.get("validation_loss")},
        "accuracy": {part: scores.get(part, {}).get("accuracy") for part in ("train", "test")},
        "scores": scores,
        "seconds": history.seconds,
        "run": str(folder),
        "findings": [],
    }


def scores_table(scores: Scores) -> str:
    """Return a table with a line for each number and a column for each part of the data."""
    parts = list(scores)
    names = list(dict.fromkeys(name for numbers in scores.values() for name in numbers))
    width = max(map(len, names))
    lines = [" " * width + "".join(f"{part:>12}" for part in parts)]
    lines += [
        f"{name.replace('_', ' '):<{width}}" + "".join(f"{scores[part][name]:>12.5g}" for part in parts)
        for name in names
    ]
    return "\n".join(lines)
