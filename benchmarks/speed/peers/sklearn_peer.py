"""scikit-learn's MLPClassifier."""

from __future__ import annotations

import importlib.util
import warnings
from typing import TYPE_CHECKING, Any

from benchmarks.speed.sides import Side

if TYPE_CHECKING:
    from benchmarks.speed.task import Task


def side(task: Task) -> Side | None:
    """Train classes; it draws its own first weights and has no squared error behind a sigmoid."""
    if importlib.util.find_spec("sklearn") is None or task.loss == "mse":
        return None
    import sklearn  # noqa: PLC0415 (only where it is installed)
    from sklearn.neural_network import MLPClassifier  # noqa: PLC0415 (as above)

    labels = task.y.argmax(1) if task.loss == "ce" else task.y.ravel()
    settings: dict[str, Any] = {"solver": "adam"} if task.rule == "adam" else {"solver": "sgd", "momentum": 0.0}

    def work() -> float:
        network = MLPClassifier(
            task.sizes[1:-1], activation={"sigmoid": "logistic"}.get(task.hidden, task.hidden), alpha=0.0,
            batch_size=min(task.batch, len(task.x)),
            learning_rate_init=task.rate, max_iter=task.epochs, n_iter_no_change=10**9, random_state=0, **settings,
        )  # fmt: skip
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that it has not converged is no news
            network.fit(task.x, labels)
        return float(network.loss_)

    return Side(f"scikit-learn {sklearn.__version__} (BLAS's own threads)", work, task.steps)
