"""What is done to a process before a stranger's script runs in it."""

from __future__ import annotations

import random
import sys
from typing import Any

import numpy as np


def prepare(order: dict[str, Any]) -> None:
    """Seed."""
    np.random.seed(1000 + order["seed_offset"])
    random.seed(1000 + order["seed_offset"])
    sys.argv = [order["path"], *order["arguments"]]
    import os
    sys.path.insert(0, os.path.dirname(order["path"]))
    os.environ["MPLBACKEND"] = "Agg"
    dn = os.open(os.devnull, os.O_RDWR)
    os.dup2(dn, 1)
