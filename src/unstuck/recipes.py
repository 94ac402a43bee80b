"""Sensible settings for each task, so that ``unstuck train DATA`` needs no options."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Self

from unstuck.data.scaling import Scaling, scale_by
from unstuck.data.splits import split
from unstuck.model import Model
from unstuck.nets import ACTIVATIONS, LOSSES, Loss, Network, dense_layers
from unstuck.training.optimizers import OPTIMIZERS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from unstuck.arrays import Precision
    from unstuck.data.batches import BatchSize
    from unstuck.data.dataset import Dataset, Kind

_SMALL = 2000
_FEWEST_TO_HOLD_BACK = 20
_ADAPTABLE = "adam"
_PIXEL_MAXIMUM = 255.0


@dataclass(frozen=True)
class Recipe:
    """How to build and train a network for some data; None means what fits the kind of task."""

    hidden: tuple[int, ...] = (16,)
    activation: str = "tanh"
    output_activation: str | None = None
    loss: str | None = None
    initializer: str | None = None
    dropout: float = 0.0
    l1: float = 0.0
    l2: float = 0.0
    max_norm: float | None = None
    optimizer: str = "irprop-"
    learning_rate: float | None = None
    schedule: str = "constant"
    batch_size: BatchSize | None = None
    epochs: int = 500
    target_loss: float | None = None
    validation: float | None = None
    patience: int | None = None
    scaling: str = "none"
    dtype: Precision = "float64"

    rates: dict[str, float] = field(default_factory=dict)
    """Learning rates that suit the task, by the name of the optimizer, for when none is given."""

    def with_options(self, **options: Any) -> Self:
        """Return this recipe with every option that is not None in place of its own.

        Another optimizer brings its own batch size, rate, schedule and (``lm``) loss unless they are given too. Where options need
        what the recipe's own optimizer does not have (mini-batches, dropout, a learning rate), and none is given, Adam takes its place.
        """
        given = {name: value for name, value in options.items() if value is not None}
        if "optimizer" not in given and not self._can_take(given):
            given["optimizer"] = _ADAPTABLE
        if given.get("optimizer", self.optimizer) != self.optimizer:
            chosen = OPTIMIZERS.create(given["optimizer"])
            given.setdefault("batch_size", "full" if chosen.full_batch_only else self.batch_size)
            given.setdefault("learning_rate", self.rates.get(given["optimizer"]))
            given.setdefault("schedule", "constant")
            if given["optimizer"] == "lm":  # which knows no other loss than squared errors
                given.setdefault("loss", self.loss or "mse")
        return replace(self, **given)

    def _can_take(self, given: dict[str, Any]) -> bool:
        """Return whether the recipe's own optimizer goes with these options."""
        own = OPTIMIZERS.create(self.optimizer)
        is_random = given.get("batch_size", "full") != "full" or given.get("dropout", 0) > 0
        has_rate = "learning_rate" in given or given.get("schedule", "constant") != "constant"
        return not (is_random and own.full_batch_only) and not (has_rate and not hasattr(own, "learning_rate"))

    def without_stopping(self) -> Self:
        """Return this recipe without anything that ends the training early."""
        return replace(self, target_loss=None, patience=None)


_BITS_RATES = {"gd": 5.0, "rmsprop": 0.01, "adam": 0.05, "adamw": 0.05, "adagrad": 0.5}

_TASKS: dict[str, Recipe] = {
    "xor": Recipe((8,), epochs=5000, target_loss=9e-4, rates=_BITS_RATES),
    "and": Recipe((), epochs=5000, target_loss=9e-4, rates=_BITS_RATES),
    "or": Recipe((), epochs=5000, target_loss=9e-4, rates=_BITS_RATES),
    "parity": Recipe((16,), epochs=5000, target_loss=9e-4, rates=_BITS_RATES),
    "moons": Recipe((16,), epochs=300, scaling="standard", l2=1e-4),
    "circles": Recipe((16,), epochs=300, scaling="standard", l2=1e-4),
    "spirals": Recipe((32, 32), epochs=6000, target_loss=9e-4, scaling="standard", l2=1e-6),
    "digits": Recipe((64,), "relu", optimizer="adam", batch_size=32, epochs=40, scaling="minmax", dtype="float32"),
    "mnist": Recipe(
        (128,),
        "relu",
        optimizer="adam",
        learning_rate=0.002,
        schedule="cosine",
        batch_size=128,
        epochs=15,
        scaling="pixels",
        dtype="float32",
    ),
}


def recipe_for(dataset: Dataset, *, is_file: bool = False) -> Recipe:
    """Return the settings for a built-in task, or for a table by its size.

    Tables of up to 2,000 rows are trained with iRprop- over full batches, larger ones with Adam in mini-batches of 32. Where there are at
    least 20 rows, a fifth is held back for early stopping, and a weak L2 penalty keeps the network from being too sure of itself.

    Args:
        dataset: The data.
        is_file: Whether it is a table even if it is called like a task, such as a file ``xor.csv``.
    """
    name = dataset.name.partition(":")[0]
    if name in _TASKS and not is_file:
        return _TASKS[name]
    small = len(dataset.inputs) <= _SMALL
    table = Recipe((16,)) if small else Recipe((64,), "relu", optimizer="adam", epochs=100, dtype="float32")
    if len(dataset.inputs) < _FEWEST_TO_HOLD_BACK:
        return replace(table, scaling="standard")
    return replace(table, scaling="standard", validation=0.2, patience=50 if small else 10, l2=1e-4)


def output_for(kind: Kind, loss: str | None) -> str:
    """Return the output activation for a kind of task, or the one that belongs to ``loss``."""
    if loss == "poisson":
        return "softplus"
    if loss in ("bce", "ce", "focal"):
        return "softmax" if kind == "multiclass" and loss != "bce" else LOSSES.create(loss).output_activation
    if kind == "regression":
        return "identity"
    return "sigmoid" if kind in ("binary", "multilabel") or loss is not None else "softmax"


def build_model(dataset: Dataset, recipe: Recipe, seed: int = 0) -> Model:
    """Return an untrained model for ``dataset``: network, scaling, class names.

    The scaling is fitted to the rows that are trained on: neither to a test set nor to the share held back for validation.

    Two classes under a softmax have an output each, and counts (the loss ``poisson``) come out as counts, not as their logarithms,
    unless the output activation can be negative.

    Raises:
        OptionError: Settings that do not fit each other.
    """
    output = recipe.output_activation or output_for(dataset.kind, recipe.loss)
    layers = dense_layers(
        dataset.inputs.shape[1],
        recipe.hidden,
        _n_outputs(dataset, output),
        activation=recipe.activation,
        output_activation=output,
        initializer=recipe.initializer,
        dropout=recipe.dropout,
    )
    loss: str | Loss | None = recipe.loss
    if loss == "poisson" and ACTIVATIONS.create(output).output_range[0] >= 0:
        loss = LOSSES.create("poisson", log_input=False)
    if loss is None and dataset.kind == "multilabel" and ACTIVATIONS.create(output).output_range == (0.0, 1.0):
        loss = "bce"
    network = Network(layers, loss, l1=recipe.l1, l2=recipe.l2, max_norm=recipe.max_norm, dtype=recipe.dtype, seed=seed)
    rows = _training_rows(dataset, recipe.validation, seed)
    target_scaling = _target_scaling(dataset, dataset.targets[rows], recipe.loss)
    return Model.for_dataset(network, dataset, _input_scaling(dataset.inputs[rows], recipe.scaling), target_scaling)


def _training_rows(dataset: Dataset, validation: float | None, seed: int) -> Any:
    """Return the rows that a :class:`Trainer` with this seed will train on when it holds back the share ``validation``."""
    if not validation:
        return slice(None)
    strata = dataset.targets.reshape(-1) if dataset.kind in ("binary", "multiclass") else None
    return split(len(dataset.inputs), validation, seed, strata)[0]


def _n_outputs(dataset: Dataset, output_activation: str) -> int:
    if dataset.kind == "binary" and output_activation == "softmax":
        return 2
    if dataset.kind == "multiclass":
        return max(len(dataset.class_names), int(dataset.targets.max()) + 1)
    return int(dataset.targets.shape[1])


def _input_scaling(inputs: NDArray[Any], name: str) -> Scaling:
    if name == "pixels":
        return Scaling.divide(inputs.shape[1], _PIXEL_MAXIMUM)
    return scale_by(name, inputs)


def _target_scaling(dataset: Dataset, targets: NDArray[Any], loss: str | None) -> Scaling | None:
    """Return a standard scaling for regression targets, but for counts, which keep their unit."""
    if dataset.kind != "regression" or loss == "poisson":
        return None
    return Scaling.standard(targets)
