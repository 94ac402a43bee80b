"""Expressions that are evaluated where another one stands."""

import subprocess
import sys

import numpy as np
import pytest

from unstuck.doctor.scripts import rewriting
from unstuck.doctor.scripts.rewriting import evaluated, evaluated_all, sampled

needs_linux = pytest.mark.skipif(sys.platform != "linux", reason="other systems do not limit the address space")


@pytest.fixture(autouse=True)
def unlimited(monkeypatch):
    """This process goes on after the evaluation, unlike a fork."""
    monkeypatch.setattr(rewriting, "allow_memory", lambda _more: None)


def frame():
    own, hidden = np.arange(3.0), 7.0  # noqa: F841 (read by name)
    return sys._getframe()


def test_names_of_the_place_are_seen():
    assert evaluated("own.sum() + hidden", frame()) == 10
    assert evaluated("np.size(own)", frame()) == 3


def test_names_around_a_comprehension_are_seen_too():
    outer = 5.0  # noqa: F841 (read by name)
    assert [evaluated("inner + outer", sys._getframe()) for inner in (1.0, 2.0)] == [6, 7]


def test_what_makes_no_sense_or_has_another_size_is_left_out():
    found = evaluated_all(["own", "own + nothing", "own[:2]", "own.T * 2", "1 / 0"], frame(), 3)
    assert set(found) == {"0", "3"}
    np.testing.assert_array_equal(found["3"], [0, 2, 4])


def test_of_many_numbers_the_same_ones_are_kept():
    many = np.arange(10_000.0).reshape(100, 100)
    kept = sampled(many)
    assert kept.size < many.size
    np.testing.assert_array_equal(sampled(2 * many), 2 * kept)
    np.testing.assert_array_equal(sampled(many[:3]), many[:3].ravel())


def test_it_ends_when_the_time_is_over(monkeypatch):
    monkeypatch.setattr(rewriting, "_SECONDS", -1.0)
    assert evaluated_all(["own"] * 5, frame(), 3) == {}


@needs_linux
def test_a_value_larger_than_the_machine_is_left_out():
    program = """
import sys
import numpy as np
from unstuck.doctor.scripts.rewriting import evaluated_all
row = np.ones(100_000)
found = evaluated_all(["row * row[:, None]", "2 * row"], sys._getframe(), row.size)
print(sorted(found))
"""
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "['1']"
