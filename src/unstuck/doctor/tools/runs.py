"""Runs of a script over many steps for the tools: what to follow, and what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from unstuck.doctor.scripts.trials import TrialReport

if TYPE_CHECKING:
    from unstuck.doctor.scripts.identified import Identified

_ASSIGNMENTS = ("assigned", "updated", "unpacked", "item")


def follow(found: Identified, *, outputs: bool, kind: str = "half_sum") -> dict[str, Any]:
    """Return which loss a run follows.

    Args:
        found: The training step.
        outputs: Follow that of outputs and targets, divided by how many outputs there are; otherwise the reported one.
        kind: Which loss of outputs and targets, see :func:`unstuck.doctor.scripts.surrogates.pair_losses`.
    """
    pair = None if found.pair is None else [found.pair.key[0], found.pair.target]
    sites = [] if found.pair is None else [found.pair.key[0]]
    if outputs or found.loss is None:
        return {"loss": None, "resets": [], "pair": pair, "kind": kind, "sites": sites}
    loss = found.sites[found.loss.key[0]]
    resets = [
        site.number
        for site in found.sites
        if found.loss.accumulates
        and site.kind in _ASSIGNMENTS
        and site.name == loss.name
        and site.function == loss.function
        and site.number != loss.number
    ]
    return {
        "loss": loss.number,
        "resets": resets,
        "pair": pair,
        "kind": kind,
        "sites": sorted({*sites, loss.number, *resets}),
    }


def to_report(message: dict[str, Any]) -> TrialReport:
    """Return the run that a message tells of."""
    return TrialReport(
        message["reason"], message["error"], message["steps"], message["at"], message["values"],
        message["first_non_finite"], message["seconds"], message.get("own_steps"),
    )  # fmt: skip
