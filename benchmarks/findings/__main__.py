"""``python -m benchmarks.findings``: train everything from many seeds, ask the doctor, print, and write ``benchmarks/FINDINGS.md``."""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from joblib import Parallel, delayed

from benchmarks.findings.trainings import example_names, of_example, of_task, task_names

if TYPE_CHECKING:
    from collections.abc import Iterable

    from benchmarks.findings.trainings import Training

_REPORT = Path(__file__).parent.parent / "FINDINGS.md"
_HEAD = """# Findings on trainings that are as they should be

`python -m benchmarks.findings --seeds {seeds}`, and once more with `--only mnist mnist_784_16_10`: every built-in task at its
defaults and every example from {seeds} seeds. A run that comes to its mark should draw no word from the monitor and no finding from
`us.diagnose`; one that does not should draw one that fits. The mark is the target loss, 5 % of the error of the best constant, or, of
classes with many rows, 5 % of them wrong; that of MNIST 784-16-10 is 92 % of the test digits.

| training | seeds | come to the mark | said of these | do not | findings on those | without one |
|---|---|---|---|---|---|---|
"""


@dataclass
class Tally:
    """What was said to the runs of one training."""

    reached: int = 0
    said: Counter[str] = field(default_factory=Counter)
    missed: int = 0
    found: Counter[str] = field(default_factory=Counter)
    silent: int = 0

    def row(self, name: str) -> str:
        """Return the row of the table."""
        seeds = self.reached + self.missed
        return (
            f"| {name} | {seeds} | {self.reached} | {_listed(self.said)} | {self.missed} | {_listed(self.found)} | "
            f"{self.silent or '–'} |"
        )


def main() -> None:
    """Train, ask, print and write."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.findings", description=__doc__)
    parser.add_argument("--seeds", type=int, default=100, help="how many (default 100)")
    parser.add_argument("--workers", type=int, default=2, help="processes at once (default 2)")
    known = [*task_names(large=True), *example_names(large=True)]
    parser.add_argument(
        "--only",
        nargs="+",
        choices=known,
        default=[],
        help="some of these (default: all but MNIST); the report keeps the rows of the others",
    )
    parser.add_argument(
        "--answers", type=Path, help="a file to which answers are added as they come; those in it are not asked for"
    )
    chosen = parser.parse_args()
    if chosen.answers is not None and not chosen.answers.parent.is_dir():
        parser.error(f"--answers {chosen.answers}: there is no folder {chosen.answers.parent}; make it first")
    wanted = chosen.only or [*task_names(large=False), *example_names(large=False)]
    tallies: dict[str, Tally] = {}
    for name in wanted:
        jobs = (delayed(_asked_once)(name, seed, chosen.answers) for seed in range(chosen.seeds))
        for answers in Parallel(n_jobs=chosen.workers, batch_size=1)(jobs):
            for training, is_reached, monitored, findings in answers:
                _count(tallies.setdefault(training, Tally()), monitored, findings, is_reached=is_reached)
        sys.stdout.writelines(f"{tally.row(each)}\n" for each, tally in tallies.items() if each.startswith(name))
        sys.stdout.flush()
    rows = {} if not chosen.only else _rows_of_report(_HEAD.format(seeds=chosen.seeds))
    rows |= {each: tally.row(each) for each, tally in tallies.items()}
    _REPORT.write_text(_HEAD.format(seeds=chosen.seeds) + "\n".join(rows.values()) + "\n", encoding="utf-8")


def _rows_of_report(head: str) -> dict[str, str]:
    """Return the rows of the report by training, so that some can be made anew; none if it is of another number of seeds."""
    text = _REPORT.read_text(encoding="utf-8") if _REPORT.exists() else ""
    lines = text[len(head) :].splitlines() if text.startswith(head) else []
    return {line.split("|")[1].strip(): line for line in lines}


def _asked_once(name: str, seed: int, kept: Path | None) -> list[tuple[str, bool, str, list[str]]]:
    """Return what :func:`_asked` does, from the file of answers if it is there."""
    if kept is None:
        return _asked(name, seed)
    lines = kept.read_text(encoding="utf-8").splitlines() if kept.exists() else []
    for line in lines:
        of, answers = json.loads(line)
        if of == [name, seed]:
            return [(training, is_reached, said, found) for training, is_reached, said, found in answers]
    answers = _asked(name, seed)
    with kept.open("a", encoding="utf-8") as file:
        file.write(json.dumps([[name, seed], answers]) + "\n")
    return answers


def _asked(name: str, seed: int) -> list[tuple[str, bool, str, list[str]]]:
    """Return for each training of a task or an example whether it comes to its mark, and what the monitor and the doctor say."""
    trainings: Iterable[Training] = [of_task(name, seed)] if name in task_names(large=True) else of_example(name, seed)
    answers = []
    for training in trainings:
        is_reached, monitor = training.run()
        findings = [finding.fault for finding in training.diagnose().findings]
        answers.append(
            (training.name, is_reached, f"monitor: {monitor.fault or 'said'}" if monitor.said else "", findings)
        )
    return answers


def _count(tally: Tally, monitored: str, findings: list[str], *, is_reached: bool) -> None:
    if is_reached:
        tally.reached += 1
        tally.said.update(findings + ([monitored] if monitored else []))
        return
    tally.missed += 1
    tally.found.update(findings[:1])
    tally.silent += not findings


def _listed(counted: Counter[str]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counted.most_common()) or "–"


if __name__ == "__main__":
    main()
