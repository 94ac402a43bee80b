"""What ``us.diagnose`` takes: a script, or a network with data."""

from __future__ import annotations

import dataclasses
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from unstuck.errors import UsageError
from unstuck.registry import unknown_option

if TYPE_CHECKING:
    from collections.abc import Mapping

    from unstuck.doctor.diagnosis import Diagnosis


def diagnose_target(target: Any, inputs: Any, targets: Any, settings: Mapping[str, Any]) -> Diagnosis:
    """Diagnose a script by its path, or a network on its data; see :func:`unstuck.diagnose`."""
    if isinstance(target, str | os.PathLike):
        if inputs is not None:
            raise UsageError("a script brings its own data: us.diagnose('my_script.py').")
        return _diagnose_script(Path(target), settings)
    from unstuck.doctor.networks.front import diagnose_network  # noqa: PLC0415 (who has a script needs no networks)

    if inputs is None or targets is None:
        raise UsageError("a network is diagnosed on data: us.diagnose(network, X, y).")
    return diagnose_network(target, inputs, targets, **settings)


def _diagnose_script(path: Path, settings: Mapping[str, Any]) -> Diagnosis:
    from unstuck.doctor.diagnose import diagnose_script  # noqa: PLC0415 (who has a network needs no scripts)
    from unstuck.doctor.options import DiagnosisOptions  # noqa: PLC0415 (as above)

    known = [entry.name for entry in dataclasses.fields(DiagnosisOptions)]
    for setting in settings:
        if setting not in known:
            raise unknown_option("setting of diagnose", setting, known)
    return diagnose_script(path, DiagnosisOptions(**settings))
