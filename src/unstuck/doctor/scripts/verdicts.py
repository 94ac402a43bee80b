"""Whether the update of each parameter goes down the gradient, and of which loss."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from unstuck.doctor.scripts.expressions import has_literal
from unstuck.doctor.scripts.gradient_sites import gradient_sites, passes_by, remembers, residuals
from unstuck.doctor.scripts.heavy_ball import multiples, remembers_position
from unstuck.doctor.scripts.matching import Match, compare, made_of_two
from unstuck.doctor.scripts.repeated_updates import updates_follow_each_other
from unstuck.doctor.scripts.step_candidates import root_of
from unstuck.doctor.scripts.taped import REPORTED

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    from unstuck.doctor.diagnosis import UpdateVerdict
    from unstuck.doctor.scripts.identified import Identified
    from unstuck.doctor.scripts.probes import Probe
    from unstuck.doctor.scripts.script_step import StepVariable
    from unstuck.doctor.scripts.trace import Key

_RIGHT = 1e-5
_NOISE_FACTOR = 10.0
_MOSTLY = 0.9
_SEEN = 1e-3
_ROUNDING = 1e-12
_LOSS_ORDER = (REPORTED, "half_sum", "bce", "softmax-ce-1", "softmax-ce-0", "ce", "mae")


@dataclass(frozen=True)
class Verdict:
    """What the update of a parameter does.

    Attributes:
        update: The verdict.
        match: The update against the gradient of the loss that is descended.
        gradient_at: Where the script computes this gradient, if the update itself is not a multiple of it.
    """

    update: UpdateVerdict
    match: Match | None
    gradient_at: Key | None = None


@dataclass(frozen=True)
class Verdicts:
    """The verdicts on all parameters.

    Attributes:
        descended: The loss that is descended.
        of: The verdict on each parameter, by its number.
        matches: For each loss and parameter, how well the update matches its gradient.
    """

    descended: str
    of: dict[int, Verdict]
    matches: dict[str, dict[int, Match]]


def judge(found: Identified, probes: list[Probe]) -> Verdicts:
    """Return the verdicts."""
    losses = [loss for loss in _LOSS_ORDER if all(loss in probe.gradients for probe in probes)]
    if not losses:  # no loss could be followed at every state: nothing is known of any update
        return Verdicts(REPORTED, {variable.index: Verdict("cannot-tell", None) for variable in found.parameters}, {})
    matches = {
        loss: {variable.index: _match(found, probes, loss, variable) for variable in found.parameters}
        for loss in losses
    }
    all_sites = {
        loss: {
            variable.index: gradient_sites(probes, loss, variable, residuals(found, probes, variable))
            for variable in found.parameters
        }
        for loss in losses
    }
    sites: dict[str, dict[int, Key | None]] = {
        loss: {index: each[-1] if each else None for index, each in of_loss.items()}
        for loss, of_loss in all_sites.items()
    }
    noise = {loss: max(probe.noise.get(loss, 0.0) for probe in probes) for loss in losses}

    def right_ones(loss: str) -> set[Key | int]:
        """Return what is right with a loss: updates, and gradients, which count once however many parameters they are like."""
        tolerance = max(_RIGHT, _NOISE_FACTOR * min(noise[loss], _SEEN))
        own = {
            variable.index
            for variable in found.parameters
            if matches[loss][variable.index].error < tolerance or _decays(found, probes, loss, variable, tolerance)
        }
        return {
            index if site is None else site for index, site in sites[loss].items() if site is not None or index in own
        }

    descended = max(losses, key=lambda loss: (len(right_ones(loss)), -losses.index(loss)))
    several = found.takes_several_steps(probes[0].trace) or updates_follow_each_other(found, probes[0])
    if several:  # nothing can be said of steps that cannot be told apart
        return Verdicts(
            descended,
            {
                variable.index: Verdict("cannot-tell", matches[descended][variable.index])
                for variable in found.parameters
            },
            matches,
        )
    of = {
        variable.index: _verdict(found, variable, probes, descended, matches, sites, noise)
        for variable in found.parameters
    }
    of |= _of_heavy_balls(found, probes, descended, of, max(_RIGHT, _NOISE_FACTOR * min(noise[descended], _SEEN)))
    of |= {
        variable.index: Verdict("wrong", of[variable.index].match)
        for variable in found.parameters
        if of[variable.index].gradient_at is not None and of[variable.index].update in ("right", "ascends")
        and not remembers(found, variable) and passes_by(found, probes[0], all_sites[descended][variable.index], variable)
    }  # fmt: skip
    if descended == REPORTED and all(verdict.update == "wrong" for verdict in of.values()) and not _meet_targets(found):
        # nothing ties the reported loss to the updates: a perceptron reports its mistakes on all rows and learns from one
        of = {index: replace(verdict, update="cannot-tell") for index, verdict in of.items()}
    return Verdicts(descended, of, matches)


def _meet_targets(found: Identified) -> bool:
    """Whether something that depends on parameters meets something else in a subtraction, other than a parameter its own update."""
    names = {root_of(variable.name) for variable in found.parameters}
    return found.pair is not None or any(
        any(key in of for of in found.dependents.values())
        and not has_literal(found.sites[key[0]].expression)
        and root_of(found.sites[key[0]].expression) not in names
        for key in found.base.pairs
    )


def _of_heavy_balls(
    found: Identified, probes: list[Probe], loss: str, of: dict[int, Verdict], tolerance: float
) -> dict[int, Verdict]:
    """Return the verdicts on the parameters whose former value the optimizer remembers."""
    differences = {
        variable.index: tuple(
            _differences(numbers, len(probes))
            for numbers in (*_stacked(probes, loss, variable), _weights(probes, variable))
        )
        for variable in found.parameters
        if of[variable.index].update in ("wrong", "ascends") and remembers_position(found, variable)
    }
    return {
        index: replace(of[index], update="right" if multiple < 0 else "ascends")
        for index, multiple in multiples(differences, tolerance).items()
    }


def _match(found: Identified, probes: list[Probe], loss: str, variable: StepVariable) -> Match:
    """Compare updates with gradients; where the optimizer remembers something, also their differences between states.

    What it remembers, such as a velocity or gradients added up so far, is the same at all states, and in a difference it is gone.
    """
    updates, gradients = _stacked(probes, loss, variable)
    match = compare(updates, gradients)
    if match.error < _RIGHT or not remembers(found, variable) or len(probes) < 2:  # noqa: PLR2004 (a difference needs two)
        return match
    of_differences = compare(_differences(updates, len(probes)), _differences(gradients, len(probes)))
    return of_differences if of_differences.error < _RIGHT else match


def _differences(values: NDArray[np.float64], count: int) -> NDArray[np.float64]:
    rows = values.reshape(count, -1)
    return np.asarray((rows[1:] - rows[:-1]).ravel())


def _verdict(
    found: Identified,
    variable: StepVariable,
    probes: list[Probe],
    loss: str,
    matches: dict[str, dict[int, Match]],
    sites: dict[str, dict[int, Key | None]],
    noise: dict[str, float],
) -> Verdict:
    updates, gradients = _stacked(probes, loss, variable)
    match, at = matches[loss][variable.index], sites[loss][variable.index]
    known = np.isfinite(gradients) & np.isfinite(updates)
    tolerance = max(_RIGHT, _NOISE_FACTOR * min(noise[loss], _SEEN))
    nothing = _of_nothing(updates[known], gradients[known], probes, loss, match, at)
    if nothing is not None:
        return nothing
    if match.error < tolerance:
        return Verdict("right" if match.scale < 0 else "ascends", match)
    if _decays(found, probes, loss, variable, tolerance):
        return Verdict("right", match)
    if at is not None:
        moved = known & (gradients != 0)  # what an optimizer remembers, or a decay, moves the others too
        down = float(np.mean(np.sign(updates[moved]) == -np.sign(gradients[moved])))
        return Verdict("right" if down > _MOSTLY else "ascends" if down < 1 - _MOSTLY else "wrong", match, at)
    if noise[loss] > 1e-2:  # noqa: PLR2004 (one per cent: nothing smaller can be seen)
        return Verdict("cannot-tell", match)
    return Verdict("wrong", match)


def _of_nothing(
    updates: NDArray[np.float64],
    gradients: NDArray[np.float64],
    probes: list[Probe],
    loss: str,
    match: Match,
    at: Key | None,
) -> Verdict | None:
    """Return the verdict where the gradients or the updates are nothing, or next to it; None where both are something."""
    if float(np.linalg.norm(gradients)) <= _ROUNDING * _typical(probe.gradients[loss] for probe in probes):
        return Verdict("cannot-tell", match)  # such as of a bias whose mean a normalisation takes off again
    if not np.any(updates):
        return Verdict("frozen", match, at)
    if updates.size == len(probes) > 1 and _is_constant(updates) and _is_constant(gradients):
        return Verdict(
            "cannot-tell", match
        )  # a number that counts up, and what is proportional to it: no loss has a bottom there
    if float(np.linalg.norm(updates)) < _ROUNDING * _typical(probe.updates for probe in probes):
        return Verdict("wrong", match)  # what is left of a sum that should not have been taken
    return None


def _is_constant(numbers: NDArray[np.float64]) -> bool:
    return bool(np.ptp(numbers) <= _RIGHT * np.max(np.abs(numbers)))


def _typical(vectors: Iterable[Mapping[int, NDArray[np.float64]]]) -> float:
    """Return how large updates, or gradients, are."""
    return max(float(np.linalg.norm(np.nan_to_num(each))) for of_all in vectors for each in of_all.values())


def _decays(found: Identified, probes: list[Probe], loss: str, variable: StepVariable, tolerance: float) -> bool:
    """Whether the update is the gradient and a decay of the weights, beside what an optimizer may remember."""
    vectors = (*_stacked(probes, loss, variable), _weights(probes, variable))
    if is_gradient_with_decay(*vectors, tolerance):
        return True
    if len(probes) < 3 or not remembers(found, variable):  # noqa: PLR2004 (two differences are needed to see two shares)
        return False
    updates, gradients, weights = (_differences(vector, len(probes)) for vector in vectors)
    return is_gradient_with_decay(updates, gradients, weights, tolerance)


def is_gradient_with_decay(
    updates: NDArray[np.float64], gradients: NDArray[np.float64], weights: NDArray[np.float64], tolerance: float
) -> bool:
    """Whether updates are made of a step down the gradient and a step of the weights towards zero."""
    known = np.isfinite(gradients) & np.isfinite(updates)
    if known.sum() < 4 or not np.any(updates[known]):  # noqa: PLR2004 (two unknowns fit two equations always)
        return False
    down, decay, rest = made_of_two(updates[known], gradients[known], weights[known])
    return rest < tolerance and down < 0 and decay <= 0


def _stacked(probes: list[Probe], loss: str, variable: StepVariable) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return updates and gradients of all probes, one after the other."""
    empty = np.full(variable.size, np.nan)
    updates = [probe.updates.get(variable.index, empty).ravel() for probe in probes]
    gradients = [probe.gradients[loss].get(variable.index, empty).ravel() for probe in probes]
    return np.concatenate(updates), np.concatenate(gradients)


def _weights(probes: list[Probe], variable: StepVariable) -> NDArray[np.float64]:
    return np.concatenate([probe.values[variable.index].ravel() for probe in probes])
