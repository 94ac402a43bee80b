"""Remedies written into a copy of the user's file."""

import ast
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unstuck.doctor.diagnosis import Diagnosis
from unstuck.doctor.findings import Edit, Finding, Location, Remedy, Trial
from unstuck.doctor.patch import apply_edits, characters, patched_path, write_patch
from unstuck.errors import FileError, UsageError

TEXT = "rate = 5\n误差 = y - a\nw = w + rate * 误差\n"
CHANGED = "The script has changed since it was diagnosed. Diagnose it again."


def edit(line, column, old, new, cell=None):
    return Edit(Location("a.py", line, column, cell=cell), old, new)


def finding(*edits, severity="fatal", proved=None, more=()):
    trial = None if proved is None else Trial("J", 9, 3, (1.0,), (0.0,), proved=proved)
    remedies = (Remedy("Do so.", edits), *(Remedy("Or so.", other) for other in more))
    return Finding("step-too-large", "m", None, {"e": 1}, severity=severity, remedies=remedies, trial=trial)


def diagnosis(*findings):
    return Diagnosis("a.py", "stuck", 1.0, findings=findings)


# ---------------------------------------------------------------------- edits


@pytest.mark.parametrize(
    ("edits", "text"),
    [
        ([], TEXT),
        ([edit(1, 7, "5", "0.5")], TEXT.replace("5", "0.5")),
        ([edit(3, 6, "+", "-")], TEXT.replace("+", "-")),
        ([edit(2, 13, "a", "b")], TEXT.replace("a\n", "b\n")),
        (
            [edit(3, 15, "误差", "e"), edit(3, 0, "w", "W"), edit(2, 0, "误差", "e")],
            "rate = 5\ne = y - a\nW = w + rate * e\n",
        ),
        ([edit(2, 0, "", "b = 0\n")], TEXT.replace("误差 = y", "b = 0\n误差 = y")),
        ([edit(2, 0, "误差 = y - a\n", "")], "rate = 5\nw = w + rate * 误差\n"),
        ([edit(1, 0, "rate = 5\n误差", "e")], "e = y - a\nw = w + rate * 误差\n"),
        ([edit(4, 0, "", "print(w)\n")], TEXT + "print(w)\n"),
        ([edit(1, 8, "", "  # high")], TEXT.replace("5", "5  # high")),
        ([edit(1, 99, "", "0")], TEXT.replace("5", "50")),
    ],
)
def test_edits_speak_of_the_text_as_it_was(edits, text):
    assert apply_edits(TEXT, edits) == text
    assert apply_edits(TEXT, edits[::-1]) == text


def test_insertions_at_one_place_come_in_order_and_before_what_is_replaced():
    edits = [edit(1, 0, "rate", "step"), edit(1, 0, "", "b = 0\n"), edit(1, 0, "", "c = 0\n")]
    assert apply_edits("rate = 5\n", edits) == "b = 0\nc = 0\nstep = 5\n"


def test_equal_edits_are_made_once():
    assert apply_edits("a\n", [edit(1, 0, "", "b\n")] * 2) == "b\na\n"


def test_edits_may_touch():
    assert apply_edits("abcd", [edit(1, 0, "ab", "1"), edit(1, 2, "cd", "2"), edit(1, 2, "", "-")]) == "1-2"


def test_the_end_of_a_location_is_not_needed():
    """Locations of whole lines end before the line feed that the edit's text has."""
    assert apply_edits("a\nb\n", [Edit(Location("a.py", 1, 0, 1, 1), "a\n", "")]) == "b\n"


@pytest.mark.parametrize("line_end", ["\r\n", "\r"])
def test_line_ends_stay_what_they_are(line_end):
    edits = [edit(1, 0, "a\nb\n", "x\ny\nz\n"), edit(3, 0, "c", "d\ne")]
    assert (
        apply_edits(f"a{line_end}b{line_end}c{line_end}", edits)
        == f"x{line_end}y{line_end}z{line_end}d{line_end}e{line_end}"
    )


def test_line_ends_of_other_lines_stay_mixed():
    assert apply_edits("a\r\nb\nc\x0cd\n", [edit(4, 0, "d", "e")]) == "a\r\nb\nc\x0ce\n"


@pytest.mark.parametrize(
    ("edits", "text"),
    [
        ([edit(2, 0, "b", "c")], "a\nc"),
        ([edit(2, 0, "b\n", "c\n")], "a\nc"),
        ([edit(3, 0, "", "c\n")], "a\nb\nc"),
        ([edit(2, 0, "b\n", "")], "a"),
    ],
)
def test_a_last_line_without_line_end(edits, text):
    assert apply_edits("a\nb", edits) == text


def test_an_empty_text_and_a_byte_order_mark():
    assert apply_edits("", [edit(1, 0, "", "a = 1")]) == "a = 1"
    assert apply_edits("\ufeffa = 1\n", [edit(1, 4, "1", "2")]) == "\ufeffa = 2\n"


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (edit(1, 7, "6", "7"), f"a.py, line 1, column 7: expected '6', found '5'.\n  {CHANGED}"),
        (edit(3, 15, "误a", "b"), f"a.py, line 3, column 15: expected '误a', found '误差'.\n  {CHANGED}"),
        (edit(5, 0, "", "b"), f"a.py has no line 5, only 3 lines.\n  {CHANGED}"),
        (edit(0, 0, "", "b"), f"a.py has no line 0, only 3 lines.\n  {CHANGED}"),
        (edit(4, 0, "x", "b"), f"a.py, line 4, column 0: expected 'x', found ''.\n  {CHANGED}"),
    ],
)
def test_a_text_that_is_not_what_was_diagnosed(error_of, wrong, message):
    assert error_of(UsageError, apply_edits, TEXT, [wrong]) == message


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (edit(1, 0, "rate", "step"), edit(1, 2, "te", "x")),
        (edit(1, 0, "rate", "step"), edit(1, 0, "rate", "pace")),
        (edit(1, 0, "rate", "step"), edit(1, 2, "", "x")),
        (edit(1, 0, "rate = 5\n误差", "e"), edit(2, 0, "误差", "f")),
    ],
)
def test_edits_that_overlap(error_of, first, second):
    for edits in ([first, second], [second, first]):
        assert error_of(UsageError, apply_edits, TEXT, edits).startswith(
            "two edits change the same place:\n  line 1, column 0: '"
        )


def test_the_error_names_both_edits(error_of):
    edits = [edit(1, 0, "rate", "step"), edit(1, 2, "te", "x")]
    assert error_of(UsageError, apply_edits, TEXT, edits) == (
        "two edits change the same place:\n"
        "  line 1, column 0: 'rate' -> 'step'\n"
        "  line 1, column 2: 'te' -> 'x'\n"
        "  Only one of them can be made."
    )


NAMES = st.text(st.sampled_from("abé误"), min_size=1, max_size=3)


@given(st.lists(st.tuples(NAMES, NAMES), min_size=1, max_size=5), st.data())
def test_places_are_those_of_the_syntax_tree(names, data):
    """Every name of a program is replaced where ast says that it is; the oracle is the program written with the new names."""
    text = "".join(f"'误'; {name} = [\n 'é', {other}]\n" for name, other in names)
    nodes = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Name)]
    edits = [
        edit(node.lineno, node.col_offset, node.id, f"new_{node.id}") for node in data.draw(st.permutations(nodes))
    ]
    assert apply_edits(text, edits) == "".join(f"'误'; new_{name} = [\n 'é', new_{other}]\n" for name, other in names)


@pytest.mark.parametrize(("offset", "amount"), [(0, 0), (1, 0), (3, 1), (6, 2), (7, 3), (99, 3)])
def test_offsets_in_utf8(offset, amount):
    assert characters("误差a", offset) == amount


# ---------------------------------------------------------------------- files


def test_the_copy_goes_beside_the_script(tmp_path):
    assert patched_path("xor.py") == Path("xor.mended.py")
    assert patched_path(tmp_path / "a.b.ipynb") == tmp_path / "a.b.mended.ipynb"
    assert patched_path("script") == Path("script.mended")


def test_a_copy_that_is_there_is_not_replaced(tmp_path, error_of):
    copy = tmp_path / "xor.mended.py"
    copy.write_text("mine", encoding="utf-8")
    message = f"{copy} already exists. Choose another name, or use --force (force=True) to replace it."
    assert error_of(FileError, patched_path, tmp_path / "xor.py") == message
    assert patched_path(tmp_path / "xor.py", force=True) == copy
    found = diagnosis(finding(edit(1, 7, "5", "0.5")))
    assert error_of(FileError, write_patch, found, TEXT, tmp_path / "xor.py") == message
    assert copy.read_text(encoding="utf-8") == "mine"
    assert write_patch(found, TEXT, tmp_path / "xor.py", force=True) == copy
    assert copy.read_text(encoding="utf-8") == TEXT.replace("5", "0.5")


def patched(tmp_path, found, text=TEXT, name="xor.py"):
    """What the copy holds; the original is never touched."""
    original = tmp_path / name
    original.write_bytes(text if isinstance(text, bytes) else text.encode())
    before = original.read_bytes()
    written = write_patch(found, text if isinstance(text, str) else text.decode("gbk"), original)
    assert original.read_bytes() == before
    assert sorted(tmp_path.iterdir()) == sorted([original, written])
    return written.read_bytes()


RATE, SIGN, BIAS = edit(1, 7, "5", "0.5"), edit(3, 6, "+", "-"), edit(2, 0, "", "b = 0\n")


@pytest.mark.parametrize(
    ("findings", "text"),
    [
        ([finding(RATE)], TEXT.replace("5", "0.5")),
        ([finding(RATE, proved=False)], TEXT.replace("5", "0.5")),
        (
            [finding(RATE, severity="unproven"), finding(SIGN, severity="harmful")],
            TEXT.replace("5", "0.5").replace("+", "-"),
        ),
        ([finding(RATE), finding(SIGN, severity="harmless")], TEXT.replace("5", "0.5")),
        ([finding(RATE, proved=True), finding(SIGN)], TEXT.replace("5", "0.5")),
        ([finding(RATE), finding(SIGN, proved=True)], TEXT.replace("+", "-")),
        ([finding(RATE, proved=True), finding(SIGN, proved=True)], TEXT.replace("5", "0.5").replace("+", "-")),
        ([finding(more=([RATE],))], TEXT.replace("5", "0.5")),
        ([finding(proved=True, more=([RATE],)), finding(SIGN, proved=True)], TEXT.replace("+", "-")),
        ([finding(RATE), finding(edit(1, 0, "rate = 5\n", ""))], TEXT.replace("5", "0.5")),
        ([finding(RATE), finding(edit(1, 7, "5", "1"), SIGN), finding(BIAS)], TEXT.replace("5\n", "0.5\nb = 0\n")),
        ([finding(RATE, SIGN), finding(RATE, BIAS)], TEXT.replace("5\n", "0.5\nb = 0\n").replace("+", "-")),
    ],
)
def test_which_remedies_are_taken(tmp_path, findings, text):
    assert patched(tmp_path, diagnosis(*findings)).decode() == text


@pytest.mark.parametrize("findings", [[], [finding()], [finding(RATE, severity="harmless")]])
def test_nothing_to_patch(tmp_path, error_of, findings):
    message = "nothing to patch: no remedy for a.py is a change of its text."
    assert error_of(UsageError, write_patch, diagnosis(*findings), TEXT, tmp_path / "a.py") == message
    assert not list(tmp_path.iterdir())


def test_a_script_that_has_changed_is_not_patched(tmp_path, error_of):
    message = error_of(UsageError, write_patch, diagnosis(finding(SIGN)), "w = 1\n" * 3, tmp_path / "a.py")
    assert message == f"a.py, line 3, column 6: expected '+', found ''.\n  {CHANGED}"
    assert not list(tmp_path.iterdir())


def test_the_encoding_that_the_script_declares(tmp_path):
    text = "# coding: gbk\nrate = 5  # 误差\n"
    found = diagnosis(finding(edit(2, 7, "5", "0.5")))
    assert patched(tmp_path, found, text.encode("gbk")) == text.replace("5", "0.5").encode("gbk")


@pytest.mark.parametrize(
    "text", ["# coding: ascii\nrate = 5  # 误\n", "# coding: no-such\nrate = 5\n", "\ufeff# é\nrate = 5\n"]
)
def test_otherwise_utf8(tmp_path, text):
    found = diagnosis(finding(edit(2, 7, "5", "0.5")))
    assert patched(tmp_path, found, text) == text.replace("5", "0.5").encode()


def test_a_pasted_session_becomes_plain_python(tmp_path):
    """Edits speak of the lines without their prompts."""
    found = diagnosis(finding(edit(2, 4, "2", "3")))
    assert patched(tmp_path, found, ">>> a = 1\n>>> b = 2\n") == b"a = 1\nb = 3\n"


# ---------------------------------------------------------------------- notebooks


def notebook(**layout):
    cells = [
        {"cell_type": "markdown", "source": ["# größer\n"]},
        {"cell_type": "code", "outputs": [{"data": 1e-05}], "source": ["%matplotlib inline\n", "rate = 5"]},
        {"cell_type": "raw", "source": "raw"},
        {"cell_type": "code", "outputs": [], "source": "w = w + 误\nw"},
    ]
    return json.dumps({"cells": cells, "metadata": {"z": 1, "a": None}}, **layout)


@pytest.mark.parametrize("end", ["", "\n"])
@pytest.mark.parametrize("indent", [None, 0, 1, 2, 4])
@pytest.mark.parametrize("escaped", [True, False])
def test_in_a_notebook_nothing_but_the_cells_changes(tmp_path, indent, escaped, end):
    text = notebook(indent=indent, ensure_ascii=escaped) + end
    found = diagnosis(finding(edit(2, 7, "5", "0.5", cell=1)), finding(edit(1, 6, "+", "-", cell=2)))
    copy = patched(tmp_path, found, text, "n.ipynb").decode()
    assert copy == text.replace("rate = 5", "rate = 0.5").replace("w = w + ", "w = w - ")


def test_lines_of_a_cell_stay_a_list(tmp_path):
    found = diagnosis(finding(edit(2, 0, "", "import math\n", cell=1)))
    cells = json.loads(patched(tmp_path, found, notebook(indent=3), "n.ipynb"))["cells"]
    assert cells[1]["source"] == ["%matplotlib inline\n", "import math\n", "rate = 5"]
    assert cells[3]["source"] == "w = w + 误\nw"


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (edit(1, 0, "", "b", cell=3), f"the notebook has no code cell 3, only 2 code cells.\n  {CHANGED}"),
        (edit(1, 0, "", "b"), f"the notebook has no code cell None, only 2 code cells.\n  {CHANGED}"),
        (edit(2, 7, "6", "b", cell=1), f"a.py, line 2, column 7: expected '6', found '5'.\n  {CHANGED}"),
    ],
)
def test_a_notebook_that_is_not_what_was_diagnosed(tmp_path, error_of, wrong, message):
    assert error_of(UsageError, write_patch, diagnosis(finding(wrong)), notebook(), tmp_path / "n.ipynb") == message


@pytest.mark.parametrize("text", ["", "[]", '{"cells": [{}]}', '{"cells": [{"cell_type": "code", "source": 3}]}'])
def test_a_damaged_notebook(tmp_path, error_of, text):
    message = "this is no readable notebook: expected JSON with a list of cells."
    found = diagnosis(finding(edit(1, 0, "", "b", cell=1)))
    assert error_of(FileError, write_patch, found, text, tmp_path / "n.ipynb") == message
