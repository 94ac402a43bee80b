"""The Python front door: what ``import unstuck as us`` offers, with types."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from unstuck.data.batches import BatchSize
from unstuck.data.tasks import load_data
from unstuck.doctor.diagnosis import Diagnosis
from unstuck.doctor.findings import Finding
from unstuck.doctor.networks.monitor import Monitor
from unstuck.errors import (
    DataError,
    FileError,
    MissingExtraError,
    OptionError,
    ShapeError,
    UnstuckError,
    UsageError,
)
from unstuck.gradients import GradientCheck, check_gradients
from unstuck.model import Model
from unstuck.model_file import load_model, save_model
from unstuck.nets import (
    ACTIVATIONS,
    INITIALIZERS,
    LAYERS,
    LOSSES,
    Activation,
    Dense,
    Dropout,
    Initializer,
    Layer,
    LayerNorm,
    Loss,
    Network,
    dense_layers,
)
from unstuck.registry import Registry, unknown_option
from unstuck.training.callbacks import Callback
from unstuck.training.checkpoints import load_checkpoint, save_checkpoint
from unstuck.training.history import History
from unstuck.training.many import Run, Runs, train_many
from unstuck.training.metrics import METRICS, Metric
from unstuck.training.optimizers import OPTIMIZERS, Optimizer
from unstuck.training.overfit import OverfitResult, overfit_one
from unstuck.training.rate_finder import RateSearch, find_learning_rate
from unstuck.training.sample_report import SampleReport
from unstuck.training.schedules import SCHEDULES, Schedule
from unstuck.training.trace import Trace, trace
from unstuck.training.trainer import Trainer

if TYPE_CHECKING:
    from unstuck.training.row_weights import ClassWeight

__all__ = [
    "Activation",
    "BatchSize",
    "Callback",
    "DataError",
    "Dense",
    "Diagnosis",
    "Dropout",
    "FileError",
    "Finding",
    "GradientCheck",
    "History",
    "Initializer",
    "Layer",
    "LayerNorm",
    "Loss",
    "Metric",
    "MissingExtraError",
    "Model",
    "Monitor",
    "Network",
    "Optimizer",
    "OptionError",
    "OverfitResult",
    "RateSearch",
    "Run",
    "Runs",
    "SampleReport",
    "Schedule",
    "ShapeError",
    "Trace",
    "Trainer",
    "UnstuckError",
    "UsageError",
    "check_gradients",
    "dense_layers",
    "diagnose",
    "find_learning_rate",
    "load_checkpoint",
    "load_data",
    "load_model",
    "names",
    "overfit_one",
    "register",
    "save_checkpoint",
    "save_model",
    "trace",
    "train",
    "train_many",
]

_REGISTRIES: dict[str, Registry[Any]] = {
    "activation": ACTIVATIONS,
    "initializer": INITIALIZERS,
    "layer": LAYERS,
    "loss": LOSSES,
    "metric": METRICS,
    "optimizer": OPTIMIZERS,
    "schedule": SCHEDULES,
}


def train(
    network: Network,
    inputs: Any,
    targets: Any,
    *,
    epochs: int = 100,
    sample_weight: Any = None,
    class_weight: ClassWeight = None,
    validation: Any = None,
    **settings: Any,
) -> History:
    """Train ``network`` in place and return the history; a :class:`Trainer` made, used and put away.

    Args:
        network: What to train.
        inputs: Shape ``(rows, n_in)``.
        targets: Shape ``(rows, n_out)``; ``(rows,)`` for one output or for class indices.
        epochs: How many at the most (default 100).
        sample_weight: How much each row counts, shape ``(rows,)``.
        class_weight: A factor for each class index, or ``"balanced"``.
        validation: A share of the rows to hold back, or a pair ``(X, y)``.
        settings: Anything :class:`Trainer` takes, such as ``optimizer="irprop-"``, ``batch_size=1`` or ``patience=20``.

    Raises:
        OptionError: An unknown setting or name, or a number outside its limits.
        ShapeError: Arrays that do not fit.
        DataError: Values that cannot be trained on.

    >>> net = Network([Dense(2, 5, "sigmoid"), Dense(5, 1, "sigmoid")], seed=0)
    >>> history = train(net, [[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0], optimizer="irprop-", epochs=200)
    >>> net.predict([[0, 1], [1, 1]]).round().tolist()
    [[1.0], [0.0]]
    """
    known = _trainer_settings()
    for setting in settings:
        if setting not in known:
            raise unknown_option("setting of train", setting, known)
    return Trainer(network, **settings).fit(
        inputs, targets, epochs, sample_weight=sample_weight, class_weight=class_weight, validation=validation
    )


def _trainer_settings() -> list[str]:
    code = Trainer.__init__.__code__
    return list(code.co_varnames[2 : code.co_argcount + code.co_kwonlyargcount])


def diagnose(target: Any, inputs: Any = None, targets: Any = None, **settings: Any) -> Diagnosis:
    """Find out why a training does not learn: what is wrong, where, and what mends it.

    A script is run, many times, in processes of their own, in a copy of its folder and within limits. A network is trained here, from its
    present weights or from several seeds, and is not changed.

    Args:
        target: A script (``.py``), a notebook (``.ipynb``), a :class:`Network`, an ``MLPClassifier`` or ``MLPRegressor`` of
            scikit-learn, or an ``nn.Sequential`` of PyTorch.
        inputs: With a network: its inputs, shape ``(rows, n_in)``.
        targets: With a network: its targets.
        settings: ``trials`` (default True: prove each remedy by running it) and ``time_limit`` (default 60 seconds for the whole
            diagnosis). For a script also ``arguments``, ``memory`` (megabytes, default 4096), ``workers`` (default 2 runs at once)
            and ``replay`` (``"fork"`` or ``"rerun"``). For a Network ``optimizer``, ``learning_rate``, ``batch_size`` and ``epochs``
            as of :func:`train`; for a Sequential ``optimizer`` and ``loss``, PyTorch's own objects, ``batch_size`` and ``epochs``.

    Returns:
        What was found out; ``print`` shows the report, ``.findings`` holds what is wrong, ``.to_dict()`` everything.

    Raises:
        FileError: The script cannot be read.
        OptionError: An unknown setting, or a number outside its limits.
        UsageError: Nothing that can be diagnosed, or a network without data.
    """
    from unstuck.doctor.front import diagnose_target  # noqa: PLC0415 (who only trains should not wait for the doctor)

    return diagnose_target(target, inputs, targets, settings)


def register(what: str, name: str, cls: type[Any]) -> None:
    """Add a class of one's own to a table of names, so that it can be used, saved and loaded by name.

    Args:
        what: ``"activation"``, ``"initializer"``, ``"layer"``, ``"loss"``, ``"metric"``, ``"optimizer"`` or ``"schedule"``.
        name: What it shall be called.
        cls: A dataclass derived from the base class of that kind (:class:`Activation` and so on).

    Raises:
        OptionError: An unknown kind, a name that is taken, or a class that is no such dataclass.
    """
    _registry(what).register(name, cls)


def names(what: str) -> list[str]:
    """Return every name in a table, in alphabetical order.

    >>> "adam" in names("optimizer")
    True
    """
    return _registry(what).names()


def _registry(what: str) -> Registry[Any]:
    if what not in _REGISTRIES:
        raise unknown_option("kind of name", what, _REGISTRIES)
    return _REGISTRIES[what]
