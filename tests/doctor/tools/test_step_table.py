"""Every value of the first steps."""

import json
import math

import numpy as np
import pytest

from unstuck.cli.documents import to_json
from unstuck.doctor.tools.step_rows import UpdateRow
from unstuck.doctor.tools.step_table import trace_script
from unstuck.errors import FileError, OptionError, UsageError


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


@pytest.fixture(scope="module")
def columns(tmp_path_factory, texts):
    path = tmp_path_factory.mktemp("columns") / "xor.py"
    path.write_text(texts.columns)
    return trace_script(path, 2, sample=1)


def rows_named(table, name, step=0):
    return [row for row in table.steps[step].rows if row.name == name]


def test_names_stand_in_order_of_appearance(columns):
    assert [(row.name, row.line) for row in columns.steps[0].rows] == [
        ("epoch", 17), ("s", 13), ("A1", 18), ("s", 13), ("A2", 19), ("cost", 20), ("dZ2", 21), ("dZ1", 22),
        ("W2", 23), ("b2", 24), ("W1", 25), ("b1", 26),
    ]  # fmt: skip
    assert [step.iteration for step in columns.steps] == [1, 2]
    assert (columns.line, columns.batch, columns.samples, columns.ending, columns.flags) == (17, "columns", 4, "", ())
    assert [row.function for row in rows_named(columns, "s")] == ["sigmoid", "sigmoid"]


def test_values_are_those_of_the_script(columns):
    rng = np.random.RandomState(4)
    X, Y = np.array([[0, 0, 1, 1], [0, 1, 0, 1]]), np.array([[0, 1, 1, 0]])
    W1, W2 = rng.randn(3, 2), rng.randn(1, 3)
    A1 = sigmoid(W1 @ X)
    A2 = sigmoid(W2 @ A1)
    (a1,), (w2,) = rows_named(columns, "A1"), rows_named(columns, "W2")
    assert a1.numbers.shape == (3, 4)
    assert a1.numbers.of_sample
    np.testing.assert_allclose(a1.numbers.values, A1[:, 1])
    change = -2.0 * (A2 - Y) / 4 @ A1.T
    np.testing.assert_allclose(w2.before.values, W2)
    np.testing.assert_allclose(w2.change.values, change)
    np.testing.assert_allclose(w2.after.values, W2 + change)
    assert w2.norm == pytest.approx(np.linalg.norm(W2))
    assert w2.change_norm == pytest.approx(np.linalg.norm(change))
    np.testing.assert_allclose(rows_named(columns, "W2", 1)[0].before.values, W2 + change)


def test_as_json(columns):
    document = json.loads(to_json(columns.to_dict()))
    assert document["batch"] == {"layout": "columns", "samples": 4}
    first, last = document["steps"][0]["values"][0], document["steps"][1]["values"][-1]
    assert first == {
        "kind": "value", "name": "epoch", "line": 17, "cell": None, "function": None, "shape": [], "of_sample": False, "values": 0.0,
        "min": 0.0, "mean": 0.0, "max": 0.0, "not_finite": 0, "times": 1, "flags": [],
    }  # fmt: skip
    assert (last["kind"], last["name"], last["shape"]) == ("update", "b1", [3, 1])
    assert set(last) >= {"before", "after", "change", "norm", "change_norm", "flags"}


def test_the_sample_of_a_loop_over_samples_is_its_step(script, texts):
    table = trace_script(script(texts.single), 1, sample=2)
    assert (table.batch, table.steps[0].iteration) == ("steps", 3)
    x = rows_named(table, "x")[0]
    np.testing.assert_array_equal(x.numbers.values, [1, 0])


SATURATES = """\
import numpy as np
rng = np.random.default_rng(0)
pixels = rng.random((400, 30))
digits = np.eye(5)[rng.integers(0, 5, 400)]
def squash(v):
    return 1 / (1 + np.exp(-v))
one = rng.normal(size=(30, 6))
two = rng.normal(size=(6, 5))
frozen = rng.normal(size=(6, 5))
for turn in range(50):
    hidden = squash(pixels @ one)
    guess = squash(hidden @ two)
    part = (digits - guess) * guess * (1 - guess)
    back = part @ two.T * hidden * (1 - hidden)
    one += 1e6 * pixels.T @ back
    two += 1e6 * hidden.T @ part
    if turn == 1:
        bad = np.log(two * 0 - 1)
"""


def test_what_is_conspicuous_is_flagged(script):
    table = trace_script(script(SATURATES), 2)
    assert table.flags == (
        "step 2: hidden is saturated: 100 % of its numbers are within 0.007 of 0 or 1",
        "step 2: one was updated on line 15 but did not change",
        "step 2: two was updated on line 16 but did not change",
        "step 2: bad is not finite: 30 of 30 numbers",
    )
    hidden = rows_named(table, "hidden")[0].numbers
    assert hidden.values is None
    assert hidden.shape == (400, 6)
    low, mean, high = hidden.range
    assert 0 < low < mean < high < 1
    bad = rows_named(table, "bad", 1)[0].numbers
    assert (bad.range, bad.not_finite) == (None, 30)


ENTRY_BY_ENTRY = """\
import math
data = [([1.0, 0.0], 1.0), ([0.0, 1.0], 0.0)]
weights = [[0.1, 0.2], [0.3, -0.4]]
out = [0.5, -0.5]
for turn in range(400):
    for x, t in data:
        h = []
        for row in weights:
            h.append(math.tanh(sum(w * v for w, v in zip(row, x))))
        y = sum(w * v for w, v in zip(out, h))
        error = y - t
        for j in range(2):
            for i in range(2):
                weights[j][i] -= 0.1 * error * out[j] * (1 - h[j] ** 2) * x[i]
            out[j] -= 0.1 * error * h[j]
"""


def test_what_is_filled_entry_by_entry_is_one_row(script):
    table = trace_script(script(ENTRY_BY_ENTRY), 1)
    rows = {row.name: row for row in table.steps[0].rows}
    assert isinstance(rows["weights"], UpdateRow)
    assert isinstance(rows["out"], UpdateRow)
    assert rows["out"].line == 15
    error = rows["error"].numbers.values.item()
    assert error == pytest.approx(0.5 * math.tanh(0.1) - 0.5 * math.tanh(0.3) - 1)
    assert "j" not in rows


def test_a_script_that_ends_or_fails_before(script, texts):
    short = texts.columns.replace("range(2000)", "range(4)")
    table = trace_script(script(short), 9)
    assert (len(table.steps), table.ending) == (4, "the script came to its end")
    failing = texts.columns.replace("    b1 -=", "    if epoch == 40:\n        raise ValueError('enough')\n    b1 -=")
    table = trace_script(script(failing), 99)
    assert (len(table.steps), table.ending) == (41, "the script failed: ValueError: enough (line 27)")


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"steps": 0}, "steps must be a whole number of at least 1. Got 0 instead."),
        ({"sample": -1}, "sample must be a whole number of at least 0. Got -1 instead."),
        ({"sample": 4}, "sample 4 is not there: each step of {path} has 4 samples, 0 to 3."),
    ],
)
def test_errors(script, texts, settings, message):
    path = script(texts.columns)
    with pytest.raises(OptionError) as raised:
        trace_script(path, **settings)
    assert str(raised.value) == message.format(path=path)


def test_a_sample_behind_the_last_step(script, texts):
    path = script(texts.single.replace("500", "5"))
    with pytest.raises(OptionError) as raised:
        trace_script(path, sample=20)
    assert str(raised.value) == f"sample 20 is not there: {path} makes only 20 training steps, one for each sample."


def test_a_missing_file(tmp_path):
    with pytest.raises(FileError):
        trace_script(tmp_path / "none.py")


def test_no_training_step(script):
    with pytest.raises(UsageError, match="no training step was found in"):
        trace_script(script("x = 3\n"))
