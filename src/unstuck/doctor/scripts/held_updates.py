"""Whose update is held back where one line of a loop over layers changes one parameter after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from numpy.typing import NDArray


def sites_by_parameter(sites: Iterable[tuple[int, Sequence[int]]]) -> dict[int, list[int]]:
    """Return for each site the numbers of the parameters that it changes, from each parameter's number and sites."""
    held: dict[int, list[int]] = {}
    for number, places in sites:
        for site in places:
            held.setdefault(site, []).append(number)
    return held


def owner(
    numbers: Sequence[int], old: Mapping[int, NDArray[np.float64]], new: NDArray[np.float64], changed: Collection[int]
) -> int | None:
    """Return the parameter that has a new value: the one of its shape that was nearest to it; None if there is none.

    Of several as near, such as biases of zero, it is the first that has not changed yet.
    """
    fitting = [number for number in numbers if number in old and old[number].shape == new.shape]
    if len(fitting) < 2:  # noqa: PLR2004 (nothing to choose from)
        return fitting[0] if fitting else None
    return min(fitting, key=lambda number: (_distance(old[number], new), number in changed))


def _distance(old: NDArray[np.float64], new: NDArray[np.float64]) -> float:
    with np.errstate(all="ignore"):
        distance = float(np.linalg.norm(new - old))
    return distance if np.isfinite(distance) else np.inf
