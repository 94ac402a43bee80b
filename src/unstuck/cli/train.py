"""``unstuck train``: what it takes."""

from __future__ import annotations

from typing import Any

import click

from unstuck.cli import options as take
from unstuck.cli.layout import Command
from unstuck.cli.training import train_and_save
from unstuck.data.dataset import KINDS
from unstuck.data.scaling import SCALING_NAMES
from unstuck.nets import ACTIVATIONS, INITIALIZERS, LOSSES
from unstuck.training.metrics import METRICS
from unstuck.training.optimizers import OPTIMIZERS
from unstuck.training.schedules import SCHEDULES

_GROUPS = {
    "--target": "Data",
    "--hidden": "Network",
    "--optimizer": "Learning",
    "--validation": "Stopping",
    "--trace": "Output",
    "-h": "Other",
}
_EXAMPLE = "unstuck train mnist --hidden 16 --activation sigmoid --output-activation sigmoid --loss mse"
_ACTIVATIONS, _INITIALIZERS, _LOSSES = ACTIVATIONS.names(), INITIALIZERS.names(), LOSSES.names()
_OPTIMIZERS, _SCHEDULES, _MONITORS = OPTIMIZERS.names(), SCHEDULES.names(), ["loss", *METRICS.names()]
_SCALINGS = [*SCALING_NAMES, "pixels"]
_VALIDATION = "Hold back this share of the rows (or none) to find the best epoch."
_REPORT = "Print the loss every N epochs, and each output of up to 20 rows."


@click.command(
    cls=Command, groups=_GROUPS, epilog=f"Example: {_EXAMPLE}", short_help="Train a network on a task or file."
)
@take.data_argument
@take.target_option
@take.name_option(
    "--kind", "kind of targets", KINDS, "Files: what the targets are, if not what they look like: {names}."
)
@take.held_out_option
@take.name_option("--scaling", "scaling", _SCALINGS, "Of the inputs: {names} (divide by 255).")
@take.data_folder_option
@click.option(
    "--hidden", metavar="UNITS", callback=take.hidden_sizes, help="Units of each hidden layer: 16,16 or none."
)
@take.name_option("--activation", "activation", _ACTIVATIONS, "Of the hidden layers: {names}.")
@take.name_option("--output-activation", "activation", _ACTIVATIONS, "Of the last layer: one of the same.")
@take.name_option("--loss", "loss", _LOSSES, "What is minimised: {names}.")
@take.name_option("--init", "initializer", _INITIALIZERS, "How weights start: {names}.", "initializer")
@click.option("--dropout", type=float, metavar="RATE", help="Rate of dropout after each hidden layer.")
@click.option("--l1", type=float, metavar="FACTOR", help="Factor of the sum of absolute weights.")
@click.option("--l2", type=float, metavar="FACTOR", help="Factor of half the sum of squared weights.")
@click.option("--max-norm", type=float, metavar="LENGTH", help="Largest length of the weights into a unit.")
@click.option("--dtype", type=click.Choice(["float32", "float64"]), help="Precision.")
@take.name_option("--optimizer", "optimizer", _OPTIMIZERS, "How it learns: {names}.")
@click.option("--learning-rate", type=float, metavar="RATE", help="Of an optimizer that has one.")
@take.name_option("--schedule", "schedule", _SCHEDULES, "Of the learning rate: {names}.")
@click.option(
    "--batch-size", metavar="full|1|N", callback=take.batch_size, help="Rows a step: all, one at a time, or N."
)
@click.option("--clip-norm", type=float, metavar="LENGTH", help="Shorten longer gradients to this length.")
@click.option("--clip-value", type=float, metavar="VALUE", help="Cut off every entry of the gradient at this.")
@click.option("--class-weight", type=click.Choice(["balanced"]), help="Let every class count the same.")
@take.count_option("--epochs", "How many at the most.")
@take.seed_option("From which all random numbers are drawn.")
@click.option("--engine", type=click.Choice(["auto", "reference", "compiled"]), default="auto", help="What runs it.")
@take.count_option("--threads", "On how many threads to run at most  [default: one for each core].")
@click.option("--validation", metavar="SHARE", callback=take.validation_share, help=_VALIDATION)
@take.count_option("--patience", "Stop after N epochs without a better one.")
@take.name_option("--monitor", "monitor", _MONITORS, "What makes an epoch better  [default: loss]: {names}.")
@click.option("--target-loss", type=float, metavar="LOSS", help="Stop at this training loss.")
@click.option("--tolerance", type=float, metavar="DISTANCE", help="Stop when every output is closer to its target.")
@click.option("--time-limit", type=float, metavar="SECONDS", help="Stop after so many seconds.")
@click.option("--stop-when-stuck", is_flag=True, help="Stop when half of the epochs have come to nothing.")
@click.option("--no-monitor", is_flag=True, help="Do not say so when nothing comes of the training.")
@click.option("--no-stop", is_flag=True, help="Run every epoch asked for.")
@take.count_option("--trace", "First print every value of N steps on one sample.")
@take.count_option("--report-every", _REPORT)
@click.option("--plot", is_flag=True, help="Draw the loss, the weights and what was learned into the run folder.")
@click.option("--run", metavar="FOLDER", type=click.Path(), help="Where to put the run  [default: runs/DATA-DATE-N]")
@click.option("--force", is_flag=True, help="Replace a run that is already there.")
@take.json_option
def train(**options: Any) -> int:
    """Train a network on DATA: a built-in task, or a .csv or .npz file.

    Tasks: and, circles, digits, mnist, moons, or, parity (parity:N), spirals, xor. Every option has a default that fits the data.
    """
    return train_and_save(options)
