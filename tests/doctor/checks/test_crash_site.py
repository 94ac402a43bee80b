import ast

import pytest

from unstuck.doctor.checks.crash_site import head_span, heads, site_of
from unstuck.doctor.crash import Crash
from unstuck.doctor.findings import Location
from unstuck.doctor.scripts.sites import Span
from unstuck.doctor.scripts.source import source_of

TEXT = "for i in range(3):\n    x = f(i) + g(\n        i)\nif x: y = 1\n"


def site(line, column=None, end_line=None, end_column=None, text=TEXT):
    return site_of(Crash("E", "m", line, column, end_line, end_column), source_of(text))


@pytest.mark.parametrize(
    ("line", "texts"),
    [
        (1, ["for i in range(3):"]),
        (2, ["x = f(i) + g(i)"]),
        (3, ["x = f(i) + g(i)"]),
        (4, ["if x:", "y = 1"]),
        (9, []),
        (None, []),
    ],
)
def test_the_statements_on_a_line(line, texts):
    assert [ast.unparse(statement).split("\n")[0] for statement in site(line).statements] == texts


def test_the_expression_that_failed():
    found = site(2, 8, 2, 12)
    assert (ast.unparse(found.node), found.text, found.line_name) == ("f(i)", "f(i)", "line 2")
    assert found.location == Location("<script>", 2, 8, 2, 12)


def test_of_a_block_only_the_head_may_have_failed():
    assert {ast.unparse(node) for node in site(1).walk() if isinstance(node, ast.expr)} == {
        "i",
        "range(3)",
        "range",
        "3",
    }


def test_what_lies_within_the_place_from_the_inside_out():
    assert [ast.unparse(node) for node in site(2, 8, 2, 12).failing()] == ["i", "f", "f(i)"]


def test_without_a_column_the_statement_is_the_place():
    assert site(2).location == Location("<script>", 2, 4, 3, 10)
    assert site(1).location == Location("<script>", 1, 0, 1, 17)
    assert site(2).text == "x = f(i) + g("


def test_without_a_statement_the_line_is_the_place():
    assert site(9).location == Location("<script>", 4, 0, 4, 0)
    assert site(9).text == ""


def test_without_a_line_there_is_no_place():
    assert (site(None).location, site(None).line_name, site(None).node) == (None, "an unknown line", None)


def test_a_script_that_does_not_parse_has_no_statements():
    found = site(1, text="x = (\n")
    assert (found.statements, found.text) == ((), "x = (")


@pytest.mark.parametrize(
    ("text", "parts", "end"),
    [
        ("while a and b:\n    pass", ["a and b"], 13),
        ("with open(f) as g:\n    pass", ["open(f) as g"], 0),
        ("def f(a=1):\n    pass", ["a=1"], 0),
        ("x = 1", ["x", "1"], 5),
    ],
)
def test_heads(text, parts, end):
    statement = ast.parse(text).body[0]
    assert [ast.unparse(part) for part in heads(statement)] == parts
    assert head_span(statement) == Span(1, 0, 1, end)
