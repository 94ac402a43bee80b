import numpy as np
import pytest

from unstuck.doctor.checks.removed_names import ADVICE, EXTRA_ARGUMENTS, METHODS, REPLACEMENTS, is_gone


@pytest.mark.parametrize("new", sorted(set(REPLACEMENTS.values())))
def test_every_replacement_is_there(new):
    assert eval(new.format(np="np"), {"np": np}) is not None  # noqa: S307 (the names are our own)


def test_every_replacement_can_be_told_apart_from_advice():
    assert not REPLACEMENTS.keys() & ADVICE.keys()
    assert EXTRA_ARGUMENTS.keys() <= REPLACEMENTS.keys()


@pytest.mark.parametrize("name", ["float_", "mat", "product", "asfarray", "NaN", "float", "int", "math", "alltrue"])
def test_what_is_gone(name):
    assert is_gone(name)
    assert not hasattr(np, name)


@pytest.mark.parametrize("name", ["float64", "array", "qwertz", "bool"])
def test_what_is_not_gone(name):
    assert not is_gone(name)


def test_methods_that_arrays_no_longer_have():
    assert not any(hasattr(np.ndarray, name) for name in METHODS)


def test_a_name_that_numpy_warns_of_is_asked_for_quietly():
    assert is_gone("object")
