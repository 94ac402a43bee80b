"""Printing that never costs a training: a reader that has gone away (``| head -1``) is no error."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Callable

failures: list[str] = []
"""Why something could not be printed, since the command began."""


def say(text: str, *, err: bool = False, newline: bool = True) -> None:
    """Print ``text`` on stdout or stderr. If that cannot be done, go on silently; the exit status will tell."""
    try:
        click.echo(text, nl=newline, err=err)
    except OSError as error:
        if not isinstance(error, BrokenPipeError):
            failures.append(f"cannot print: {error.strerror}")
        _to_nowhere(err=err)


def speaker(*, as_json: bool) -> Callable[[str], None]:
    """Return what prints for people: on stdout, or on stderr where stdout is for JSON."""
    return lambda text: say(text, err=as_json)


def _to_nowhere(*, err: bool) -> None:
    """Send to nowhere what is printed from now on, so that nothing complains again, not even at the end of the process."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, (sys.stderr if err else sys.stdout).fileno())
    os.close(nowhere)
