"""The Markdown page of a run."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from faultbench.operators import OPERATORS
from faultbench.scoring import baselines, is_faulty, random_remedy, score

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from faultbench.results import Result
    from faultbench.scoring import Scores

_EXPLANATION = (
    "Shares have 95 % Wilson intervals. The denominator of the first five is every mutant that is neither equivalent nor a crash, of the "
    "remedies every one that does not learn, of the false alarms every healthy script and every equivalent mutant."
)
_HEADS = (
    "", "detected", "line first", "line in three", "named", "precision of names", "remedy proved", "abstained", "false alarms", "seconds",
)  # fmt: skip


def page(results: Sequence[Result], part: str) -> str:
    """Return the page: everything, by family, by operator, by style, and simpler means."""
    labels = Counter(each.label for each in results)
    crashes = [each for each in results if each.label == "crash"]
    lines = [
        f"# The fault benchmark: {part} part",
        "",
        f"{len(results)} scripts: {', '.join(f'{count} {label}' for label, count in labels.most_common())}.",
        _EXPLANATION,
        f"Of the {len(crashes)} crashes {sum(bool(each.findings) for each in crashes)} draw a finding.",
        "",
        *_table("", {"all": results}),
        "## By family",
        "",
        *_table("family", _groups(results, _family)),
        "## By operator",
        "",
        *_table("operator", _groups(results, lambda each: each.operator)),
        "## By style",
        "",
        *_table("style", _groups(results, lambda each: each.style)),
        "## Simpler means",
        "",
        "| means | faulty scripts found | false alarms |",
        "|---|---|---|",
        *(f"| {name} | {found} | {false} |" for name, (found, false) in baselines(results).items()),
        "",
        f"A remedy drawn at random mends {random_remedy(results)} of the mutants that do not learn.",
        "",
    ]
    return "\n".join(lines)


def _family(result: Result) -> str:
    return OPERATORS[result.operator].family if result.operator else ""


def _groups(results: Sequence[Result], key: Callable[[Result], str]) -> dict[str, Sequence[Result]]:
    faulty = [each for each in results if is_faulty(each) or each.label == "equivalent"]
    return {name: [each for each in faulty if key(each) == name] for name in sorted({key(each) for each in faulty})}


def _table(what: str, groups: dict[str, Sequence[Result]]) -> list[str]:
    rows = [f"| {' | '.join((what, *_HEADS[1:]))} |", "|---" * len(_HEADS) + "|"]
    return [*rows, *(_row(name, score(results)) for name, results in groups.items()), ""]


def _row(name: str, scores: Scores) -> str:
    shares = (
        scores.detected, scores.line_first, scores.line_in_three, scores.named, scores.precision, scores.proved, scores.abstained,
        scores.false_alarms,
    )  # fmt: skip
    return f"| {name} | {' | '.join(map(str, shares))} | {scores.seconds:.1f} |"
