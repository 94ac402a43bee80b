"""The command ``unstuck``: its subcommands, and what an error turns into."""

from __future__ import annotations

import logging
import os
import sys
from importlib import import_module
from io import TextIOWrapper
from typing import Any

import click

import unstuck
from unstuck.cli import streams
from unstuck.cli.messages import for_command_line
from unstuck.errors import MissingExtraError, UnstuckError
from unstuck.registry import suggestion

WRONG_USE = 2
COULD_NOT_RUN = 3

_COMMANDS = {
    "compare": "unstuck.cli.compare:compare",
    "diagnose": "unstuck.cli.diagnose:diagnose",
    "evaluate": "unstuck.cli.evaluate:evaluate",
    "explain": "unstuck.cli.explain:explain",
    "predict": "unstuck.cli.predict:predict",
    "train": "unstuck.cli.train:train",
}
_WRONG_PATHS = (FileNotFoundError, FileExistsError, IsADirectoryError, NotADirectoryError)


class LazyGroup(click.Group):
    """Loads a subcommand when it is called, and suggests the nearest name for one that is unknown."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all subcommands."""
        return sorted(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return a subcommand."""
        if cmd_name not in _COMMANDS:
            return None
        module, _, name = _COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(import_module(module), name)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the subcommand, or fail with a suggestion."""
        if args and not args[0].startswith("-") and args[0] not in _COMMANDS:
            known = ", ".join(sorted(_COMMANDS))
            ctx.fail(f"unknown command '{args[0]}'.{suggestion(args[0], _COMMANDS)} Commands: {known}")
        return super().resolve_command(ctx, args)


class ToStderr(logging.Handler):
    """Prints what the library logs."""

    def emit(self, record: logging.LogRecord) -> None:
        """Print a message."""
        streams.say(record.getMessage(), err=True)


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(unstuck.__version__, package_name="unstuck", message="%(package)s %(version)s")
@click.option("--debug", is_flag=True, help="Show the whole traceback of an error.")
def cli(debug: bool) -> None:
    """Neural networks in NumPy that tell you why they are stuck.

    \b
    unstuck train xor                      train on a built-in task
    unstuck train table.csv --target y     or on a table of your own
    unstuck evaluate runs/xor-… xor        how good is it?
    unstuck predict runs/xor-… new.csv     what does it say?
    unstuck diagnose my_script.py          why does my own network not learn?
    unstuck compare old.py new.py          which of my changes matter?

    Exit status: 0 done and healthy, 1 not healthy, 2 wrong use, 3 could not run.
    """  # noqa: D301 (click wants the character backspace before what it shall not wrap)
    click.get_current_context().obj = {"debug": debug}


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and exit; an error becomes a message on stderr and an exit status."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(
                errors="backslashreplace"
            )  # a name that a narrow encoding cannot print is no reason to fail
    sys.exit(run(sys.argv[1:] if arguments is None else arguments))


def run(arguments: list[str]) -> int:
    """Run the command line and return the exit status."""
    streams.failures.clear()
    logger, handler = logging.getLogger("unstuck"), ToStderr()
    level = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    try:
        status = _run(arguments)
    finally:
        logger.removeHandler(handler)
        logger.setLevel(level)
    if streams.failures:
        streams.say(f"Error: {streams.failures[0]}", err=True)
        return COULD_NOT_RUN
    return status


def _run(arguments: list[str]) -> int:
    stdout = sys.stdout
    try:
        status: Any = cli.main(arguments, prog_name="unstuck", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return WRONG_USE
    except (click.Abort, KeyboardInterrupt):
        return _failed("interrupted before there was anything to keep.", COULD_NOT_RUN)
    except SystemExit:
        if sys.stdout is not stdout:  # click puts another there when nobody reads on, as in --help | head -1
            return 0
        raise
    except Exception as error:
        if "--debug" in arguments:
            raise
        return _failed(*_explain(error))
    return status if isinstance(status, int) else 0


def _explain(error: Exception) -> tuple[str, int]:
    """Return the message for an error, and the exit status."""
    if isinstance(error, UnstuckError):
        cause = error.__cause__
        is_ours = isinstance(error, MissingExtraError) or (
            isinstance(cause, OSError) and not isinstance(cause, _WRONG_PATHS)
        )
        return for_command_line(str(error)), COULD_NOT_RUN if is_ours else WRONG_USE
    if isinstance(error, MemoryError):
        return (
            f"not enough memory: {str(error) or 'nothing is left'}.\n  Make the network or the data smaller.",
            COULD_NOT_RUN,
        )
    if isinstance(error, OSError):
        where = f" {os.fsdecode(error.filename)}" if error.filename is not None else ""
        return f"cannot use{where}: {error.strerror or error}.", COULD_NOT_RUN
    message = f"{type(error).__name__}: {error}".splitlines()[0]
    return f"unstuck itself failed: {message}\n  This is a fault of ours. unstuck --debug … shows where.", COULD_NOT_RUN


def _failed(message: str, status: int) -> int:
    streams.say(f"Error: {message}", err=True)
    return status
