"""Sums and differences of which one term has the wrong sign."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from unstuck.doctor.scripts.backward_values import Hypothesis, stack
from unstuck.doctor.scripts.matching import compare

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from unstuck.doctor.scripts.backward_values import BackwardValues
    from unstuck.doctor.scripts.wrong_values import Wrong

_SOME = 1e-4
_FITS = 1e-6
_EQUATIONS = 6
_MANY = 20
_MOST = 50
_LARGEST = 20_000


def turned_terms(values: BackwardValues, wrong: Wrong) -> Iterator[Hypothesis]:
    """Of two arrays of the step the right gradient is the sum and the wrong one the difference, or the other way round."""
    observed, right = values.values_of(wrong.key), values.right(wrong)
    if observed is None or not _EQUATIONS <= observed.size <= _LARGEST:
        return
    terms = _terms(values, wrong, observed.size)
    both = np.stack([observed / np.linalg.norm(observed), right / np.linalg.norm(right)], axis=1)
    gram = np.array([[float(first @ second) for _, second in terms] for _, first in terms])
    on_both = np.array([term @ both for _, term in terms])
    for one, other in combinations(range(len(terms)), 2):
        pair = np.ix_((one, other), (one, other))
        if abs(gram[one, other]) > 1 - _FITS:  # they are the same but for a factor
            continue
        shares = np.linalg.solve(gram[pair], on_both[[one, other]])
        explained = np.einsum("ik,ik->k", shares, on_both[[one, other]])
        ratios = shares[1] / np.where(shares[0], shares[0], np.inf)
        if (
            np.any(np.abs(explained - 1) > _FITS)
            or not ratios[0]
            or abs(ratios[0] + ratios[1]) > _FITS * abs(ratios[0])
        ):
            continue
        names = f"{terms[one][0]} and {terms[other][0]}"
        predicted = np.stack([terms[one][1], terms[other][1]], axis=1) @ shares[:, 0]
        yield Hypothesis(
            "sign-of-one-term", f"of {names} one has the wrong sign: the other way round it is the gradient", predicted
        )


def another_term(values: BackwardValues, wrong: Wrong) -> Iterator[Hypothesis]:
    """Where the right gradient is outputs minus targets, another array stands for one of the two."""
    observed, right, met = values.values_of(wrong.key), values.right(wrong), values.met()
    if observed is None or met is None or not _EQUATIONS <= observed.size <= _LARGEST:
        return
    outputs, targets = stack(met[0]), stack(met[1])
    if outputs is None or targets is None or not outputs.size == targets.size == observed.size:
        return
    arrays = arrays_of_size(values, wrong, observed.size)
    for kept, sign in ((targets, 1), (outputs, -1)):
        name = next((name for name, array in arrays if compare(right, array - kept).error < _FITS), None)
        for other, array in arrays if name is not None else ():
            text = f"it is the difference of outputs and targets with {other} in the place of {name}"
            yield Hypothesis("wrong-operand", text, sign * (array - kept))


def growing_weights(values: BackwardValues, wrong: Wrong) -> Iterator[Hypothesis]:
    """The right gradient with a part of the weights taken off it: a penalty on the weights that makes them larger."""
    observed, right = values.values_of(wrong.key), values.right(wrong)
    if observed is None or not isinstance(wrong.meant, int) or observed.size < _MANY or wrong.transposed:
        return
    weights = np.concatenate([probe.values[wrong.meant].ravel() for probe in values.probes])
    columns = np.stack([right, weights], axis=1)
    shares, *_ = np.linalg.lstsq(columns, observed, rcond=None)
    is_part = np.linalg.norm(shares[0] * right) > _SOME * np.linalg.norm(observed)
    if shares[0] * shares[1] < 0 and is_part:
        text = "a part of the weights is taken off the gradient, where a penalty adds it"
        yield Hypothesis("sign-of-one-term", text, columns @ shares)


def _terms(values: BackwardValues, wrong: Wrong, size: int) -> list[tuple[str, NDArray[np.float64]]]:
    """Return what a value may be the sum of, each once and at length one."""
    terms: list[tuple[str, NDArray[np.float64]]] = []
    for name, term in arrays_of_size(values, wrong, size):
        size_of_term = float(np.linalg.norm(term))
        if size_of_term and not any(compare(term, earlier).error < _FITS for _, earlier in terms):
            terms.append((name, term / size_of_term))
    return terms[:_MOST]


def arrays_of_size(values: BackwardValues, wrong: Wrong, size: int) -> list[tuple[str, NDArray[np.float64]]]:
    """Return the arrays of a size: outputs, targets, parameters and everything computed before a wrong value."""
    found = [(name, stack(arrays)) for name, arrays in values.operands().items()]
    before = values.order[wrong.key]
    found += [
        (values.name(key), values.values_of(key))
        for key in values.probes[0].trace.values
        if values.order.get(key, before) < before
    ]
    return [
        (name, array) for name, array in found if array is not None and array.size == size and np.isfinite(array).all()
    ]
