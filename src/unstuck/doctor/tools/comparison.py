"""Which of the edits between two versions of a script make the difference."""

from __future__ import annotations

import math
import time
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from unstuck.doctor.options import DiagnosisOptions
from unstuck.doctor.scripts.process_limits import Limits
from unstuck.doctor.scripts.session import run_in
from unstuck.doctor.scripts.source import read_source
from unstuck.doctor.scripts.workspace import Workspace
from unstuck.doctor.tools.candidate_edits import compare_texts
from unstuck.doctor.tools.effects import Effect, Judge
from unstuck.doctor.tools.located_script import located, parsed
from unstuck.doctor.tools.variant_runs import VariantRuns, common_metric, to_version
from unstuck.doctor.tools.variants import apply
from unstuck.errors import UsageError

if TYPE_CHECKING:
    import ast
    from collections.abc import Sequence
    from pathlib import Path

    from unstuck.doctor.scripts.source import Source
    from unstuck.doctor.scripts.trials import TrialReport
    from unstuck.doctor.tools.candidate_edits import Candidate, Versions
    from unstuck.doctor.tools.edited_lines import EditedLine
    from unstuck.doctor.tools.variant_runs import Metric, Version
