"""Scores: what was found, where, under which name, with which proof; with Wilson intervals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import binomtest

from faultbench.operators import OPERATORS
from faultbench.runner import DOES_NOT_LEARN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from faultbench.results import Result

_TOP = 3
_ONLY_TOLD = frozenset({"loss-mismatch", "evaluation", "non-finite", "wrong-gradient", "output-range"})
"""What names a mistake that changes nothing but the loss that is told."""
_ONLY_RESCALED = frozenset({"step-too-large", "step-too-small", "sum-not-mean", "too-few-steps"})
"""What names a mistake that changes nothing but how long the steps of single parameters are."""
_ABSTAINED = ("unfinished", "no-training-step", "failed")


@dataclass(frozen=True)
class Share:
    """So many of so many."""

    hits: int
    of: int

    def __str__(self) -> str:
        if not self.of:
            return "–"
        interval = binomtest(self.hits, self.of).proportion_ci(method="wilson")
        return f"{self.hits / self.of:.1%} ({interval.low:.1%}–{interval.high:.1%}; {self.hits}/{self.of})"


@dataclass(frozen=True)
class Scores:
    """The figures of some results; crashes, equivalents and healthy scripts are no part of the first six.

    A mistake is detected by any finding: of one that is silent the doctor is right to say that it is harmless. A false alarm is a
    finding that is not harmless.
    """

    detected: Share
    line_first: Share
    line_in_three: Share
    named: Share
    precision: Share
    proved: Share
    abstained: Share
    false_alarms: Share
    seconds: float


def score(results: Iterable[Result]) -> Scores:
    """Return the figures of some results."""
    everything = list(results)
    faulty = [each for each in everything if is_faulty(each)]
    fine = [each for each in everything if each.label in ("healthy", "equivalent")]
    not_learning = [each for each in faulty if each.label in DOES_NOT_LEARN]
    detected = [each for each in faulty if each.findings]
    return Scores(
        _share(faulty, lambda each: bool(each.findings)),
        _share(faulty, lambda each: _is_on_line(each, 1)),
        _share(faulty, lambda each: _is_on_line(each, _TOP)),
        _share(faulty, is_named),
        _share(detected, is_named),
        _share(not_learning, lambda each: any(finding["proved"] for finding in each.findings)),
        _share(faulty, lambda each: not each.findings and each.outcome in _ABSTAINED),
        _share(fine, lambda each: not each.healthy),
        float(np.median([each.seconds for each in everything])) if everything else float("nan"),
    )


def is_faulty(result: Result) -> bool:
    """Whether it belongs to the denominator: a mutant that is neither equivalent nor ends with an error."""
    return result.label not in ("healthy", "equivalent", "crash")


def is_named(result: Result) -> bool:
    """Whether the first finding names the mistake."""
    if not result.findings:
        return False
    operator, first = OPERATORS[result.operator], result.findings[0]
    if result.effect == "loss" and first["fault"] in _ONLY_TOLD:
        return True
    if result.effect == "rate" and first["fault"] in _ONLY_RESCALED:
        return True
    if first["fault"] not in operator.faults:
        return False
    return not (first["fault"] == "wrong-gradient" and operator.mistakes) or first["mistake"] in operator.mistakes


def baselines(results: Sequence[Result]) -> dict[str, tuple[Share, Share]]:
    """Return for each simpler means which share of the faulty scripts it finds, and of the others gives an alarm for."""
    faulty = [each for each in results if is_faulty(each)]
    fine = [each for each in results if each.label in ("healthy", "equivalent")]
    means: dict[str, Callable[[Result], bool]] = {
        "loss only": lambda each: each.loss_only,
        "published symptom rules": lambda each: each.symptom_rules,
        "plain gradient check": lambda each: each.gradient_check,
    }
    return {name: (_share(faulty, alarm), _share(fine, alarm)) for name, alarm in means.items()}


def random_remedy(results: Sequence[Result]) -> Share:
    """Return which share of the mutants that do not learn a remedy drawn at random mends."""
    asked = [each for each in results if is_faulty(each) and each.random_remedy is not None]
    return _share(asked, lambda each: bool(each.random_remedy))


def _is_on_line(result: Result, most: int) -> bool:
    """Whether one of the first lines that are named is right: those of the findings, then the others of the first finding."""
    named = [finding["line"] for finding in result.findings[:most]]
    further = [line for finding in result.findings[:1] for line in finding["lines"] if line not in named]
    return any(line in result.lines for line in [*named, *further][:most])


def _share(results: Sequence[Result], is_hit: Callable[[Result], bool]) -> Share:
    return Share(sum(map(is_hit, results)), len(results))
