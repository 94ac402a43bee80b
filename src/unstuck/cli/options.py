"""What command-line options hold, turned into what the library takes, and what the shell offers for them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import click
from click.shell_completion import CompletionItem

from unstuck.data.tasks import TASKS
from unstuck.registry import unknown_option
from unstuck.seeding import check_seed

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from unstuck.data.batches import BatchSize

Decorator: TypeAlias = "Callable[[Callable[..., Any]], Callable[..., Any]]"


def is_task(data: str) -> bool:
    """Return whether DATA is a built-in task, not a file."""
    return data.partition(":")[0] in TASKS


def hidden_sizes(_context: click.Context, _option: click.Parameter, given: str | None) -> tuple[int, ...] | None:
    """Return the units of each hidden layer: of ``16`` or ``16,16``, or none at all of ``none``."""
    if given is None or given == "none":
        return None if given is None else ()
    parts = [part.strip() for part in given.split(",")]
    if not all(part.isdecimal() and int(part) > 0 for part in parts):
        raise click.BadParameter(f"{given!r} is no list of sizes. Write --hidden 16,16, or --hidden none.")
    return tuple(int(part) for part in parts)


def batch_size(_context: click.Context, _option: click.Parameter, given: str | None) -> BatchSize | None:
    """Return how many rows a step takes: a number, or ``full``."""
    if given is None:
        return None
    if given == "full":
        return "full"
    if not given.isdecimal() or int(given) < 1:
        raise click.BadParameter(f"{given!r} is neither 'full' nor a whole number of at least 1.")
    return int(given)


def validation_share(_context: click.Context, _option: click.Parameter, given: str | None) -> float | None:
    """Return a share of the rows, 0 for ``none``."""
    if given is None:
        return None
    share = 0.0 if given == "none" else _number(given)
    if not 0 <= share < 1:
        raise click.BadParameter(f"{given!r} is no share of the rows. Write --validation 0.2, or --validation none.")
    return share


def held_out_share(_context: click.Context, _option: click.Parameter, given: str | None) -> float | None:
    """Return a share of the rows that is more than nothing."""
    if given is None:
        return None
    share = _number(given)
    if not 0 < share < 1:
        raise click.BadParameter(f"{given!r} is no share of the rows. Write --test 0.2 for a fifth of them.")
    return share


def _number(text: str) -> float:
    """Return ``text`` as a number, or -1 if it is none."""
    try:
        return float(text)
    except ValueError:
        return -1.0


def target_columns(_context: click.Context, _option: click.Parameter, given: str | None) -> str | list[str] | None:
    """Return one column, or several separated by commas."""
    if given is None or "," not in given:
        return given
    return [column.strip() for column in given.split(",")]


def at_least_one(_context: click.Context, _option: click.Parameter, given: int | None) -> int | None:
    """Return a number of things, which makes no sense below 1."""
    if given is not None and given < 1:
        raise click.BadParameter(f"{given} is below 1.")
    return given


def seed_number(_context: click.Context, _option: click.Parameter, given: int) -> int:
    """Return a seed, or refuse what cannot be one before any work starts."""
    return check_seed(given)


def name_option(spelling: str, what: str, known: Sequence[str], explanation: str, *destination: str) -> Decorator:
    """Return an option that takes a name from a table: another is refused with a suggestion, the shell offers all.

    Args:
        spelling: The option, such as ``--loss``.
        what: What the table holds, for the message.
        known: The names.
        explanation: For ``--help``; ``{names}`` in it becomes the names.
        destination: What the command's parameter is called, where not like the option.
    """

    def check(_context: click.Context, _option: click.Parameter, given: str | None) -> str | None:
        if given is not None and given not in known:
            raise unknown_option(what, given, known)
        return given

    return click.option(
        spelling,
        *destination,
        metavar="NAME",
        callback=check,
        shell_complete=_offer(known),
        help=explanation.format(names=", ".join(known)),
    )


def count_option(spelling: str, explanation: str) -> Decorator:
    """Return an option that takes a whole number of at least 1."""
    return click.option(spelling, type=int, metavar="N", callback=at_least_one, help=explanation)


def data_argument(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the argument DATA."""
    return click.argument("data", shell_complete=_offer(sorted(TASKS), files=True))(command)


def model_argument(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the argument MODEL."""
    return click.argument("model", shell_complete=_offer_runs)(command)


def target_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the option ``--target``."""
    explanation = "Files: the target column, by name or number; several separated by commas  [default: the last]"
    return click.option("--target", metavar="COLUMN", callback=target_columns, help=explanation)(command)


def held_out_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the option ``--test``."""
    explanation = "Files: hold back this share of the rows as a test set."
    return click.option("--test", "test_fraction", metavar="SHARE", callback=held_out_share, help=explanation)(command)


def data_folder_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the option ``--data-folder``."""
    explanation = "MNIST: the folder of its IDX files (or set UNSTUCK_DATA)."
    return click.option("--data-folder", metavar="FOLDER", type=click.Path(), help=explanation)(command)


def seed_option(explanation: str) -> Decorator:
    """Return the option ``--seed``."""
    return click.option("--seed", type=int, default=0, show_default=True, callback=seed_number, help=explanation)


def json_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the option ``--json``."""
    explanation = "Print one JSON document, and everything else on stderr."
    return click.option("--json", "as_json", is_flag=True, help=explanation)(command)


def _offer(names: Sequence[str], *, files: bool = False) -> Any:
    def complete(_context: click.Context, _option: click.Parameter, begun: str) -> list[CompletionItem]:
        items = [CompletionItem(name) for name in names if name.startswith(begun)]
        return [*items, CompletionItem(begun, type="file")] if files else items

    return complete


def _offer_runs(_context: click.Context, _argument: click.Parameter, begun: str) -> list[CompletionItem]:
    """Offer the runs that are there, and files."""
    runs = sorted(str(file.parent) for file in Path("runs").glob("*/run.json"))
    return [*(CompletionItem(run) for run in runs if run.startswith(begun)), CompletionItem(begun, type="file")]
