"""The first steps in the terminal."""

import io

import numpy as np
import pytest
from rich.console import Console

from unstuck.doctor.tools.numbers import Numbers
from unstuck.doctor.tools.step_rows import StepRows, StepTable, UpdateRow, ValueRow
from unstuck.report.step_table import show_step_table


def numbers(values, **settings):
    array = np.array(values, float)
    return Numbers(array.shape, array, (array.min(), array.mean(), array.max()), **settings)


ZEROS = numbers([[0], [0]])
LARGE = Numbers((400, 30), range=(-0.5, 0.01, 0.75))
ROWS = (
    ValueRow("i", 9, None, "", numbers(0, is_integer=True), 1, ()),
    ValueRow("a", 4, None, "sigmoid", numbers([0.25, 0.5], of_sample=True), 1, ()),
    ValueRow("hidden", 10, None, "", LARGE, 1, ("is saturated: 66 % of its numbers are within 0.007 of 0 or 1",)),
    ValueRow("grads", 11, None, "", Numbers(None, kind="list", entries=3), 12, ()),
    UpdateRow(
        "w", 12, None, numbers([[1, -2.5], [3, 4]]), numbers([[1.5, -2.5], [3, 4]]), numbers([[0.5, 0], [0, 0]]), 5.0, 0.5, ()
    ),
    UpdateRow("b", 13, None, ZEROS, ZEROS, ZEROS, 0.0, 0.0, ("was updated on line 13 but did not change",)),
)  # fmt: skip
TABLE = StepTable("xor.py", 9, (StepRows(3, ROWS),), 1, "rows", 4)


def shown(table, width=90):
    console = Console(width=width, file=io.StringIO(), color_system=None)
    show_step_table(table, console)
    return console.file.getvalue()


def test_everything_has_its_place():
    assert shown(TABLE) == (
        "xor.py: 1 step of the training loop in line 9, with 4 samples each (samples are rows), of\n"
        "sample 1 alone where a value has a part for each.\n"
        "\n"
        "Step 3\n"
        "\n"
        "  line   name              shape                  numbers\n"
        "     9   i                 number                 0\n"
        "     4   a in sigmoid      (2,)        sample 1   0.25  0.5\n"
        "    10   hidden            (400, 30)              -0.5 to 0.75, mean 0.01\n"
        "                                       !          is saturated: 66 % of its numbers are\n"
        "                                                  within 0.007 of 0 or 1\n"
        "    11   grads, 12 times                          list of 3\n"
        "    12   w                 (2, 2)      before        1  -2.5\n"
        "                                                     3     4\n"
        "                                       after       1.5  -2.5\n"
        "                                                     3     4\n"
        "                                       change     0.5    0\n"
        "                                                    0    0\n"
        "                                                  norm 0.5, 10 % of the norm before, 5\n"
        "    13   b                 (2, 1)      before     0  0\n"
        "                                       after      0  0\n"
        "                                       change     0  0\n"
        "                                                  norm 0\n"
        "                                       !          was updated on line 13 but did not\n"
        "                                                  change\n"
        "\n"
        "Conspicuous:\n"
        "  - step 3: hidden is saturated: 66 % of its numbers are within 0.007 of 0 or 1\n"
        "  - step 3: b was updated on line 13 but did not change\n"
    )


@pytest.mark.parametrize("width", [60, 80, 200])
def test_nothing_is_wider_than_the_console(width):
    assert max(map(len, shown(TABLE, width).splitlines())) <= width


def test_nothing_conspicuous_and_other_titles():
    row = ValueRow("x", 2, 5, "", Numbers((2,), np.array([np.nan, np.inf]), None, 2), 1, ())
    text = shown(
        StepTable(
            "a.ipynb", 2, (StepRows(1, (row,)),), None, None, None, repeated=True, ending="the script came to its end"
        )
    )
    assert text.startswith("a.ipynb: it has no loop; 1 step of what line 2 begins, repeated.\n")
    assert "   5:2   x      (2,)       nan  inf\n" in text
    assert "It went no further: the script came to its end.\n" in text
    assert text.endswith("Everything is finite, nothing is saturated, and every parameter changes.\n")
