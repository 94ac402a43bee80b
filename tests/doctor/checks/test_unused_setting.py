import ast
import json

import pytest

from unstuck.doctor.checks.unused_setting import check
from unstuck.doctor.patch import apply_edits
from unstuck.doctor.scripts.source import read_source, source_of

LOOP = "for i in range(9):\n    w = w - 0.03 * dw\n"
USED = "for i in range(9):\n    w = w - lr * dw\n"


def found(text):
    source = source_of(text)
    return list(check(ast.parse(source.text), source))


def messages(text):
    return [finding.message for finding in found(text)]


def test_post_000():
    text = "learning_rate = 0.1\nS = 5\nfor i in range(9):\n    w1 = w1 - dW1 * 0.03\n    b1 = b1 - dB1 * 0.03\n"
    (finding,) = found(text)
    assert finding.message == (
        "learning_rate = 0.1 has no effect: nothing reads learning_rate; "
        "the update in line 4 uses 0.03, written out, instead."
    )
    assert (finding.fault, finding.severity) == ("unused-setting", "harmless")
    assert (finding.location.line, finding.lines) == (1, (1, 4, 5))
    assert finding.evidence == {"places that read it": 0, "numbers in the updates": ["0.03"]}
    assert finding.remedies[0].summary == "Write learning_rate instead of 0.03 in the updates."
    mended = apply_edits(text, finding.remedies[0].edits)
    assert mended == text.replace("0.03", "learning_rate")
    assert found(mended) == []


def test_different_numbers_are_not_replaced():
    (finding,) = found("lr = 0.1\nfor i in range(9):\n    w -= 0.03 * dw\n    b -= 0.3 * db\n")
    assert finding.remedies[0].summary == "Write lr instead of 0.03 or 0.3 in the updates."
    assert finding.remedies[0].edits == ()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("epochs = 100\n" + LOOP, "epochs = 100 has no effect: nothing reads epochs."),
        ("batch_size: int = 32\n" + LOOP, "batch_size = 32 has no effect: nothing reads batch_size."),
        ("traegheit = 0.9\n" + LOOP, "traegheit = 0.9 has no effect: nothing reads traegheit."),
        ("lunshu = 100\n" + LOOP, "lunshu = 100 has no effect: nothing reads lunshu."),
        ("step_width = 0.1\n" + LOOP, "step_width = 0.1 has no effect: nothing reads step_width."),
        ("momentum = 0.9\nmomentum *= 0.99\n" + LOOP, "momentum = 0.9 has no effect: nothing reads momentum."),
        ("n_hidden, epochs = 5, 9\nw = f(n_hidden)\n" + LOOP, "epochs = 9 has no effect: nothing reads epochs."),
        ("lr = 0.1\ndef train(lr):\n    return lr\ntrain(0.5)\n", "lr = 0.1 has no effect: nothing reads lr."),
    ],
)
def test_settings_that_nothing_reads(text, message):
    assert messages(text) == [message]


def test_only_the_name_of_one_among_several_is_the_place():
    (finding,) = found("n_hidden, epochs = 5, 9\nw = f(n_hidden)\n" + LOOP)
    assert (finding.location.column, finding.location.end_column) == (10, 16)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("lr = 0.1\nlr = 0.5\n" + USED, "lr = 0.1 has no effect: line 2 makes lr 0.5 before anything reads it."),
        (
            "lr = 0.1\nx = 3\ndef f(a):\n    return a\nlr = 0.5\n" + USED,
            "lr = 0.1 has no effect: line 5 makes lr 0.5 before anything reads it.",
        ),
        (
            "if __name__ == '__main__':\n    epochs = 10\n    epochs = 20\n    for i in range(epochs):\n        f()\n",
            "epochs = 10 has no effect: line 3 makes epochs 20 before anything reads it.",
        ),
    ],
)
def test_settings_that_are_overwritten(text, message):
    assert messages(text) == [message]


@pytest.mark.parametrize(
    "text",
    [
        "lr = 0.1\n" + USED,
        "lr = 0.1\nprint(lr)\n" + LOOP,
        "lr = 0.1\nprint(f'{lr}')\n" + LOOP,
        "lr = 0.1\ndef step(w):\n    return w - lr\nstep(3)\n",
        "lr = 0.1\ntrain(X, y, lr)\n",
        "lr = 0.1\ntrain(X, y, rate=lr)\n",
        "lr = 0.1\ndef train(rate=lr):\n    return rate\ntrain()\n",
        "lr = 0.1\nlr = lr * 0.9 if c else 1\n" + LOOP,
        "lr = 0.1\n" + USED + "lr = 0.2\n" + USED,
        "lr = 0.1\nif c:\n    lr = 0.2\n" + USED,
        "lr = 0.1\ndef train():\n    return lr\ntrain()\nlr = 0.2\ntrain()\n",
        "lr = 0.1\nf = lambda: lr\nf()\nlr = 0.2\nf()\n",
        "epochs = 9\nfor epoch in range(epochs):\n    f()\n",
        "test_size = 5\nseed = 3\n" + LOOP,
        "test_X = [0.1]\ntest_y = 3\n" + LOOP,
        "eps = 1\n" + LOOP,
        "threshold = 0.5\nfor i in range(9):\n    w -= rate * dw\n",
        "lr = 0.1\nprint(eval('lr'))\n" + LOOP,
        "lr = 0.1\nprint(globals()['lr'])\n" + LOOP,
        "__all__ = ['lr']\nlr = 0.1\n" + LOOP,
        "lr = 0.1\nepochs = 10\n",
        "lr = 0.1\ndef train():\n    pass\n",
        "global_step = 0\nfor i in range(9):\n    global_step += 1\n",
        "for epochs in range(10):\n    f()\n",
        "class A:\n    lr = 0.1\nA()\n",
        "x = 0.1\nx = 0.2\n" + LOOP.replace("dw", "x"),
    ],
)
def test_right_scripts_draw_nothing(text):
    assert found(text) == []


def test_a_notebook_that_hands_a_setting_to_a_shell(tmp_path):
    path = tmp_path / "net.ipynb"
    cells = [
        {"cell_type": "code", "source": text} for text in ("epochs = 9", "!python train.py --epochs $epochs", LOOP)
    ]
    path.write_text(json.dumps({"cells": cells}))
    source = read_source(path)
    assert list(check(ast.parse(source.text), source)) == []
