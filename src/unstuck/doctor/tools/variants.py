"""Variants of a script: some of the edits between two versions made, and every place of the script found again in the result."""

from __future__ import annotations

import ast
import copy
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from unstuck.doctor.scripts.instrument import Places, instrument_tree
from unstuck.doctor.scripts.repetition import append_loop
from unstuck.doctor.tools.version_edits import BlockEdit

if TYPE_CHECKING:
    from collections.abc import Iterable

    from unstuck.doctor.tools.version_edits import VersionEdit

_SECOND = 1_000_000


def number_nodes(tree: ast.Module, *, second: bool) -> None:
    """Give every node of a version a number of its own, different from those of the other version, that copies keep."""
    for number, node in enumerate(ast.walk(tree)):
        node.__dict__["origin"] = number + (_SECOND if second else 1)


def apply(before: ast.Module, edits: Iterable[VersionEdit]) -> ast.Module:
    """Return a copy of a version's tree with edits made."""
    copies: dict[int, Any] = {}
    tree: ast.Module = copy.deepcopy(before, copies)
    blocks: dict[tuple[int, str], list[BlockEdit]] = defaultdict(list)
    for part in [part for edit in edits for part in edit.parts]:
        if isinstance(part, BlockEdit):
            blocks[id(part.parent), part.field].append(part)
            continue
        new = copy.deepcopy(part.new)
        parent = copies[id(part.parent)]
        if part.index is None:
            setattr(parent, part.field, new)
        else:
            getattr(parent, part.field)[part.index] = new
    for (parent_id, field), parts in blocks.items():
        block = getattr(copies[parent_id], field)
        parts.reverse()  # of what is inserted at the same place the last comes first, so that it ends up last
        for part in sorted(parts, key=lambda part: (-part.start, -part.stop)):
            block[part.start : part.stop] = copy.deepcopy(list(part.new))
        if not block and field == "body":
            block.append(ast.Pass())
    return ast.fix_missing_locations(tree)


def text_of(tree: ast.Module) -> str | None:
    """Return the program of a tree; None if it is none."""
    try:
        text = ast.unparse(tree) + "\n"
        compile(text, "<variant>", "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError):
        return None
    return text


class PlaceMap:
    """The sites and loops of a version, found again in variants of it.

    The numbers of sites and loops follow from the structure of the tree alone, so that they are the same for the author's text and
    for the same program written anew. Those of modules beside the script come after those of the script itself.

    Args:
        version: The version's tree, its nodes numbered.
        repeat: Whether its step is repeated.
    """

    def __init__(self, version: ast.Module, *, repeat: bool) -> None:
        self._repeat = repeat
        self._places = _places(version, repeat=repeat)
        self._sites = {
            number: key for key, number in _keys([(site.span.line, site.kind) for site in self._places.sites]).items()
        }
        self._loops = {number: key for key, number in _keys([(loop.line, "") for loop in self._places.loops]).items()}

    def into(self, variant: ast.Module) -> tuple[Numbering, Numbering]:
        """Return where the version's sites, and its loops, are in a variant."""
        places = _places(variant, repeat=self._repeat)
        sites = _keys([(site.span.line, site.kind) for site in places.sites])
        loops = _keys([(loop.line, "") for loop in places.loops])
        return (
            Numbering(
                {number: sites[key] for number, key in self._sites.items() if key in sites},
                len(self._places.sites),
                len(places.sites),
            ),
            Numbering(
                {number: loops[key] for number, key in self._loops.items() if key in loops},
                len(self._places.loops),
                len(places.loops),
            ),
        )


@dataclass(frozen=True)
class Numbering:
    """The numbers of a version's sites, or loops, in a variant.

    Attributes:
        known: Of those of the script itself that are still there.
        own: How many the script itself had; from there on they are those of modules beside it.
        now: How many it has in the variant.
    """

    known: dict[int, int]
    own: int
    now: int

    def find(self, number: int) -> int | None:
        """Return the number in the variant; None if it is gone."""
        return number - self.own + self.now if number >= self.own else self.known.get(number)


def _places(tree: ast.Module, *, repeat: bool) -> Places:
    """Return the sites and loops of a tree whose lines are the numbers of its nodes."""
    numbered = copy.deepcopy(tree)
    for node in ast.walk(numbered):
        node.__dict__.update(lineno=node.__dict__.get("origin", 0), col_offset=0, end_lineno=None, end_col_offset=None)
    if repeat:
        append_loop(numbered)
    places = Places()
    instrument_tree(numbered, "", places)
    return places


def _keys(entries: list[tuple[int, str]]) -> dict[tuple[int, str, int], int]:
    """Return the number of each entry by itself and how often the same came before."""
    seen: Counter[tuple[int, str]] = Counter()
    keys = {}
    for number, entry in enumerate(entries):
        keys[(*entry, seen[entry])] = number
        seen[entry] += 1
    return keys
