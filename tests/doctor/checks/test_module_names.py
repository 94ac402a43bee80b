import importlib.util
import sys

import pytest

from unstuck.doctor.checks.module_names import GONE, MOVED, PIP_NAMES, SINCE_PYTHON_3


@pytest.mark.parametrize("name", sorted(SINCE_PYTHON_3.values()))
def test_what_python_3_calls_a_module_is_there(name):
    assert name.partition(".")[0] in sys.stdlib_module_names


@pytest.mark.parametrize("name", sorted(SINCE_PYTHON_3))
def test_what_python_2_called_it_is_not(name):
    assert importlib.util.find_spec(name) is None


def test_names_that_pip_calls_otherwise():
    assert (PIP_NAMES["sklearn"], PIP_NAMES["cv2"], PIP_NAMES["PIL"]) == ("scikit-learn", "opencv-python", "pillow")


def test_no_module_is_both_moved_and_gone():
    assert not MOVED.keys() & GONE.keys()
