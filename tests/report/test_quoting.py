"""Code on a terminal: what is cut off, and where the carets stand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.text import Text

from unstuck.doctor.findings import Location
from unstuck.report.changes import Change
from unstuck.report.quoting import crop, fold, quote, show_changes
from unstuck.report.script import Script

CODE = st.text(st.sampled_from("abc =()误差é\t🚀ü　"), max_size=60)


def quoted(line, fragment, width=80, **more):
    begin = len(line.split(fragment)[0].encode())
    place = Location("a.py", 1, begin, 1, begin + len(fragment.encode()))
    return [text.plain for text in quote(Script((line,)).excerpt(place, **more), width, 1, "red")]


def cells(text):
    """What each cell of a line holds; the second half of a wide character belongs to the first."""
    return [character for character in text for _ in range(cell_len(character))]


@pytest.mark.parametrize(
    ("line", "fragment", "shown"),
    [
        ("w = w + dw", "w + dw", ["  1 │ w = w + dw", "    │     ^^^^^^"]),
        ("误差 = 输出 - 目标", "输出", ["  1 │ 误差 = 输出 - 目标", "    │        ^^^^"]),
        ("\tif x:\ty = 'é'", "y", ["  1 │     if x:   y = 'é'", "    │             ^"]),
        ("e\u0301 = b", "b", ["  1 │ e\u0301 = b", "    │     ^"]),
    ],
)
def test_carets(line, fragment, shown):
    assert quoted(line, fragment) == shown


def test_gaps_and_context():
    script = Script(tuple("abcdefghijkl"))
    lines = quote(script.excerpt(Location("a.py", 10), (2,)), 80, 2, "red")
    assert [line.plain for line in lines] == [
        "   2 │ b", "   ⋮", "   9 │ i", "  10 │ j", "     │ ^", "  11 │ k",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("line", "fragment", "shown"),
    [
        ("a = 1  # " + "x" * 60, "1", ["  1 │ a = 1  # xxxxxxxxxxxxxxxx…", "    │     ^"]),
        ("x" * 60 + " = bad + 1", "bad", ["  1 │ …xxxxxxxxxxxxxxx = bad + 1", "    │                    ^^^"]),
        ("x" * 60 + " = bad + " + "y" * 60, "bad", ["  1 │ …xxxxxxxx = bad + yyyyyyy…", "    │             ^^^"]),
        ("x" * 40 + "y" * 60 + "z", "y" * 60, ["  1 │ …xxxyyyyyyyyyyyyyyyyyyyyy…", "    │     ^^^^^^^^^^^^^^^^^^^^^^"]),
        ("误" * 40 + "bad", "bad", ["  1 │ …误误误误误误误误误误误bad", "    │                        ^^^"]),
        ("误" * 40 + "bad.", "bad", ["  1 │ … 误误误误误误误误误误bad.", "    │                       ^^^"]),
    ],
)
def test_long_lines_are_cropped_around_what_is_wrong(line, fragment, shown):
    assert quoted(line, fragment, width=32) == shown


def test_all_lines_are_cropped_alike():
    script = Script(("    short", "x" * 40 + "bad", "b" * 39 + "after it"))
    lines = [line.plain for line in quote(script.excerpt(Location("a.py", 2, 40, 2, 43)), 26, 1, "red")]
    assert lines == [
        "  1 │ …",
        "  2 │ …xxxxxxxxxxxxxxxxbad",
        "    │                  ^^^",
        "  3 │ …bbbbbbbbbbbbbbbaft…",
    ]


@given(CODE, st.text(st.sampled_from("x误_"), min_size=1, max_size=9), CODE, st.integers(30, 90))
def test_carets_stand_below_what_is_wrong_and_nothing_else(before, wrong, after, width):
    line = f"({before}|{wrong}|{after})"
    plain = Script((line,)).plain[0]
    begin = len(plain[: len(before) + 2].encode())
    place = Location("a.py", 1, begin, 1, begin + len(wrong.encode()))
    shown, carets = (text.plain for text in quote(Script((line,)).excerpt(place), width, 1, "red"))
    assert cell_len(shown) <= width
    assert cell_len(carets) <= width
    above = [cell for cell, caret in zip(cells(shown), carets, strict=False) if caret == "^"]
    assert above == cells(wrong)


@given(CODE, st.integers(0, 80), st.integers(2, 80))
def test_what_is_cropped_fits(text, offset, room):
    assert cell_len(crop(text, offset, room)) <= room


@pytest.mark.parametrize(
    ("text", "offset", "room", "shown"),
    [
        ("short", 0, 5, "short"),
        ("shorter", 0, 5, "shor…"),
        ("误误误", 0, 5, "误误…"),
        ("误误误", 0, 4, "误 …"),
        ("误误误", 1, 5, "… 误"[:1] + "误误"),
        ("误误误", 2, 4, "… 误"),
        ("gone", 9, 5, "…"),
        ("", 9, 5, ""),
    ],
)
def test_crop(text, offset, room, shown):
    assert crop(text, offset, room) == shown


@given(CODE, st.integers(4, 40))
def test_a_folded_line_loses_nothing_and_fits(text, room):
    parts = [part.plain for part in fold(Text(text), room)]
    assert "".join(parts) == text
    assert all(sum(map(cell_len, part)) <= room for part in parts)


def test_changes():
    changes = [Change("-", 9, "a = 1", (4, 5)), Change("+", 9, "a = 22", (4, 6)), Change("+", 10, "b")]
    lines = list(show_changes(changes, 80, 2))
    assert [line.plain for line in lines] == ["-  9 │ a = 1", "+  9 │ a = 22", "+ 10 │ b"]
    assert [span for span in lines[1].spans if span.style == "bold green"] == [(11, 13, "bold green")]


def test_changes_are_shown_whole():
    lines = show_changes([Change("+", 9, "alpha = beta + gamma"), Change("+", 10, "x" * 20)], 18, 2)
    assert [line.plain for line in lines] == [
        "+  9 │ alpha = ", "     │ beta + ", "     │ gamma", "+ 10 │ xxxxxxxxxxx", "     │ xxxxxxxxx",
    ]  # fmt: skip


def test_changes_of_cells():
    changes = [Change("-", 1, "a", cell=2), Change("+", 1, "b", cell=2), Change("+", 7, "c", cell=1)]
    assert [line.plain for line in show_changes(changes, 80, 1)] == [
        "cell 2",
        "- 1 │ a",
        "+ 1 │ b",
        "cell 1",
        "+ 7 │ c",
    ]
