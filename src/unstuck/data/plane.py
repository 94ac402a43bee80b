"""Tasks in the plane: two classes of points that no straight line separates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from unstuck.data.dataset import Dataset
from unstuck.limits import check_between, check_count, check_not_negative
from unstuck.seeding import Stream, generator

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Curve = Callable[[int, int], tuple[NDArray[Any], NDArray[Any]]]


def moons(n: int = 200, *, noise: float = 0.1, seed: int = 0) -> Dataset:
    """Two interleaving half circles of radius 1, ``n`` points to train on and ``n`` to test on.

    Class 0 is ``(cos t, sin t)``, class 1 is ``(1 - cos t, 0.5 - sin t)``, for ``t`` evenly spaced from 0 to pi, as in
    ``sklearn.datasets.make_moons``. Normal noise is added to both coordinates, and the rows are shuffled.

    Args:
        n: Number of points, half of them (rounded down) of class 0.
        noise: Standard deviation of the noise.
        seed: Of noise and order.

    Raises:
        OptionError: ``n`` is below 2, or ``noise`` is negative.
    """
    return _noisy("moons", _moons, n, noise, seed)


def circles(n: int = 200, *, noise: float = 0.1, factor: float = 0.5, seed: int = 0) -> Dataset:
    """A circle inside a circle of radius 1, ``n`` points to train on and ``n`` to test on.

    Class 0 is ``(cos t, sin t)``, class 1 is ``factor`` times that, for ``t`` evenly spaced around the circle, as in
    ``sklearn.datasets.make_circles``. Normal noise is added to both coordinates, and the rows are shuffled.

    Args:
        n: Number of points, half of them (rounded down) of class 0.
        noise: Standard deviation of the noise.
        factor: Radius of the inner circle. scikit-learn's default of 0.8 leaves classes that overlap under this noise.
        seed: Of noise and order.

    Raises:
        OptionError: ``n`` is below 2, ``noise`` is negative, or ``factor`` is not between 0 and 1.
    """
    check_between("factor", factor, 0, 1)

    def curve(n_first: int, n_second: int) -> tuple[NDArray[Any], NDArray[Any]]:
        outer = np.linspace(0, 2 * np.pi, n_first, endpoint=False)
        inner = np.linspace(0, 2 * np.pi, n_second, endpoint=False)
        return (
            np.column_stack([np.cos(outer), np.sin(outer)]),
            np.column_stack([np.cos(inner), np.sin(inner)]) * factor,
        )

    return _noisy("circles", curve, n, noise, seed)


def spirals() -> Dataset:
    """Two spirals that wind three times around the origin and each other: 194 points, no noise, and 192 to test on.

    Point i = 0 … 96 of class 1 has the angle ``i pi / 16`` and the radius ``6.5 (104 - i) / 104`` and lies at
    ``(radius sin angle, radius cos angle)``; class 0 is its mirror image through the origin; the two take turns. The
    test points lie halfway between neighbours on the same spirals, at i = 0.5 … 95.5.

    Source: posed by Wieland on the connectionists mailing list (1988); Lang and Witbrock, *Learning to tell two spirals
    apart*, Proceedings of the 1988 Connectionist Models Summer School, 52-59. The test points are ours.
    """
    inputs, targets = _spirals(np.arange(97.0))
    test_inputs, test_targets = _spirals(np.arange(96) + 0.5)
    return _in_plane("spirals", inputs, targets, test_inputs, test_targets)


def _moons(n_first: int, n_second: int) -> tuple[NDArray[Any], NDArray[Any]]:
    upper = np.linspace(0, np.pi, n_first)
    lower = np.linspace(0, np.pi, n_second)
    return (
        np.column_stack([np.cos(upper), np.sin(upper)]),
        np.column_stack([1 - np.cos(lower), 0.5 - np.sin(lower)]),
    )


def _spirals(steps: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    angle = steps * np.pi / 16
    radius = 6.5 * (104 - steps) / 104
    spiral = np.column_stack([radius * np.sin(angle), radius * np.cos(angle)])
    return np.stack([spiral, -spiral], axis=1).reshape(-1, 2), np.tile([1.0, 0.0], len(steps))


def _noisy(name: str, curve: Curve, n: int, noise: float, seed: int) -> Dataset:
    check_count("n", n, least=2)
    check_not_negative("noise", noise)
    random = generator(seed, Stream.DATA)
    inputs, targets = _draw(random, curve, n, noise)
    test_inputs, test_targets = _draw(random, curve, n, noise)
    return _in_plane(name, inputs, targets, test_inputs, test_targets)


def _draw(random: np.random.Generator, curve: Curve, n: int, noise: float) -> tuple[NDArray[Any], NDArray[Any]]:
    first, second = curve(n // 2, n - n // 2)
    order = random.permutation(n)
    points = np.concatenate([first, second]) + noise * random.standard_normal((n, 2))
    targets = np.repeat([0.0, 1.0], [len(first), len(second)])
    return points[order], targets[order]


def _in_plane(
    name: str, inputs: NDArray[Any], targets: NDArray[Any], test_inputs: NDArray[Any], test_targets: NDArray[Any]
) -> Dataset:
    return Dataset(
        name=name,
        inputs=inputs,
        targets=targets[:, np.newaxis],
        kind="binary",
        test_inputs=test_inputs,
        test_targets=test_targets[:, np.newaxis],
        class_names=("0", "1"),
        feature_names=("x", "y"),
    )
