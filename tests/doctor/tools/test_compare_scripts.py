"""Whole comparisons of scripts like those of the posts, written anew."""

import json
from pathlib import Path

import pytest

from unstuck.cli.documents import to_json
from unstuck.doctor.options import DiagnosisOptions
from unstuck.doctor.tools.compare_scripts import compare_scripts
from unstuck.errors import UsageError

GATES = """\
import numpy as np

# exclusive or, one column for each case
cases = np.array([[0, 0, 1, 1], [0, 1, 0, 1]])
wanted = np.array([[0, 1, 1, 0]])


def squash(t):
    return 1 / (1 + np.exp(-t))


np.random.seed(3)
inner = np.random.randn(5, 2) * 0.01
inner_bias = np.zeros((5, 1))
outer = np.random.randn(1, 5) * 0.01
outer_bias = np.zeros((1, 1))

for turn in range(2000):
    middle = squash(inner @ cases + inner_bias)
    answer = squash(outer @ middle + outer_bias)
    cost = -np.mean(wanted * np.log(answer) + (1 - wanted) * np.log(1 - answer))
    blame = (answer - wanted) / 4
    blame_inner = outer.T @ blame * middle * (1 - middle)
    outer -= 3 * blame @ middle.T
    outer_bias -= 3 * blame.sum(axis=1, keepdims=True)
    inner -= 3 * blame_inner @ cases.T
    inner_bias -= 3 * blame_inner.sum(axis=1, keepdims=True)
Path = open("answers.txt", "w").write(str(answer))
"""

PIXELS = """\
import numpy as np

rng = np.random.default_rng(5)
centres = rng.random((4, 20))
kind = rng.integers(0, 4, 200)
pictures = (centres[kind] + 0.15 * rng.normal(size=(200, 20))).clip(0, 1)
labels = np.eye(4)[kind]


def s(v):
    return 1 / (1 + np.exp(-v))


def learn(rounds):
    first = 2 * rng.random((20, 8)) - 1
    second = 2 * rng.random((8, 4)) - 1
    for r in range(rounds):
        hidden = s(pictures @ first)
        guess = s(hidden @ second)
        miss = labels - guess
        pull = miss * guess * (1 - guess)
        pull_hidden = pull @ second.T * hidden * (1 - hidden)
        step_first = pictures.T @ pull_hidden
        step_second = hidden.T @ pull
        first += step_first
        second += step_second
    return guess


print(learn(200)[:3])
"""

TWIN = """\
import numpy as np

points = [[0, 0, 1], [0, 1, 1], [1, 0, 1], [1, 1, 1]]
answers = [0, 1, 1, 0]
V = np.random.rand(8, 3) / 4
w = np.random.rand(8) / 4
rate = 0.3


def relu(a):
    return np.maximum(0, a)


def sigmoid(a):
    return 1 / (1 + np.exp(-a))


for epoch in range(1500):
    loss = 0
    for x, t in zip(np.array(points), answers):
        z = V @ x
        h = relu(z)
        y = sigmoid(w @ h)
        error = y - t
        w = w - rate * error * h
        V = V - rate * np.outer(error * w * (z >= 0), x)
        loss += abs(error) / 2
"""


@pytest.fixture(scope="module")
def compare(tmp_path_factory):
    def run(before, after, seconds=300.0):
        folder = tmp_path_factory.mktemp("versions")
        (folder / "old.py").write_text(before)
        (folder / "new.py").write_text(after)
        found = compare_scripts(folder / "old.py", folder / "new.py", options=DiagnosisOptions(time_limit=seconds))
        assert sorted(path.name for path in folder.iterdir()) == ["new.py", "old.py"], (
            "nothing is written beside the scripts"
        )
        return found

    return run


def effects(comparison):
    return [edit.tried.effect for edit in comparison.edits]


def test_the_extra_derivative_is_not_what_frees_a_net_from_its_saddle(compare):
    extra = GATES.replace("(answer - wanted) / 4", "(answer - wanted) * answer * (1 - answer) / 4  # derivative")
    larger = extra.replace("randn(5, 2) * 0.01", "randn(5, 2) * 1.5").replace("randn(1, 5) * 0.01", "randn(1, 5) * 1.5")
    found = compare(GATES, larger)
    assert effects(found) == ["makes the difference", "no difference"]
    assert [line.text.strip() for line in found.edits[1].lines] == [
        "blame = (answer - wanted) / 4",
        "blame = ((answer - wanted) * answer * (1 - answer)) / 4",
    ]
    assert (found.metric, found.own_steps, found.as_first.learned, found.as_second.learned) == ("cost", 2000, 0, 3)
    assert found.as_first.final == pytest.approx([0.6931] * 3, abs=1e-3)
    assert max(found.edits[0].tried.final) < 0.05
    assert found.learns
    assert found.sentence.endswith("old.py does not. Edit 1 makes the difference alone.")
    assert found.pairs == ()
    document = json.loads(to_json(found.to_dict()))
    assert document["learns"] == {"first": False, "second": True}
    assert document["edits"][0]["lines"][0] == {
        "sign": "-",
        "line": 13,
        "cell": None,
        "text": "inner = np.random.randn(5, 2) * 0.01",
    }


def test_the_sign_was_right_and_the_rate_was_missing(compare):
    answer = PIXELS.replace(
        "        first += step_first", "        rate = 0.02\n        first -= step_first * rate"
    ).replace("second += step_second", "second -= step_second * rate")
    found = compare(PIXELS, answer)
    assert effects(found) == ["hurts", "makes the difference"]
    assert [line.text.strip() for line in found.edits[1].lines] == [
        "rate = 0.02", "first += step_first", "first += step_first * rate", "second += step_second", "second += step_second * rate",
    ]  # fmt: skip
    assert found.metric == "loss of the outputs"
    assert not found.learns
    assert (
        found.sentence == "Neither version learns. Edit 2 alone would make it learn; with all the others it does not."
    )


def test_twins_with_another_activation(compare):
    """With ReLU the step of V, taken with the updated w, runs away; the sigmoid's forward half alone does not mend it."""
    twin = TWIN.replace("h = relu(z)", "h = sigmoid(z)").replace("w * (z >= 0), x", "w * h * (1 - h), x")
    found = compare(TWIN, twin)
    assert [line.text.strip() for edit in found.edits for line in edit.lines if line.sign == "+"] == [
        "h = sigmoid(z)",
        "V = V - rate * np.outer(error * w * h * (1 - h), x)",
    ]
    assert effects(found)[0] != "makes the difference"
    assert found.edits[0].tried.learned == 0
    assert (found.as_first.learned, found.as_second.learned) == (0, 3)


def test_edits_that_are_both_needed_are_found_together(compare):
    before = PIXELS.replace("+= step", "-= step").replace("learn(200)", "learn(60)")
    after = PIXELS.replace("+= step_first", "+= 0.02 * step_first").replace("+= step_second", "+= 0.02 * step_second")
    found = compare(before, after.replace("learn(200)", "learn(60)"))
    assert "makes the difference" not in effects(found)
    (pair,) = found.pairs
    assert (pair.numbers, pair.tried.effect) == ((1, 2), "makes the difference")
    assert found.sentence.endswith("No edit makes the difference alone: it takes edits 1 and 2 together.")


def test_versions_that_fail(compare):
    after = (
        GATES.replace("inner_bias)", "inner_bias * rate)")
        .replace("* 0.01", "* 1.5")
        .replace("range(2000)", "range(300)")
    )
    found = compare(GATES.replace("range(2000)", "range(300)"), after)
    broken = found.edits[-1].tried
    assert (broken.effect, broken.reason) == ("breaks", "NameError: name 'rate' is not defined")
    assert "new.py fails before it trains: NameError: name 'rate' is not defined" in found.as_second.reason
    assert not found.learns


def test_nothing_to_compare(tmp_path):
    for name, text in (("a.py", "x = 1\n"), ("b.py", "x = 2\n"), ("c.py", "x = (\n")):
        Path(tmp_path / name).write_text(text)
    with pytest.raises(UsageError) as raised:
        compare_scripts(tmp_path / "a.py", tmp_path / "b.py")
    assert str(raised.value).startswith(f"no training step was found in {tmp_path / 'a.py'}: it ran to its end")
    assert f"\nno training step was found in {tmp_path / 'b.py'}" in str(raised.value)
    with pytest.raises(UsageError, match=r"c\.py is not valid Python: line 1"):
        compare_scripts(tmp_path / "a.py", tmp_path / "c.py")
