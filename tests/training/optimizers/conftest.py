"""The problems that the optimizers are compared on, and how one is run."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import strategies as st


@dataclass(frozen=True)
class Quadratic:
    """E(w) = (w - best)' H (w - best) / 2."""

    hessian: np.ndarray
    best: np.ndarray
    start: np.ndarray

    def gradient(self, weights):
        return self.hessian @ (weights - self.best)

    def loss(self, weights):
        return float((weights - self.best) @ self.hessian @ (weights - self.best) / 2)


def quadratic(hessian, best, start):
    return Quadratic(np.array(hessian, float), np.array(best, float), np.array(start, float))


NAMED = {
    "one weight": quadratic([[1]], [1], [3]),
    "ill-conditioned": quadratic([[1.0, 0.09], [0.09, 0.01]], [1, -2], [3, 5]),
    "a coordinate without gradient": quadratic([[2, 0, 0], [0, 0, 0], [0, 0, 0.5]], [1, 1, 1], [-1, 4, 0]),
    # the first weight never gets there, so its step grows to the upper limit; the second one starts next to its goal
    "both step limits": quadratic([[1e-3, 0], [0, 10]], [1e6, 0], [0, 1e-6]),
}


@st.composite
def quadratics(draw):
    """Draw a convex quadratic in one to four weights.

    All numbers are multiples of 1/8, so that gradients of exactly zero occur and none is lost to underflow.
    """
    n = draw(st.integers(1, 4))
    numbers = st.integers(-16, 16).map(lambda k: k / 8)

    def vector(length):
        return np.array(draw(st.lists(numbers, min_size=length, max_size=length)))

    factor = vector(n * n).reshape(n, n)
    return Quadratic(factor.T @ factor, vector(n), vector(n))


def path_of(optimizer, problem, steps):
    """Return the weights after each step, shape ``(steps, n_parameters)``, and the slots at the end."""
    weights = problem.start.copy()
    slots = optimizer.start(weights.size)
    path = []
    for step in range(1, steps + 1):
        optimizer.update(weights, problem.gradient(weights), slots, problem.loss(weights), step)
        path.append(weights.copy())
    return np.array(path), slots


@pytest.fixture(params=NAMED)
def problem(request):
    return NAMED[request.param]


@pytest.fixture(scope="session")
def named():
    return NAMED


@pytest.fixture(scope="session")
def generated():
    return quadratics()


@pytest.fixture(scope="session")
def run():
    return path_of
