"""``unstuck compare``: which of the edits between two versions of a script make the difference?"""

from __future__ import annotations

import click

from unstuck.cli.documents import to_json
from unstuck.cli.layout import Command
from unstuck.cli.options import json_option
from unstuck.cli.streams import say
from unstuck.doctor.options import DiagnosisOptions
from unstuck.doctor.tools.compare_scripts import compare_scripts


@click.command(
    cls=Command,
    epilog="Example: unstuck compare stuck.py learns.py",
    short_help="Say which edits between two scripts matter.",
)
@click.argument("first", metavar="A.py", type=click.Path())
@click.argument("second", metavar="B.py", type=click.Path())
@click.argument("arguments", nargs=-1, metavar="[-- ARGUMENTS]")
@click.option(
    "--time-limit", type=float, default=60.0, show_default=True, metavar="SECONDS", help="For the whole comparison."
)
@click.option("--memory", type=int, default=4096, show_default=True, metavar="MB", help="What a script may use.")
@click.option("--workers", type=int, default=2, show_default=True, metavar="N", help="How many runs at once.")
@json_option
def compare(
    first: str, second: str, arguments: tuple[str, ...], *, time_limit: float, memory: int, workers: int, as_json: bool
) -> int:
    """Say which of the edits between two versions of a training script matter: each is made alone in A.py and tried.

    Every variant is RUN from three seeds, in a copy of the script's folder and within limits, to its end or as far as the time goes;
    what it writes is thrown away. What stands behind -- goes to the scripts.

    Exit status: 0 B.py learns, 1 it does not, 2 wrong use, 3 the comparison could not be made.
    """
    options = DiagnosisOptions(arguments=arguments, time_limit=time_limit, memory=memory, workers=workers)
    comparison = compare_scripts(first, second, options=options)
    if as_json:
        say(to_json(comparison.to_dict()), newline=False)
    else:
        from rich.console import Console  # noqa: PLC0415 (only who reads a report pays for it)

        from unstuck.report.comparison import show_comparison  # noqa: PLC0415 (as above)

        show_comparison(comparison, Console())
    return 0 if comparison.learns else 1
