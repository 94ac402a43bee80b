"""``unstuck predict``: what does a model say about some rows?"""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import numpy as np

from unstuck.cli import options as take
from unstuck.cli.documents import to_json
from unstuck.cli.evaluate import check_fits
from unstuck.cli.layout import Command
from unstuck.cli.streams import say
from unstuck.data.inputs import read_inputs
from unstuck.data.tasks import load
from unstuck.errors import OptionError
from unstuck.files import refuse_existing, write_whole
from unstuck.model_file import load_model

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from unstuck.model import Model


@click.command(
    cls=Command,
    epilog="Example: unstuck predict runs/table-2026-01-31-1 new-rows.csv --output answers.csv",
    short_help="Say what a model makes of new rows.",
)
@take.model_argument
@take.data_argument
@click.option("--outputs", "with_outputs", is_flag=True, help="Also the network's outputs, such as probabilities.")
@click.option("--output", "file", metavar="FILE", type=click.Path(), help="Write the table into a file.")
@click.option("--force", is_flag=True, help="Replace FILE if it is already there.")
@take.data_folder_option
@take.seed_option("Of tasks that draw their data.")
@take.json_option
def predict(
    model: str,
    data: str,
    file: str | None,
    data_folder: str | None,
    seed: int,
    *,
    with_outputs: bool,
    force: bool,
    as_json: bool,
) -> int:
    """Print what MODEL (a run folder or a .safetensors file) says about each row of DATA (a task or a file), as CSV.

    A file needs no target column. Of a task with a test set its rows are predicted.
    """
    if file is not None:
        refuse_existing(Path(file), force=force)
    trained = load_model(model)
    inputs = _inputs(trained, data, data_folder, seed)
    with np.errstate(over="ignore", invalid="ignore"):  # inputs far from those of the training may overflow
        answers, outputs = trained.predict(inputs), trained.outputs(inputs)
    if file is not None or not as_json:
        text = _table(trained, answers, outputs if with_outputs else None)
        if file is None:
            say(text, newline=False)
        else:
            say(f"saved {write_whole(file, text, force=force)}", err=True)
    if as_json:
        document: dict[str, Any] = {"schema": 1, "model": model, "data": data, "predictions": answers.tolist()}
        if with_outputs:
            document["outputs"] = outputs.tolist()
        say(to_json(document), newline=False)
    return 0


def _inputs(model: Model, data: str, data_folder: str | None, seed: int) -> NDArray[Any]:
    if take.is_task(data):
        dataset = load(data, seed=seed, data_folder=data_folder)
        check_fits(model, data, dataset.inputs)
        return dataset.inputs if dataset.test_inputs is None else dataset.test_inputs
    if data_folder is not None:
        raise OptionError(f"data_folder is for tasks that read files (mnist). {data} is a file itself. Leave it out.")
    return read_inputs(data, n_in=model.network.n_in, feature_names=model.feature_names)


def _table(model: Model, answers: NDArray[Any], outputs: NDArray[Any] | None) -> str:
    """Return predictions as CSV with a header."""
    columns = answers.reshape(len(answers), -1)
    header = ["prediction"] if columns.shape[1] == 1 else [f"prediction {name}" for name in _names(model, columns)]
    rows = [list(row) for row in columns]
    if outputs is not None:
        header += [f"output {name}" for name in _names(model, outputs)]
        rows = [[*row, *output] for row, output in zip(rows, outputs, strict=True)]
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([[f"{value:.9g}" if isinstance(value, np.floating) else value for value in row] for row in rows])
    return buffer.getvalue()


def _names(model: Model, columns: NDArray[Any]) -> list[str]:
    if len(model.class_names) == columns.shape[1]:
        return list(model.class_names)
    return [str(number) for number in range(columns.shape[1])]
