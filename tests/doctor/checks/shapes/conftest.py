"""Expressions worked out with and without their values."""

import ast

import numpy as np
import pytest

from unstuck.doctor.checks.imports import Imports
from unstuck.doctor.checks.shapes.scope import scope_of
from unstuck.doctor.crash import Held


def _held(value):
    shape = np.shape(value) if isinstance(value, np.ndarray | np.generic | int | float | list | tuple) else None
    return Held(type(value).__name__, shape, str(getattr(value, "dtype", "")) or None, repr(value)[:80])


@pytest.fixture
def scope_for():
    """``scope_for(values, text)`` is what a crash in the script ``text`` tells of its variables."""

    def make(values, text="import numpy as np"):
        tree = ast.parse(text)
        return scope_of(tree, Imports(tree), {name: _held(value) for name, value in values.items()})

    return make
