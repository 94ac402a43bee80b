"""The directive ``command``: the arguments and options of a command, as its ``--help`` has them."""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click
from sphinx.util.docutils import SphinxDirective

from _ext.rst import table
from unstuck.cli.main import cli

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from docutils import nodes
    from sphinx.application import Sphinx


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive."""
    app.add_directive("command", CommandDirective)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


class CommandDirective(SphinxDirective):
    """``.. command:: train`` becomes what ``unstuck train --help`` says; without a name, the options of ``unstuck`` itself."""

    optional_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return usage, example and tables of options."""
        return self.parse_text_to_nodes(describe(*self.arguments))


class Sections(click.HelpFormatter):
    """Takes the options that a command writes into its help, by the heading above them."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, list[tuple[str, str]]] = {}

    @contextmanager
    def section(self, name: str) -> Iterator[None]:
        """Begin a section."""
        self.found[name] = []
        yield

    def write_dl(self, rows: Sequence[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        """Take the options of the present section."""
        next(reversed(self.found.values())).extend(rows)


def command_names() -> list[str]:
    """Return the names of all commands."""
    return cli.list_commands(click.Context(cli))


def describe(name: str | None = None) -> str:
    """Return the description of a command as reStructuredText."""
    command: click.Command | None = cli if name is None else cli.get_command(click.Context(cli), name)
    if command is None:
        raise ValueError(f"there is no command {name!r}")
    context = click.Context(command, info_name="unstuck" if name is None else f"unstuck {name}")
    lines = [".. code-block:: text", "", f"   {context.command_path} {' '.join(command.collect_usage_pieces(context))}"]
    if isinstance(command.epilog, str):
        lines += ["", "Example:", "", ".. code-block:: sh", "", f"   {command.epilog.removeprefix('Example: ')}"]
    sections = Sections()
    command.format_options(context, sections)
    for heading, entries in sections.found.items():
        rows = [[f"``{option}``", _escaped(meaning)] for option, meaning in entries if option.startswith("-")]
        if rows:
            above = [] if heading == "Options" else [f".. rubric:: {heading}", ""]
            lines += ["", *above, table(["option", "meaning"], rows, [40, 60])]
    return "\n".join(lines) + "\n"


def _escaped(text: str) -> str:
    """Return plain text so that nothing in it is taken for markup."""
    return re.sub(r"([*`|\\]|_\b)", r"\\\1", text)
