"""Derivatives that are measured: what a gradient was multiplied with, as a polynomial of a value of the forward pass or by its sign."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from unstuck.doctor.scripts.backward_values import Hypothesis, squeezed
from unstuck.doctor.scripts.matching import compare

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from unstuck.doctor.scripts.backward_values import BackwardValues
    from unstuck.doctor.scripts.trace import Key
    from unstuck.doctor.scripts.wrong_values import Wrong

_FITS = 1e-6
_DEGREE = 3
_EQUATIONS = 3
_MOST_EQUATIONS = 3000
_NOTHING = 1e-6


class _Polynomial(NamedTuple):
    """What was fitted: the coefficients from the constant on, and the values it comes to."""

    coefficients: NDArray[np.float64]
    values: NDArray[np.float64]


def fitted_derivatives(values: BackwardValues, wrong: Wrong) -> Iterator[Hypothesis]:
    """A gradient further on times a polynomial of a value of the forward pass, or the right gradient times or divided by one."""
    observed, right = values.values_of(wrong.key), values.right(wrong)
    shape = values.probes[0].trace.shapes[wrong.key]
    factors = [(key, factor) for key in values.named_of_shape(shape) if (factor := values.values_of(key)) is not None]
    if observed is None:
        return
    for later, gradient, is_short in _gradients_further_on(values, wrong, shape):
        for key, factor in factors:
            fit = _fit(observed, gradient, factor)
            if fit is None:
                continue
            name = values.name(key)
            text = f"it uses {in_words(fit.coefficients, name)} for the derivative"
            belongs = _fit(right, gradient, factor)
            if belongs is not None:
                text = (
                    f"it uses {in_words(fit.coefficients, name)} where {in_words(belongs.coefficients, name)} belongs"
                )
            if is_short:
                text = f"it is the gradient of {values.name(later)} times {in_words(fit.coefficients, name)}: what comes between is missing"
            yield Hypothesis(
                "missing-factor" if is_short else "wrong-activation-derivative",
                text,
                gradient * fit.values,
                None if is_short else later,
            )
    for key, factor in factors:
        name = values.name(key)
        fit = _fit(observed, right, factor)
        if fit is not None:
            text = f"it has the factor {in_words(fit.coefficients, name)} too many"
            yield Hypothesis("extra-factor", text, right * fit.values)
        fit = _fit(right, observed, factor)
        if fit is not None:
            with np.errstate(all="ignore"):
                text = f"the factor {in_words(fit.coefficients, name)} is missing"
                yield Hypothesis("missing-factor", text, right / fit.values)


def pieces(values: BackwardValues, wrong: Wrong) -> Iterator[Hypothesis]:
    """A gradient further on times one number where a value is positive and another where it is not, as behind a rectifier."""
    observed, right = values.values_of(wrong.key), values.right(wrong)
    shape = values.probes[0].trace.shapes[wrong.key]
    if observed is None:
        return
    for later in values.later(wrong, shape):
        gradient = values.gradient_of(later)
        for key in values.of_shape(shape):
            switch = values.values_of(key)
            if gradient is None or switch is None or gradient.size != switch.size:
                continue
            sides = [(gradient != 0) & (switch > 0), (gradient != 0) & (switch <= 0)]
            if min(side.sum() for side in sides) < _EQUATIONS:
                continue
            used, belongs = (_slopes(of, gradient, sides) for of in (observed, right))
            if used is None or belongs is None:
                continue
            name = values.name(key)
            yield Hypothesis(
                "wrong-activation-derivative",
                f"where {name} is positive and where it is not, it uses the slopes {_ratio(used)}, where {_ratio(belongs)} belong",
                np.asarray(gradient * np.where(switch > 0, used[0], used[1])),
                later,
            )


def _slopes(
    products: NDArray[np.float64], gradient: NDArray[np.float64], sides: list[NDArray[np.bool_]]
) -> list[float] | None:
    """Return the number that a gradient was multiplied with on each side; None if it was not one number there."""
    found = []
    for side in sides:
        match = compare(products[side], gradient[side])
        if np.any(products[side]) and match.error > _FITS:
            return None
        found.append(match.scale)
    return found


def _ratio(slopes: list[float]) -> str:
    largest = max(slopes, key=abs) or 1.0
    return " and ".join(f"{slope / largest:.4g}" for slope in slopes)


def _gradients_further_on(
    values: BackwardValues, wrong: Wrong, shape: tuple[int, ...]
) -> Iterator[tuple[Key, NDArray[np.float64], bool]]:
    """Yield the gradients further on, and those of fewer numbers that fill the shape when they are repeated, with whether it is such."""
    for key in values.later(wrong, shape):
        gradient = values.gradient_of(key)
        if gradient is not None:
            yield key, gradient, False
    place = values.place(wrong)
    for key in values.forward:
        own = values.probes[0].trace.shapes[key]
        if place < 0 or values.order[key] <= place or squeezed(own) == squeezed(shape) or len(own) > len(shape):
            continue
        try:
            parts = [np.broadcast_to(gradients[key], shape).ravel() for gradients in values.gradients]
        except (KeyError, ValueError):
            continue
        yield key, np.concatenate(parts), True


def _fit(
    products: NDArray[np.float64], gradient: NDArray[np.float64], factor: NDArray[np.float64]
) -> _Polynomial | None:
    """Return the polynomial of lowest degree that a gradient was multiplied with; None where none fits or any would."""
    if not products.size == gradient.size == factor.size:
        return None
    used = np.flatnonzero(gradient)
    used = used[:: max(1, used.size // _MOST_EQUATIONS)]
    size, largest = float(np.linalg.norm(products[used])), float(np.max(np.abs(factor), initial=0.0))
    if not size or not largest:
        return None
    distinct = np.unique(np.round(factor[used] / largest, 6)).size
    for degree in range(1, _DEGREE + 1):
        if distinct < _EQUATIONS * (degree + 1):
            return None
        powers = np.stack([(factor / largest) ** power for power in range(degree + 1)], axis=1)
        columns = powers[used] * gradient[used, None]
        found, *_ = np.linalg.lstsq(columns, products[used], rcond=None)
        if float(np.linalg.norm(products[used] - columns @ found)) < _FITS * size:
            return _Polynomial(found / largest ** np.arange(degree + 1), powers @ found)
    return None


def in_words(coefficients: NDArray[np.float64], name: str) -> str:
    """Return a polynomial up to a factor, such as ``h*(1 - h**2)``.

    >>> in_words(np.array([0.0, 2.0, 0.0, -2.0]), "h")
    'h*(1 - h**2)'
    >>> in_words(np.array([1.0, 0.5]), "a")
    '1 + 0.5*a'
    """
    kept = np.flatnonzero(np.abs(coefficients) > _NOTHING * np.max(np.abs(coefficients)))
    lowest = int(kept[0])
    terms = ["1"]
    for power in kept[1:]:
        share = coefficients[power] / coefficients[lowest]
        number = "" if abs(abs(share) - 1) < _NOTHING else f"{abs(share):.4g}*"
        terms.append(f"{'+' if share > 0 else '-'} {number}{_power(name, int(power) - lowest)}")
    text = " ".join(terms)
    if not lowest:
        return text
    return _power(name, lowest) if len(terms) == 1 else f"{_power(name, lowest)}*({text})"


def _power(name: str, power: int) -> str:
    return name if power == 1 else f"{name}**{power}"
