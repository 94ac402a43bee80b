"""The diagnosis of a training, from its setup to what is wrong with it."""

from __future__ import annotations

import math
import time
from functools import cache
from typing import TYPE_CHECKING

from unstuck.doctor.diagnosis import Diagnosis, LossReport, ParameterReport, in_order
from unstuck.doctor.findings import Finding, Remedy, Trial
from unstuck.doctor.networks.derivatives import check_derivatives, wrong_derivatives
from unstuck.doctor.networks.evidence import gather
from unstuck.doctor.networks.signal import no_signal
from unstuck.doctor.networks.suspicions import Case, Change, suspicions
from unstuck.doctor.networks.trials import (
    LEARNED,
    METRIC,
    prove,
    run_as_written,
    with_other_seeds,
)
from unstuck.doctor.networks.wording import say
from unstuck.nets import LOSSES

if TYPE_CHECKING:
    from unstuck.doctor.diagnosis import Outcome as Verdict
    from unstuck.doctor.findings import Severity
    from unstuck.doctor.networks.setup import Outcome, Setup
    from unstuck.doctor.networks.trials import Written
    from unstuck.doctor.networks.wording import Library
    from unstuck.gradients import GradientCheck

_NOTHING = 0.9
_DIVERGED = 10.0


def diagnose_setup(
    setup: Setup, name: str, library: Library = "unstuck", *, trials: bool = True, time_limit: float = 60.0
) -> Diagnosis:
    """Train as the setup says, measure, and where it does not learn find out why.

    A finding is made only of what was observed (numbers that are no longer finite, no signal in the data) or of a remedy that was tried
    and has halved what is left of the error from three seeds, on rows that it was not trained on as well where there are enough.

    Args:
        setup: The training.
        name: What to call it.
        library: In whose terms to say the remedies.
        trials: Whether to try remedies.
        time_limit: Seconds for everything.
    """
    began = time.monotonic()
    written = run_as_written(setup)
    own = written.outcomes[0]
    check = check_derivatives(setup)
    findings = wrong_derivatives(setup, check)
    if not findings and own.left > LEARNED:
        findings = _findings(written, library, trials=trials, deadline=began + time_limit)
    elif not findings and own.held_out > _NOTHING:
        nothing = no_signal(setup)
        findings = [] if nothing is None else [nothing]
    return Diagnosis(
        name,
        _verdict(own),
        round(time.monotonic() - began, 2),
        _loss_report(setup, own),
        _parameter_reports(setup, check),
        in_order(findings),
        ("every gradient, by differences of the loss",) if check.verdict == "right" else (),
        setup.steps,
    )


def _findings(written: Written, library: Library, *, trials: bool, deadline: float) -> list[Finding]:
    """Return the first suspicion that can be proved; if there is none, whether the data tell anything at all."""
    setup, own = written.setup, written.outcomes[0]
    nothing = cache(lambda: no_signal(setup))
    if trials:
        written = with_other_seeds(written)
        if setup.is_drawn and written.lucky == len(written.seeds) - 1:
            return [_unlucky(written, library)]
        for suspicion in suspicions(Case(setup, own, gather(setup, own))):
            if time.monotonic() > deadline:
                break
            proof = prove(suspicion, written, deadline, lambda: nothing() is None)
            if proof is not None:
                remedy = Remedy(say(proof.change, library))
                return [
                    Finding(
                        suspicion.fault, suspicion.message, None, suspicion.evidence, severity=_severity(own), remedies=(remedy,),
                        trial=proof.trial,
                    )
                ]  # fmt: skip
    if own.left == math.inf:
        return [_not_finite()]
    found = nothing()
    return [] if found is None else [found]


def _severity(own: Outcome) -> Severity:
    return "fatal" if own.left > _NOTHING else "harmful"


def _unlucky(written: Written, library: Library) -> Finding:
    """The same training learns from other seeds."""
    own, others = written.outcomes[0], written.outcomes[1:]
    change = Change("seed", written.seeds[1], written.setup)
    trial = Trial(
        METRIC, written.setup.steps, len(others), (own.left,), tuple(other.left for other in others), proved=True,
        curves={"as written": own.curve, "with remedy": others[0].curve},
    )  # fmt: skip
    return Finding(
        "plateau-init",
        f"From the weights of seed {written.seeds[0]} the training comes to a standstill with {own.left:.0%} of the error left; from the "
        f"seeds {', '.join(map(str, written.seeds[1:]))} it learns. The network can do it, but these first weights do not lead there.",
        None,
        {"share of the error that is left": own.left, "with other seeds": [other.left for other in others]},
        severity=_severity(own),
        remedies=(
            Remedy(say(change, library)),
            Remedy("Take more hidden units: then fewer first weights lead nowhere."),
        ),
        trial=trial,
    )


def _not_finite() -> Finding:
    return Finding(
        "non-finite",
        "The training has left the finite numbers.",
        None,
        {"loss": "not a finite number"},
        severity="fatal",
        remedies=(Remedy("Take a smaller learning rate, and look for values in the data that are very large."),),
    )


def _verdict(own: Outcome) -> Verdict:
    if own.left == math.inf or (own.curve and own.curve[-1] > _DIVERGED * max(abs(own.curve[0]), 1e-300)):
        return "diverges"
    return "stuck" if own.left > _NOTHING else "learns"


def _loss_report(setup: Setup, own: Outcome) -> LossReport:
    kind = LOSSES.describe(setup.network.loss)
    curve = tuple(value for value in own.curve if math.isfinite(value))
    first, last = (curve[0], curve[-1]) if curve else (None, None)
    return LossReport(kind, None, kind, kind, first, None if own.left == math.inf else last, curve)


def _parameter_reports(setup: Setup, check: GradientCheck) -> tuple[ParameterReport, ...]:
    shapes = {name: array.shape for name, array in setup.network.named_parameters().items()}
    return tuple(ParameterReport(each.name, 0, shapes[each.name], each.verdict) for each in check.parameters)
