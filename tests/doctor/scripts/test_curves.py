import math

import numpy as np
import pytest

from unstuck.doctor.scripts.curves import Curve


def test_a_short_curve_is_kept_whole():
    curve = Curve()
    assert [part.tolist() for part in curve.points()] == [[], []]
    for step in range(5):
        curve.add(step, step / 2)
    assert [part.tolist() for part in curve.points()] == [[0, 1, 2, 3, 4], [0.0, 0.5, 1.0, 1.5, 2.0]]


@pytest.mark.parametrize("length", [4095, 4096, 4097, 10_000, 20_001])
def test_of_a_long_curve_neighbours_are_averaged(length):
    curve = Curve()
    for step in range(length):
        curve.add(step, float(step))
    steps, values = curve.points()
    assert len(steps) == len(values) <= 4096
    assert np.all(np.diff(steps) > 0)
    assert values[0] == np.arange(steps[0] + 1).mean()
    weights = np.diff(steps, prepend=-1).astype(float)
    weights[-1] = length - weights[:-1].sum()
    assert np.sum(values * weights) / length == pytest.approx((length - 1) / 2)


def test_what_waits_to_be_averaged_is_left_out_when_it_is_not_finite():
    curve = Curve()
    for step in range(4096):
        curve.add(step, 1.0)
    curve.add(4096, math.inf)
    assert len(curve.points()[0]) == 2048
