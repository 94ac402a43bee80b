"""Levenberg-Marquardt, for squared errors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from unstuck.errors import OptionError
from unstuck.limits import check_between, check_positive
from unstuck.nets.jacobian import jacobian
from unstuck.nets.losses import LOSSES
from unstuck.training.optimizers.base import OPTIMIZERS, Slots
from unstuck.training.optimizers.minimizer import Minimizer, Problem

if TYPE_CHECKING:
    from collections.abc import Callable

    from unstuck.arrays import Matrix, Precision, Vector
    from unstuck.nets import Network


@dataclass(frozen=True)
class LevenbergMarquardt(Minimizer):
    r"""Between Gauss-Newton and gradient descent, as far towards either as pays.

    With the residuals :math:`r` scaled so that :math:`J = \frac{1}{2} |r|^2` and their Jacobian :math:`D = dr/dw`, a step solves

    .. math:: (D^T D + \mu I)\, s = -D^T r, \qquad w \leftarrow w + s.

    If J falls, :math:`\mu` is multiplied by ``shrink``; if not, the step is taken back and :math:`\mu` multiplied by ``grow``
    until it does.
    For squared errors (``mse``, ``half_sum``) on small networks: it holds a matrix of parameters x parameters. An L2 penalty is a
    residual of its own; L1 has none.

    Args:
        damping: The first :math:`\mu` (default 1e-3).
        shrink: Factor after a step that helped (default 0.1).
        grow: Factor after one that did not (default 10).
        largest_damping: Where it gives up, having found nothing more to gain (default 1e10).

    Raises:
        OptionError: Another loss, an L1 penalty, max-norm, dropout, or a number outside its limits.

    Source: Levenberg 1944; Marquardt 1963; for networks Hagan and Menhaj, *Training feedforward networks with the Marquardt
    algorithm*, IEEE Transactions on Neural Networks 5 (1994), 989-993, whose factors these are, as in MATLAB's ``trainlm``.
    """

    damping: float = 1e-3
    shrink: float = 0.1
    grow: float = 10.0
    largest_damping: float = 1e10

    scalar_slots = ("damping_now",)

    def __post_init__(self) -> None:
        """Check the settings."""
        check_positive("largest_damping of lm", self.largest_damping)
        check_between("damping of lm", self.damping, 0, self.largest_damping)
        check_between("shrink of lm", self.shrink, 0, 1)
        check_between("grow of lm", self.grow, 1, np.inf)

    def start(self, n_parameters: int, dtype: Precision = "float64") -> Slots:
        """Return the first damping, in float64 whatever the network's precision."""
        return Slots(damping_now=np.array([self.damping]))

    def check(self, network: Network) -> None:
        """Refuse what is no sum of squares."""
        if network.loss.squared_error_factor(network.n_out) is None:
            raise OptionError(
                f"lm minimises squared errors, but the network's loss is {LOSSES.describe(network.loss)}.\n"
                "  Choose the loss mse or half_sum, or the optimizer lbfgs or irprop-."
            )
        if network.l1 or network.max_norm is not None:
            raise OptionError(
                "lm cannot take an L1 penalty or max-norm into account.\n  Use l2, or the optimizer irprop-."
            )

    def minimize(self, problem: Problem, slots: Slots, max_steps: int, until: Callable[[float], bool]) -> bool:
        """Take damped Gauss-Newton steps; see :meth:`Minimizer.minimize`."""
        network = problem.network
        double = _in_float64(problem)
        for _ in range(max_steps):
            loss = self._step(double, slots)
            if loss is None:
                return True
            network.parameters[:] = double.network.parameters
            if until(loss):
                return False
        return False

    def _step(self, problem: Problem, slots: Slots) -> float | None:
        """Take one step that lowers J and return J there, or None where no step does."""
        network = problem.network
        residuals, slopes = residual_jacobian(problem)
        before = _objective(problem)
        normal, descent = slopes.T @ slopes, -(slopes.T @ residuals)
        start = network.parameters.copy()
        while slots.damping_now[0] <= self.largest_damping:
            network.parameters[:] = start + _solve(normal + slots.damping_now[0] * np.eye(len(start)), descent)
            after = _objective(problem)
            if after < before:
                slots.damping_now[0] = max(slots.damping_now[0] * self.shrink, np.finfo(np.float64).tiny)
                return after
            slots.damping_now[0] *= self.grow
        network.parameters[:] = start
        slots.damping_now[0] = self.damping
        return None


def residual_jacobian(problem: Problem) -> tuple[Vector, Matrix]:
    """Return residuals r, shape ``(n,)``, with J = |r|^2 / 2, and dr/dparameters, shape ``(n, n_parameters)``.

    The residuals of the L2 penalty, if there is one, follow those of the rows.
    """
    network, x, y, row_weights = problem
    outputs, slopes = jacobian(network, x)
    share = np.full(len(x), 1 / len(x)) if row_weights is None else row_weights / len(x)
    scale = np.sqrt(share * (network.loss.squared_error_factor(network.n_out) or 0.0))
    residuals = ((outputs - y) * scale[:, None]).reshape(-1)
    slopes = (slopes * scale[:, None, None]).reshape(len(residuals), -1)
    if not network.l2:
        return residuals, slopes
    penalised = np.zeros(network.n_parameters)
    for weights in network.weight_matrices(penalised):
        weights[...] = np.sqrt(network.l2)
    rows = np.flatnonzero(penalised)
    penalty = np.zeros((len(rows), network.n_parameters))
    penalty[np.arange(len(rows)), rows] = penalised[rows]
    return np.concatenate([residuals, penalty @ network.parameters]), np.concatenate([slopes, penalty])


def _objective(problem: Problem) -> float:
    network = problem.network
    return network.objective(network.forward(problem.inputs)[-1], problem.targets, problem.row_weights)


def _solve(damped: Matrix, descent: Vector) -> Vector:
    """Return the step, or NaN where the damping is too small beside the matrix to make it regular."""
    try:
        return np.linalg.solve(damped, descent)
    except np.linalg.LinAlgError:
        return np.full_like(descent, np.nan)


def _in_float64(problem: Problem) -> Problem:
    network, x, y, row_weights = problem
    weights = None if row_weights is None else row_weights.astype(np.float64)
    return Problem(network.copy("float64"), x.astype(np.float64), y.astype(np.float64), weights)


OPTIMIZERS.register("lm", LevenbergMarquardt)
