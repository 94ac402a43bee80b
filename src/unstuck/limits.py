"""Limits of numeric settings, and the message when one is not kept."""

from __future__ import annotations

import math
from operator import index
from typing import SupportsFloat, SupportsIndex

from unstuck.errors import OptionError


def _number(value: object) -> float | None:
    """Return ``value`` as a float, or None if it is no finite number."""
    if isinstance(value, bool) or not isinstance(value, SupportsFloat):
        return None
    try:
        number = float(value)
    except (OverflowError, TypeError, ValueError):
        return None
    return number if math.isfinite(number) else None


def _whole(value: object) -> int | None:
    """Return ``value`` as an int, or None if it is no whole number."""
    if isinstance(value, bool) or not isinstance(value, SupportsIndex):
        return None
    try:
        return index(value)
    except TypeError:  # arrays and classes have the method too, but it fails
        return None


def check_finite(name: str, value: object) -> None:
    """Raise an :class:`OptionError` unless ``value`` is a finite number."""
    if _number(value) is None:
        raise OptionError(f"{name} must be a finite number. Got {value!r} instead.")


def check_positive(name: str, value: object) -> None:
    """Raise an :class:`OptionError` unless ``value`` is a finite number above 0."""
    number = _number(value)
    if number is None or number <= 0:
        raise OptionError(f"{name} must be a number above 0. Got {value!r} instead.")


def check_not_negative(name: str, value: object) -> None:
    """Raise an :class:`OptionError` unless ``value`` is a finite number of at least 0."""
    number = _number(value)
    if number is None or number < 0:
        raise OptionError(f"{name} must be a number of at least 0. Got {value!r} instead.")


def check_fraction(name: str, value: object) -> None:
    """Raise an :class:`OptionError` unless 0 <= ``value`` < 1."""
    number = _number(value)
    if number is None or not 0 <= number < 1:
        raise OptionError(f"{name} must be at least 0 and below 1. Got {value!r} instead.")


def check_between(name: str, value: object, low: float, high: float) -> None:
    """Raise an :class:`OptionError` unless ``low`` < ``value`` < ``high``."""
    number = _number(value)
    if number is None or not low < number < high:
        raise OptionError(f"{name} must be between {low:g} and {high:g}, both excluded. Got {value!r} instead.")


def check_count(name: str, value: object, least: int = 1) -> None:
    """Raise an :class:`OptionError` unless ``value`` is a whole number of at least ``least``."""
    whole = _whole(value)
    if whole is None or whole < least:
        raise OptionError(f"{name} must be a whole number of at least {least}. Got {value!r} instead.")
