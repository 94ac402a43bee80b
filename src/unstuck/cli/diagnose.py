"""``unstuck diagnose``: why does a hand-written network not learn?"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from unstuck.cli.documents import to_json
from unstuck.cli.layout import Command
from unstuck.cli.options import json_option
from unstuck.cli.run_diagnosis import diagnose_run, is_run
from unstuck.cli.streams import say
from unstuck.doctor.diagnose import diagnose_script, diagnose_text
from unstuck.doctor.options import DiagnosisOptions
from unstuck.doctor.patch import patched_path, write_patch
from unstuck.errors import FileError, UsageError

if TYPE_CHECKING:
    from unstuck.doctor.diagnosis import Diagnosis

_SUFFIXES = (".py", ".ipynb")
_GROUPS = {"--no-trials": "Limits", "--trace": "Other questions", "--patch": "Results"}


@click.command(
    cls=Command,
    groups=_GROUPS,
    epilog="Example: unstuck diagnose my_script.py -- --epochs 100",
    short_help="Find out why a hand-written network does not learn.",
)
@click.argument("target", metavar="SCRIPT")
@click.argument("arguments", nargs=-1, metavar="[-- ARGUMENTS]")
@click.option(
    "--trials/--no-trials", default=True, show_default=True, help="Prove each remedy by running the script with it."
)
@click.option(
    "--time-limit", type=float, default=60.0, show_default=True, metavar="SECONDS", help="For the whole diagnosis."
)
@click.option("--memory", type=int, default=4096, show_default=True, metavar="MB", help="What the script may use.")
@click.option("--workers", type=int, default=2, show_default=True, metavar="N", help="How many runs at once.")
@click.option(
    "--replay",
    type=click.Choice(["fork", "rerun"]),
    default="fork",
    show_default=True,
    help="How a training step is repeated.",
)
@click.option(
    "--trace",
    "trace_steps",
    type=int,
    metavar="STEPS",
    help="Print every named value of the script's first steps instead.",
)
@click.option("--sample", type=int, metavar="I", help="With --trace: of this sample alone, counted from 0.")
@click.option("--overfit-one", is_flag=True, help="See whether the script can learn a single example instead.")
@click.option("--patch", is_flag=True, help="Write the mended script beside the original, as NAME.mended.py.")
@click.option("--force", is_flag=True, help="With --patch: replace a mended script that is already there.")
@json_option
@click.pass_context
def diagnose(
    context: click.Context,
    /,
    target: str,
    arguments: tuple[str, ...],
    *,
    trace_steps: int | None,
    sample: int | None,
    overfit_one: bool,
    patch: bool,
    force: bool,
    as_json: bool,
    **settings: Any,
) -> int:
    """Find out why SCRIPT, a training script in NumPy, does not learn: which line, which mistake, and what mends it.

    SCRIPT is a .py file, a notebook, a folder of these, or - for standard input. It may also be the run folder of an 'unstuck train',
    which is then trained again as it was. Diagnosing RUNS the script, many times, in a copy
    of its folder and within limits; what it writes is thrown away. What stands behind -- goes to the script.

    Exit status: 0 it learns and nothing is wrong, 1 something is wrong, 2 wrong use, 3 the doctor could not do it.
    """
    options = DiagnosisOptions(arguments=arguments, debug=bool((context.obj or {}).get("debug")), **settings)
    if sample is not None and trace_steps is None:
        raise UsageError("--sample goes with --trace STEPS: it says whose values to print.")
    if trace_steps is not None or overfit_one:
        from unstuck.cli import script_tools  # noqa: PLC0415 (who wants a diagnosis needs none of these)

        return script_tools.run(
            target, options, trace_steps=trace_steps, sample=sample, overfit=overfit_one, as_json=as_json
        )
    if target == "-":
        return _show([diagnose_text(sys.stdin.read(), options)], as_json=as_json)
    path = Path(target)
    if is_run(path):
        diagnosis = diagnose_run(path, trials=options.trials, time_limit=options.time_limit)
        return _show([diagnosis], as_json=as_json)
    if path.is_dir():
        scripts = _scripts_in(path)
        return _show([diagnose_script(script, options) for script in scripts], as_json=as_json, is_folder=True)
    if patch:
        patched_path(path, force=force)  # a copy that is in the way is said now, not after a minute
    diagnosis = diagnose_script(path, options)
    status = _show([diagnosis], as_json=as_json)
    if patch:
        _write_patch(diagnosis, path, force=force)
    return status


def _scripts_in(folder: Path) -> list[Path]:
    scripts = sorted(
        path for path in folder.iterdir() if path.suffix in _SUFFIXES and path.is_file() and ".mended" not in path.name
    )
    if not scripts:
        raise FileError(f"no script in {folder}: expected files that end in .py or .ipynb.")
    return scripts


def _show(diagnoses: list[Diagnosis], *, as_json: bool, is_folder: bool = False) -> int:
    if as_json:
        documents = [diagnosis.to_dict() for diagnosis in diagnoses]
        say(to_json({"schema": 1, "diagnoses": documents} if is_folder else documents[0]), newline=False)
    else:
        from rich.console import Console  # noqa: PLC0415 (only who reads the report pays for it)

        from unstuck.report.terminal import show  # noqa: PLC0415 (as above)

        console = Console()
        for number, diagnosis in enumerate(diagnoses):
            if number:
                console.rule()
            show(diagnosis, console, diagnosis.places)
        if is_folder:
            _summary(diagnoses)
    return 0 if all(diagnosis.healthy and diagnosis.outcome == "learns" for diagnosis in diagnoses) else 1


def _summary(diagnoses: list[Diagnosis]) -> None:
    healthy = sum(diagnosis.healthy and diagnosis.outcome == "learns" for diagnosis in diagnoses)
    say(f"{healthy} of {len(diagnoses)} scripts learn and are well.")


def _write_patch(diagnosis: Diagnosis, path: Path, *, force: bool) -> None:
    text = path.read_bytes().decode("utf-8", errors="surrogateescape")
    say(f"Mended script: {write_patch(diagnosis, text, path, force=force)}", err=True)
