"""Runs items: the truth, the doctor's answer, and those of simpler means, each item in one go."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from joblib import Parallel, delayed, parallel_config
from threadpoolctl import threadpool_limits

from faultbench.baselines import loss_only, plain_gradient_check, symptom_rules
from faultbench.diagnosing import ask
from faultbench.labels import label
from faultbench.operators import OPERATORS
from faultbench.results import Result
from faultbench.running.remedies import random_remedy_helps
from faultbench.running.runs import run

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from faultbench.items import Item

DOES_NOT_LEARN = ("diverges", "stuck", "slow")


def run_item(item: Item, *, trials: bool = True) -> Result:
    """Find out what is true of an item, and what the doctor and simpler means say to it."""
    with threadpool_limits(1):
        if item.operator is None:
            truth, effect, script_seconds = "healthy", "none", 0.0
        else:
            found = label(item.original, item.text, OPERATORS[item.operator])
            truth, effect, script_seconds = found.label, found.effect, found.seconds
        seen = run(item.text, item.original)
        helps = (
            random_remedy_helps(item.original, item.text, item.name, script_seconds)
            if truth in DOES_NOT_LEARN
            else None
        )
        checked = plain_gradient_check(item.original, item.text)
    said = ask(item, trials=trials)
    return Result(
        item.name,
        item.original.name,
        item.operator or "",
        truth,
        effect,
        list(item.lines),
        said.outcome,
        said.healthy,
        list(said.findings),
        round(said.seconds, 2),
        round(script_seconds or seen.seconds, 2),
        said.error,
        loss_only(seen),
        symptom_rules(seen),
        checked,
        helps,
    )


def run_items(
    items: Iterable[Item], workers: int, address: str | None = None, *, trials: bool = True
) -> Iterator[Result]:
    """Yield results as they come.

    Args:
        items: What to run.
        workers: How many at once.
        address: Of a Dask scheduler that has the workers instead of this machine.
        trials: Whether the doctor proves its remedies.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    jobs = (delayed(run_item)(item, trials=trials) for item in items)
    with parallel_config(**_where(address)):
        yield from Parallel(n_jobs=workers, return_as="generator_unordered", batch_size=1, pre_dispatch="2*n_jobs")(
            jobs
        )


def _where(address: str | None) -> dict[str, Any]:
    if address is None:
        return {"backend": "loky"}
    from distributed import Client  # noqa: PLC0415 (only for a cluster)

    return {"backend": "dask", "client": Client(address)}
