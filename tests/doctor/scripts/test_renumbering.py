"""The same places in another text."""

from unstuck.doctor.scripts.instrument import instrument
from unstuck.doctor.scripts.renumbering import renumbered
from unstuck.doctor.scripts.source import source_of

_TEXT = "w = 1.0\nfor i in range(3):\n    p = w * 2\n    loss = (p - 1) ** 2\n    w -= 0.1 * p\n"


def _sites(text):
    return instrument(source_of(text)).sites


def _looks(sites, numbers):
    return [(sites[number].name, sites[number].kind) for number in numbers]


def test_lines_added_before_and_within_a_loop():
    other = "b = 0.0 * 3\n" + _TEXT.replace("    loss", "    q = p * 3 - b\n    loss")
    program = instrument(source_of(_TEXT))
    sites, loops = renumbered(program.sites, program.loops, other)
    assert loops == {0: 0}
    assert sorted(sites) == list(range(len(program.sites)))
    assert _looks(_sites(other), [sites[site.number] for site in program.sites]) == _looks(
        program.sites, range(len(program.sites))
    )


def test_an_expression_that_has_changed_is_found_by_its_name():
    program = instrument(source_of(_TEXT))
    sites, _ = renumbered(program.sites, program.loops, _TEXT.replace("w * 2", "w * 2 + 5 * w"))
    (site,) = [site for site in program.sites if site.name == "p"]
    assert _sites(_TEXT.replace("w * 2", "w * 2 + 5 * w"))[sites[site.number]].name == "p"


def test_what_is_gone_has_no_number():
    program = instrument(source_of(_TEXT))
    sites, loops = renumbered(program.sites, program.loops, "w = 1.0\n")
    assert _looks(program.sites, sites) == [("w", "assigned")]
    assert loops == {}
