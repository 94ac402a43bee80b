"""What a training from the command line is made of: the options, turned into data, model and trainer that fit each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click
import numpy as np

from unstuck.cli.options import is_task
from unstuck.cli.progress import Opening, progress
from unstuck.cli.results import count, describe_training
from unstuck.cli.streams import say
from unstuck.data.tasks import load_data
from unstuck.doctor.networks.monitor import Monitor
from unstuck.errors import OptionError
from unstuck.recipes import build_model, recipe_for
from unstuck.training.metrics import kind_of
from unstuck.training.optimizers import OPTIMIZERS
from unstuck.training.sample_report import SampleReport
from unstuck.training.trainer import Trainer
from unstuck.training.validation import hold_back

if TYPE_CHECKING:
    from collections.abc import Callable

    from unstuck.arrays import Matrix
    from unstuck.data.dataset import Dataset
    from unstuck.model import Model
    from unstuck.recipes import Recipe
    from unstuck.training.callbacks import Callback
    from unstuck.training.validation import HeldBack

_FEW_ROWS = 20
_RECIPE_OPTIONS = (
    "hidden", "activation", "output_activation", "loss", "initializer", "dropout", "l1", "l2", "max_norm", "optimizer",
    "learning_rate", "schedule", "batch_size", "epochs", "target_loss", "validation", "patience", "scaling", "dtype",
)  # fmt: skip
_TRAINER_OPTIONS = ("clip_norm", "clip_value", "monitor", "tolerance", "time_limit", "engine", "threads")
_DATA_OPTIONS = ("target", "kind", "seed", "test_fraction", "data_folder")
_STOPPING_OPTIONS = ("patience", "target_loss", "tolerance", "time_limit")


@dataclass
class Plan:
    """A training that is ready to begin."""

    dataset: Dataset
    recipe: Recipe
    model: Model
    trainer: Trainer
    inputs: Matrix
    """All rows as the network sees them."""
    targets: Matrix
    held: HeldBack
    """Which of them are trained on, and which are for validation."""

    def loss(self) -> float:
        """Return the loss over the rows that are trained on."""
        network = self.model.network
        with np.errstate(
            over="ignore", invalid="ignore", divide="ignore"
        ):  # a training that diverged shows in the number
            return network.objective(network.forward(self.held.inputs)[-1], self.held.targets)


def make_plan(options: dict[str, Any]) -> Plan:
    """Load the data and make the model and the trainer.

    Raises:
        UnstuckError: The options cannot be carried out.
    """
    _refuse_contradictions(options)
    dataset = load_data(options["data"], **{name: options[name] for name in _DATA_OPTIONS})
    recipe = recipe_for(dataset, is_file=not is_task(options["data"])).with_options(
        **{name: options[name] for name in _RECIPE_OPTIONS}
    )
    recipe = recipe.without_stopping() if options["no_stop"] else recipe
    _check_rate(recipe)
    model = build_model(dataset, recipe, options["seed"])
    trainer = _trainer(model, recipe, options)
    network = model.network
    inputs, targets = network.check(model.inputs(dataset.inputs), model.targets(dataset.targets))
    share, kind = recipe.validation or None, kind_of(network, targets)
    held = hold_back(network, inputs, targets, share, kind, options["seed"])
    return Plan(dataset, recipe, model, trainer, inputs, targets, held)


def add_reports(plan: Plan, options: dict[str, Any], show: Callable[[str], None]) -> None:
    """Let the trainer say what it is about to do, how far it is, and what comes out for each sample of small data."""
    network, trainer = plan.model.network, plan.trainer
    opening = [
        f"{plan.dataset.name}: {count(len(plan.inputs), 'row')}, {plan.dataset.kind}",
        network.summary(),
        describe_training(trainer, plan.recipe, len(plan.held.inputs)) + "\n",
    ]
    if options["trace"]:
        opening.append(_trace(plan, options["trace"]))
    every = options["report_every"]
    small = len(plan.inputs) <= _FEW_ROWS
    trainer.callbacks.append(Opening("\n".join(opening), show))
    if not (small and every):
        trainer.callbacks.append(progress(plan.recipe.epochs, every))
    if not options["no_monitor"]:
        trainer.callbacks.append(Monitor(stops=options["stop_when_stuck"], say=_tell))
    if small:
        trainer.callbacks.append(_sample_report(plan, every or 0, show))


def _tell(sentence: str) -> None:
    say(f"not learning: {sentence}", err=True)


def _refuse_contradictions(options: dict[str, Any]) -> None:
    for name in ("no_stop", "no_monitor"):
        if options["stop_when_stuck"] and options[name]:
            raise click.UsageError(
                f"--stop-when-stuck and --{name.replace('_', '-')} exclude each other. Leave one of them out."
            )
    for name in _STOPPING_OPTIONS:
        if options["no_stop"] and options[name] is not None:
            spelling = "--" + name.replace("_", "-")
            raise click.UsageError(f"--no-stop runs every epoch, but {spelling} ends earlier. Leave one of them out.")


def _check_rate(recipe: Recipe) -> None:
    if recipe.learning_rate is not None and not _has_rate(recipe.optimizer):
        fitting = ", ".join(name for name in OPTIMIZERS.names() if _has_rate(name))
        raise OptionError(
            f"{recipe.optimizer} has no learning rate. Leave --learning-rate out, or choose an optimizer that has one:\n  {fitting}"
        )


def _has_rate(optimizer: str) -> bool:
    return hasattr(OPTIMIZERS.create(optimizer), "learning_rate")


def _trainer(model: Model, recipe: Recipe, options: dict[str, Any]) -> Trainer:
    return Trainer(
        model.network,
        optimizer=recipe.optimizer,
        learning_rate=recipe.learning_rate,
        batch_size=recipe.batch_size,
        schedule=recipe.schedule,
        patience=recipe.patience,
        target_loss=recipe.target_loss,
        seed=options["seed"],
        watch_every=_watch_every(recipe, options),
        **{name: options[name] for name in _TRAINER_OPTIONS if options[name] is not None},
    )


def _watch_every(recipe: Recipe, options: dict[str, Any]) -> int | None:
    """Return at which epochs to look: all of them where that decides on when to stop or what to keep, or is reported."""
    decides = recipe.validation or options["tolerance"] is not None or options["monitor"] not in (None, "loss")
    return 1 if decides or options["report_every"] else None


def _trace(plan: Plan, steps: int) -> str:
    """Return a trace of the row with the fewest zeros, as those show little."""
    from unstuck.training.trace import trace  # noqa: PLC0415 (only who looks at it pays for it)

    row = int(np.count_nonzero(plan.inputs, axis=1).argmax())
    one = slice(row, row + 1)
    recipe = plan.recipe
    traced = trace(
        plan.model.network,
        plan.inputs[one],
        plan.targets[one],
        optimizer=recipe.optimizer,
        learning_rate=recipe.learning_rate,
        steps=steps,
    )
    return f"{count(steps, 'step')} on row {row} alone (counted from 0), on a copy of the network\n{traced}\n"


def _sample_report(plan: Plan, every: int, show: Callable[[str], None]) -> Callback:
    model = plan.model
    is_regression = model.kind == "regression"
    return SampleReport(
        plan.inputs,
        plan.targets,
        every=every,
        show=show,
        shown_inputs=plan.dataset.inputs,
        unit=model.target_scaling.undo if is_regression else None,
        rounded=not is_regression,
    )
