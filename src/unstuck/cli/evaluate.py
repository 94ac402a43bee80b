"""``unstuck evaluate``: how good is a model on some data?"""

from __future__ import annotations

import click

from unstuck.cli import runs
from unstuck.cli.options import target_columns
from unstuck.cli.results import scores_table
from unstuck.data.dataset import named_targets
from unstuck.data.tasks import TASKS, load_data
from unstuck.model_file import load_model


@click.command(epilog="Example: unstuck evaluate runs/mnist-2026-01-31-1 mnist")
@click.argument("model")
@click.argument("data")
@click.option("--target", help="Files: the target column, by name or number; several separated by commas.")
@click.option("--data-folder", help="MNIST: the folder of its IDX files (or set UNSTUCK_DATA).")
@click.option("--seed", type=int, default=0, show_default=True, help="Of tasks that draw their data.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def evaluate(model: str, data: str, target: str | None, data_folder: str | None, seed: int, *, as_json: bool) -> int:
    """Measure loss and metrics of MODEL (a run folder or a .safetensors file) on DATA (a task or a file)."""
    trained = load_model(model)
    is_task = data.partition(":")[0] in TASKS
    dataset = load_data(
        data,
        target=target_columns(target),
        kind=None if is_task else trained.kind,
        seed=seed,
        data_folder=data_folder,
    )
    scores = {"data": trained.evaluate(dataset.inputs, named_targets(dataset, dataset.targets))}
    if dataset.test_inputs is not None:
        scores["test"] = trained.evaluate(dataset.test_inputs, named_targets(dataset, dataset.test_targets))
    if as_json:
        document = {"schema": 1, "model": model, "data": data, "rows": len(dataset.inputs), "scores": scores}
        click.echo(runs.as_json(document), nl=False)
    else:
        click.echo(f"{data}: {len(dataset.inputs)} rows\n{scores_table(scores)}")
    return 0
