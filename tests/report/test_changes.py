"""Edits as lines that go and come."""

from unstuck.doctor.findings import Edit, Location
from unstuck.doctor.scripts.source import Place
from unstuck.report.changes import Change, changes_of
from unstuck.report.script import Script

LINES = ("rate = 5", "误差 = y - a", "w = w + rate * 误差", "print(w)")
SCRIPT = Script(LINES)


def edit(line, column, old, new, cell=None):
    return Edit(Location("a.py", line, column, cell=cell), old, new)


def lines_of(changes):
    return [f"{change.sign}{change.number} {change.text}" for change in changes]


def test_a_part_of_a_line():
    assert changes_of([edit(3, 6, "+", "-")], SCRIPT) == (
        Change("-", 3, "w = w + rate * 误差", (6, 7)),
        Change("+", 3, "w = w - rate * 误差", (6, 7)),
    )


def test_what_differs_may_be_nothing_on_one_side():
    gone, come = changes_of([edit(1, 7, "5", "0.5")], SCRIPT)
    assert (gone.changed, come.changed) == ((7, 7), (7, 9))


def test_two_edits_in_a_line_make_one_change():
    changes = changes_of([edit(3, 6, "+", "-"), edit(3, 15, "误差", "dw")], SCRIPT)
    assert lines_of(changes) == ["-3 w = w + rate * 误差", "+3 w = w - rate * dw"]
    assert changes[0].changed == (6, 17)


def test_a_new_line_is_counted_as_it_will_be():
    changes = changes_of([edit(2, 0, "", "b = 0\n"), edit(4, 6, "w", "w, b")], SCRIPT)
    assert lines_of(changes) == ["+2 b = 0", "-4 print(w)", "+5 print(w, b)"]


def test_a_new_last_line():
    assert lines_of(changes_of([edit(5, 0, "", "print(b)\n")], SCRIPT)) == ["+5 print(b)"]


def test_a_line_that_is_moved():
    moved = [edit(2, 0, LINES[1] + "\n", ""), edit(4, 0, "", LINES[1] + "\n")]
    assert lines_of(changes_of(moved, SCRIPT)) == ["-2 误差 = y - a", "+3 误差 = y - a"]


def test_one_line_for_several_has_no_counterpart():
    changes = changes_of([edit(1, 0, "rate = 5\n", "rate = 0.5\nmomentum = 0.9\n")], SCRIPT)
    assert lines_of(changes) == ["-1 rate = 5", "+1 rate = 0.5", "+2 momentum = 0.9"]
    assert {change.changed for change in changes} == {None}


def test_cells():
    script = Script(("a = 1", "b = 2", "c = 3"), (Place(1, 1), Place(2, 1), Place(1, 2)))
    changes = changes_of([edit(1, 4, "3", "4", cell=2), edit(2, 4, "2", "5", cell=1)], script)
    assert [(change.cell, change.number, change.text) for change in changes] == [
        (2, 1, "c = 3"), (2, 1, "c = 4"), (1, 2, "b = 2"), (1, 2, "b = 5"),
    ]  # fmt: skip


def test_prompts_are_left_out():
    script = Script((">>> a = 1", ">>> b = 2"))
    assert lines_of(changes_of([edit(2, 4, "2", "3")], script)) == ["-2 b = 2", "+2 b = 3"]


def test_of_a_script_that_is_not_known_the_edits_alone_are_shown():
    edits = [edit(3, 4, "w +\tr", "w - r"), edit(7, 0, "", "x\ny\n", cell=2)]
    for script in (Script(()), Script(("something else",) * 9)):
        assert lines_of(changes_of(edits, script)) == ["-3 w + r", "+3 w - r", "+7 x", "+8 y"]


def test_no_edits():
    assert changes_of((), SCRIPT) == ()
