"""JSON documents without NaN: a number that is not finite is null."""

from __future__ import annotations

import json
import math
from typing import Any


def to_json(document: Any) -> str:
    """Return ``document`` as JSON, with a line break at the end; numbers that are not finite become null.

    >>> print(to_json({"loss": float("nan")}), end="")
    {
     "loss": null
    }
    """
    return json.dumps(_finite(document), indent=1, allow_nan=False) + "\n"


def _finite(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {name: _finite(entry) for name, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(entry) for entry in value]
    return value
