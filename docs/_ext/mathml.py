"""Formulas as MathML, which every browser of today draws by itself: no script, no font and no network is needed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from docutils import nodes
from docutils.utils.math.latex2mathml import tex2mathml
from sphinx.util import logging

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.writers.html5 import HTML5Translator

_LOG = logging.getLogger(__name__)
_SPACE = '<mspace width="0.17em"></mspace>'


def setup(app: Sphinx) -> dict[str, Any]:
    """Take the place of Sphinx' own renderers."""
    app.add_html_math_renderer("mathml", (visit_inline, None), (visit_block, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def visit_inline(translator: HTML5Translator, node: nodes.math) -> None:
    """Write a formula within a line."""
    translator.body.append(_converted(node, as_block=False))
    raise nodes.SkipNode


def visit_block(translator: HTML5Translator, node: nodes.math_block) -> None:
    """Write a formula that stands alone."""
    translator.body.append(f'<div class="math">{_converted(node, as_block=True)}</div>\n')
    raise nodes.SkipNode


def _converted(node: nodes.Element, *, as_block: bool) -> str:
    formula = node.astext()
    try:
        return _spaced(str(tex2mathml(formula, as_block)))
    except Exception as error:  # noqa: BLE001 (docutils has several, and any of them is a formula to mend)
        _LOG.warning("cannot draw the formula %r: %s", formula, error, location=node)
        return ""


def _spaced(markup: str) -> str:
    """Return MathML with a little space around ``ln`` and its like, and none around bars, slashes and ``max``, as TeX has it."""
    markup = re.sub(r"<mo>(?:&ApplyFunction;|\u2061)</mo>(?!\s*<mo[^>]*>\()", _SPACE, markup)
    markup = re.sub(r"(</(?:mi|mn|msub|msup)>)(\s*<mi[^>]*>[a-z]{2,}</mi>)", rf"\1{_SPACE}\2", markup)
    return re.sub(r"<mo[^>]*>(\||/|[a-z]{2,})</mo>", r'<mo stretchy="false" lspace="0" rspace="0">\1</mo>', markup)
