"""``python -m faultbench``: run a part of the benchmark, or score what was run."""

from __future__ import annotations

import argparse
import sys
import time
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from faultbench.items import items
from faultbench.page import page
from faultbench.results import append, read
from faultbench.runner import run_items
from faultbench.split import PARTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from faultbench.items import Item, Kind

_FOLDER = Path(__file__).parent / "results"


def main() -> None:
    """Do what was asked for."""
    parser = argparse.ArgumentParser(prog="python -m faultbench", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    runs = commands.add_parser("run", help="run what has not been run yet, and write results and page")
    runs.add_argument("--workers", type=int, default=1, help="how many scripts at once (default 1)")
    runs.add_argument("--dask", metavar="ADDRESS", help="a Dask scheduler that has the workers")
    runs.add_argument("--most", type=int, help="run at most so many")
    runs.add_argument("--kind", choices=["mutants", "healthy", "both"], default="both", help="default both")
    runs.add_argument("--no-trials", action="store_true", help="the doctor proves nothing, which is quicker")
    scores = commands.add_parser("score", help="write the page of what was run")
    for command in (runs, scores):
        command.add_argument("--part", choices=PARTS, default="tuning", help="default tuning")
        command.add_argument("--results", type=Path, metavar="CSV", help="default faultbench/results/PART.csv")
    chosen = parser.parse_args()
    path = chosen.results or _FOLDER / f"{chosen.part}.csv"
    if chosen.command == "run":
        _run(chosen, path)
    text = page(list(read(path)), chosen.part)
    path.with_suffix(".md").write_text(text, encoding="utf-8")
    sys.stdout.write(text)


def _run(chosen: argparse.Namespace, path: Path) -> None:
    done = {result.name for result in read(path)}
    kinds: tuple[Kind, ...] = ("mutants", "healthy") if chosen.kind == "both" else (chosen.kind,)
    asked = _in_turn([items(chosen.part, kind) for kind in kinds])
    waiting = islice((item for item in asked if item.name not in done), chosen.most)
    began = time.monotonic()
    results = run_items(waiting, chosen.workers, chosen.dask, trials=not chosen.no_trials)
    for count, result in enumerate(results, 1):
        append(path, result)
        rate = (time.monotonic() - began) / count
        sys.stderr.write(
            f"{count}: {result.name} {result.label}, {'healthy' if result.healthy else 'findings'}; {rate:.1f} s each\n"
        )


def _in_turn(iterators: list[Iterator[Item]]) -> Iterator[Item]:
    """Yield from each in turn, three of the first for one of the others."""
    weights = [3, *([1] * (len(iterators) - 1))]
    while iterators:
        for iterator, weight in zip(list(iterators), list(weights), strict=True):
            part = list(islice(iterator, weight))
            yield from part
            if len(part) < weight:
                place = iterators.index(iterator)
                iterators.pop(place)
                weights.pop(place)


if __name__ == "__main__":
    main()
