"""What is said about the loss."""

import math

import pytest

from unstuck.doctor.diagnosis import LossReport
from unstuck.doctor.findings import Location
from unstuck.report.losses import loss_view

LINE = Location("xor.py", 24)


def said(loss, steps=100):
    return loss_view(loss, steps).summary.replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("name", "kind", "descended", "beginning"),
    [
        ("J", "bce", "bce", "The loss J (line 24) is the binary cross-entropy, and the updates descend it"),
        ("J", "bce", "reported", "The loss J (line 24) is the binary cross-entropy, and the updates descend it"),
        (
            "J",
            "bce",
            "mse",
            "The loss J (line 24) is the binary cross-entropy, but the updates descend the mean squared error",
        ),
        ("J", "mae", None, "The loss J (line 24) is the mean absolute error"),
        ("J", None, "reported", "The loss J (line 24) is what the updates descend"),
        ("J", None, "half_sum", "The loss J (line 24) is not what the updates descend, half the squared error"),
        ("J", None, None, "The loss J (line 24)"),
        ("J", "ce", "own_thing", "The loss J (line 24) is the cross-entropy, but the updates descend own thing"),
        (None, None, "mse", "The script reports no loss; its updates descend the mean squared error"),
        (None, None, None, "The script reports no loss"),
    ],
)
def test_which_it_is(name, kind, descended, beginning):
    loss = LossReport(name, LINE if name else None, kind, descended, 0.7, 0.1)
    assert said(loss) == f"{beginning}: 0.7 at first, 0.1 after 100 steps."


@pytest.mark.parametrize(
    ("first", "last", "steps", "ending"),
    [
        (0.7, None, 10000, "J: 0.7 at first, not finite after 10,000 steps."),
        (math.inf, math.nan, 2, "J: not finite at first, not finite after 2 steps."),
        (0.7, 0.5, None, "J: 0.7 at first, 0.5 in the end."),
        (0.7, 0.7, 1, "J: 0.7 at the only step."),
    ],
)
def test_its_values(first, last, steps, ending):
    assert said(LossReport("J", None, None, None, first, last), steps).endswith(ending)


def test_its_curve():
    view = loss_view(LossReport("J", LINE, None, None, 1.0, 2.0, (1.0, math.nan, 2.0)), 3)
    assert view.curve[::2] == (1.0, 2.0)
    assert str(view.scale) == "linear scale from 1 to 2"
    assert loss_view(LossReport("J", LINE, None, None, 1.0, 2.0), 3).scale is None


def test_no_loss():
    assert loss_view(None, 3) is None
