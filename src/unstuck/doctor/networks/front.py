"""The diagnosis of a network, whichever library it belongs to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from unstuck.doctor.networks.diagnose import diagnose_setup
from unstuck.doctor.networks.own import setup_of
from unstuck.doctor.networks.pytorch import is_sequential, setup_of_sequential
from unstuck.doctor.networks.scikit import is_scikit_net, setup_of_scikit
from unstuck.errors import UsageError
from unstuck.limits import check_positive
from unstuck.nets import Network
from unstuck.registry import unknown_option

if TYPE_CHECKING:
    from collections.abc import Callable

    from unstuck.doctor.diagnosis import Diagnosis
    from unstuck.doctor.networks.setup import Setup
    from unstuck.doctor.networks.wording import Library

_KINDS: tuple[tuple[Callable[[Any], bool], Callable[..., Setup], Library, tuple[str, ...]], ...] = (
    (
        lambda target: isinstance(target, Network),
        setup_of,
        "unstuck",
        ("optimizer", "learning_rate", "batch_size", "epochs", "shuffle", "schedule"),
    ),
    (is_scikit_net, setup_of_scikit, "scikit-learn", ()),
    (is_sequential, setup_of_sequential, "torch", ("optimizer", "loss", "batch_size", "epochs")),
)


def is_network(target: Any) -> bool:
    """Whether it is a network that can be diagnosed."""
    return any(is_kind(target) for is_kind, *_ in _KINDS)


def diagnose_network(
    target: Any,
    inputs: Any,
    targets: Any,
    *,
    trials: bool = True,
    time_limit: float = 60.0,
    **settings: Any,
) -> Diagnosis:
    """Train a network as it is set up, and where it does not learn find out why.

    Args:
        target: A :class:`unstuck.Network`, an ``MLPClassifier`` or ``MLPRegressor`` of scikit-learn, or an ``nn.Sequential`` of PyTorch. It
            is not changed.
        inputs: Shape ``(rows, n_in)``.
        targets: As the network takes them.
        trials: Whether to prove remedies by training with them.
        time_limit: Seconds for everything.
        settings: How it is trained: for a Network ``optimizer``, ``learning_rate``, ``batch_size``, ``epochs``, ``shuffle`` and
            ``schedule`` as of :func:`unstuck.train`; for a Sequential ``optimizer`` and ``loss``, PyTorch's own objects,
            ``batch_size`` and ``epochs``; an estimator holds its settings itself.

    Raises:
        UsageError: It is no such network, or data or settings are missing.
        OptionError: An unknown setting, or a number outside its limits.
        ShapeError: Arrays that do not fit.
        DataError: Values that cannot be trained on.
    """
    check_positive("time_limit", time_limit)
    for is_kind, make, library, known in _KINDS:
        if not is_kind(target):
            continue
        for setting in settings:
            if setting not in known:
                raise unknown_option(f"setting of a diagnosis of a network of {library}", setting, known)
        if library == "torch" and not {"optimizer", "loss"} <= settings.keys():
            raise UsageError("a Sequential does not know how it is trained.\n  Give optimizer= and loss= as well.")
        name = f"{type(target).__module__.partition('.')[0]}.{type(target).__name__}"
        return diagnose_setup(
            make(target, inputs, targets, **settings), name, library, trials=trials, time_limit=time_limit
        )
    raise UsageError(
        f"{type(target).__name__} is nothing that can be diagnosed.\n"
        "  Expected a script's path, a us.Network, an MLPClassifier or MLPRegressor, or an nn.Sequential."
    )
