"""``unstuck evaluate``: how good is a model on some data?"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import click
import numpy as np

from unstuck.cli import options as take
from unstuck.cli.documents import to_json
from unstuck.cli.layout import Command
from unstuck.cli.results import count, scores_table
from unstuck.cli.streams import say
from unstuck.data.dataset import named_targets
from unstuck.data.tasks import load_data
from unstuck.errors import DataError, ShapeError
from unstuck.model_file import load_model

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from unstuck.data.dataset import Dataset
    from unstuck.model import Model


@click.command(
    cls=Command,
    epilog="Example: unstuck evaluate runs/mnist-2026-01-31-1 mnist",
    short_help="Measure a model on some data.",
)
@take.model_argument
@take.data_argument
@take.target_option
@take.held_out_option
@take.data_folder_option
@take.seed_option("Of tasks that draw their data, and of the test set.")
@take.json_option
def evaluate(
    model: str,
    data: str,
    target: str | list[str] | None,
    test_fraction: float | None,
    data_folder: str | None,
    seed: int,
    *,
    as_json: bool,
) -> int:
    """Measure loss and metrics of MODEL (a run folder or a .safetensors file) on DATA (a task or a file).

    With the --test and --seed of the training, the rows that it held back are measured by themselves.
    """
    trained = load_model(model)
    dataset = _load(data, trained, target=target, seed=seed, test_fraction=test_fraction, data_folder=data_folder)
    check_fits(trained, data, dataset.inputs)
    with np.errstate(
        over="ignore", invalid="ignore", divide="ignore"
    ):  # inputs far from those of the training may overflow
        scores = {"data": trained.evaluate(dataset.inputs, named_targets(dataset, dataset.targets))}
        if dataset.test_inputs is not None:
            scores["test"] = trained.evaluate(dataset.test_inputs, named_targets(dataset, dataset.test_targets))
    if as_json:
        document = {"schema": 1, "model": model, "data": data, "rows": len(dataset.inputs), "scores": scores}
        say(to_json(document), newline=False)
    else:
        say(f"{data}: {count(len(dataset.inputs), 'row')}\n{scores_table(scores)}")
    return 0 if all(math.isfinite(numbers["loss"]) for numbers in scores.values()) else 1


def _load(data: str, model: Model, **settings: Any) -> Dataset:
    """Load data whose targets are of the model's kind."""
    try:
        return load_data(data, kind=None if take.is_task(data) else model.kind, **settings)
    except DataError as error:
        said = [
            line for line in str(error).splitlines() if "kind=" not in line
        ]  # there is no other kind to choose here
        raise DataError("\n".join([*said, f"  The model was trained on {model.kind} targets."])) from error


def check_fits(model: Model, data: str, inputs: NDArray[Any]) -> None:
    """Raise a :class:`ShapeError` if the model takes another number of inputs than the data has."""
    n_in, found = model.network.n_in, inputs.shape[1]
    if found != n_in:
        raise ShapeError(
            f"{data} has {count(found, 'input')} a row, but the model takes {n_in}.\n"
            "  Give it data like those it was trained on."
        )
