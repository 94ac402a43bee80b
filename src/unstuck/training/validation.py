"""Rows held back from training, and the number that is watched on them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from unstuck.data.splits import split
from unstuck.errors import OptionError
from unstuck.limits import check_between
from unstuck.registry import unknown_option
from unstuck.training.metrics import METRICS, Metric, decide

if TYPE_CHECKING:
    from unstuck.arrays import Matrix
    from unstuck.data.dataset import Kind
    from unstuck.nets import Network

_PAIR = 2


@dataclass(frozen=True)
class HeldBack:
    """What a run trains on and what it is validated on."""

    inputs: Matrix
    targets: Matrix
    rows: Any
    """Which of the given rows are trained on: an index array, or a slice of all."""
    validation: tuple[Matrix, Matrix] | None


def hold_back(network: Network, x: Matrix, y: Matrix, validation: Any, kind: Kind, seed: int) -> HeldBack:
    """Split off the validation rows, or check those that are given.

    Args:
        network: Whose ``check`` the given validation rows go through.
        x: Inputs, shape ``(batch, n_in)``.
        y: Targets, shape ``(batch, n_out)``.
        validation: None, a share of the rows between 0 and 1 to hold back, or a pair ``(X, y)`` of one's own.
        kind: With one class a row, each class keeps its share.
        seed: From which the split is drawn.

    Raises:
        OptionError: ``validation`` is none of these, or leaves a part without rows.
    """
    if validation is None:
        return HeldBack(x, y, slice(None), None)
    if isinstance(validation, int | float) and not isinstance(validation, bool):
        check_between("validation", validation, 0, 1)
        strata = decide(y, kind) if kind in ("binary", "multiclass") else None
        train, held = split(len(x), float(validation), seed, strata)
        return HeldBack(x[train], y[train], train, (x[held], y[held]))
    if isinstance(validation, tuple) and len(validation) == _PAIR:
        return HeldBack(x, y, slice(None), network.check(*validation))
    raise OptionError(
        f"validation must be a share between 0 and 1, or a pair (X, y). Got {type(validation).__name__} instead."
    )


@dataclass(frozen=True)
class Monitor:
    """The number whose best value is kept, turned so that lower is better."""

    name: str
    metric: Metric | None
    on_validation: bool

    @property
    def column(self) -> str:
        """Where it stands in a row of the history."""
        return f"validation_{self.name}" if self.on_validation else self.name

    def score(self, row: dict[str, float]) -> float:
        """Return the watched number of a row, negated where greater is better."""
        value = row[self.column]
        return -value if self.metric is not None and self.metric.greater_is_better else value


def monitor_for(name: str, kind: Kind, *, on_validation: bool) -> Monitor:
    """Return the monitor called ``name``: ``"loss"`` or a metric.

    Raises:
        OptionError: Unknown, or a metric that means nothing for this kind of task.
    """
    if name == "loss":
        return Monitor(name, None, on_validation)
    if name not in METRICS.names():
        raise unknown_option("monitor", name, ["loss", *METRICS.names()])
    return Monitor(name, metric_for(name, kind), on_validation)


def metric_for(name: str | Metric, kind: Kind) -> Metric:
    """Return the metric called ``name``.

    Raises:
        OptionError: Unknown, or it means nothing for this kind of task.
    """
    metric = METRICS.create(name)
    if kind not in metric.kinds:
        fitting = [other for other in METRICS.names() if kind in METRICS.create(other).kinds]
        raise OptionError(
            f"metric {METRICS.describe(metric)} means nothing for a {kind} task.\n  Choose from: {', '.join(fitting)}"
        )
    return metric
