import math

import pytest

from unstuck.data.fields import has_decimal_comma, is_missing, parse_number


@pytest.mark.parametrize(
    ("text", "number"), [("1", 1.0), (" -2.5 ", -2.5), ("1e3", 1000.0), (".5", 0.5), ("inf", math.inf)]
)
def test_numbers(text, number):
    assert parse_number(text) == number


def test_nan_is_a_number():
    assert math.isnan(parse_number("NaN"))


@pytest.mark.parametrize("text", ["", " ", "one", "1,5", "1_000", "0x10", "1 2", "--1"])
def test_text(text):
    assert parse_number(text) is None


@pytest.mark.parametrize("text", ["", "  ", "?", "NA", "n/a", "NaN", "None", "NULL"])
def test_missing(text):
    assert is_missing(text)


@pytest.mark.parametrize("text", ["0", "no", "-", "nano"])
def test_not_missing(text):
    assert not is_missing(text)


@pytest.mark.parametrize(
    ("text", "expected"), [("1,5", True), (" -10,25", True), ("1.5", False), ("1,5,2", False), (",5", False)]
)
def test_decimal_comma(text, expected):
    assert has_decimal_comma(text) is expected
