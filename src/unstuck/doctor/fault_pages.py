"""The pages about faults that come with the package: a page each, and in that of ``wrong-gradient`` a section for each mistake.

They are written in a small part of reStructuredText, so that the documentation shows them as they are and a terminal can show them too:
headings, paragraphs, items that begin with ``*``, ``code-block``, ``math`` on one line, and labels. Within a line there may be
````code````, ``*emphasis*``, ``**strong emphasis**``, ``:math:`` and ``:doc:``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib.resources import files
from textwrap import dedent
from typing import TYPE_CHECKING, Literal, TypeAlias

from unstuck.doctor.faults import FAULTS, MISTAKES, describe

if TYPE_CHECKING:
    from collections.abc import Iterator

Kind: TypeAlias = Literal["heading", "paragraph", "item", "code", "math"]
Style: TypeAlias = Literal["plain", "code", "emphasis", "strong", "math", "doc"]

_UNDERLINES = "=-~"
_INLINE = re.compile(
    r"``(?P<code>.+?)``|:(?P<role>math|doc):`(?P<target>[^`]+)`|\*\*(?P<strong>.+?)\*\*|\*(?P<emphasis>.+?)\*"
)
_LABEL = re.compile(r"^\.\. _(?P<name>[\w-]+):\n", re.MULTILINE)
_PARTS = re.compile(
    r"""
      \.\.\ code-block::\ (?P<language>\w+)\n\n(?P<code>(?:(?:\ {3}.*)?\n)+)
    | \.\.\ math::\ (?P<math>.+)\n
    | \.\.\ _[\w-]+:\n
    | (?P<heading>.+)\n(?P<mark>[=~-])(?P=mark)+\n
    | \*\ (?P<item>.+\n(?:\ \ .+\n)*)
    | (?P<paragraph>(?:(?!\*\ ).+\n)+)
    | \n
    """,
    re.VERBOSE,
)


@dataclass(frozen=True)
class Block:
    """A part of a page.

    Attributes:
        kind: What it is.
        text: A line of text for headings, paragraphs and items; code as it is; a formula in TeX.
        level: Of a heading: 1 is that of the page.
        language: Of code.
    """

    kind: Kind
    text: str
    level: int = 0
    language: str = ""


@dataclass(frozen=True)
class Span:
    """A part of a line; ``doc`` is the name of another page."""

    style: Style
    text: str


def source_of(code: str) -> str:
    """Return the page about a fault, or the section about a mistake, as reStructuredText.

    Raises:
        OptionError: There is no such fault or mistake.

    >>> source_of("missing-transpose").splitlines()[0]
    'A transpose is missing'
    """
    describe(code)
    if code in FAULTS:
        return (files("unstuck.doctor") / "pages" / f"{code}.rst").read_text(encoding="utf-8")
    return _sections()[code]


def blocks(source: str) -> list[Block]:
    r"""Return the parts of a page from top to bottom.

    >>> [block.kind for block in blocks("No loop\n=======\n\nThere is\nnone.\n\n.. math:: a\n")]
    ['heading', 'paragraph', 'math']
    """
    return list(_blocks(source.rstrip("\n") + "\n"))


def spans(text: str) -> list[Span]:
    """Return the parts of a line, each with its style.

    >>> spans("Use ``@`` for products.")
    [Span(style='plain', text='Use '), Span(style='code', text='@'), Span(style='plain', text=' for products.')]
    """
    found: list[Span] = []
    end = 0
    for match in _INLINE.finditer(text):
        if match.start() > end:
            found.append(Span("plain", text[end : match.start()]))
        found.append(_span(match))
        end = match.end()
    if end < len(text):
        found.append(Span("plain", text[end:]))
    return found


def without_mistakes(source: str) -> str:
    """Return a page without its sections about mistakes."""
    return _LABEL.split(source)[0]


def _sections() -> dict[str, str]:
    """Return the section about each mistake."""
    _, *parts = _LABEL.split(source_of("wrong-gradient"))
    return {
        name: text.strip("\n") + "\n" for name, text in zip(parts[::2], parts[1::2], strict=True) if name in MISTAKES
    }


def _blocks(source: str) -> Iterator[Block]:
    position = 0
    while match := _PARTS.match(source, position):
        position = match.end()
        if match["heading"]:
            yield Block("heading", match["heading"], level=_UNDERLINES.index(match["mark"]) + 1)
        elif match["code"]:
            yield Block("code", dedent(match["code"]).strip("\n"), language=match["language"])
        elif match["math"]:
            yield Block("math", match["math"])
        elif match["item"]:
            yield Block("item", " ".join(match["item"].split()))
        elif match["paragraph"]:
            yield Block("paragraph", " ".join(match["paragraph"].split()))


def _span(match: re.Match[str]) -> Span:
    if match["role"]:
        return Span("math" if match["role"] == "math" else "doc", match["target"])
    if match["code"]:
        return Span("code", match["code"])
    return Span("strong", match["strong"]) if match["strong"] else Span("emphasis", match["emphasis"])
