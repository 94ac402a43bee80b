"""The outcome of a training, as the JSON document and as text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from unstuck.nets import ACTIVATIONS, LOSSES, Dense

if TYPE_CHECKING:
    from unstuck.model import Model
    from unstuck.nets import Network
    from unstuck.recipes import Recipe
    from unstuck.training.trainer import Trainer

Scores = dict[str, dict[str, float]]
"""Loss and metrics by part of the data: ``train``, ``validation``, ``test``."""

_FIRST_STEPS = 100
_MUCH = 10
_PARTS = ("train", "validation", "test")


def describe_network(network: Network) -> str:
    """Return the sizes and activations, such as ``2-5-1 sigmoid, sigmoid``."""
    dense = [layer for layer in network.layers if isinstance(layer, Dense)]
    sizes = "-".join(map(str, [network.n_in, *(layer.n_out for layer in dense)]))
    return f"{sizes} {', '.join(ACTIVATIONS.describe(layer.activation) for layer in dense)}"


def describe_training(trainer: Trainer, recipe: Recipe, n_rows: int) -> str:
    """Return how it will be trained, such as ``adam (learning rate 0.001), 32 rows a step, up to 100 epochs, seed 0``."""
    rate = getattr(trainer.optimizer, "learning_rate", None)
    parts = [recipe.optimizer if rate is None else f"{recipe.optimizer} (learning rate {rate:g})"]
    if recipe.schedule != "constant":
        parts.append(f"{recipe.schedule} schedule")
    is_full = trainer.batch_size == "full" or trainer.batch_size >= n_rows
    parts.append("all rows a step" if is_full else f"{count(int(trainer.batch_size), 'row')} a step")
    parts.append(f"up to {count(recipe.epochs, 'epoch')}")
    if recipe.target_loss is not None:
        parts.append(f"to a loss of {recipe.target_loss:g}")
    if recipe.validation:
        parts.append(f"{recipe.validation:.0%} of the rows for validation")
    if recipe.patience is not None:
        parts.append(f"patience {recipe.patience}")
    if trainer.monitor_name != "loss":
        parts.append(f"best by {trainer.monitor_name}")
    return ", ".join([*parts, f"seed {trainer.settings.seed}"])


def describe_ending(trainer: Trainer) -> str:
    """Return how the training ended, such as ``stopped after 27 epochs, 0.015 s: the loss has reached 0.0009``."""
    history = trainer.history
    ran = f"{count(trainer.state.epoch, 'epoch')}, {history.seconds:.3g} s"
    if history.stopped_by == "interrupted":
        return f"interrupted after {ran}; the best so far is kept"
    return f"trained for {ran}" if history.stopped_by == "epochs" else f"stopped after {ran}: {history.stopped}"


def not_healthy(trainer: Trainer, recipe: Recipe, at_start: float, at_end: float) -> str | None:
    """Return what is wrong with a finished training, or None: numbers that are not finite, or a loss that rose.

    In the first steps a loss may rise a little before it falls.

    Args:
        trainer: After its training.
        recipe: What it was made from.
        at_start: Loss over the training rows before it.
        at_end: The same for the parameters that were kept.
    """
    limit = _MUCH * abs(at_start) if trainer.state.step < _FIRST_STEPS else at_start
    if trainer.history.stopped_by == "non-finite":
        problem = trainer.history.stopped
    elif trainer.history.stopped_by != "interrupted" and not at_end <= limit:
        problem = f"the loss went up, from {at_start:.5g} to {at_end:.5g}"
    else:
        return None
    rate = getattr(trainer.optimizer, "learning_rate", None)
    advice = ["another --optimizer" if rate is None else f"a smaller --learning-rate (it was {rate:g})"]
    if recipe.scaling == "none":
        advice.append("--scaling standard")
    return f"{problem}.\n  Try {' or '.join(advice)}."


def result_of(
    data: str, model: Model, recipe: Recipe, trainer: Trainer, scores: Scores, problem: str | None
) -> dict[str, Any]:
    """Return the JSON document of ``unstuck train``, but for the name of its folder."""
    network = model.network
    return {
        "schema": 1,
        "data": data,
        "network": describe_network(network),
        "parameters": network.n_parameters,
        "optimizer": recipe.optimizer,
        "epochs": trainer.state.epoch,
        "stopped": trainer.history.stopped_by,
        "healthy": problem is None,
        "loss": {part: scores.get(part, {}).get("loss") for part in _PARTS[:2]},
        "accuracy": {part: scores.get(part, {}).get("accuracy") for part in _PARTS},
        "scores": scores,
        "seconds": trainer.history.seconds,
        "run": None,
        "findings": [],
    }


def settings_of(model: Model, recipe: Recipe, trainer: Trainer) -> dict[str, Any]:
    """Return the recipe's settings as they were in the end, with what was chosen where nothing was said."""
    network = model.network
    return {
        **{name: value for name, value in vars(recipe).items() if name != "rates"},
        "output_activation": ACTIVATIONS.name_of(network.output_activation),
        "loss": LOSSES.name_of(network.loss),
        "learning_rate": getattr(trainer.optimizer, "learning_rate", None),
        "batch_size": trainer.batch_size,
        "seed": trainer.settings.seed,
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


def count(number: int, what: str) -> str:
    """Return a number of things, such as ``1 epoch`` or ``5,000 epochs``."""
    return f"{number:,} {what}" if number == 1 else f"{number:,} {what}s"
