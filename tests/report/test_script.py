"""Lines of the user's script, and what in them is wrong."""

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unstuck.doctor.findings import Location
from unstuck.doctor.scripts.source import Place
from unstuck.report.script import CodeLine, Script, name_place

LINES = ("a = 1", "b = (1 +", "", "     2)", "c = 3", "d = 4", "e = 5")
SCRIPT = Script(LINES)


def marked(excerpt):
    return {line.number: line.text[slice(*line.mark)] for line in excerpt if line and line.mark}


def test_a_line_before_and_one_after():
    assert SCRIPT.excerpt(Location("a.py", 5, 4, 5, 5)) == (
        CodeLine(4, "     2)"), CodeLine(5, "c = 3", (4, 5)), CodeLine(6, "d = 4"),
    )  # fmt: skip


def test_at_the_ends_of_the_script():
    assert [line.number for line in SCRIPT.excerpt(Location("a.py", 1, 0, 1, 1))] == [1, 2]
    assert [line.number for line in SCRIPT.excerpt(Location("a.py", 7, 0, 7, 1))] == [6, 7]


@pytest.mark.parametrize("line", [0, 8, 100])
def test_a_place_that_is_not_there_is_not_quoted(line):
    assert SCRIPT.excerpt(Location("a.py", line)) == ()
    assert Script(()).excerpt(Location("a.py", 1)) == ()


def test_an_expression_of_several_lines():
    assert marked(SCRIPT.excerpt(Location("a.py", 2, 4, 4, 7))) == {2: "(1 +", 4: "2)"}


def test_a_long_expression_is_abridged():
    script = Script(tuple(f"line{number}" for number in range(1, 21)))
    excerpt = script.excerpt(Location("a.py", 2, 0, 15, 6))
    assert [line and line.number for line in excerpt] == [1, 2, 3, 4, 5, None, 15, 16]


def test_an_end_behind_the_last_line():
    assert marked(SCRIPT.excerpt(Location("a.py", 6, 4, 9, 2))) == {6: "4", 7: "e "[:1] + " "}


@pytest.mark.parametrize(
    ("location", "mark"),
    [
        (Location("a.py", 4), (5, 7)),
        (Location("a.py", 4, 0, 4, 0), (5, 7)),
        (Location("a.py", 4, 6), (6, 7)),
        (Location("a.py", 4, 6, 4, 6), (6, 7)),
        (Location("a.py", 4, 7), (7, 8)),
        (Location("a.py", 4, 99), (7, 8)),
        (Location("a.py", 3), (0, 1)),
    ],
)
def test_places_without_an_end(location, mark):
    """The whole line, without its indentation, if no column is given; one character, perhaps behind the end, if one is."""
    assert [line.mark for line in SCRIPT.excerpt(location) if line.mark] == [mark]


def test_related_lines():
    excerpt = SCRIPT.excerpt(Location("a.py", 1, 0, 1, 1), (1, 7, 5, 99))
    assert [line and line.number for line in excerpt] == [1, 2, None, 5, None, 7]
    assert marked(excerpt) == {1: "a"}


def test_at_most_four_related_lines():
    script = Script(("x",) * 40)
    excerpt = script.excerpt(Location("a.py", 1), range(1, 40, 3))
    assert [line.number for line in excerpt if line] == [1, 2, 4, 7, 10, 13]


def test_columns_are_offsets_in_utf8():
    line = "误差\t= 'é' + größe * 2"
    node = ast.parse(line).body[0].value.right
    excerpt = Script((line,)).excerpt(Location("a.py", 1, node.col_offset, 1, node.end_col_offset))
    assert marked(excerpt) == {1: "größe * 2"}


@given(st.text(st.sampled_from("a误é\t🚀e\u0301\u202e"), max_size=12), st.text(st.sampled_from("b差\t "), min_size=1))
def test_what_is_marked_is_what_was_meant(before, wrong):
    line = f"x{before}y{wrong}z"
    begin = len(f"x{before}y".encode())
    excerpt = Script((line,)).excerpt(Location("a.py", 1, begin, 1, begin + len(wrong.encode())))
    (shown,) = excerpt
    start, end = shown.mark
    assert shown.text[end:] == "z"
    assert "".join(shown.text[start:end].split()) == "".join(wrong.split())


@pytest.mark.parametrize(
    ("lines", "fragment", "shown"),
    [
        ((">>> a = 误 + b", ">>> c = a"), "误", "误"),
        (("In [3]: a = b * 2",), "b * 2", "b * 2"),
        (("a = f（b， c）",), "b, c", "b， c"),
        (("%matplotlib inline", "a = b"), "b", "b"),
    ],
)
def test_columns_speak_of_the_line_without_its_prompt(lines, fragment, shown):
    script = Script(lines)
    row = next(row for row, line in enumerate(script.plain) if fragment in line)
    begin = len(script.plain[row].split(fragment)[0].encode())
    place = Location("a.py", row + 1, begin, row + 1, begin + len(fragment.encode()))
    assert marked(script.excerpt(place)) == {row + 1: shown}


def test_a_notebook():
    script = Script(("a = 1", "b = 2", "c = 3"), (Place(1, 1), Place(2, 1), Place(1, 2)))
    assert [line.number for line in script.excerpt(Location("n.ipynb", 2, cell=1), (1, 3))] == [1, 2]
    assert [line.text for line in script.excerpt(Location("n.ipynb", 1, cell=2))] == ["c = 3"]
    assert list(script.cell(1)) == [0, 1]
    assert list(script.cell(3)) == []
    assert Script(script.lines).excerpt(Location("n.ipynb", 2, cell=1)) == ()


def test_names_of_places():
    assert name_place(None) == ""
    assert name_place(Location("a.py", 15)) == "line\N{NO-BREAK SPACE}15"
    assert name_place(Location("a.ipynb", 3, cell=2)).split() == ["line", "3", "of", "cell", "2"]
