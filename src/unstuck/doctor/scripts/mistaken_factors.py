"""Gradients that lack the derivative of an activation, or have another in its place, or a factor too many."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from unstuck.doctor.scripts.backward_values import Hypothesis
from unstuck.doctor.scripts.derivative_factors import ACTIVATION_OF, ACTIVATIONS, FACTORS
from unstuck.doctor.scripts.matching import compare
from unstuck.doctor.scripts.mistaken_signs import arrays_of_size

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from unstuck.doctor.scripts.backward_values import BackwardValues
    from unstuck.doctor.scripts.trace import Key
    from unstuck.doctor.scripts.wrong_values import Wrong

_EXACT = 1e-6
_EQUATIONS = 6


def another_gradient(values: BackwardValues, wrong: Wrong) -> Iterator[Hypothesis]:
    """The gradient with respect to another value: a derivative of an activation is missing, or there is one too many."""
    place = values.place(wrong)
    same = values.same_as_right(wrong)
    for key in values.of_shape(values.probes[0].trace.shapes[wrong.key]):
        if key in same:
            continue
        predicted = values.gradient_of(key)
        name = values.name(key)
        if values.order[key] > place and values.passes_a_layer(place, key):
            text = f"it is the gradient with respect to {name}, of the layer behind the one that it is used for"
            yield Hypothesis("wrong-layer", text, predicted)
        elif values.order[key] > place:
            yield Hypothesis(
                "missing-output-derivative" if values.is_output(key) else "missing-activation-derivative",
                f"it is the gradient with respect to {name}: the derivative of the activation between is missing",
                predicted,
                key,
            )
        else:
            yield Hypothesis(
                "extra-factor", f"it is the gradient with respect to {name}, one derivative too far back", predicted
            )


def another_factor(values: BackwardValues, wrong: Wrong) -> Iterator[Hypothesis]:
    """A gradient further on, times what is not the derivative; or the right gradient times something that does not belong there."""
    shape = values.probes[0].trace.shapes[wrong.key]
    place = values.place(wrong)
    named = values.named_of_shape(shape)
    preactivations = [key for key in values.of_shape(shape) if key in values.same_as_right(wrong) and key not in named]
    same = [*named, *preactivations[:1]]  # what the activation was given is often not held by any name
    for key in values.later(wrong, shape):
        gradient = values.gradient_of(key)
        for factor_key in same:
            for text, function in FACTORS.items():
                yield Hypothesis(
                    code_of_factor(values, text, factor_key, key, place),
                    f"it uses {text.format(v=values.name(factor_key))} for the derivative",
                    _product(values, gradient, factor_key, function),
                    key,
                )
    right = values.right(wrong)
    for factor_key in same:
        for text, function in FACTORS.items():
            is_output = values.is_output(factor_key)
            missing = None if is_output else ACTIVATION_OF.get(text)
            if missing is not None and _is_applied(values, factor_key, missing):
                missing = None
            yield Hypothesis(
                *_too_many(text.format(v=values.name(factor_key)), is_output=is_output),
                _product(values, right, factor_key, function),
                None if missing is None else factor_key,
                missing,
            )


def _is_applied(values: BackwardValues, key: Key, activation: str) -> bool:
    """Whether a value of the forward pass goes through an activation, or came out of it."""
    apply = ACTIVATIONS[activation]
    value = values.probes[0].trace.values[key]
    others = (values.probes[0].trace.values[other] for other in values.of_shape(value.shape))
    pairs = ((value.ravel(), other.ravel()) for other in others)
    return any(
        not np.array_equal(one, other) and (_is_close(apply(one), other) or _is_close(apply(other), one))
        for one, other in pairs
    )


def _is_close(one: NDArray[np.float64], other: NDArray[np.float64]) -> bool:
    return bool(np.allclose(one, other, rtol=1e-9, atol=1e-12))


def _too_many(factor: str, *, is_output: bool) -> tuple[str, str]:
    """Return the mistake of a factor too many, and what it is; where one divides by a derivative, this is what is missing."""
    if factor.startswith("1/("):
        code = "missing-output-derivative" if is_output else "missing-activation-derivative"
        return code, f"the factor {factor[3:-1]}, the derivative of the activation, is missing"
    if factor.startswith("1/"):
        return "missing-factor", f"the factor {factor[2:]} is missing"
    code = "extra-output-derivative" if is_output and "-" in factor else "extra-factor"
    return code, f"it has the factor {factor} too many"


def left_out_data(values: BackwardValues, wrong: Wrong) -> Iterator[Hypothesis]:
    """An array that is the same at all states, such as a mask that is drawn, was left out."""
    observed, right = values.values_of(wrong.key), values.right(wrong)
    if observed is None or observed.size < _EQUATIONS:
        return
    for name, factor in arrays_of_size(values, wrong, observed.size):
        first, *others = np.split(factor, len(values.probes))
        is_data = bool(np.ptp(first)) and all(np.array_equal(first, other) for other in others)
        if is_data and compare(observed * factor, right).error < _EXACT:
            yield Hypothesis("missing-factor", f"the factor {name} is missing", observed)


def left_out_factor(values: BackwardValues, wrong: Wrong) -> Iterator[Hypothesis]:
    """An array of the step, element by element, that puts the value right: it was left out; or the right gradient times such an array."""
    observed, right = values.values_of(wrong.key), values.right(wrong)
    if observed is None or observed.size < _EQUATIONS:
        return
    for name, factor in arrays_of_size(values, wrong, observed.size):
        if not np.ptp(factor):
            continue
        if compare(observed * factor, right).error < _EXACT:
            yield Hypothesis("missing-factor", f"the factor {name} is missing", observed)
        elif compare(right * factor, observed).error < _EXACT:
            yield Hypothesis("extra-factor", f"it has the factor {name} too many", observed)


def code_of_factor(values: BackwardValues, text: str, factor_key: Key, later: Key, place: int) -> str:
    """Return which mistake it is to use a factor for the derivative of what gives the value ``later``."""
    order = values.order[factor_key]
    if values.sums_to_one(later) and text == "{v}*(1-{v})":
        return "softmax-diagonal"
    if order > place and text in ("sigmoid'({v})", "tanh'({v})"):
        return "derivative-of-activated-value"
    if order <= place and text in ("{v}*(1-{v})", "1-{v}**2"):
        return "derivative-of-preactivation"
    return "wrong-activation-derivative"


def _product(
    values: BackwardValues,
    gradient: NDArray[np.float64] | None,
    factor_key: Key,
    function: Callable[[NDArray[np.float64]], NDArray[np.float64]],
) -> NDArray[np.float64] | None:
    factor = values.values_of(factor_key)
    if gradient is None or factor is None or gradient.size != factor.size:
        return None
    with np.errstate(all="ignore"):
        return np.asarray(gradient * function(factor))
