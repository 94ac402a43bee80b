"""Variants of a script: some of the edits between two versions made, and every place of the script found again in the result."""

from __future__ import annotations

import ast
import copy
from collections import Counter, defaultdict
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
        for part in sorted(reversed(parts), key=lambda part: (part.start, part.stop), reverse=True):
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

    def into(self, variant: ast.Module) -> tuple[dict[int, int], dict[int, int]]:
        """Return for the version's sites, and for its loops, their numbers in a variant; those that are gone are missing."""
        places = _places(variant, repeat=self._repeat)
        sites = _keys([(site.span.line, site.kind) for site in places.sites])
        loops = _keys([(loop.line, "") for loop in places.loops])
        return (
            _Shifted(
                {number: sites[key] for number, key in self._sites.items() if key in sites},
                len(self._places.sites),
                len(places.sites),
            ),
            _Shifted(
                {number: loops[key] for number, key in self._loops.items() if key in loops},
                len(self._places.loops),
                len(places.loops),
            ),
        )


class _Shifted(dict[int, int]):
    """A map whose numbers behind those of the script itself, of its own modules, all move by as much."""

    def __init__(self, known: dict[int, int], own: int, now: int) -> None:
        super().__init__(known)
        self._own = own
        self._by = now - own

    def __contains__(self, number: object) -> bool:
        return super().__contains__(number) or (isinstance(number, int) and number >= self._own)

    def __missing__(self, number: int) -> int:
        if number >= self._own:
            return number + self._by
        raise KeyError(number)


def _places(tree: ast.Module, *, repeat: bool) -> Places:
    """Return the sites and loops of a tree whose lines are the numbers of its nodes."""
    numbered = copy.deepcopy(tree)
    for node in ast.walk(numbered):
        if "lineno" in node._attributes:
            node.lineno = node.end_lineno = node.__dict__.get("origin", 0)  # type: ignore[attr-defined]  # statements and expressions
            node.col_offset = node.end_col_offset = 0  # type: ignore[attr-defined]  # as above
            node.end_lineno = node.end_col_offset = None  # type: ignore[attr-defined]  # so that no text is looked for
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
