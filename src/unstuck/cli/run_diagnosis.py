"""The diagnosis of a run folder: the same data, network and settings, trained again."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from unstuck.errors import DataError, FileError

if TYPE_CHECKING:
    from pathlib import Path

    from unstuck.doctor.diagnosis import Diagnosis

_RUN = "run.json"
_NOT_NEEDED = {"no_stop": False, "no_monitor": True, "stop_when_stuck": False, "report_every": None}


def is_run(path: Path) -> bool:
    """Whether it is a run folder."""
    return (path / _RUN).is_file()


def diagnose_run(folder: Path, *, trials: bool, time_limit: float) -> Diagnosis:
    """Train again as a run did, from the data that it used, and find out what is wrong with it.

    The training goes through all epochs: validation and early stopping are left out.

    Raises:
        FileError: ``run.json`` or the data cannot be read.
        DataError: ``run.json`` is not what a training wrote.
    """
    from unstuck.cli.plan import make_plan  # noqa: PLC0415 (who diagnoses a script trains no network)
    from unstuck.doctor.networks.diagnose import diagnose_setup  # noqa: PLC0415 (as above)
    from unstuck.doctor.networks.own import setup_of  # noqa: PLC0415 (as above)

    try:
        plan = make_plan(_options(folder))
    except KeyError as error:
        raise DataError(
            f"{folder / _RUN} has no setting {error}: another version of unstuck wrote it.\n  Train again, then diagnose that run."
        ) from error
    setup = setup_of(
        plan.model.network,
        plan.inputs[plan.held.rows],
        plan.targets[plan.held.rows],
        optimizer=plan.trainer.optimizer,
        batch_size=plan.trainer.batch_size,
        epochs=plan.recipe.epochs,
        schedule=plan.trainer.schedule,
    )
    return diagnose_setup(setup, str(folder), trials=trials, time_limit=time_limit)


def _options(folder: Path) -> dict[str, Any]:
    """Return the options with which a run can be repeated."""
    try:
        settings = json.loads((folder / _RUN).read_text(encoding="utf-8"))["settings"]
    except OSError as error:
        raise FileError(f"cannot read {folder / _RUN}: {error.strerror}") from error
    except (ValueError, KeyError, TypeError) as error:
        raise DataError(f"{folder / _RUN} is not what 'unstuck train' wrote.") from error
    hidden = settings.get("hidden")
    return {**settings, "hidden": None if hidden is None else tuple(hidden), **_NOT_NEEDED}
