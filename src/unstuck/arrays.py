"""The array types that signatures speak of."""

from __future__ import annotations

from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.floating[Any]]
"""An array of float32 or float64 of any shape."""

Vector: TypeAlias = NDArray[np.floating[Any]]
"""A one-dimensional array of float32 or float64."""

Matrix: TypeAlias = NDArray[np.floating[Any]]
"""A two-dimensional array of float32 or float64."""

Precision: TypeAlias = Literal["float32", "float64"]
"""The two precisions a network can have."""
