"""The numbers that sites and loops have in another text of the same script."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from unstuck.doctor.scripts.instrument import instrument
from unstuck.doctor.scripts.source import source_of

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from unstuck.doctor.scripts.sites import Loop, Site


def renumbered(
    sites: Sequence[Site], loops: Sequence[Loop], text: str, *, repeat: bool = False
) -> tuple[dict[int, int], dict[int, int]]:
    """Return for every site and every loop the number it has in ``text``; those that are not there any more are left out.

    Sites are told apart by what they are called, their kind, the function they stand in and the text of their expression, and where
    that has changed by all but the last; loops by their function and head. Of several that are alike the first stays the first. What
    stands in modules beside the script keeps its order.

    Raises:
        SyntaxError: ``text`` does not parse.
    """
    program = instrument(source_of(text), repeat=repeat)
    own = [site for site in sites if not site.module]
    site_map = _matched([_look(site) for site in own], [_look(site) for site in program.sites])
    rest = [site for site in own if site.number not in site_map]
    free = [site for site in program.sites if site.number not in set(site_map.values())]
    again = _matched([_look(site)[:3] for site in rest], [_look(site)[:3] for site in free])
    site_map |= {rest[index].number: free[number].number for index, number in again.items()}
    site_map |= {number: number - len(own) + len(program.sites) for number in range(len(own), len(sites))}
    own_loops = [loop for loop in loops if not loop.module]
    loop_map = _matched(
        [(loop.function, loop.text) for loop in own_loops], [(loop.function, loop.text) for loop in program.loops]
    )
    loop_map |= {number: number - len(own_loops) + len(program.loops) for number in range(len(own_loops), len(loops))}
    return site_map, loop_map


def _look(site: Site) -> tuple[str, str, str, str]:
    return site.name, site.kind, site.function, site.expression


def _matched(before: Sequence[Hashable], after: Sequence[Hashable]) -> dict[int, int]:
    places: dict[Hashable, list[int]] = defaultdict(list)
    for number, look in enumerate(after):
        places[look].append(number)
    seen: dict[Hashable, int] = defaultdict(int)
    found = {}
    for number, look in enumerate(before):
        index = seen[look]
        seen[look] += 1
        if index < len(places[look]):
            found[number] = places[look][index]
    return found
