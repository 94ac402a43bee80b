"""What is said of an optimizer's mistake: the line that feeds what it remembers, and the update."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from unstuck.doctor.findings import Finding, Remedy
from unstuck.doctor.scripts.idle_state import is_called
from unstuck.doctor.scripts.step_candidates import root_of
from unstuck.doctor.scripts.suspicion import Suspicion
from unstuck.doctor.scripts.true_descent import descend_true_gradient

if TYPE_CHECKING:
    from unstuck.doctor.findings import Evidence, Severity
    from unstuck.doctor.scripts.examination import Examination
    from unstuck.doctor.scripts.script_step import StepVariable
    from unstuck.doctor.scripts.sites import Site
    from unstuck.doctor.scripts.state_links import Link


def optimizer_suspicion(
    examination: Examination, link: Link, what: str, remedy: str, evidence: Evidence, *, severity: Severity = "unproven"
) -> Suspicion:
    """Return the suspicion that a state is kept wrongly: placed where it is fed, or where it is used."""
    inside = [
        site
        for site in examination.found.sites
        if site.kind in ("updated", "item", "assigned")
        and examination.found.step.loop in examination.scouted.inside.get(site.number, [])
    ]
    called = [site for site in inside if is_called(site, link.state)]
    held = [
        site for site in called if root_of(site.name) == link.state.root
    ]  # a gradient may be called what its mean is filed under
    places = [
        examination.location_of_site(site) for site in held or called or _holding(examination, link.state, inside)
    ]
    update = examination.update_site(link.parameter)
    places += [] if update is None else [examination.location_of_site(update)]
    finding = Finding(
        fault="optimizer-error",
        message=(what if what.startswith(link.state.name) else what[0].upper() + what[1:]) + ".",
        location=places[0] if places else None,
        evidence=evidence,
        parameter=link.parameter.name,
        severity=severity,
        lines=tuple(sorted({place.line for place in places})),
        remedies=(Remedy(remedy),),
    )
    return Suspicion(finding, None if severity == "harmless" else descend_true_gradient(examination))


def _holding(examination: Examination, state: StepVariable, sites: list[Site]) -> list[Site]:
    """Return the first of some places whose value is what a state becomes, wherever it begins: there it goes by another name."""
    traces = [
        examination.found.step.replay(
            state=examination.probes[0].state,
            hold=examination.prober.all_holds(),
            shift={state.index: np.full(state.shape, size)},
            ends=[state.index],
        )
        for size in (1.0, 2.0)
    ]
    for site in sites:
        keys = [key for key in traces[0].values if key[0] == site.number]
        if any(
            all(
                key in trace.values
                and state.index in trace.ends
                and np.array_equal(trace.values[key].ravel(), trace.ends[state.index].ravel())
                for trace in traces
            )
            and not np.array_equal(traces[0].values[key], traces[1].values[key])
            for key in keys
        ):
            return [site]
    return []
