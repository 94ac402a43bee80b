"""Curves in one line."""

import math
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unstuck.report.sparkline import ASCII_BLOCKS, BLOCKS, scale_of, sparkline, thin

NAN, INF = math.nan, math.inf


@pytest.mark.parametrize(
    ("values", "drawn"),
    [
        ([], ""),
        ([3.0], "▄"),
        ([0.0], "▄"),
        ([NAN], "×"),
        ([-INF, NAN, INF], "×××"),
        ([2.0, 2.0, 2.0], "▄▄▄"),
        ([0.69315, 0.69314], "▄▄"),
        ([0.0, 1.0], "▁▇"),
        ([-3.0, -1.0, -2.0], "▁▇▄"),
        ([5.0, INF, 1.0], "▇×▁"),
        ([1.0, 10.0, 100.0], "▁▁▇"),
        ([1.0, 10.0, 101.0], "▁▄▇"),
        ([0.0, 10.0, 1000.0], "▁▁▇"),
        ([-1e308, 1e308], "▁▇"),
        ([5e-324, sys.float_info.max], "▁▇"),
    ],
)
def test_curves(values, drawn):
    assert sparkline(values) == drawn


@pytest.mark.parametrize(
    ("curves", "text"),
    [
        (([1.0, 100.0],), "linear scale from 1 to 100"),
        (([1.0, 101.0],), "logarithmic scale from 1 to 101"),
        (([1.0], [0.001, NAN]), "logarithmic scale from 0.001 to 1"),
        (([0.0, 1000.0],), "linear scale from 0 to 1,000"),
        (([0.69314], [0.69315]), "constant at 0.6932"),
        (([0.0],), "constant at 0"),
    ],
)
def test_the_scale_says_which_it_is(curves, text):
    assert str(scale_of(*curves)) == text


def test_no_scale_without_finite_values():
    assert scale_of() is scale_of([], [NAN, INF]) is None


def test_two_curves_on_one_scale():
    written, mended = [0.7, 0.7, 0.7], [0.7, 0.02, 0.0007]
    scale = scale_of(written, mended)
    assert [sparkline(curve, scale) for curve in (written, mended)] == ["▇▇▇", "▇▄▁"]


def test_a_long_curve_is_thinned():
    assert thin(range(6), 3) == [0.5, 2.5, 4.5]
    assert thin([1.0, 2.0], 60) == [1.0, 2.0]
    assert sparkline([1.0, 3.0, NAN, 1.0, 3.0, 5.0], width=3) == "▂×▆"
    assert thin([1e308] * 4, 2) == [1e308] * 2


def test_ascii():
    assert sparkline([1, 2, 3, 4, 5, 6, 7, NAN], blocks=ASCII_BLOCKS) == ASCII_BLOCKS
    assert len(ASCII_BLOCKS) == len(BLOCKS)


@given(st.lists(st.floats(), max_size=100), st.integers(1, 80))
def test_any_values(values, width):
    drawn = sparkline(values, width=width)
    assert len(drawn) == min(len(values), width)
    assert set(drawn) <= set(BLOCKS)


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=60))
def test_higher_values_are_not_drawn_lower(values):
    drawn = sparkline(values)
    levels = {value: BLOCKS.index(block) for value, block in zip(values, drawn, strict=True)}
    assert [levels[value] for value in sorted(levels)] == sorted(levels.values())
