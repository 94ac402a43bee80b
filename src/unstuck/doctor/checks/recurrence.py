"""Can what an optimizer remembers be a mean, and is the step divided by the root of it?"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from unstuck.doctor.scripts.state_feeds import state_feeds

if TYPE_CHECKING:
    from collections.abc import Iterator

    from unstuck.doctor.scripts.examination import Examination
    from unstuck.doctor.scripts.state_feeds import Feed

_SAME = 1e-5
_NEAR = 1e-3
_SQUARE = 2


def impossible_recurrences(examination: Examination) -> Iterator[tuple[Feed, str, str, dict[str, float | None]]]:
    """Yield the states whose measured shares are those of no rule, with what is wrong and what to do about it."""
    for feed in state_feeds(examination):
        found = _of_weights(feed) or (_of_squares(feed) if feed.power == _SQUARE else None) or _of_shares(feed)
        if found is not None:
            evidence: dict[str, float | None] = {
                "share carried over": feed.carry,
                f"added for each unit of the {_source(feed)}": min(feed.weights, key=abs) if feed.weights else None,
            }
            if feed.power == _SQUARE and feed.root is not None:
                evidence["the update is divided by the mean to the power"] = round(feed.root, 4)
            yield feed, *found, evidence


def _of_weights(feed: Feed) -> tuple[str, str] | None:
    """Say that a state is fed with the weights themselves."""
    if feed.source != "weights":
        return None
    name = feed.parameter.name
    squares = "the squares of " if feed.power == _SQUARE else ""
    return (
        f"{feed.state.name} drives the update of {name}, but it is fed with {squares}{name} itself instead of its gradient",
        f"Feed {feed.state.name} with {'the squares of ' if squares else ''}the gradient of {name}.",
    )


def _of_squares(feed: Feed) -> tuple[str, str] | None:
    """Say what no mean of squares can be: negative, without bounds, or taken without its root."""
    state, name = feed.state.name, feed.parameter.name
    rule = f"{state} = a * {state} + (1 - a) * gradient ** 2, with a between 0 and 1."
    is_subtracted = any(weight < 0 for weight in feed.weights)
    if feed.carry < -_SAME:
        return (
            f"{state} is a mean of squares, but it carries over {feed.carry:.4g} of its old value: it becomes negative",
            f"Add what is carried over: {rule}",
        )
    if is_subtracted:
        return (
            f"{state} is a mean of squares, but those of the gradient of {name} are subtracted from it: it becomes negative",
            f"Add the squares: {rule}",
        )
    if feed.carry > 1 + _SAME:
        return (
            f"{state} grows by a factor of {feed.carry:.4g} in every step, so the steps of {name} shrink to nothing",
            f"Carry over less than all of it: {rule}",
        )
    if is_without_root(feed):
        squared = "the square of " if feed.root is not None and feed.root > 1 + _NEAR else ""
        return (
            f"the update of {name} is divided by {squared}{state}, a mean of squares, and not by the root of it",
            f"Divide by the root of {state}.",
        )
    return None


def is_without_root(feed: Feed) -> bool:
    """Whether the update is divided by a mean of squares itself, or by the square of that."""
    return feed.power == _SQUARE and feed.root is not None and min(abs(feed.root - 1), abs(feed.root - 2)) < _NEAR


def _of_shares(feed: Feed) -> tuple[str, str] | None:
    """Say that the two shares of a mean do not make up one, where it is plain which they were meant to be."""
    carry = feed.carry
    if feed.source != "gradient" or not 0 < carry < 1 or any(_is(weight, 1 - carry) for weight in feed.weights):
        return None
    slips = {1 + carry: "1 +"} | ({1 - carry**2: "1 - the square of"} if feed.power == _SQUARE else {})
    slip = next((text for value, text in slips.items() if any(_is(weight, value) for weight in feed.weights)), None)
    if slip is None:
        return None
    state = feed.state.name
    return (
        f"{state} carries over {carry:.6g} of itself and adds {slip} that share of the {_source(feed)}: it is no mean",
        f"Add 1 minus the share that is carried over: {state} = a * {state} + (1 - a) * {_source(feed)}.",
    )


def _source(feed: Feed) -> str:
    return f"{feed.source} squared" if feed.power == _SQUARE else feed.source


def _is(first: float, second: float) -> bool:
    return math.isclose(first, second, rel_tol=_SAME)
