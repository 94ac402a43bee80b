"""Limits of numeric settings: what is allowed, and what is said about the rest."""

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from unstuck.errors import OptionError
from unstuck.limits import check_between, check_count, check_finite, check_fraction, check_not_negative, check_positive

NO_NUMBERS = ["1", None, True, False, [1], np.array([1.0]), np.array([1.0, 2.0]), float("nan"), float("inf"), 1j, int]
TOO_LARGE = 10**400  # for a float, not for a count
ONES = [1, 1.0, np.float32(1), np.int64(1), np.array(1.0), Fraction(1), Decimal(1)]
HALVES = [0.5, np.float32(0.5), Fraction(1, 2), Decimal("0.5")]


def between_2_and_3(name, value):
    check_between(name, value, 2, 3)


def at_least_2(name, value):
    check_count(name, value, least=2)


@pytest.mark.parametrize(
    ("check", "expected", "allowed", "refused"),
    [
        (check_finite, "must be a finite number", [*ONES, 0, -1e300], [TOO_LARGE]),
        (check_positive, "must be a number above 0", [*ONES, 5e-324], [0, -0.0, -1, -np.float64(1e-9), TOO_LARGE]),
        (check_not_negative, "must be a number of at least 0", [*ONES, 0, -0.0], [-1, -5e-324]),
        (check_fraction, "must be at least 0 and below 1", [*HALVES, 0, 1 - 1e-16], [1, -0.1, *ONES]),
        (between_2_and_3, "must be between 2 and 3, both excluded", [2.5, Fraction(5, 2)], [2, 3, 1, 4]),
        (
            check_count,
            "must be a whole number of at least 1",
            [1, TOO_LARGE, np.int8(1), np.array(1)],
            [0, -1, 1.0, np.float64(2), "3"],
        ),
        (at_least_2, "must be a whole number of at least 2", [2, 3], [1, 0]),
    ],
)
def test_limits(check, expected, allowed, refused):
    for value in allowed:
        check("rate", value)
    for value in [*refused, *NO_NUMBERS]:
        with pytest.raises(OptionError) as caught:
            check("rate", value)
        assert str(caught.value) == f"rate {expected}. Got {value!r} instead."


def test_bounds_are_shown_as_a_person_writes_them():
    with pytest.raises(OptionError) as caught:
        check_between("grow", 0.5, 1.0, 1e6)
    assert str(caught.value) == "grow must be between 1 and 1e+06, both excluded. Got 0.5 instead."


def test_they_are_value_errors():
    with pytest.raises(ValueError, match="above 0"):
        check_positive("rate", 0)
