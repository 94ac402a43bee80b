"""A comparison in the terminal."""

import io
import math

import pytest
from rich.console import Console

from unstuck.doctor.tools.comparison import Comparison, EditResult, PairResult, Tried
from unstuck.doctor.tools.edited_lines import EditedLine
from unstuck.report.comparison import show_comparison

STUCK = Tried("no difference", (0.6931, 0.6932, 0.6931), 0, (0.7, 0.6931))
LEARNS = Tried("helps", (0.01, 0.02, 0.015), 3, (0.7, 0.3, 0.01))
EDITS = (
    EditResult(
        1,
        (EditedLine("-", 9, "w = w - 0.03*dw"), EditedLine("+", 9, "w = w - 0.3*dw")),
        (),
        Tried("helps", (0.3, 0.31, 0.3), 3, (0.7,)),
    ),
    EditResult(2, (EditedLine("+", 12, "    d = d * k(z)"),), (1,), Tried("breaks", (math.nan,) * 3, 0, (), "NameError: k (line 12)")),
    EditResult(3, (EditedLine("-", 20, "print(w)"),), (), Tried("not tried", reason="it changes only what is printed or plotted")),
    EditResult(
        4, (EditedLine("+", 5, "n = 3"),), (), Tried("no difference", (0.6931,), 0, (0.7,), "every loss is the same to the last digit")
    ),
)  # fmt: skip
PAIRS = (
    PairResult((1, 2), Tried("makes the difference", (0.01, 0.02, 0.01), 3)),
    PairResult((1, 4), Tried("not tried", reason="the time was over")),
)
COMPARISON = Comparison("old.py", "new.py", "J", 2000, 2000, STUCK, LEARNS, EDITS, PAIRS, 21.4)


def shown(comparison, width=80):
    console = Console(width=width, file=io.StringIO(), color_system=None)
    show_comparison(comparison, console)
    return console.file.getvalue()


def test_verdict_versions_then_each_edit():
    assert shown(COMPARISON) == (
        "new.py learns, old.py does not. No edit makes the difference alone: it takes\n"
        "edits 1 and 2 together.\n"
        "\n"
        "old.py   learns on 0 of 3 seeds   final J 0.6931 to 0.6932\n"
        "new.py   learns on 3 of 3 seeds   final J 0.01 to 0.02\n"
        "  old.py  ▇▇\n"
        "  new.py  ▇▃▁\n"
        "          linear scale from 0.01 to 0.7\n"
        "\n"
        "Edit 1: helps\n"
        "  - 9 │ w = w - 0.03*dw\n"
        "  + 9 │ w = w - 0.3*dw\n"
        "  final J 0.3 to 0.31, as written 0.6931 to 0.6932\n"
        "\n"
        "Edit 2: breaks, made with edit 1, which it needs\n"
        "  + 12 │     d = d * k(z)\n"
        "  final J not finite, NameError: k (line 12)\n"
        "\n"
        "Edit 3: not tried\n"
        "  - 20 │ print(w)\n"
        "  it changes only what is printed or plotted\n"
        "\n"
        "Edit 4: no difference\n"
        "  + 5 │ n = 3\n"
        "  final J 0.6931, every loss is the same to the last digit\n"
        "\n"
        "In pairs, because none makes the difference alone:\n"
        "  Edits 1 and 2: makes the difference, final J 0.01 to 0.02, as written 0.6931\n"
        "    to 0.6932\n"
        "  Edits 1 and 4: not tried, the time was over\n"
        "\n"
        "Each edit was made alone in old.py and run to its end, 2,000 training steps,\n"
        "from 3 seeds. 21 s.\n"
    )


@pytest.mark.parametrize("width", [60, 80, 200])
def test_nothing_is_wider_than_the_console(width):
    assert max(map(len, shown(COMPARISON, width).splitlines())) <= width


def test_a_version_that_does_not_train_says_why():
    dead = Tried(
        "breaks", (), 0, (), "new.py fails before it trains: NameError: k (line 12).\n  'unstuck diagnose' says how."
    )
    text = shown(Comparison("old.py", "new.py", "J", 500, None, STUCK, dead, (), (), 3.0))
    assert "\nnew.py   not run\n  new.py: new.py fails before it trains: NameError: k (line 12).\n" in text.replace(
        "                  \n", "\n"
    )
    assert text.endswith("Each version was run for at most 500 training steps, from 3 seeds. 3 s.\n")
