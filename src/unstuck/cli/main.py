"""The command ``unstuck``: its subcommands, and what an error turns into."""

from __future__ import annotations

import logging
import sys
from importlib import import_module
from typing import Any

import click

import unstuck
from unstuck.errors import MissingExtraError, UnstuckError
from unstuck.registry import suggestion

WRONG_USE = 2
COULD_NOT_RUN = 3

_COMMANDS = {
    "evaluate": "unstuck.cli.evaluate:evaluate",
    "predict": "unstuck.cli.predict:predict",
    "train": "unstuck.cli.train:train",
}


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


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(unstuck.__version__, package_name="unstuck", message="%(package)s %(version)s")
@click.option("--debug", is_flag=True, help="Show the whole traceback of an error.")
def cli(debug: bool) -> None:
    r"""Neural networks in NumPy that tell you why they are stuck.

    \b
    unstuck train xor                      train on a built-in task
    unstuck train table.csv --target y     or on a table of your own
    unstuck evaluate runs/xor-… xor        how good is it?
    unstuck predict runs/xor-… new.csv     what does it say?

    Exit status: 0 done and healthy, 1 not healthy, 2 wrong use, 3 could not run.
    """
    logging.basicConfig(level=logging.WARNING, format="%(message)s", stream=sys.stderr)
    click.get_current_context().obj = {"debug": debug}


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and exit; an error becomes a message on stderr and an exit status."""
    given = sys.argv[1:] if arguments is None else arguments
    sys.exit(run(given))


def run(arguments: list[str]) -> int:
    """Run the command line and return the exit status."""
    debug = "--debug" in arguments
    try:
        status: Any = cli.main(arguments, prog_name="unstuck", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return WRONG_USE
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted", err=True)
        return COULD_NOT_RUN
    except UnstuckError as error:
        if debug:
            raise
        click.echo(f"{type(error).__name__}: {error}", err=True)
        return COULD_NOT_RUN if isinstance(error, MissingExtraError) else WRONG_USE
    except BrokenPipeError:
        sys.stderr.close()
        return COULD_NOT_RUN
    except Exception as error:
        if debug:
            raise
        message = f"{type(error).__name__}: {error}".splitlines()[0]
        click.echo(f"unstuck itself failed: {message}\n  This is a fault of ours. --debug shows where.", err=True)
        return COULD_NOT_RUN
    return status if isinstance(status, int) else 0
