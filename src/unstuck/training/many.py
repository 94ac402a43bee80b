"""Many networks of one shape, each from a seed of its own, trained at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, overload

import numpy as np

from unstuck.data.batches import ArrayBatches
from unstuck.errors import OptionError
from unstuck.limits import check_count
from unstuck.registry import unknown_option
from unstuck.seeding import check_seed
from unstuck.training.engines import lacks_together, train_together
from unstuck.training.history import History
from unstuck.training.metrics import kind_of
from unstuck.training.optimizers import Rule
from unstuck.training.row_weights import ClassWeight, row_weights, with_mean_one
from unstuck.training.stopping import Stop, keeps_best
from unstuck.training.trainer import Trainer

if TYPE_CHECKING:
    from collections.abc import Callable

    from unstuck.data.batches import BatchSize
    from unstuck.nets import Network
    from unstuck.training.engines import Outcome


_SETTINGS = ("learning_rate", "clip_norm", "clip_value", "target_loss", "patience", "min_delta", "restore_best")


@dataclass(frozen=True)
class Run:
    """One of many trainings.

    Attributes:
        network: The network, trained.
        history: What happened; only the epochs that were asked for, and the last.
        seed: From which its weights and its shuffling were drawn.
        optimizer: What trained it.
    """

    network: Network
    history: History
    seed: int
    optimizer: Rule

    @property
    def loss(self) -> float:
        """The loss of its last epoch, NaN if there was none."""
        return self.history[-1]["loss"] if self.history else float("nan")

    @property
    def epochs(self) -> int:
        """How many epochs it had."""
        return int(self.history[-1]["epoch"]) if self.history else 0


class Runs(Sequence[Run]):
    """Many trainings, for each optimizer all seeds in their order; each is put together when it is looked at.

    Attributes:
        is_interrupted: Whether Ctrl-C has ended it.
    """

    def __init__(self) -> None:
        self._makers: list[Callable[[], Run]] = []
        self._losses: list[float] = []
        self._epochs: list[int] = []
        self.is_interrupted = False

    def add(self, make: Callable[[], Run], loss: float, epochs: int) -> None:
        """Take a run in, which ``make`` returns when somebody asks for it."""
        self._makers.append(make)
        self._losses.append(loss)
        self._epochs.append(epochs)

    @property
    def losses(self) -> np.ndarray[Any, np.dtype[np.float64]]:
        """The loss of each one's last epoch, shape ``(runs,)``."""
        return np.array(self._losses, np.float64)

    @property
    def epochs(self) -> np.ndarray[Any, np.dtype[np.int64]]:
        """How many epochs each had, shape ``(runs,)``."""
        return np.array(self._epochs, np.int64)

    def __len__(self) -> int:
        return len(self._makers)

    @overload
    def __getitem__(self, index: int) -> Run: ...

    @overload
    def __getitem__(self, index: slice) -> list[Run]: ...

    def __getitem__(self, index: int | slice) -> Run | list[Run]:
        """Return one run, or a list of some."""
        if isinstance(index, slice):
            return [make() for make in self._makers[index]]
        return self._makers[index]()

    def best(self) -> Run:
        """Return the run with the lowest loss.

        Raises:
            OptionError: There is none with a loss that is a finite number.
        """
        losses = self.losses
        if not np.isfinite(losses).any():
            raise OptionError(f"none of the {len(self)} runs has a loss that is a finite number.")
        return self[int(np.argmin(np.where(np.isfinite(losses), losses, np.inf)))]


def train_many(
    network: Network,
    inputs: Any,
    targets: Any,
    *,
    seeds: Iterable[int] = range(10),
    optimizers: str | Rule | Iterable[str | Rule] = "adam",
    epochs: int = 100,
    batch_size: BatchSize | None = None,
    shuffle: bool = True,
    sample_weight: Any = None,
    class_weight: ClassWeight = None,
    history_every: int | None = None,
    engine: str = "auto",
    threads: int | None = None,
    **settings: Any,
) -> Runs:
    """Train networks of one shape from many seeds, with one optimizer or several, and return all of them.

    Each becomes what it becomes when it is trained by itself, to the last bit: ``network.copy().reset(seed)``, trained with the same
    settings and ``seed=seed``. Small networks run eight at a time in the vectors of each core; others one after the other.
    Ctrl-C ends all of them; those that had begun are returned as they are.

    Args:
        network: Layers, loss and penalties of all of them; it is not changed.
        inputs: Shape ``(rows, n_in)``.
        targets: Shape ``(rows, n_out)``; ``(rows,)`` for one output or for class indices.
        seeds: From which first weights and shuffling are drawn (default 0 to 9).
        optimizers: One name or instance (default ``"adam"``), or several, each of which gets all seeds.
        epochs: How many at the most (default 100).
        batch_size: As of :class:`Trainer`.
        shuffle: As of :class:`Trainer`.
        sample_weight: How much each row counts, shape ``(rows,)``.
        class_weight: A factor for each class index, or ``"balanced"``.
        history_every: Record every so many epochs; by default the last one only.
        engine: ``"auto"`` (default), ``"reference"`` or ``"compiled"``.
        threads: On how many threads to run at most (default as many as there are cores).
        settings: ``learning_rate``, ``clip_norm``, ``clip_value``, ``target_loss``, ``patience``, ``min_delta`` and ``restore_best`` of
            :class:`Trainer`.

    Raises:
        OptionError: An unknown setting or name, a number outside its limits, or no seeds.
        ShapeError: Arrays that do not fit.
        DataError: Values that cannot be trained on.

    >>> from unstuck.nets import Dense, Network
    >>> net = Network([Dense(2, 5, "sigmoid"), Dense(5, 1, "sigmoid")])
    >>> runs = train_many(net, [[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0], optimizers="irprop-", epochs=300, target_loss=0.01)
    >>> len(runs), bool((runs.losses <= 0.01).all())
    (10, True)
    """
    if not isinstance(seeds, Iterable):
        raise OptionError(f"seeds must be several whole numbers, such as range(100). Got {seeds!r} instead.")
    chosen = [check_seed(seed) for seed in seeds]
    if not chosen:
        raise OptionError("there are no seeds, so there is nothing to train.\n  Give some, such as seeds=range(100).")
    rules = (
        [optimizers] if isinstance(optimizers, str | Rule) or not isinstance(optimizers, Iterable) else [*optimizers]
    )
    if not rules:
        raise OptionError(
            "there are no optimizers, so there is nothing to train.\n  Give some, such as optimizers='adam'."
        )
    check_count("epochs", epochs)
    if history_every is not None:
        check_count("history_every", history_every)
    more = {"batch_size": batch_size, "shuffle": shuffle, "engine": engine, "threads": threads, **_known(settings)}
    # all of them are checked before any work
    examples = [Trainer(network.copy(), optimizer=rule, **more) for rule in rules]
    x, y = network.check(inputs, targets)
    weights = row_weights(sample_weight, class_weight, y, kind_of(network, y), network.dtype)
    weights = None if weights is None else with_mean_one(weights)
    fit = {
        "inputs": inputs,
        "targets": targets,
        "epochs": epochs,
        "sample_weight": sample_weight,
        "class_weight": class_weight,
    }
    runs = Runs()
    for example in examples:
        batches = ArrayBatches(x, y, weights, batch_size=example.batch_size, shuffle=shuffle)
        together = engine != "reference" and lacks_together(network, example.optimizer, batches) is None
        if together:
            _side_by_side(runs, network, example, batches, chosen, epochs, history_every)
        else:
            rule = {"optimizer": example.optimizer, "learning_rate": None}
            _one_by_one(runs, network, chosen, history_every, {**more, **rule}, fit)
        if runs.is_interrupted:
            break
    return runs


def _known(settings: dict[str, Any]) -> dict[str, Any]:
    for setting in settings:
        if setting not in _SETTINGS:
            raise unknown_option("setting of train_many", setting, _SETTINGS)
    return settings


def _side_by_side(
    runs: Runs,
    network: Network,
    example: Trainer,
    batches: ArrayBatches,
    seeds: list[int],
    epochs: int,
    every: int | None,
) -> None:
    twin = network.copy()
    starts = np.stack([twin.reset(seed).parameters.copy() for seed in seeds])
    outcome = train_together(network, example.optimizer, batches, example.settings, starts, seeds, epochs, every)
    runs.is_interrupted = outcome.is_interrupted
    shape = network.copy()
    for number, seed in enumerate(seeds):
        if outcome.epochs[number] or not outcome.is_interrupted:
            make = partial(_run, shape, example, outcome, number, seed, epochs, every)
            runs.add(make, float(outcome.losses[number]), int(outcome.epochs[number]))


def _run(
    network: Network, example: Trainer, outcome: Outcome, number: int, seed: int, epochs: int, every: int | None
) -> Run:
    stop = _stop(example, outcome, number, epochs)
    return Run(*_result(network, example, outcome, number, seed, stop, every), seed, example.optimizer)


def _stop(example: Trainer, outcome: Outcome, number: int, epochs: int) -> Stop:
    """Return why one of the networks has ended, in the words of a training by itself."""
    stop = example.stopping.check(float(outcome.losses[number]), outcome.best[number], 0.0)
    if stop is None and outcome.epochs[number] < epochs:
        return Stop("interrupted", "interrupted")
    if (stop is None or stop.code != "non-finite") and not np.isfinite(outcome.parameters[number]).all():
        return Stop("non-finite", "the parameters are no longer finite numbers")
    return stop or Stop("epochs", "all epochs are done")


def _result(
    network: Network, example: Trainer, outcome: Outcome, number: int, seed: int, stop: Stop, every: int | None
) -> tuple[Network, History]:
    best, last = outcome.best[number], int(outcome.epochs[number])
    history = History()
    history.stopped_by, history.stopped = stop
    if every is not None and outcome.curves is not None:
        losses = outcome.curves[number, : last // every].tolist()
        history.extend({"epoch": (place + 1) * every, "loss": loss} for place, loss in enumerate(losses))
    if not history or history[-1]["epoch"] != last:
        history.append({"epoch": last, "loss": float(outcome.losses[number])})
    kept = outcome.parameters[number]
    if keeps_best(example.restore_best, stop, best, by_default=example.stopping.patience is not None):
        kept, history.best_epoch = best.parameters, best.epoch
    trained = network.at(kept.copy())
    trained.seed = seed
    return trained, history


def _one_by_one(
    runs: Runs, network: Network, seeds: list[int], every: int | None, settings: dict[str, Any], fit: dict[str, Any]
) -> None:
    for seed in seeds:
        trainer = Trainer(network.copy().reset(seed), seed=seed, history_every=every or fit["epochs"], **settings)
        history = trainer.fit(**fit)
        run = Run(trainer.network, history, seed, trainer.optimizer)
        runs.add(partial(_same, run), run.loss, run.epochs)
        if history.stopped_by == "interrupted":
            runs.is_interrupted = True
            return


def _same(run: Run) -> Run:
    return run
