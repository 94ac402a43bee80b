"""The mistakes: each can be made somewhere, changes the script where it says, and leaves it a script."""

import ast

import pytest

from faultbench.labels import label
from faultbench.operators import OPERATORS
from faultbench.originals import originals
from faultbench.running.oracle import update_factor
from faultbench.subject import subject_of
from unstuck.doctor.faults import FAULTS, MISTAKES

BY_NAME = {script.name: script for script in originals("style")}
FLAT, ADAM = BY_NAME["xor_course_functions"], BY_NAME["spirals_adam_layers"]


def made(script, operator, having=""):
    """Return the text of the first mutant that has some text on one of its wrong lines."""
    for mutation in OPERATORS[operator].find(subject_of(script)):
        lines = mutation.text.splitlines()
        if any(having in lines[line - 1] for line in mutation.lines if line <= len(lines)):
            return mutation.text
    raise AssertionError(f"{operator} makes nothing with {having!r}")


@pytest.mark.parametrize("operator", OPERATORS.values(), ids=lambda operator: operator.name)
def test_names_are_those_of_the_catalogue(operator):
    assert operator.faults <= FAULTS.keys()
    assert operator.mistakes <= MISTAKES.keys()


@pytest.mark.parametrize("name", [name for name in OPERATORS if not name.startswith("rate-")])
def test_every_mistake_can_be_made(name):
    found = [each for script in (FLAT, ADAM) for each in OPERATORS[name].find(subject_of(script))]
    if not found:
        found = [each for script in BY_NAME.values() for each in OPERATORS[name].find(subject_of(script))]
    assert found
    for mutation in found:
        ast.parse(mutation.text)
        assert mutation.lines
        assert mutation.text not in {script.text for script in BY_NAME.values()}


@pytest.mark.parametrize(
    ("operator", "having", "expected"),
    [
        ("drop-transpose", "dW2", "crash"),
        ("rate-too-small", "learning_rate=0.0005", "stuck"),
        ("flip-update", "", "stuck"),
        ("zero-start", "W1", "stuck"),
        ("mean-twice", "dW2", "silent"),
    ],
)
def test_labels(operator, having, expected):
    """As worked out by hand; a mistake that only scales the update, or only the start, and learns, is no mistake."""
    if operator == "flip-update":
        assert label(ADAM, made(ADAM, operator), OPERATORS[operator]).label in ("stuck", "diverges")
        return
    truth = label(FLAT, made(FLAT, operator, having), OPERATORS[operator])
    assert truth.label in (expected, "equivalent") if expected == "silent" else truth.label == expected


def test_an_equal_factor_of_every_update_changes_nothing():
    twice = FLAT.text.replace("learning_rate=0.5", "learning_rate=1.0")
    assert update_factor(FLAT, twice) == pytest.approx(2.0, rel=1e-9)
    assert update_factor(FLAT, made(FLAT, "drop-factor", "dZ1")) is None
    assert update_factor(FLAT, made(FLAT, "negate", "dZ1")) is None
