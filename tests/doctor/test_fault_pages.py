"""The pages about faults: complete, and readable without Sphinx."""

import re
from pathlib import Path

import pytest

from unstuck.doctor.fault_pages import Block, Span, blocks, source_of, spans, without_mistakes
from unstuck.doctor.faults import FAULTS, MISTAKES
from unstuck.doctor.formulas import plain
from unstuck.errors import OptionError

ROOT = Path(__file__).resolve().parents[2]
PAGES = ROOT / "src" / "unstuck" / "doctor" / "pages"
SECTIONS = ["What it is", "How it looks", "How the doctor measures it", "How to mend it"]
NEVER_HARMLESS = {"shape-mismatch", "no-loop", "does-not-parse", "missing-file"}


def section_of(source, title):
    """Return the parts of one section of a page."""
    found, inside = [], False
    for block in blocks(source):
        if block.kind == "heading":
            inside = block.text == title
        elif inside:
            found.append(block)
    return found


# ---------------------------------------------------------------------- reading


def test_blocks_of_every_kind():
    source = (
        "Title\n=====\n\n.. _label:\n\nTwo\nlines.\n\n* one\n  item\n* another\n\n"
        ".. math:: a = b\n\n.. code-block:: python\n\n   for x in y:\n\n       x\n\nPart\n----\n\nDeep\n~~~~\n"
    )
    assert blocks(source) == [
        Block("heading", "Title", level=1),
        Block("paragraph", "Two lines."),
        Block("item", "one item"),
        Block("item", "another"),
        Block("math", "a = b"),
        Block("code", "for x in y:\n\n    x", language="python"),
        Block("heading", "Part", level=2),
        Block("heading", "Deep", level=3),
    ]


def test_spans_of_every_style():
    text = "See ``a * b``, :math:`x^2`, :doc:`no-loop`, *this* and **that**"
    assert spans(text) == [
        Span("plain", "See "),
        Span("code", "a * b"),
        Span("plain", ", "),
        Span("math", "x^2"),
        Span("plain", ", "),
        Span("doc", "no-loop"),
        Span("plain", ", "),
        Span("emphasis", "this"),
        Span("plain", " and "),
        Span("strong", "that"),
    ]
    assert spans("plain") == [Span("plain", "plain")]


def test_a_page_that_is_not_there():
    with pytest.raises(OptionError) as raised:
        source_of("no-lop")
    assert str(raised.value) == "unknown fault 'no-lop'. Did you mean 'no-loop'?\n  'unstuck explain' lists them all."


def test_the_page_without_its_mistakes_ends_where_they_begin():
    source = source_of("wrong-gradient")
    kept = without_mistakes(source)
    assert source.startswith(kept)
    assert source[len(kept) :].startswith(".. _missing-activation-derivative:\n")
    assert without_mistakes(source_of("no-loop")) == source_of("no-loop")


# ---------------------------------------------------------------------- every page is complete


def test_there_is_a_page_for_every_fault_and_for_nothing_else():
    assert {page.stem for page in PAGES.iterdir()} == set(FAULTS)


def test_the_documentation_includes_every_page():
    included = {
        page.stem: page.read_text() for page in (ROOT / "docs" / "faults").glob("*.rst") if page.stem != "index"
    }
    assert included == {code: f".. include:: ../../src/unstuck/doctor/pages/{code}.rst\n" for code in FAULTS}


@pytest.mark.parametrize("code", FAULTS)
def test_a_page_begins_with_title_code_and_summary(code):
    fault = FAULTS[code]
    assert blocks(source_of(code))[:3] == [
        Block("heading", fault.title, level=1),
        Block("paragraph", f"``{code}``"),
        Block("paragraph", fault.summary),
    ]


@pytest.mark.parametrize("code", FAULTS)
def test_a_page_has_every_section(code):
    headings = [block.text for block in blocks(without_mistakes(source_of(code))) if block.level == 2]
    expected = SECTIONS if code in NEVER_HARMLESS else [*SECTIONS, "When it is harmless"]
    assert headings == (expected if code != "wrong-gradient" else [*expected, "The mistakes"])
    for title in SECTIONS:
        assert section_of(source_of(code), title), title
    for title in ("How it looks", "How to mend it"):
        assert "code" in {block.kind for block in section_of(source_of(code), title)}, title


@pytest.mark.parametrize("code", FAULTS)
def test_a_page_can_be_read_in_a_minute_or_two(code):
    assert 45 <= len(without_mistakes(source_of(code)).splitlines()) <= 85


@pytest.mark.parametrize("code", MISTAKES)
def test_a_mistake_has_a_section_with_wrong_and_right_code(code):
    mistake = MISTAKES[code]
    section = blocks(source_of(code))
    assert section[:3] == [
        Block("heading", mistake.title, level=3),
        Block("paragraph", f"``{code}``"),
        Block("paragraph", mistake.summary),
    ]
    assert [block.kind for block in section[-4:]] == ["paragraph", "code", "paragraph", "code"]
    assert [section[-4].text, section[-2].text] == ["Wrong:", "Right:"]


def test_the_sections_about_mistakes_are_in_the_order_of_the_catalogue():
    assert re.findall(r"^\.\. _(.+):$", source_of("wrong-gradient"), re.MULTILINE) == list(MISTAKES)


@pytest.mark.parametrize("code", FAULTS)
def test_a_page_uses_only_the_markup_that_a_terminal_can_show(code):
    for block in blocks(source_of(code)):
        if block.kind == "math":
            assert "\\" not in plain(block.text)
        elif block.kind != "code":
            assert not block.text.startswith("..")
            for span in spans(block.text):
                assert span.style != "plain" or not re.search(r"[`*|\\]|:\w+:|_\b", span.text), span
                assert span.style != "doc" or span.text in FAULTS
                assert span.style != "math" or "\\" not in plain(span.text)


@pytest.mark.parametrize("code", FAULTS)
def test_lines_of_code_fit_into_a_terminal(code):
    longest = max(
        len(line) for block in blocks(source_of(code)) if block.kind == "code" for line in block.text.splitlines()
    )
    assert longest <= 84
