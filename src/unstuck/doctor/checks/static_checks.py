"""The checks that need only the text of a script."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ast

    from unstuck.doctor.findings import Finding
    from unstuck.doctor.scripts.source import Source

NAMES = ("unused_setting", "wrong_import_static", "evaluation_static", "lost_rebinding")


def static_findings(tree: ast.Module, source: Source) -> list[Finding]:
    """Return what is wrong with the text of a script."""
    findings: list[Finding] = []
    for name in NAMES:
        findings += import_module(f"unstuck.doctor.checks.{name}").check(tree, source)
    return findings
