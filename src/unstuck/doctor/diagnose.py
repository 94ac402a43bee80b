"""The diagnosis of a script, from its text to what is wrong with it."""

from __future__ import annotations

import ast
import logging
import math
import time
import warnings
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from unstuck.doctor.checks import all_checks, crashes, ignore, syntax
from unstuck.doctor.checks.static_checks import static_findings
from unstuck.doctor.crash import Crash, Held
from unstuck.doctor.diagnosis import Diagnosis, LossReport, ParameterReport, in_order
from unstuck.doctor.faults import FAULTS
from unstuck.doctor.options import DiagnosisOptions
from unstuck.doctor.scripts.aftermath import measure_aftermath
from unstuck.doctor.scripts.constants import constants_of
from unstuck.doctor.scripts.examine import WRITTEN_SECONDS, NoStateError, OwnFaultError, examine, look_for_step
from unstuck.doctor.scripts.instrument import instrument
from unstuck.doctor.scripts.process_limits import Limits
from unstuck.doctor.scripts.proof import prove
from unstuck.doctor.scripts.reported_loss import is_called_a_loss
from unstuck.doctor.scripts.session import run_in
from unstuck.doctor.scripts.source import read_source, source_of
from unstuck.doctor.scripts.taped import REPORTED
from unstuck.doctor.scripts.warm_processes import warm_processes
from unstuck.doctor.scripts.workspace import Workspace

if TYPE_CHECKING:
    from pathlib import Path

    from unstuck.doctor.diagnosis import Outcome
    from unstuck.doctor.findings import Finding
    from unstuck.doctor.scripts.examination import Examination
    from unstuck.doctor.scripts.examine import Scouting
    from unstuck.doctor.scripts.source import Source
    from unstuck.doctor.scripts.suspicion import Suspicion

_log = logging.getLogger("unstuck")
_TIME_FOR_THE_REST = 2.0
_DIVERGED = 10.0


def diagnose_script(path: str | Path, options: DiagnosisOptions | None = None) -> Diagnosis:
    """Diagnose a script or notebook; this runs it, in a copy of its folder.

    Raises:
        FileError: It cannot be read.
        OwnFaultError: The doctor has failed.
    """
    return diagnose_source(read_source(path), str(path), options or DiagnosisOptions())


def diagnose_text(text: str, options: DiagnosisOptions | None = None, name: str = "<script>") -> Diagnosis:
    """Diagnose a script that is no file.

    Raises:
        OwnFaultError: The doctor has failed.
    """
    return diagnose_source(source_of(text), name, options or DiagnosisOptions())


def diagnose_source(source: Source, target: str, options: DiagnosisOptions) -> Diagnosis:
    """Diagnose a script that has been read."""
    started = time.monotonic()
    diagnosis = _diagnose(source, target, options, started)
    if any(finding.fault == "wrong-import" and finding.severity == "fatal" for finding in diagnosis.findings):
        diagnosis = replace(diagnosis, outcome="crashes")  # by itself: here it ran on with a stand-in
    for warning in ignore.unknown_codes(source, FAULTS):
        _log.warning("%s", warning)
    findings = ignore.without_ignored(diagnosis.findings, source)
    return replace(
        diagnosis,
        findings=in_order(findings),
        seconds=round(time.monotonic() - started, 2),
        lines=source.original,
        places=source.places,
    )


def _diagnose(source: Source, target: str, options: DiagnosisOptions, started: float) -> Diagnosis:
    try:
        tree = ast.parse(source.text)
        _compile(source.text)
        instrument(source)
    except (SyntaxError, ValueError) as error:
        syntax_error = error if isinstance(error, SyntaxError) else SyntaxError(str(error))
        return Diagnosis(target, "crashes", 0.0, findings=(syntax.explain_syntax(syntax_error, source),))
    except (RecursionError, MemoryError):
        return Diagnosis(target, "no-training-step", 0.0)
    findings = static_findings(tree, source)
    with Workspace(source.path, source.text) as workspace, warm_processes(fork=options.replay == "fork") as warm:
        run = run_in(
            workspace,
            source.text,
            options.arguments,
            fork=options.replay == "fork",
            limits=Limits(memory=options.memory << 20),
            warm=warm,
            deadline=started + options.time_limit,
        )
        deadline = started + options.time_limit
        first, scouting, located = look_for_step(run, source, min(6.0, options.time_limit / 4), deadline)
        findings += _removed_names(first, tree, source)
        if located is None:
            return _without_step(source, target, scouting, findings)
        session, found = located
        with session, ThreadPoolExecutor(2) as pool:
            seconds = (
                WRITTEN_SECONDS if options.trials else WRITTEN_SECONDS / 3
            )  # without trials a glance at the run as written will do
            try:
                examination = examine(source, scouting, found, workers=options.workers, seconds=seconds, pool=pool)
            except (NoStateError, EOFError, TimeoutError) as error:
                # it was no training step, or the script has ended its own process, or there is no time left
                outcome: Outcome = "no-training-step" if isinstance(error, NoStateError) else "unfinished"
                return Diagnosis(target, outcome, 0.0, findings=tuple(findings))
            if not _trains(examination):
                return Diagnosis(target, "no-training-step", 0.0, findings=tuple(findings))
            measure_aftermath(examination, pool)
            suspicions = _ask_all(examination, options)
            if options.trials:
                left = options.time_limit - (time.monotonic() - started) - _TIME_FOR_THE_REST
                findings += prove(examination, suspicions, max(0.0, left))
            else:
                findings += [suspicion.finding for suspicion in suspicions if not suspicion.needs_proof]
        return _with_step(target, examination, first, findings)


def _compile(text: str) -> None:
    """Raise what only the compiler objects to, such as a ``return`` outside of a function."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what is merely odd runs
        compile(text, "<script>", "exec", dont_inherit=True)


def _trains(examination: Examination) -> bool:
    """Whether there is more to it than numbers that depend on each other, as in a simulation."""
    found = examination.found
    updates = {verdict.update for verdict in examination.verdicts.of.values()}
    if found.mended is not None:  # with its numbers put right: only what then goes down a gradient is a training step
        return "right" in updates
    if updates & {"right", "ascends"}:
        return True
    shapes = {variable.shape for variable in found.parameters} - {()}
    if updates != {"wrong"}:
        return bool(shapes) or found.loss is not None or found.pair is not None
    # nothing follows a gradient: then it takes layers, a loss that is called or summed like one, or data that the outputs are made of
    loss = found.loss
    is_named = loss is not None and (loss.accumulates or is_called_a_loss(examination.site_of(loss.key).name))
    is_network = len(shapes) > 1 or (bool(shapes) and is_named)
    return is_network or any(constant.moves_outputs for constant in constants_of(examination))


def _ask_all(examination: Examination, options: DiagnosisOptions) -> list[Suspicion]:
    """Ask every check; one that fails is no reason to say nothing at all."""
    suspicions: list[Suspicion] = []
    cut_off: list[str] = []
    for name, check in all_checks.all_checks():
        began = time.monotonic()
        try:
            suspicions += check(examination)
        except (EOFError, TimeoutError):
            cut_off.append(name)
        except Exception as error:
            if options.debug:
                raise
            _log.warning(
                "the check %s has failed (%s: %s); what it looks for was not looked for",
                name,
                type(error).__name__,
                error,
            )
        _log.debug("check %s: %.2f s", name, time.monotonic() - began)
    if cut_off:
        _log.warning(
            "the time was over, or the script had ended itself, before these checks were done: %s", ", ".join(cut_off)
        )
    return suspicions


def _removed_names(scouting: Scouting, tree: ast.Module, source: Source) -> list[Finding]:
    """Return what the installed NumPy would say to names it no longer has; the script ran on since it was given stand-ins."""
    findings: list[Finding] = []
    for name, line in scouting.scouted.removed_names:
        if not _is_tried(tree, line):
            crash = Crash("AttributeError", f"module 'numpy' has no attribute '{name}'", line)
            findings += crashes.explain_crash(crash, source)
    return findings


def _is_tried(tree: ast.Module, line: int) -> bool:
    """Whether a script is prepared for a line to fail."""
    return any(
        part.lineno <= line <= (part.end_lineno or part.lineno)
        for node in ast.walk(tree)
        if isinstance(node, ast.Try)
        for part in node.body
    )


# ---------------------------------------------------------------------- results


def _without_step(source: Source, target: str, scouting: Scouting, findings: list[Finding]) -> Diagnosis:
    """The script trains nothing that could be found."""
    scouted = scouting.scouted
    if scouted.reason == "failed" and scouted.error is not None and scouted.error.get("refusal"):
        findings = [*findings, *crashes.explain_refusal(to_crash(scouted.error), source, scouted.error["refusal"])]
        return Diagnosis(target, "unfinished", 0.0, findings=tuple(findings))
    if scouted.reason == "failed" and scouted.error is not None:
        findings = [*crashes.explain_crash(to_crash(scouted.error), source), *findings]
        return Diagnosis(target, "crashes", 0.0, findings=tuple(findings))
    outcome: Outcome = "no-training-step" if scouted.reason in ("ended", "died") else "unfinished"
    return Diagnosis(target, outcome, 0.0, findings=tuple(findings))


def _with_step(target: str, examination: Examination, scouting: Scouting, findings: list[Finding]) -> Diagnosis:
    """The script trains; ``scouting`` is of the script as it is, even if its only step had to be repeated to be studied."""
    error = examination.written.error or scouting.scouted.error
    outcome = _outcome(examination)
    if error is not None and error.get("refusal"):
        findings = [*findings, *crashes.explain_refusal(to_crash(error), examination.source, error["refusal"])]
    elif error is not None and "exception" in error:
        is_after = _is_after_training(examination, error)
        findings = [*findings, *crashes.explain_crash(to_crash(error), examination.source, is_after_training=is_after)]
        if not is_after:
            outcome = "crashes"
    return Diagnosis(
        target,
        outcome,
        0.0,
        loss_report(examination),
        parameter_reports(examination),
        tuple(findings),
        tuple(examination.checked),
        examination.written.steps,
    )


def _is_after_training(examination: Examination, error: dict[str, Any]) -> bool:
    """Whether a script failed when its training loop was over."""
    line = error.get("line")
    end = _end_of_loop(examination)
    return line is not None and end is not None and line > end and not error.get("function")


def _end_of_loop(examination: Examination) -> int | None:
    lines = [
        examination.found.loop.line,
        *(
            examination.found.loops[outer].line
            for outer in examination.scouted.parents.get(examination.found.step.loop, [])
        ),
    ]
    ends = [
        node.end_lineno
        for node in ast.walk(examination.tree)
        if isinstance(node, ast.For | ast.While) and node.lineno in lines and node.end_lineno
    ]
    return max(ends, default=None)


def _outcome(examination: Examination) -> Outcome:
    written, learning = examination.written, examination.learning
    if written.reason == "died" and not written.steps:
        return "unfinished"
    last, first = written.last(learning.window), written.first(learning.window)
    if not math.isfinite(last) or (
        math.isfinite(first) and last > _DIVERGED * max(abs(first), learning.constant or 0.0)
    ):
        return "diverges"
    return "learns" if learning.has_learned(written) else "stuck"


def loss_report(examination: Examination) -> LossReport:
    """Return what is known about the loss."""
    loss, learning, written = examination.found.loss, examination.learning, examination.written
    kind = {"softmax-ce-0": "ce", "softmax-ce-1": "ce"}
    descended = learning.kind if examination.descended == REPORTED else examination.descended
    site = None if loss is None else examination.site_of(loss.key)
    return LossReport(
        None if site is None else site.name,
        None if site is None else examination.location_of_site(site),
        kind.get(learning.kind or "", learning.kind),
        kind.get(descended or "", descended) or "reported",
        _finite(written.first(learning.window)), _finite(written.last(learning.window)), examination.curve(),
    )  # fmt: skip


def parameter_reports(examination: Examination) -> tuple[ParameterReport, ...]:
    """Return the verdict on each parameter."""
    reports = []
    for variable in examination.found.parameters:
        verdict = examination.verdicts.of.get(variable.index)
        site = examination.update_site(variable)
        match = None if verdict is None else verdict.match
        reports.append(
            ParameterReport(
                variable.name, 0 if site is None else examination.location_of_site(site).line, variable.shape,
                "cannot-tell" if verdict is None else verdict.update,
                None if match is None else round(-match.cosine, 9), None if match is None else _finite(-match.scale),
            )
        )  # fmt: skip
    return tuple(reports)


def to_crash(error: dict[str, Any]) -> Crash:
    """Return the crash that a message describes."""
    variables = {
        name: Held(held["kind"], None if held["shape"] is None else tuple(held["shape"]), held["dtype"], held["text"])
        for name, held in error.get("variables", {}).items()
    }
    return Crash(
        error["exception"], error["message"], error.get("line"), error.get("column"), error.get("end_line"), error.get("end_column"),
        error.get("function", ""), variables, tuple(error.get("callers", ())), None,
    )  # fmt: skip


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


__all__ = ["OwnFaultError", "diagnose_script", "diagnose_source", "diagnose_text"]
