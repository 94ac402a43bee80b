import ast

import pytest

from unstuck.doctor.checks.evaluation_static import check
from unstuck.doctor.patch import apply_edits
from unstuck.doctor.scripts.source import source_of

POST_003 = """import numpy as np
import mnist
def sigmoid(x):
    return 1 / (1 + np.exp(-x))
def train(n, inputs):
    input_layer = inputs
    weights1 = np.random.random((784, 16))
    for i in range(n):
        hidden = sigmoid(np.dot(input_layer, weights1))
        error = outputs - hidden
        w1 = np.dot(input_layer.T, error * hidden * (1 - hidden))
        weights1 += w1
    return hidden
x_train, t_train, x_test, t_test = mnist.load()
inputs = x_test/256
outputs = np.zeros((10000, 16))
for i in range(10000):
    x = t_test[int(i)]
    outputs[i][x] = 1
set = train(10, inputs)
"""


def found(text):
    source = source_of(text)
    return list(check(ast.parse(source.text), source))


def test_post_003():
    (finding,) = found(POST_003)
    assert finding.message == (
        "The network is trained on the test data: x_test goes into the update of line 12, and x_train is never read."
    )
    assert (finding.fault, finding.severity) == ("evaluation", "unproven")
    assert (finding.location.line, finding.location.column, finding.lines) == (15, 9, (12, 14, 15))
    assert finding.evidence == {"uses of x_train": 0, "uses of x_test": 1, "update": "weights1 += w1"}
    assert finding.remedies[0].summary == "Train on x_train, and keep x_test for judging the result."


def test_post_003_done_right():
    assert found(POST_003.replace("= x_test/256", "= x_train/256").replace("t_test[", "t_train[")) == []


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (
            "(x_train, y_train), (x_test, y_test) = load()\nw = 0\nfor i in r:\n    w -= (w * x_test - y_test) * x_test\n",
            4,
        ),
        ("X_train, X_test, y_train, y_test = split(X, y)\nmodel.fit(X_test, y_test)\n", 2),
        ("train_x, val_x = load()\nw = 0\nfor i in r:\n    for x in val_x:\n        w = w - w * x\n", 5),
    ],
)
def test_other_ways_to_train_on_the_test_data(text, line):
    (finding,) = found(text)
    assert f"goes into the update of line {line}, and" in finding.message


SPLIT = "x_train, x_test = load()\nw = 0\n"


@pytest.mark.parametrize(
    "text",
    [
        SPLIT + "for i in r:\n    w -= w * x_train\nprint(f(w, x_test))\n",
        SPLIT + "w = read('weights')\nscore = 0\nfor x in x_test:\n    score += w * x\nprint(score)\n",
        SPLIT + "for i in r:\n    w -= w * other\nprint(f(w, x_test))\n",
        SPLIT + "for i in r:\n    w -= w * x_test.shape[0]\n",
        "x_train = load('a')\nx_test = load('b')\nw = 0\nfor i in r:\n    w -= w * x_test\n",
        "x_train, y_test = load()\nw = 0\nfor i in r:\n    w -= w * y_test\n",
        "a, b = load()\nw = 0\nfor i in r:\n    w -= w * b\n",
        SPLIT + "for i in r:\n    w -= w * x_test\nprint(globals()['x_train'])\n",
        "x_train, x_test = 1, 2\nw = 0\nfor i in r:\n    w -= w * x_test\n",
        SPLIT + "model.fit(x_train)\nmodel.predict(x_test)\n",
    ],
)
def test_right_scripts_draw_nothing(text):
    assert found(text) == []


def test_an_accuracy_on_test_data_that_nothing_reads():
    text = SPLIT + "for i in r:\n    w -= w * x_train\nacc = mean(p == t)\nprint('test accuracy:', acc)\n"
    (finding,) = found(text)
    assert finding.message == (
        "This is printed as the accuracy on test data, but nothing reads x_test, so it is not measured on it."
    )
    assert (finding.location.line, finding.lines) == (6, (1, 6))


@pytest.mark.parametrize(
    "text",
    [
        SPLIT + "use(x_train)\nprint('train accuracy', acc)\n",
        SPLIT + "use(x_train)\nprint('test accuracy')\n",
        SPLIT + "use(x_train)\nprint(f'accuracy {acc}')\n",
        SPLIT + "use(x_train)\nprint('test accuracy', f(test_images))\n",
        SPLIT + "def test():\n    pass\nuse(x_train)\nprint('test accuracy', acc)\n",
        SPLIT + "use(x_train)\nprint('test accuracy', f(x_test))\n",
    ],
)
def test_other_printed_accuracies_draw_nothing(text):
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "new"),
    [
        ("accuracy = correct // total\n", "accuracy = correct / total\n"),
        ("acc = correct // len(y) * 100\n", "acc = correct / len(y) * 100\n"),
        ("self.acc = np.sum(p == y) // n\n", "self.acc = np.sum(p == y) / n\n"),
        ("genauigkeit = 100 * (richtig // alle)\n", "genauigkeit = 100 * (richtig / alle)\n"),
    ],
)
def test_an_accuracy_in_whole_numbers(text, new):
    (finding,) = found(text)
    name = text.split(" =")[0]
    assert finding.message.startswith(f"{name} is 0 unless every answer is right, since // in ")
    assert apply_edits(text, finding.remedies[0].edits) == new


@pytest.mark.parametrize(
    "text",
    [
        "accuracy = correct / total\n",
        "accuracy = 100 * correct // total\n",
        "correct = correct * 100\naccuracy = correct // total\n",
        "correct *= 100\naccuracy = correct // total\n",
        "batches = n // batch_size\n",
        "accuracy = round(x) // 2\n",
    ],
)
def test_other_whole_divisions_draw_nothing(text):
    assert found(text) == []


@pytest.mark.parametrize(
    "text", ["np.mean(y == y)\n", "accuracy_score(y_test, y_test)\n", "(y == y).x(np.sum(p.T == p.T))\n"]
)
def test_a_comparison_with_itself(text):
    (finding,) = found(text)
    assert finding.message.endswith("with itself, which is always equal.")


@pytest.mark.parametrize(
    "text", ["np.mean(p == y)\n", "np.sum(x != x)\n", "np.mean(f() == f())\n", "accuracy_score(p, y)\n", "y == y\n"]
)
def test_other_comparisons_draw_nothing(text):
    assert found(text) == []
