import ast

import pytest

from unstuck.doctor.checks.edits import (
    Change,
    changed,
    comma_after,
    edits,
    insert,
    operator_change,
    parsed,
    parses,
    replace,
    short_text_of,
    shortened,
    text_of,
)
from unstuck.doctor.patch import apply_edits
from unstuck.doctor.scripts.sites import Span
from unstuck.doctor.scripts.source import source_of

TEXT = "误差 = a + b\nrate = 0.1\n"


def test_changes_and_the_edits_made_of_them_do_the_same():
    source = source_of(TEXT)
    tree = ast.parse(TEXT)
    made = [replace(tree.body[1].value, "0.5"), insert(1, 0, "# 误差\n"), replace(tree.body[0].value.right, "c")]
    new = changed(TEXT, made)
    assert new == "# 误差\n误差 = a + c\nrate = 0.5\n"
    assert apply_edits(TEXT, edits(source, made)) == new
    assert [edit.old for edit in edits(source, made)] == ["", "b", "0.1"]


def test_a_change_may_reach_over_lines():
    assert changed("x = (1,\n     2)\n", [Change(Span(1, 4, 2, 7), "3")]) == "x = 3\n"


@pytest.mark.parametrize(
    ("text", "old", "new", "expected"),
    [
        ("n / 2", "/", "//", "n // 2"),
        ("n/2", "/", "//", "n//2"),
        ("a // b", "//", "/", "a / b"),
        ("(a) / (b)", "/", "//", "(a) // (b)"),
        ("(a /\n b)", "/", "//", None),
    ],
)
def test_an_operator_is_changed(text, old, new, expected):
    source = source_of(text)
    made = operator_change(source, ast.parse(text, mode="eval").body, old, new)
    assert (changed(source.text, made).strip() if made else None) == expected


@pytest.mark.parametrize(("text", "new"), [("[[1] [2]]", "[[1], [2]]"), ("[[1][2]]", "[[1], [2]]")])
def test_a_comma_is_put_between(text, new):
    source = source_of(text)
    assert changed(source.text, [comma_after(source, ast.parse(text, mode="eval").body.elts[0].value)]).strip() == new


def test_texts():
    source = source_of("x = np.array( [1,\n 2] )")
    node = ast.parse(source.text).body[0].value
    assert text_of(source, node) == "np.array( [1,\n 2] )"
    assert short_text_of(source, node) == "np.array( [1, 2] )"
    assert text_of(source, ast.Name("made_up", ast.Load())) == "made_up"


def test_a_long_text_loses_its_middle():
    text = shortened("a" * 40 + "b" * 40)
    assert text == "a" * 29 + "…" + "b" * 29


@pytest.mark.parametrize(("text", "is_program"), [("x = 1", True), ("x = ", False), ("x = '\\d'", True), ("\0", False)])
def test_what_parses(text, is_program):
    assert parses(text) == is_program
    assert (parsed(text) is not None) == is_program
