"""Paragraphs and columns."""

import io

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from unstuck.report.page import Page


def page_of(width):
    return Page(Console(file=io.StringIO(), width=width))


def lines_of(page):
    return [line.plain for line in page.lines]


def test_prose():
    page = page_of(40)
    page.prose("All that is said here goes on below the beginning of the first line.", indent=2, hang=4)
    page.prose("Short.")
    assert lines_of(page) == [
        "  All that is said here goes on below", "      the beginning of the first line.", "Short.",
    ]  # fmt: skip


def test_prose_is_no_wider_than_reads_well():
    page = page_of(200)
    page.prose("word " * 100)
    assert max(map(len, lines_of(page))) <= 100


def test_a_space_that_must_not_break():
    page = page_of(40)
    page.prose(f"It is wrong, and it is so in this line: line{chr(160)}15.")
    assert lines_of(page) == ["It is wrong, and it is so in this line:", "line 15."]


def test_styles_survive_the_breaking():
    page = page_of(40)
    page.prose(Text.assemble(("word", "bold"), " and " * 12, ("end", "red")))
    assert [[str(span.style) for span in line.spans] for line in page.lines] == [["bold"], ["red"]]


def test_columns():
    page = page_of(60)
    page.columns([[Text("name"), Text("1"), Text("x")], [Text("n"), Text("100"), Text("y")]], indent=2, right=(1,))
    page.columns([])
    assert lines_of(page) == ["  name     1   x", "  n      100   y"]


def test_columns_that_do_not_fit_are_broken():
    page = page_of(40)
    page.columns([[Text("a name of many words " * 2), Text("a value of many words " * 2)], [Text("b"), Text("1")]])
    assert lines_of(page) == [
        "a name of many       a value of many", "words a name of      words a value of", "many words           many words",
        "b                    1",
    ]  # fmt: skip


def test_no_two_empty_lines():
    page = page_of(40)
    page.blank()
    page.prose("a")
    page.blank()
    page.blank()
    page.prose("b")
    page.blank()
    page.print()
    assert lines_of(page) == ["a", "", "b"]


@given(
    st.lists(st.text(st.sampled_from("ab 误é" + chr(160)), max_size=90), min_size=1, max_size=4), st.integers(40, 120)
)
def test_everything_fits(texts, width):
    page = page_of(width)
    page.columns([[Text(text) for text in texts]] * 2, indent=2)
    for text in texts:
        page.prose(text, indent=4, hang=2)
    assert all(cell_len(line) <= width for line in lines_of(page))
