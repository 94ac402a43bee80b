import json

import pytest

from unstuck.doctor.checks.ignore import EVERYTHING, ignored_codes, unknown_codes, without_ignored
from unstuck.doctor.findings import Finding, Location
from unstuck.doctor.scripts.source import read_source, source_of


def finding(fault, line, end_line=None, cell=None):
    location = None if line is None else Location("<script>", line, 0, end_line, None, cell)
    return Finding(fault, "words", location, {"evidence": 1})


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("x = 1  # unstuck: ignore[crash]", {1: {"crash"}}),
        ("x = 1  # unstuck: ignore[crash, broadcast]", {1: {"crash", "broadcast"}}),
        ("x = 1  # unstuck: ignore", {1: EVERYTHING}),
        ("x = 1  #unstuck:ignore[ crash , ]", {1: {"crash"}}),
        ("x = 1  # Unstuck: Ignore[crash]", {1: {"crash"}}),
        ("x = 1  # slow, unstuck: ignore", {}),
        ("x = 1  # why # unstuck: ignore[crash]", {1: {"crash"}}),
        ("x = 1  # unstuck: ignore[]", {1: EVERYTHING}),
        ("x = '# unstuck: ignore'", {}),
        ('"""\n# unstuck: ignore\n"""', {}),
        ("x = 1  # unstuck: ignored", {}),
        ("x = 1\n\n# unstuck: ignore\n", {3: EVERYTHING}),
        ("x = 1  # unstuck: ignore\ny = (\n", {1: EVERYTHING}),
        ("x = 1  # unstuck: ignore\n  y = 1\n z = 2\n", {1: EVERYTHING}),
    ],
)
def test_comments(text, codes):
    assert ignored_codes(source_of(text)) == codes


def test_findings_are_dropped_by_line_and_code():
    source = source_of("a  # unstuck: ignore[crash]\nb\nc  # unstuck: ignore\nd(\n)  # unstuck: ignore[broadcast]\n")
    kept = [
        finding("broadcast", 1), finding("crash", 2), finding("crash", None), finding("crash", 4, 5), finding("crash", 99),
    ]  # fmt: skip
    dropped = [finding("crash", 1), finding("broadcast", 3), finding("crash", 3), finding("broadcast", 4, 5)]
    assert without_ignored([*kept, *dropped], source) == kept


def test_a_line_of_a_notebook_is_that_of_its_cell(tmp_path):
    path = tmp_path / "net.ipynb"
    cells = [{"cell_type": "code", "source": text} for text in ("a = 1", "b = 2  # unstuck: ignore")]
    path.write_text(json.dumps({"cells": cells}))
    source = read_source(path)
    kept, dropped = finding("crash", 1, cell=1), finding("crash", 1, cell=2)
    assert without_ignored([kept, dropped], source) == [kept]


def test_unknown_codes_are_warned_of():
    source = source_of("a\nb  # unstuck: ignore[crahs, broadcast]\nc  # unstuck: ignore[qwertz]\n")
    assert unknown_codes(source, ["crash", "broadcast"]) == [
        "line 2: unknown fault 'crahs' in '# unstuck: ignore[...]'. Did you mean 'crash'?",
        "line 3: unknown fault 'qwertz' in '# unstuck: ignore[...]'.",
    ]
