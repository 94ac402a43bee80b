"""L-BFGS, through SciPy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from unstuck.errors import OptionError
from unstuck.extras import require
from unstuck.limits import check_count
from unstuck.training.optimizers.base import OPTIMIZERS, Slots
from unstuck.training.optimizers.minimizer import Minimizer, Problem

if TYPE_CHECKING:
    from collections.abc import Callable

    from unstuck.arrays import Vector
    from unstuck.nets import Network


@dataclass(frozen=True)
class LBFGS(Minimizer):
    r"""Limited-memory BFGS: a quasi-Newton step from the last ``memory`` pairs of steps and gradient changes, with a line search.

    :math:`w \leftarrow w - \alpha H g`, where :math:`H` approximates the inverse of the second derivatives and :math:`\alpha` meets
    the strong Wolfe conditions. SciPy's ``L-BFGS-B`` without bounds does the work, in float64 whatever the network's precision.
    Its memory is its own: training that is stopped and resumed begins to gather pairs anew.

    Full batch only: a line search needs the same objective at each look.

    Args:
        memory: How many pairs it remembers (default 10).
        max_looks: How many evaluations a line search may take (default 20).

    Raises:
        OptionError: A count below 1, or a network with max-norm.
        MissingExtraError: SciPy is not installed.

    Source: Liu and Nocedal, *On the limited memory BFGS method for large scale optimization*, Mathematical Programming 45 (1989),
    503-528; Zhu, Byrd, Lu and Nocedal, *Algorithm 778: L-BFGS-B*, ACM TOMS 23 (1997), 550-560.
    """

    memory: int = 10
    max_looks: int = 20

    def __post_init__(self) -> None:
        """Check the settings."""
        check_count("memory of lbfgs", self.memory)
        check_count("max_looks of lbfgs", self.max_looks)

    def check(self, network: Network) -> None:
        """Refuse max-norm: cutting weights back after a step would make its line search untrue."""
        if network.max_norm is not None:
            raise OptionError("lbfgs cannot take max-norm into account.\n  Use l2, or the optimizer irprop-.")

    def minimize(self, problem: Problem, slots: Slots, max_steps: int, until: Callable[[float], bool]) -> bool:
        """Run SciPy's minimiser; see :meth:`Minimizer.minimize`."""
        optimize = require("scipy.optimize", "scipy", "the optimizer lbfgs")
        network, x, y, row_weights = problem

        def objective(weights: Vector) -> tuple[float, Vector]:
            loss, gradient = network.at(weights.astype(network.dtype)).loss_and_gradient(x, y, row_weights)
            return loss, gradient.astype(np.float64)

        def after_step(intermediate_result: object) -> None:
            network.parameters[:] = intermediate_result.x  # type: ignore[attr-defined]  # SciPy's OptimizeResult
            if until(float(intermediate_result.fun)):  # type: ignore[attr-defined]  # SciPy's OptimizeResult
                raise StopIteration

        result = optimize.minimize(
            objective,
            network.parameters.astype(np.float64),
            jac=True,
            method="L-BFGS-B",
            callback=after_step,
            options={
                "maxiter": max_steps,
                "maxcor": self.memory,
                "maxls": self.max_looks,
                "maxfun": max_steps * (self.max_looks + 1),
                "ftol": 0.0,
                "gtol": 1e-12,
            },
        )
        return int(result.status) in (0, 2)  # converged, or no step along the search direction lowers J


OPTIMIZERS.register("lbfgs", LBFGS)
