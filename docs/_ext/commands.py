"""The directive ``command``: the arguments and options of a command, as the command itself declares them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click
from sphinx.util.docutils import SphinxDirective

from _ext.rst import table
from unstuck.cli.main import cli

if TYPE_CHECKING:
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
        """Return usage, example and table of options."""
        return self.parse_text_to_nodes(describe(*self.arguments))


def command_names() -> list[str]:
    """Return the names of all commands."""
    return cli.list_commands(click.Context(cli))


def describe(name: str | None = None) -> str:
    """Return the description of a command as reStructuredText."""
    command: click.Command | None = cli if name is None else cli.get_command(click.Context(cli), name)
    if command is None:
        raise ValueError(f"there is no command {name!r}")
    context = click.Context(command, info_name="unstuck" if name is None else f"unstuck {name}")
    options = [parameter for parameter in command.get_params(context) if isinstance(parameter, click.Option)]
    rows = [[_names(option), _takes(option, context), option.help or _choices(option)] for option in options]
    usage = " ".join(command.collect_usage_pieces(context))
    lines = [".. code-block:: text", "", f"   {context.command_path} {usage}", ""]
    if isinstance(command.epilog, str):
        lines += [*command.epilog.replace("Example: ", "Example::\n\n   ").splitlines(), ""]
    return "\n".join(lines) + "\n" + table(["option", "takes", "meaning"], rows, [30, 20, 50])


def _names(option: click.Option) -> str:
    return ", ".join(f"``{spelling}``" for spelling in option.opts)


def _takes(option: click.Option, context: click.Context) -> str:
    """Return what stands behind an option, and its default where it has one of its own."""
    if option.is_flag or option.count:
        return ""
    shown = option.default if option.show_default else None
    default = "" if shown is None else f", default ``{shown}``"
    metavar = option.make_metavar(context)
    return f"``{metavar if '|' in metavar else metavar.upper()}``{default}"


def _choices(option: click.Option) -> str:
    """Return a sentence for an option that explains itself by what it can be."""
    return f"One of {', '.join(option.type.choices)}." if isinstance(option.type, click.Choice) else ""
