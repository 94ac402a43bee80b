"""Limits of numeric settings, and the message when one is not kept."""

from __future__ import annotations

import math
from typing import SupportsFloat

from unstuck.errors import OptionError


def _number(value: object) -> float | None:
    """Return ``value`` as a float, or None if it is no finite number."""
    if isinstance(value, bool) or not isinstance(value, SupportsFloat):
        return None
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    return number if math.isfinite(number) else None


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
    if isinstance(value, bool) or not hasattr(value, "__index__") or int(value) < least:
        raise OptionError(f"{name} must be a whole number of at least {least}. Got {value!r} instead.")
