"""What command-line options hold, turned into what the library takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from unstuck.data.batches import BatchSize


class Hidden(click.ParamType["tuple[int, ...]"]):
    """Units of each hidden layer: ``16`` or ``16,16``, or ``none`` for no hidden layer."""

    name = "units"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[int, ...]:
        """Return a tuple of sizes."""
        if isinstance(value, tuple):
            return value
        if value == "none":
            return ()
        parts = value.split(",")
        if not all(part.strip().isdecimal() and int(part) > 0 for part in parts):
            self.fail(f"{value!r} is no list of sizes. Write --hidden 16,16, or --hidden none.", param, ctx)
        return tuple(int(part) for part in parts)


class BatchSizeType(click.ParamType["BatchSize"]):
    """Rows a step: a number, or ``full``."""

    name = "full|1|N"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> BatchSize:
        """Return ``"full"`` or a number."""
        if value == "full" or isinstance(value, int):
            return value
        if not value.isdecimal() or int(value) < 1:
            self.fail(f"{value!r} is neither 'full' nor a whole number of at least 1.", param, ctx)
        return int(value)


class Validation(click.ParamType["float"]):
    """A share of the rows, or ``none``."""

    name = "share"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Return the share, 0 for none."""
        try:
            share = 0.0 if value == "none" else float(value)
        except ValueError:
            share = -1.0
        if not 0 <= share < 1:
            self.fail(f"{value!r} is no share of the rows. Write --validation 0.2, or --validation none.", param, ctx)
        return share


def target_columns(given: str | None) -> str | list[str] | None:
    """Return one column, or several separated by commas."""
    if given is None or "," not in given:
        return given
    return [column.strip() for column in given.split(",")]
