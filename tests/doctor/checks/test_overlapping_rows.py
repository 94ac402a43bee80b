import ast

import pytest

from unstuck.doctor.checks.evaluation_static import check
from unstuck.doctor.scripts.source import source_of


def found(text):
    source = source_of("X, Y = load()\n" + text + "use(train_x, test_x)\n")
    return list(check(ast.parse(source.text), source))


@pytest.mark.parametrize(
    "text",
    [
        "train_x = X[:180]\ntest_x = X[:60]\n",
        "train_x, test_x = X[:, :180], X[:, 100:200]\n",
        "train_x = X[20:]\ntest_x = X[:21, :]\n",
        "train_x = X[0:100, :]\ntest_x = X[50:]\n",
    ],
)
def test_parts_that_overlap(text):
    (finding,) = found(text)
    assert finding.message.startswith("test_x holds rows that the network is trained on: X[")
    assert finding.message.endswith("overlap.")
    assert (finding.fault, finding.severity) == ("evaluation", "unproven")
    assert finding.evidence.keys() == {"train_x", "test_x"}
    assert finding.remedies[0].summary == "Begin test_x where train_x ends."


def test_the_words():
    (finding,) = found("train_x = X[:180]\ntest_x = X[:60]\n")
    assert finding.message == (
        "test_x holds rows that the network is trained on: X[:60] and X[:180], which is train_x in line 2, overlap."
    )
    assert finding.lines == (2, 3)


@pytest.mark.parametrize(
    "text",
    [
        "train_x = X[:180]\ntest_x = X[180:]\n",
        "train_x = X[:180]\ntest_x = X[180:200]\n",
        "train_x = X[:n]\ntest_x = X[:60]\n",
        "train_x = X[:-20]\ntest_x = X[-20:]\n",
        "train_x = X[::2]\ntest_x = X[1::2]\n",
        "train_x = X[:180]\ntest_x = Y[:60]\n",
        "train_x = X[:180]\ntest_x = X[:, :60]\n",
        "train_x = X[:100, :2]\ntest_x = X[:50, :2]\n",
        "train_x = X[:180]\nX = shuffle(X)\ntest_x = X[:60]\n",
        "train_x = X[:180]\ntest_x = X[:60]\ntest_x = load()\n",
        "train_x = X[:180]\ntest_x = X\n",
        "train_x = X[5]\ntest_x = X[5]\n",
        "train_x = a.X[:180]\ntest_x = a.X[:60]\n",
        "first = X[:180]\nsecond = X[:60]\ntrain_x = test_x = 3\n",
    ],
)
def test_other_parts_draw_nothing(text):
    assert found(text) == []
