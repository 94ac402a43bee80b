"""One example in the terminal."""

import io
import math

import pytest
from rich.console import Console

from unstuck.doctor.tools.overfit_one import ExampleRun, OverfitReport
from unstuck.report.overfit_one import show_overfit

RUNS = (
    ExampleRun(0, 0.125, 0.0001, 1000, "horizon", (0.014,), (0.0,), (0.125, 0.01, 0.0001)),
    ExampleRun(1, 0.125, math.nan, 12, "not finite", None, None, (0.125, 0.5)),
    ExampleRun(2, 0.125, 0.5, 7, "ValueError: no (line 3)", tuple(range(9)), (0.0,) * 9, (0.125, 0.5)),
)
REPORT = OverfitReport("xor.py", "Every row of X was a copy of the same one.", "J", RUNS, "some")


def shown(report, width=80):
    console = Console(width=width, file=io.StringIO(), color_system=None)
    show_overfit(report, console)
    return console.file.getvalue()


def test_verdict_then_each_example():
    assert shown(REPORT) == (
        "xor.py: It learns some examples alone, but not others.\n"
        "Every row of X was a copy of the same one.\n"
        "\n"
        "sample 0: learned; J 0.125 -> 0.0001 in 1,000 steps\n"
        "  ▆▄▁\n"
        "  outputs 0.014, targets 0\n"
        "\n"
        "sample 1: not learned; J 0.125 -> not finite in 12 steps (the loss is no longer\n"
        "  finite)\n"
        "  ▆▇\n"
        "\n"
        "sample 2: not learned; J 0.125 -> 0.5 in 7 steps (ValueError: no (line 3))\n"
        "  ▆▇\n"
        "  outputs 0 1 2 3 4 5 6 7 …, targets 0 0 0 0 0 0 0 0 …\n"
        "  logarithmic scale from 0.0001 to 0.5\n"
    )


@pytest.mark.parametrize("width", [60, 80, 200])
def test_nothing_is_wider_than_the_console(width):
    assert max(map(len, shown(REPORT, width).splitlines())) <= width
