"""Elements of HTML, and text in them."""

from __future__ import annotations

from html import escape


def element(tag: str, *content: str, **attributes: str) -> str:
    """Return an element with HTML in it.

    >>> element("b", escaped("a < b"), style="color:red")
    '<b style="color:red">a &lt; b</b>'
    """
    settings = "".join(f' {name.replace("_", "-")}="{escape(value)}"' for name, value in attributes.items() if value)
    return f"<{tag}{settings}>{''.join(content)}</{tag}>"


def escaped(text: str) -> str:
    """Return text so that a browser shows it as it is, whatever it holds."""
    return escape(text)


def paragraph(*content: str, style: str = "") -> str:
    """Return a paragraph with HTML in it."""
    return element("p", *content, style=f"margin:.5em 0;{style}")
