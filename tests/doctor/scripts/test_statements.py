"""Statements of a script, and edits that move or change them."""

import ast
from types import SimpleNamespace

import pytest

from unstuck.doctor.findings import Location
from unstuck.doctor.scripts.instrument import instrument
from unstuck.doctor.scripts.source import source_of
from unstuck.doctor.scripts.statements import (
    block_of,
    blocks,
    enclosing,
    flip_sign,
    move_after,
    statement_at,
    whole_lines,
)


def examination_of(text, *, repeated=False):
    def location(line, column=0, end_line=None, end_column=None):
        return Location("train.py", line, column, end_line, end_column)

    return SimpleNamespace(source=source_of(text), tree=ast.parse(text), repeated=repeated, location=location)


def edited(text, edits):
    """Apply edits to a text, the last first."""
    lines = text.splitlines(keepends=True)
    starts = [sum(map(len, lines[:i])) for i in range(len(lines) + 1)]
    for edit in sorted(edits, key=lambda edit: (edit.location.line, edit.location.column), reverse=True):
        place = edit.location
        start, end = starts[place.line - 1] + place.column, starts[place.end_line - 1] + place.end_column
        assert text[start:end] == edit.old
        text = text[:start] + edit.new + text[end:]
    return text


TEXT = """\
a = 1
for i in range(2):
    b = a
    if b:
        c = (b,
             a)
    else:
        d = b
try:
    pass
finally:
    e = 1
"""


def test_blocks_and_statements():
    tree = ast.parse(TEXT)
    assert len(list(blocks(tree))) == 6
    assert ast.unparse(statement_at(tree, 6)) == "c = (b, a)"
    assert isinstance(statement_at(tree, 4), ast.If)
    assert ast.unparse(statement_at(tree, 12)) == "e = 1"
    assert statement_at(tree, 40) is None
    block, index = block_of(tree, 3)
    assert (len(block), index) == (2, 0)
    assert enclosing(tree.body, 8) == 1
    assert enclosing(tree.body, 40) is None


def test_the_lines_of_a_statement():
    examination = examination_of(TEXT)
    assert whole_lines(examination, statement_at(examination.tree, 5)) == "        c = (b,\n             a)\n"


def test_a_statement_is_moved():
    text = "for i in x:\n    a -= (1 +\n          2)\n    b = a\n    if b:\n        c = b\n    d = 1\n"
    examination = examination_of(text)
    moved = edited(text, move_after(examination, 3, 6))
    assert moved == "for i in x:\n    b = a\n    if b:\n        c = b\n    a -= (1 +\n          2)\n    d = 1\n"


def test_a_statement_is_moved_to_the_end():
    text = "a = 1\nb = 2\nc = 3\n"
    assert move_after(examination_of(text), 1, 3) == ()  # there is no line behind the last to put it before
    assert edited(text, move_after(examination_of(text), 1, 2)) == "b = 2\na = 1\nc = 3\n"


@pytest.mark.parametrize(
    ("text", "moved", "last"),
    [
        ("a = 1\nb = 2\nc = 3\n", 2, 1),
        ("a = 1\nb = 2\nc = 3\n", 2, 2),
        ("a = 1\nb = 2\n", 9, 1),
        ("for i in x:\n    a = 1\nb = 2\nc = 3\n", 2, 3),
        ("a = 1; z = 2\nb = 2\nc = 3\n", 1, 2),
        ("a = 1\nb = 2; z = 2\nc = 3\n", 1, 2),
        ("a = 1\nz = 1; b = 2\nc = 3\n", 1, 2),
    ],
)
def test_what_cannot_be_moved(text, moved, last):
    assert move_after(examination_of(text), moved, last) == ()


def test_a_repeated_step_is_not_edited():
    assert move_after(examination_of("a = 1\nb = 2\nc = 3\n", repeated=True), 1, 2) == ()


@pytest.mark.parametrize(
    ("line", "turned"),
    [
        ("w += r * g", "w -= r * g"),
        ("w -= r * g", "w += r * g"),
        ("w[0] += g", "w[0] -= g"),
        ("w = w + r * g", "w = w - r * g"),
        ("w = w - g", "w = w + g"),
        ("grün = grün + f(g)", "grün = grün - f(g)"),
        ("w *= g", None),
        ("w = g", None),
        ("w = w * g", None),
        ("w = w + (-g)", None),
        ("w = (w +\n     g)", None),
        ("print(w)", None),
    ],
)
def test_the_sign_of_an_update_is_turned(line, turned):
    text = f"w = 1.0\n{line}\n"
    examination = examination_of(text)
    site = next(
        (site for site in instrument(source_of(text)).sites if site.span.line >= 2),
        SimpleNamespace(span=SimpleNamespace(line=2)),
    )
    edits = flip_sign(examination, site)
    if turned is None:
        assert edits == ()
        return
    (edit,) = edits
    encoded = text.encode().splitlines()[1]
    assert encoded[edit.location.column : edit.location.end_column].decode() == edit.old
    changed = encoded[: edit.location.column] + edit.new.encode() + encoded[edit.location.end_column :]
    assert changed.decode() == turned
