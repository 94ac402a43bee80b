"""The mistakes: each can be made somewhere, changes the script where it says, and leaves it a script."""

import ast

import pytest

from faultbench.labels import label
from faultbench.operators import OPERATORS
from faultbench.originals import Original, originals
from faultbench.running.oracle import update_factor, update_factors
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


SCRATCH = """import numpy as np
rng = np.random.default_rng(1)
x = rng.normal(size=(6, 2))
y = x @ np.array([[1.0], [2.0]])
w, v = np.zeros((2, 3)) + 0.5, np.ones((3, 1))
start = [{start}]
rows, grads, memory = list(range(6)), [np.zeros_like(w), np.zeros_like(v)], np.zeros_like(v)
for step in range(20):
    {zero}
    order = {order}
    h = x[order] @ w
    out = h @ v
    loss = np.mean((out - y[order]) ** 2)
    g_v = grads[1] + h.T @ (out - y[order])
    back = (out - y[order]) @ v.T
    grads[0] += x[order].T @ back
    memory = 0.5 * memory + g_v
    w -= 0.01 * grads[0]
    v -= 0.01 * memory
"""


def wrong(operator, start="w.copy()", zero="grads = [np.zeros_like(p) for p in (w, v)]", order="rng.permutation(6)"):
    """Return the wrong texts of a script of a given way to write things, as the changed lines of each."""
    text = SCRATCH.format(start=start, zero=zero, order=order)
    script = Original("scratch", "style", text, "regression", 1, ("w", "v"), "loss")
    right = text.splitlines()
    return [
        [line.strip() for line in mutation.text.splitlines() if line not in right]
        for mutation in OPERATORS[operator].find(subject_of(script))
    ]


@pytest.mark.parametrize(
    ("zero", "expected"),
    [
        ("grads = [np.zeros_like(p) for p in (w, v)]", [["grads = [np.zeros_like(p) for p in (w, v)]"]]),
        ("grads = [np.zeros((2, 3)), np.zeros((3, 1))]", [["grads = [np.zeros((2, 3)), np.zeros((3, 1))]"]]),
        ("grads[0] *= 0; grads[1] = 0 * v", [[]]),
        ("grads[0][:] = 0", [[]]),
        ("grads[1][...] = 0.0", [[]]),
        ("grads[1].fill(0)", [[]]),
        ("for g in grads: g *= 0.0", [["for g in grads: pass"]]),
        ("grads[1].fill(7)", []),
        ("zeroed = 0", []),
    ],
)
def test_gradients_are_set_to_zero_in_many_ways(zero, expected):
    assert wrong("forget-zeroing", zero=zero) == expected


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        ("w.copy(), v.copy()", [["start = [w, v.copy()]"], ["start = [w.copy(), v]"]]),
        ("np.copy(w)", [["start = [w]"]]),
        ("np.array(w)", [["start = [w]"]]),
        ("list(p) for p in (w, v)", [["start = [p for p in (w, v)]"]]),
        ("q[:] for q in ([1.0], [2.0])", [["start = [q for q in ([1.0], [2.0])]"]]),
        ("w[:] for q in (w, v)", []),
        ("np.array([1.0]), list(range(3))", []),
    ],
)
def test_copies_are_made_in_many_ways(start, expected):
    assert wrong("alias-for-copy", start=start) == expected


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("rng.permutation(6)", [["order = np.arange(6)"]]),
        ("rng.permutation(len(x))", [["order = np.arange(len(x))"]]),
        ("__import__('random').sample(range(6), 6)", [["order = list(range(6))"]]),
        ("np.arange(6)", []),
    ],
)
def test_rows_are_shuffled_in_many_ways(order, expected):
    assert wrong("drop-shuffle", order=order) == expected


def test_an_update_that_comes_too_early_brings_along_what_it_is_made_of():
    (lines,) = [mutation.text.splitlines() for mutation in too_early(SCRATCH)]
    at = lines.index("    v -= 0.01 * memory")
    assert lines[at - 1].startswith("    memory =")
    assert lines[at + 1].startswith("    back =")


def test_an_update_does_not_leave_behind_what_a_loop_does_to_its_memory():
    by_loop = "for m, g in zip([memory], [g_v + back.sum()]):\n        m *= 0.5\n        m += g"
    assert not too_early(SCRATCH.replace("memory = 0.5 * memory + g_v", by_loop))


def too_early(script):
    """Return the mutants of a script that update a parameter too early."""
    zero = "grads = [np.zeros_like(w), np.zeros_like(v)]"
    text = script.format(start="w", zero=zero, order="rng.permutation(6)")
    subject = subject_of(Original("scratch", "style", text, "regression", 1, ("w", "v"), "loss"))
    return list(OPERATORS["update-too-early"].find(subject))


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


def test_longer_steps_of_one_parameter_are_told_from_other_steps():
    text = SCRATCH.format(
        start="w.copy()", zero="grads = [np.zeros_like(p) for p in (w, v)]", order="rng.permutation(6)"
    )
    script = Original("scratch", "style", text, "regression", 1, ("w", "v"), "loss")
    longer = text.replace("w -= 0.01 *", "w -= 0.03 *")
    assert update_factors(script, longer) == pytest.approx([3, 1])
    assert update_factor(script, longer) is None
    assert label(script, longer, OPERATORS["drop-factor"]).effect == "rate"
    assert update_factors(script, text.replace("grads[0] += x", "grads[0] -= x")) is None
