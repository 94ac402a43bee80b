"""``unstuck train``: data in, a trained model and a run folder out."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from unstuck.cli import runs
from unstuck.cli.options import BatchSizeType, Hidden, Validation, target_columns
from unstuck.cli.pictures import draw_run
from unstuck.cli.progress import ProgressBar, ProgressLines
from unstuck.cli.results import result_of, scores_table
from unstuck.data.tasks import load_data
from unstuck.nets import ACTIVATIONS, INITIALIZERS, LOSSES
from unstuck.recipes import Recipe, build_model, recipe_for
from unstuck.registry import unknown_option
from unstuck.seeding import check_seed
from unstuck.training.optimizers import OPTIMIZERS
from unstuck.training.sample_report import SampleReport
from unstuck.training.schedules import SCHEDULES
from unstuck.training.trace import trace as trace_steps
from unstuck.training.trainer import Trainer

if TYPE_CHECKING:
    from unstuck.training.callbacks import Callback

_FEW_ROWS = 20
_RECIPE_OPTIONS = (
    "hidden", "activation", "output_activation", "loss", "initializer", "dropout", "l1", "l2", "max_norm", "optimizer",
    "learning_rate", "schedule", "batch_size", "epochs", "target_loss", "validation", "patience", "scaling", "dtype",
)  # fmt: skip
_TRAINER_OPTIONS = ("clip_norm", "clip_value", "monitor", "tolerance", "time_limit", "engine")


def _named(what: str, known: list[str]) -> Any:
    """Return a click callback that refuses unknown names with a suggestion, before any work starts."""

    def check(_ctx: click.Context, _param: click.Parameter, value: str | None) -> str | None:
        if value is not None and value not in known:
            raise unknown_option(what, value, known)
        return value

    return check


@click.command(
    epilog="Example: unstuck train mnist --hidden 16 --activation sigmoid --output-activation sigmoid --loss mse"
)
@click.argument("data")
@click.option("--target", help="Files: the target column, by name or number; several separated by commas.")
@click.option("--kind", help="Files: binary, multiclass, multilabel or regression, if it is not what it looks like.")
@click.option("--test", "test_fraction", type=float, help="Share of the rows to hold back as a test set.")
@click.option("--data-folder", help="MNIST: the folder of its IDX files (or set UNSTUCK_DATA).")
@click.option("--hidden", type=Hidden(), help="Units of each hidden layer, such as 16,16, or none.")
@click.option("--activation", callback=_named("activation", ACTIVATIONS.names()), help="Of the hidden layers.")
@click.option("--output-activation", callback=_named("activation", ACTIVATIONS.names()), help="Of the last layer.")
@click.option("--loss", callback=_named("loss", LOSSES.names()), help=f"One of {', '.join(LOSSES.names())}.")
@click.option("--init", "initializer", callback=_named("initializer", INITIALIZERS.names()), help="How weights start.")
@click.option("--dropout", type=float, help="Rate of dropout after each hidden layer.")
@click.option("--l1", type=float, help="Factor of the sum of absolute weights.")
@click.option("--l2", type=float, help="Factor of half the sum of squared weights.")
@click.option("--max-norm", type=float, help="Largest length of the weights into a unit.")
@click.option("--optimizer", callback=_named("optimizer", OPTIMIZERS.names()), help=", ".join(OPTIMIZERS.names()))
@click.option("--learning-rate", type=float, help="Of an optimizer that has one.")
@click.option("--schedule", callback=_named("schedule", SCHEDULES.names()), help=", ".join(SCHEDULES.names()))
@click.option("--batch-size", type=BatchSizeType(), help="Rows a step: all, one at a time, or N.")
@click.option("--clip-norm", type=float, help="Shorten longer gradients to this length.")
@click.option("--clip-value", type=float, help="Cut off every entry of the gradient at this.")
@click.option("--class-weight", type=click.Choice(["balanced"]), help="Let every class count the same.")
@click.option("--scaling", help="Of the inputs: none, standard, minmax (pixels: divide by 255).")
@click.option("--epochs", type=click.IntRange(min=1), help="How many at the most.")
@click.option("--validation", type=Validation(), help="Share of the rows to hold back for early stopping, or none.")
@click.option("--patience", type=click.IntRange(min=1), help="Stop after so many epochs without a better loss.")
@click.option("--monitor", help="What counts as better: loss (default) or a metric.")
@click.option("--target-loss", type=float, help="Stop at this training loss.")
@click.option("--tolerance", type=float, help="Stop when every output is closer than this to its target.")
@click.option("--time-limit", type=float, help="Stop after so many seconds.")
@click.option("--no-stop", is_flag=True, help="Run every epoch asked for, whatever happens.")
@click.option("--dtype", type=click.Choice(["float32", "float64"]), help="Precision.")
@click.option("--seed", type=int, default=0, show_default=True, help="From which all random numbers are drawn.")
@click.option("--engine", type=click.Choice(["auto", "reference", "compiled"]), default="auto", show_default=True)
@click.option(
    "--trace",
    "trace_count",
    type=click.IntRange(min=1),
    metavar="N",
    help="First print every value of N steps on one sample.",
)
@click.option(
    "--report-every",
    type=click.IntRange(min=1),
    metavar="N",
    help="Print a line, or each sample of small data, every N epochs.",
)
@click.option("--plot", is_flag=True, help="Draw the loss (and small problems' functions) into the run folder.")
@click.option("--run", "run_folder", metavar="FOLDER", help="Where to put the run  [default: runs/DATA-DATE-N]")
@click.option("--force", is_flag=True, help="Replace a run that is already there.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document, and everything else on stderr.")
def train(data: str, seed: int, run_folder: str | None, **options: Any) -> int:
    """Train a network on DATA: a built-in task, or a .csv or .npz file.

    Tasks: and, circles, digits, mnist, moons, or, parity (parity:N), spirals, xor. Every option has a default that fits the data.
    """
    check_seed(seed)
    folder = runs.choose_folder(run_folder, data, force=options["force"])
    dataset = load_data(
        data,
        target=target_columns(options["target"]),
        kind=options["kind"],
        seed=seed,
        test_fraction=options["test_fraction"],
        data_folder=options["data_folder"],
    )
    recipe = _recipe(recipe_for(dataset), options)
    model = build_model(dataset, recipe, seed)
    say = _speaker(as_json=options["as_json"])
    say(f"{dataset.name}: {len(dataset.inputs)} rows, {dataset.kind}\n{model.network.summary()}\n")
    inputs, targets = model.inputs(dataset.inputs), model.targets(dataset.targets)
    if options["trace_count"]:
        steps = trace_steps(
            model.network, inputs[:1], targets[:1], optimizer=recipe.optimizer, learning_rate=recipe.learning_rate,
            steps=options["trace_count"],
        )  # fmt: skip
        say(f"{steps}\n")
    small = len(inputs) <= _FEW_ROWS
    callbacks: list[Callback] = [_progress(recipe.epochs, options["report_every"], small=small)]
    if small:
        callbacks.append(SampleReport(inputs, targets, every=options["report_every"] or 0, show=say))
    trainer = _trainer(model.network, recipe, options, seed, callbacks)
    history = trainer.fit(
        inputs,
        targets,
        recipe.epochs,
        class_weight=options["class_weight"],
        validation=recipe.validation or None,
    )
    scores = {"train": model.evaluate(dataset.inputs, dataset.targets)}
    if dataset.test_inputs is not None:
        scores["test"] = model.evaluate(dataset.test_inputs, dataset.test_targets)
    settings = {"data": data, "seed": seed, **{name: getattr(recipe, name) for name in _RECIPE_OPTIONS}}
    result = result_of(dataset, model, recipe, history, scores, folder)
    with runs.new_run(folder) as temporary:
        runs.fill(temporary, model, history, settings, result)
        if options["plot"]:
            draw_run(temporary, model, dataset, history)
    say(f"{history.stopped} after {trainer.state.epoch} epochs, {history.seconds:.3g} s\n{scores_table(scores)}")
    say(f"saved {folder}")
    if options["as_json"]:
        click.echo(runs.as_json(result), nl=False)
    return 1 if history.stopped_by == "non-finite" else 0


def _recipe(recipe: Recipe, options: dict[str, Any]) -> Recipe:
    """Return ``recipe`` with the options given on the command line."""
    chosen = recipe.with_options(**{name: options[name] for name in _RECIPE_OPTIONS})
    if options["no_stop"]:
        return chosen.without_stopping()
    return chosen


def _trainer(network: Any, recipe: Recipe, options: dict[str, Any], seed: int, callbacks: list[Callback]) -> Trainer:
    extra = {name: options[name] for name in _TRAINER_OPTIONS if options[name] is not None}
    if options["no_stop"]:
        extra = {name: value for name, value in extra.items() if name not in ("tolerance", "time_limit")}
    return Trainer(
        network,
        optimizer=recipe.optimizer,
        learning_rate=recipe.learning_rate,
        batch_size=recipe.batch_size,
        schedule=recipe.schedule,
        patience=recipe.patience,
        target_loss=recipe.target_loss,
        seed=seed,
        callbacks=callbacks,
        **extra,
    )


def _progress(epochs: int, every: int | None, *, small: bool) -> Callback:
    if every and not small:
        return ProgressLines(every)
    return ProgressBar(epochs) if sys.stderr.isatty() else ProgressLines()


def _speaker(*, as_json: bool) -> Any:
    """Return what prints for people: on stdout, or on stderr where stdout is for JSON."""
    return lambda text: click.echo(text, err=as_json)
