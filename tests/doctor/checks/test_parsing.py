import pytest

from unstuck.doctor.checks.edits import changed, insert
from unstuck.doctor.checks.parsing import (
    first_slip,
    gets_past,
    line_changes,
    mended,
    only_one,
    slip_of,
    without_strings,
)


def test_a_slip_is_counted_in_bytes():
    slip = first_slip("误差 = )\n")
    assert (slip.line, slip.column, slip.before, slip.after) == (1, len("误差 = ".encode()), "误差 = ", ")")


def test_a_program_has_no_slip():
    assert first_slip("x = '\\d'\n") is None


@pytest.mark.parametrize(
    ("lineno", "offset", "end_lineno", "end_offset", "place"),
    [
        (1, 5, 1, 6, (1, 4, 1, 5)),
        (None, None, None, None, (1, 0, 1, 0)),
        (9, 1, None, None, (2, 0, 2, 0)),
        (1, 5, 1, 0, (1, 4, 1, 4)),
        (1, 5, 1, -1, (1, 4, 1, 4)),
        (1, 5, 1, 2, (1, 4, 1, 4)),
        (0, 0, 0, 0, (1, 0, 1, 0)),
    ],
)
def test_whatever_an_error_says_of_its_place(lineno, offset, end_lineno, end_offset, place):
    error = SyntaxError("words", ("<script>", lineno, offset, "", end_lineno, end_offset))
    slip = slip_of(error, "x = 1\n")
    assert (slip.line, slip.column, slip.end_line, slip.end_column) == place


def test_a_change_gets_past_a_slip_if_the_next_one_comes_later():
    assert gets_past("x = (1\ny = (2\n", [insert(1, 6, ")")], 1)
    assert not gets_past("x = (1\n", [insert(1, 0, " ")], 1)


def test_only_one_meaning():
    slip = first_slip("print('a\n")
    assert only_one(slip, [[insert(1, 8, "')")], [insert(1, 8, "' )")]]) == (insert(1, 8, "')"),)
    assert only_one(slip, [[insert(1, 8, "')")], [insert(1, 8, "b')")]]) == ()
    assert only_one(slip, []) == ()


def test_one_slip_after_the_other():
    text = mended("x = )\ny = )\n", lambda slip: slip.text.replace(")", "1", 1))
    assert text == "x = 1\ny = 1\n"


def test_mending_stops_where_it_does_not_help():
    assert mended("x = )\n", lambda slip: slip.text) == "x = )\n"
    assert mended("x = )\n", lambda _: None) == "x = )\n"
    assert mended("x = 1\n", lambda _: "never") == "x = 1\n"


@pytest.mark.parametrize(
    ("old", "new"), [("a b c", "a d c"), ("aa", "aaa"), ("", "x"), ("误 a", "误 b"), ("x\ny\nz", "x\nw\nz")]
)
def test_the_smallest_changes(old, new):
    assert changed(old, line_changes(old, new)) == new


def test_equal_lines_have_no_changes():
    assert line_changes("a\nb", "a\nb") == ()


def test_strings_and_comments_are_blanked():
    assert without_strings("a('(') # )\n'''(\n'''+1") == "a(   )    \n    \n   +1"
