"""How Sphinx builds these pages."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent / "src")]  # the local extensions, and the code that lies beside these pages

import unstuck  # noqa: E402 (found on the path of the line above)

project = "unstuck"
author = "the authors of unstuck"
version = release = unstuck.__version__

extensions = [
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "_ext.mathml",
    "_ext.references",
    "_ext.defaults",
    "_ext.commands",
    "_ext.faults",
]
exclude_patterns = ["_build"]
nitpicky = True
default_role = "code"
pygments_style = "friendly"
highlight_language = "default"  # Python, and plain text where it is none
toc_object_entries = False  # the sidebar lists pages and sections, not each function

autodoc_member_order = "bysource"
autodoc_typehints = "none"  # the docstrings say shapes and types in words
autodoc_default_options = {"members": True}
napoleon_numpy_docstring = False
napoleon_use_ivar = True

html_theme = "alabaster"
html_title = f"unstuck {release}"
html_static_path = ["_static"]
html_css_files = ["unstuck.css"]
html_math_renderer = "mathml"
html_show_sourcelink = False
html_copy_source = False
html_show_sphinx = False
html_show_copyright = False
html_theme_options = {
    "description": "Neural networks in NumPy that tell you why they are stuck",
    "fixed_sidebar": True,
    "page_width": "1160px",
    "sidebar_width": "230px",
    "body_max_width": "none",
    "font_family": "system-ui, -apple-system, 'Segoe UI', 'Noto Sans', 'DejaVu Sans', sans-serif",
    "head_font_family": "inherit",
    "font_size": "16px",
    "code_font_size": "13.5px",
    "pre_bg": "#f5f6f8",
    "link": "#0b5cad",
    "link_hover": "#083d75",
    "show_powered_by": False,
}
html_sidebars = {"**": ["about.html", "searchfield.html", "navigation.html"]}


def setup(app: Sphinx) -> None:
    """Listen in before Napoleon does."""
    app.connect("autodoc-process-docstring", keep_colon, priority=400)


def keep_colon(_app: Sphinx, what: str, _name: str, _documented: object, _options: object, lines: list[str]) -> None:
    """Keep Napoleon from taking what stands before a colon for the type of an attribute."""
    if what in ("attribute", "data", "property"):
        lines[:0] = ["..", ""]  # an empty comment, so that the colon is not in the first line
