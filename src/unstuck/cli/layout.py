"""How ``--help`` looks: options in groups, and an example that can be copied."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Mapping


class Command(click.Command):
    """A command whose help has a heading for each group of options, and its example in one line.

    Args:
        groups: Heading by the first option below it, as the command declares them; without any there is one heading.
        settings: What :class:`click.Command` takes. ``epilog`` is ``"Example: "`` and the example.
    """

    def __init__(self, *arguments: Any, groups: Mapping[str, str] | None = None, **settings: Any) -> None:
        super().__init__(*arguments, **settings)
        self._groups = groups or {}

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options below their headings."""
        sections: dict[str, list[tuple[str, str]]] = {}
        heading = "Options"
        for option in self.get_params(ctx):
            record = option.get_help_record(ctx) if isinstance(option, click.Option) else None
            heading = self._groups.get(option.opts[0], heading)
            if record is not None:
                sections.setdefault(heading, []).append(record)
        for heading, records in sections.items():
            with formatter.section(heading):
                formatter.write_dl(records)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the example as it is, however long."""
        if self.epilog:
            heading, _, example = self.epilog.partition(": ")
            formatter.write(f"\n{heading}:\n  {example}\n")
