"""The run of a training: it holds the whole state, listens to the engine, and decides when to stop."""

from __future__ import annotations

import logging
from dataclasses import replace
from time import perf_counter
from typing import TYPE_CHECKING, Any

import numpy as np

from unstuck.blas import find_blas, one_blas_thread
from unstuck.data.batches import ArrayBatches
from unstuck.limits import check_count
from unstuck.seeding import check_seed
from unstuck.training.callbacks import Callback, as_callback
from unstuck.training.engines import CompiledEngine, StepSettings, check_engine, choose_engine
from unstuck.training.history import History, Row
from unstuck.training.metrics import METRICS, Metric, kind_of
from unstuck.training.optimizers import Minimizer
from unstuck.training.row_weights import ClassWeight, row_weights, with_mean_one
from unstuck.training.schedules import SCHEDULES, Constant, Schedule
from unstuck.training.settings import (
    check_clipping,
    check_random_layers,
    check_schedule,
    fitting_batch_size,
    make_optimizer,
)
from unstuck.training.state import Best, TrainingState
from unstuck.training.stopping import Stop, StoppingRules, keeps_best
from unstuck.training.validation import hold_back, metric_for, monitor_for

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from unstuck.arrays import Matrix
    from unstuck.data.batches import BatchSize
    from unstuck.nets import Network
    from unstuck.training.optimizers import Rule

_LOG = logging.getLogger(__name__)


class Trainer:
    """Trains one network, and can go on where it stopped.

    Args:
        network: What to train; its parameters change in place.
        optimizer: Name or instance (default ``"adam"``).
        learning_rate: Sets the rate of an optimizer given by name.
        batch_size: ``"full"``, 1 for one sample at a time, or rows a step; by default ``"full"`` for rules that need it, else 32.
        shuffle: Whether each epoch has an order of its own (default yes).
        schedule: Name or instance (default ``"constant"``).
        clip_norm: Shorten longer gradients to this length (default no).
        clip_value: Cut off every entry of the gradient at plus and minus this (default no).
        seed: From which shuffling, dropout and the validation split are drawn (default 0).
        engine: ``"auto"`` (default), ``"reference"`` or ``"compiled"``.
        metrics: Names or instances of what else to measure after each epoch, on training and validation rows.
        monitor: What decides which parameters are best: ``"loss"`` (default) or a metric; on the validation rows where there are any.
        patience: Stop after this many epochs without a better monitor.
        min_delta: By how much better counts (default 0).
        restore_best: Whether to end with the best parameters instead of the last; by default if there is validation or patience.
        target_loss: Stop at this training loss.
        tolerance: Stop when every output is closer than this to its target.
        time_limit: Stop after this many seconds.
        callbacks: :class:`Callback` objects or functions ``f(trainer, row)``; one that returns True stops the training.
        history_every: Record every so many epochs (default 1); the last epoch is always recorded.
        watch_every: At which epochs to look at validation rows, metrics and the tolerance, and to call the callbacks: those that this
            divides, and the last (default 1); None for about twenty times a second. The loss is looked at after every epoch.
        threads: On how many threads to run at most (default as many as there are cores); small networks take one.

    Attributes:
        state: A :class:`TrainingState`.
        history: A :class:`History`.

    Raises:
        OptionError: An unknown name, a number outside its limits, or settings that exclude each other.
    """

    def __init__(
        self,
        network: Network,
        *,
        optimizer: str | Rule = "adam",
        learning_rate: float | None = None,
        batch_size: BatchSize | None = None,
        shuffle: bool = True,
        schedule: str | Schedule = "constant",
        clip_norm: float | None = None,
        clip_value: float | None = None,
        seed: int = 0,
        engine: str = "auto",
        metrics: Sequence[str | Metric] = (),
        monitor: str = "loss",
        patience: int | None = None,
        min_delta: float = 0.0,
        restore_best: bool | None = None,
        target_loss: float | None = None,
        tolerance: float | None = None,
        time_limit: float | None = None,
        callbacks: Sequence[Callback | Callable[[Trainer, Row], bool | None]] = (),
        history_every: int = 1,
        watch_every: int | None = 1,
        threads: int | None = None,
    ) -> None:
        self.network = network
        self.optimizer = make_optimizer(optimizer, learning_rate)
        self.batch_size = fitting_batch_size(batch_size, self.optimizer)
        check_random_layers(network, self.optimizer)
        self.shuffle = shuffle
        self.schedule = SCHEDULES.create(schedule)
        self.settings = StepSettings(
            clip_norm,
            clip_value,
            target_loss,
            check_seed(seed),
            min_delta=min_delta,
            patience=patience,
            threads=threads,
        )
        check_schedule(self.schedule, self.optimizer)
        check_clipping(self.settings, self.optimizer)
        self.engine_name = check_engine(engine)
        self.metrics, self.monitor_name = tuple(metrics), monitor
        self.stopping = StoppingRules(target_loss, tolerance, patience, min_delta, time_limit)
        self.restore_best = restore_best
        self.callbacks = [as_callback(callback) for callback in callbacks]
        check_count("history_every", history_every)
        self.history_every = history_every
        if watch_every is not None:
            check_count("watch_every", watch_every)
        self.watch_every = watch_every
        self.history = History()
        self._stop: Stop | None = None
        self._row: Row | None = None
        self.state = TrainingState(
            slots=self.optimizer.start(network.n_parameters, network.dtype),
            best=Best(network.parameters.copy()),
        )

    # ------------------------------------------------------------------ one run

    def fit(
        self,
        inputs: Any,
        targets: Any,
        epochs: int = 100,
        *,
        sample_weight: Any = None,
        class_weight: ClassWeight = None,
        validation: Any = None,
    ) -> History:
        """Train for up to ``epochs`` more epochs and return the history of all epochs so far.

        Ctrl-C ends the training and leaves the best parameters so far in the network.

        Args:
            inputs: Shape ``(rows, n_in)``.
            targets: Shape ``(rows, n_out)``; ``(rows,)`` for one output or for class indices.
            epochs: How many more epochs at the most (default 100).
            sample_weight: How much each row counts, shape ``(rows,)``.
            class_weight: A factor for each class index, or ``"balanced"``.
            validation: A share of the rows to hold back, or a pair ``(X, y)``.

        Raises:
            ShapeError: Arrays that do not fit.
            DataError: Values that cannot be trained on.
            OptionError: Settings that do not fit the data.
        """
        check_count("epochs", epochs)
        self._prepare(inputs, targets, epochs, sample_weight, class_weight, validation)
        self._begin(epochs)
        try:
            with one_blas_thread():
                reason = self.engine.run(self.state, epochs, self._after)
            if reason == "converged":
                self._stop = Stop("converged", "the optimizer finds nothing more to gain")
        except KeyboardInterrupt:
            self._stop = Stop("interrupted", "interrupted")
        except Exception as error:
            self._stop = Stop("error", f"{type(error).__name__}: {error}")
            raise
        finally:
            self._end()
        return self.history

    def _prepare(
        self, inputs: Any, targets: Any, epochs: int, sample_weight: Any, class_weight: ClassWeight, validation: Any
    ) -> None:
        """Check everything before any work starts, and make the engine ready."""
        network = self.network
        x, y = network.check(inputs, targets)
        self.kind = kind_of(network, y)
        weights = row_weights(sample_weight, class_weight, y, self.kind, network.dtype)
        held = hold_back(network, x, y, validation, self.kind, self.settings.seed)
        if weights is not None:
            weights = with_mean_one(weights[held.rows])
        chosen = [metric_for(metric, self.kind) for metric in self.metrics]
        self._metrics = {METRICS.describe(metric): metric for metric in chosen}
        self._monitor = monitor_for(self.monitor_name, self.kind, on_validation=held.validation is not None)
        self._training, self._validation = (held.inputs, held.targets), held.validation
        batches = ArrayBatches(
            *self._training, weights, batch_size=self.batch_size, shuffle=self.shuffle, seed=self.settings.seed
        )
        self._run_schedule = self.schedule.for_run(self.state.epoch + epochs)
        self.engine = choose_engine(self.engine_name, network, self.optimizer, batches)
        is_compiled = isinstance(self.engine, CompiledEngine)
        self._engine_keeps_best = is_compiled and self._monitor.metric is None and held.validation is None
        every = 1 if not isinstance(self._run_schedule, Constant) or not is_compiled else self.watch_every
        if self._engine_keeps_best and not self._watches_more():
            every = None
        self.engine.prepare(
            network, self.optimizer, batches, replace(self.settings, every=every, keeps_best=self._engine_keeps_best)
        )
        find_blas()
        self._loss_is_before = batches.is_full and not isinstance(self.optimizer, Minimizer)

    def _begin(self, epochs: int) -> None:
        self._stop = None
        self._last_epoch = self.state.epoch + epochs
        self._started = perf_counter()
        self._before = self.network.parameters.copy()
        if not self.state.best.epoch:
            self.state.best.parameters[:] = self._before
        self.history.best_epoch = None
        self.state.rate_factor = self._run_schedule.factor(self.state.epoch, self.state.schedule)
        for callback in self.callbacks:
            callback.on_start(self)

    @property
    def last_epoch(self) -> int:
        """The last epoch that the present call of :meth:`fit` will come to, if nothing ends it."""
        return self._last_epoch

    @property
    def training_rows(self) -> tuple[Matrix, Matrix]:
        """The rows that are trained on, as the network sees them, and their targets."""
        return self._training

    def _watches_more(self) -> bool:
        """Whether anything besides the loss is looked at while the training runs."""
        return (
            bool(self._metrics)
            or not all(callback.is_patient for callback in self.callbacks)
            or self.stopping.tolerance is not None
            or not isinstance(self._run_schedule, Constant)
        )

    def _after(self, losses: Sequence[float]) -> bool:
        """Take note of the epochs since the last call: measure, record, tell the callbacks; return whether to stop."""
        state, loss = self.state, float(losses[-1])
        self._record_losses(losses)
        row = self._row = {"epoch": state.epoch, "loss": loss}
        is_watched = self._is_watched() or self.stopping.check(loss, state.best, self._started) is not None
        if is_watched:
            self._measure(row)
        if not self._engine_keeps_best:
            state.best.waited += len(losses) - 1
            self._offer_best(row)
        if not isinstance(self._run_schedule, Constant):
            row["learning_rate_factor"] = state.rate_factor
            self._run_schedule.observe(row.get("validation_loss", loss), state.schedule)
            state.rate_factor = self._run_schedule.factor(state.epoch, state.schedule)
        self._stop = self.stopping.check(loss, state.best, self._started)
        if is_watched and self._stop is None:
            self._stop = self.stopping.within_tolerance(self.network, *self._training)
        if state.epoch % self.history_every == 0:
            self._record()
        for callback in self.callbacks if is_watched else ():
            if callback.on_epoch(self, row) and self._stop is None:
                self._stop = Stop("callback", f"{callback.describe()} asked for it")
        return self._stop is not None

    def _is_watched(self) -> bool:
        """Whether more than the loss is looked at now; an engine that may choose its moments has chosen this one."""
        if self.watch_every is None and isinstance(self.engine, CompiledEngine):
            return True
        every = 1 if self.watch_every is None else self.watch_every
        return self.state.epoch % every == 0 or self.state.epoch == self._last_epoch

    def _record_losses(self, losses: Sequence[float]) -> None:
        """Put all epochs but the present one into the history."""
        first, every = self.state.epoch - len(losses) + 1, self.history_every
        for epoch in range(-(-first // every) * every, self.state.epoch, every):
            self.history.append({"epoch": epoch, "loss": float(losses[epoch - first])})

    def _record(self) -> None:
        """Put the present epoch into the history, once."""
        if self._row is not None:
            self.history.append(self._row)
            self._row = None

    def _measure(self, row: Row) -> None:
        """Add validation loss and metrics to ``row``."""
        if self._validation is not None:
            x, y = self._validation
            last = self.network.forward(x)[-1]
            row["validation_loss"] = self.network.objective(last, y)
            for name, metric in self._watched().items():
                row[f"validation_{name}"] = float(metric.score(last.activation, y, self.kind))
        if self._metrics or (self._monitor.metric is not None and self._validation is None):
            x, y = self._training
            outputs = self.network.forward(x)[-1].activation
            for name, metric in self._watched().items():
                row[name] = float(metric.score(outputs, y, self.kind))

    def _watched(self) -> dict[str, Metric]:
        """The metrics asked for and the monitored one."""
        extra = {} if self._monitor.metric is None else {self._monitor.name: self._monitor.metric}
        return {**self._metrics, **extra}

    def _offer_best(self, row: Row) -> None:
        """Compare with the best so far; a full-batch loss belongs to the parameters before the update."""
        watches_loss = self._monitor.column == "loss"
        if not watches_loss and self._monitor.column not in row:
            self.state.best.waited += 1
            return
        belongs_before = self._loss_is_before and watches_loss
        candidate = self._before if belongs_before else self.network.parameters
        self.state.best.offer(self._monitor.score(row), self.state.epoch, candidate, self.stopping.min_delta)
        if belongs_before:
            self._before[:] = self.network.parameters

    def _end(self) -> None:
        """Put the parameters to be kept in place and close the history."""
        stop = self._stop or Stop("epochs", "all epochs are done")
        if stop.code != "non-finite" and not np.isfinite(self.network.parameters).all():
            stop = Stop("non-finite", "the parameters are no longer finite numbers")
        by_default = self._validation is not None or self.stopping.patience is not None
        if keeps_best(self.restore_best, stop, self.state.best, by_default=by_default):
            self.network.parameters[:] = self.state.best.parameters
            self.history.best_epoch = self.state.best.epoch
        self._record()
        self.history.stopped_by, self.history.stopped = stop
        self.history.seconds += perf_counter() - self._started
        if stop.code == "non-finite":
            _LOG.warning("epoch %d: %s; the best parameters so far are kept", self.state.epoch, stop.sentence)
        for callback in self.callbacks:
            callback.on_end(self)
