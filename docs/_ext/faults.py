"""The directive ``faults``: tables of all faults and of all mistakes, made from the catalogue."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sphinx.util.docutils import SphinxDirective

from _ext.rst import table
from unstuck.doctor.faults import FAULTS, MISTAKES

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.application import Sphinx


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive."""
    app.add_directive("faults", FaultsDirective)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


class FaultsDirective(SphinxDirective):
    """``.. faults::`` becomes the table of faults, ``.. faults:: mistakes`` that of the mistakes behind a wrong gradient."""

    optional_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return the table."""
        return self.parse_text_to_nodes(mistakes() if self.arguments else faults())


def faults() -> str:
    """Return the table of faults, each with a link to its page."""
    return table(["code", "what it is"], [[f"``{code}``", f":doc:`{code}`"] for code in FAULTS], [30, 70])


def mistakes() -> str:
    """Return the table of mistakes, each with a link to its section."""
    return table(["code", "what it is"], [[f"``{code}``", f":ref:`{code}`"] for code in MISTAKES], [40, 60])
