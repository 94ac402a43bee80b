"""References by the short name: ``:class:`Trainer``` finds ``unstuck.Trainer`` from wherever it is written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sphinx.util.nodes import make_refnode

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment


def setup(app: Sphinx) -> dict[str, Any]:
    """Listen for references that Sphinx itself does not find."""
    app.connect("missing-reference", resolve)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def resolve(
    app: Sphinx, env: BuildEnvironment, node: nodes.Element, content: nodes.TextElement
) -> nodes.reference | None:
    """Return the reference if exactly one documented name ends like the one that is looked for."""
    if node.get("refdomain") != "py":
        return None
    ending = "." + node["reftarget"]
    documented = env.domains["py"].data["objects"]
    found = [name for name in documented if name.endswith(ending)]
    shown = [name for name in found if not documented[name].aliased]
    if len(shown or found) != 1:
        return None
    entry = documented[(shown or found)[0]]
    return make_refnode(app.builder, node["refdoc"], entry.docname, entry.node_id, content, node["reftarget"])
