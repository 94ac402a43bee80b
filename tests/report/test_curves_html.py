"""Curves as a picture."""

import math
import re
from xml.etree import ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from unstuck.report.curves_html import draw
from unstuck.report.sparkline import scale_of


def points(html):
    return [
        [tuple(map(float, point.split(","))) for point in line.attrib["points"].split()]
        for line in ET.fromstring(html).iter("polyline")  # noqa: S314 (our own HTML)
    ]


def test_two_curves_on_one_scale():
    curves = [("as written", (4.0, 4.0, 4.0)), ("with remedy", (4.0, 2.0, 0.0))]
    html = draw(curves, scale_of(*(values for _, values in curves)))
    assert points(html) == [[(4, 4), (160, 4), (316, 4)], [(4, 4), (160, 30), (316, 56)]]
    assert 'aria-label="as written, with remedy, linear scale from 0 to 4"' in html
    assert len(set(re.findall(r'stroke="(#\w+)"', html))) == 2


def test_a_curve_has_gaps_where_it_is_not_finite():
    html = draw([("", (0.0, 1.0, math.nan, 1.0, math.inf))], scale_of((0.0, 1.0)))
    assert points(html) == [[(4, 56), (82, 4)], [(238, 4), (240, 4)]]


def test_a_shorter_curve_ends_earlier():
    html = draw([("a", (1.0, 0.0)), ("b", (1.0, 0.5, 0.0))], scale_of((0.0, 1.0)))
    assert [line[-1][0] for line in points(html)] == [160, 316]


def test_nothing_to_draw():
    assert draw([("a", (math.nan,))], None) == ""


@given(st.lists(st.floats(), min_size=1, max_size=60))
def test_any_values_stay_in_the_picture(values):
    for line in points(draw([("a < b", values)], scale_of(values)) or "<a/>"):
        assert all(0 <= x <= 320 and 4 <= y <= 56 for x, y in line)
