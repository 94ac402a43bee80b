"""Where the sites and loops of a script are in an edited copy of it: an edit that adds a value shifts the numbers of all that follow."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from unstuck.doctor.scripts.sites import Loop, Site


def renumbered_sites(before: Sequence[Site], after: Sequence[Site]) -> dict[int, int]:
    """Return for each site of a script its number in the edited copy; those that the edit removed are missing."""
    return _matched([_looks(site) for site in before], [_looks(site) for site in after])


def renumbered_loops(before: Sequence[Loop], after: Sequence[Loop]) -> dict[int, int]:
    """Return for each loop of a script its number in the edited copy."""
    return _matched([(loop.function, loop.text) for loop in before], [(loop.function, loop.text) for loop in after])


def _looks(site: Site) -> tuple[str, ...]:
    """Return what an edit elsewhere leaves alone; the text of the expression is the first to change."""
    return site.kind, site.name, site.function, site.expression


def _matched(before: list[Any], after: list[Any]) -> dict[int, int]:
    found: dict[int, int] = {}
    for tag, low, high, low_after, high_after in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            found |= dict(zip(range(low, high), range(low_after, high_after), strict=True))
        elif tag == "replace":
            names = {key[:-1]: index for index, key in reversed(list(enumerate(after[low_after:high_after], low_after)))}
            found |= {index: names[key[:-1]] for index, key in enumerate(before[low:high], low) if key[:-1] in names}
    return found
