"""The variables of a script that hold a number written out."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from unstuck.doctor.checks.edits import edits, replace, text_of
from unstuck.doctor.checks.setting_names import is_setting
from unstuck.doctor.findings import Finding, Remedy
from unstuck.doctor.places import line_name, line_of, location_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from unstuck.doctor.checks.literal_updates import LiteralUpdate
    from unstuck.doctor.findings import Evidence
    from unstuck.doctor.places import Spanning
    from unstuck.doctor.scripts.source import Source

Giving: TypeAlias = "ast.Assign | ast.AnnAssign"


@dataclass(frozen=True)
class Setting:
    """A variable that is given a number.

    Attributes:
        name: Its name.
        value: The number.
        target: The name where it is assigned to.
        statement: The assignment.
    """

    name: str
    value: ast.expr
    target: ast.Name
    statement: Giving

    @property
    def place(self) -> Spanning:
        """Where it stands: the whole assignment, or its name where several are assigned at once."""
        alone = isinstance(self.statement, ast.AnnAssign) or self.statement.targets == [self.target]
        return self.statement if alone else self.target


def flat(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield statements and those in the blocks among them, but not those of functions and classes."""
    for statement in body:
        yield statement
        if not isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            for field in ("body", "orelse", "finalbody"):
                yield from flat(getattr(statement, field, []))
            for handler in getattr(statement, "handlers", []):
                yield from flat(handler.body)


def numbers_given(statement: ast.stmt) -> Iterator[Setting]:
    """Yield the variables to which a statement assigns a number, whatever they are called.

    >>> [setting.name for setting in numbers_given(ast.parse("lr, n, x = 0.1, 10, f()").body[0])]
    ['lr', 'n']
    """
    if not isinstance(statement, ast.Assign | ast.AnnAssign):
        return
    for target, value in _pairs(statement):
        if isinstance(target, ast.Name) and is_number(value):
            yield Setting(target.id, value, target, statement)


def settings_given(statement: ast.stmt) -> list[Setting]:
    """Return the settings of a training, by their names, to which a statement assigns a number."""
    return [setting for setting in numbers_given(statement) if is_setting(setting.name)]


def _pairs(statement: Giving) -> Iterator[tuple[ast.expr, ast.expr]]:
    value = statement.value
    for target in [statement.target] if isinstance(statement, ast.AnnAssign) else statement.targets:
        if isinstance(target, ast.Tuple | ast.List) and isinstance(value, ast.Tuple | ast.List):
            yield from zip(target.elts, value.elts, strict=False)
        elif value is not None:
            yield target, value


def is_number(node: ast.expr) -> bool:
    """Whether an expression is a number written out, such as ``0.1``, ``-1``, ``10**-3`` or ``int(1e5)``.

    >>> [is_number(ast.parse(text, mode="eval").body) for text in ("0.1", "10**-3", "int(1e5)", "n", "True")]
    [True, True, True, False, False]
    """
    if isinstance(node, ast.Constant):
        return isinstance(node.value, int | float) and not isinstance(node.value, bool)
    if isinstance(node, ast.UnaryOp):
        return is_number(node.operand)
    if isinstance(node, ast.BinOp):
        return is_number(node.left) and is_number(node.right)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"int", "float"}:
        return bool(node.args) and all(is_number(part) for part in node.args)
    return False


def setting_finding(
    message: str, at: Spanning, source: Source, *, evidence: Evidence, lines: Sequence[int], remedy: Remedy
) -> Finding:
    """Return a finding about a setting that has no effect."""
    return Finding(
        fault="unused-setting",
        message=message,
        location=location_of(source, at),
        evidence=evidence,
        severity="harmless",
        lines=tuple(sorted({line_of(source, line) for line in lines})),
        remedies=(remedy,),
    )


def written_out_finding(
    what: str, name: str, at: Spanning, updates: Sequence[LiteralUpdate], source: Source, *, line: int
) -> Finding:
    """Return the finding for a rate that nothing reads while updates say a number outright.

    Args:
        what: The beginning of the message: what nothing reads.
        name: What is to be written instead of the number.
        at: Where the setting stands.
        updates: The updates.
        source: The script.
        line: The line of the setting.
    """
    numbers = list(dict.fromkeys(text_of(source, update.factor) for update in updates))
    lines = [update.statement.lineno for update in updates]
    message = f"{what}; the update in {line_name(source, lines[0])} uses {numbers[0]}, written out, instead."
    changes = [replace(update.factor, name) for update in updates] if len(numbers) == 1 else []
    remedy = Remedy(f"Write {name} instead of {' or '.join(numbers)} in the updates.", edits(source, changes))
    evidence: Evidence = {"places that read it": 0, "numbers in the updates": numbers}
    return setting_finding(message, at, source, evidence=evidence, lines=[line, *lines], remedy=remedy)
