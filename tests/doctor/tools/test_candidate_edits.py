"""Edits that need each other, and how they are shown."""

from unstuck.doctor.scripts.source import source_of
from unstuck.doctor.tools.candidate_edits import compare_texts


def candidates(before, after):
    found = compare_texts(source_of(before), source_of(after)).candidates
    return [
        ([f"{line.sign}{line.line} {line.text}" for line in each.lines], each.needs, each.shows_only) for each in found
    ]


def test_a_name_is_made_with_what_uses_it():
    before = "import numpy as np\nw = 1\nfor i in range(3):\n    w += g(w)\n    w = w * 1\n"
    after = "import numpy as np\nrate = 0.5\nw = 1\nfor i in range(3):\n    w -= g(w) * rate\n    w = w * 1\n"
    assert candidates(before, after) == [
        (["-4     w += g(w)", "+4     w -= g(w)"], (), False),
        (["+2 rate = 0.5", "-4     w += g(w)", "+4     w += g(w) * rate"], (), False),
    ]


def test_a_name_that_changes_everywhere_is_one_edit():
    before = "hidden = f(x)\nout = g(hidden)\nprint(hidden)\n"
    after = "layer = f(x)\nout = g(layer)\nprint(layer)\n"
    (only,) = candidates(before, after)
    assert only[0] == [
        "-1 hidden = f(x)", "+1 layer = f(x)", "-2 out = g(hidden)", "+2 out = g(layer)", "-3 print(hidden)", "+3 print(layer)",
    ]  # fmt: skip


def test_the_same_name_in_another_function_is_another():
    before = "def f(x):\n    return x\nx = 1\ny = f(x)\n"
    after = "def f(x):\n    return x\nz = 1\ny = f(z)\n"
    assert len(candidates(before, after)) == 1


def test_an_edit_that_contains_another_shows_only_its_own():
    before = "a = 1\nb = 2\nuse(a)\nkeep(b)\n"
    after = "a = 1\nn = 3\nb = n\nuse(a, n)\nkeep(b)\n"
    found = candidates(before, after)
    assert [entry[0] for entry in found] == [
        ["+2 n = 3", "-2 b = 2", "+2 b = n"],
        ["+2 n = 3", "-3 use(a)", "+3 use(a, n)"],
    ]


def test_a_call_goes_with_the_signature():
    before = "def train(x):\n    return x\ntrain(1)\n"
    after = "def train(x, rate):\n    return x * rate\ntrain(1, 2)\n"
    assert candidates(before, after) == [
        (["-1 def train(x):", "+1 def train(x, rate):", "-3 train(1)", "+3 train(1, 2)"], (), False),
        (["-2     return x", "+2     return x * rate"], (1,), False),
    ]


def test_a_loop_target_goes_with_its_loop():
    before = "for j in range(n):\n    x = X[j]\n    step(x)\n"
    after = "for x in X:\n    step(x)\n"
    assert len(candidates(before, after)) == 1


def test_prints_and_plots_need_no_trial():
    before = "import numpy as np\nimport matplotlib as plt\nx = 1\nprint(x)\n"
    after = "import numpy as np\nimport matplotlib.pyplot as plt\nx = 1\nprint('x', x)\nif x:\n    plt.plot(x)\n    plt.show()\n"
    assert [entry[2] for entry in candidates(before, after)] == [True, True, True]
    assert [entry[2] for entry in candidates("x = 1\nprint(x)\n", "x = 2\nprint(x + 1)\n")] == [False, True]


def test_lines_are_those_of_the_author():
    before = "w = w - 0.03*dw   # step\nd = A2 - Y;\n"
    after = "w = w - 0.3*dw\nd = (A2 - Y) * s (Z2)\n"
    assert [entry[0] for entry in candidates(before, after)] == [
        ["-1 w = w - 0.03*dw   # step", "+1 w = w - 0.3*dw   # step"],
        ["-2 d = A2 - Y;", "+2 d = (A2 - Y) * s (Z2);"],
    ]


def test_brackets_come_where_they_are_needed():
    (only,) = candidates("d = e / 4\n", "d = (e * k(z)) / 4\n")
    assert only[0] == ["-1 d = e / 4", "+1 d = (e * k(z)) / 4"]


def test_what_cannot_be_shown_in_part_is_shown_as_the_second_version_has_it():
    (only,) = candidates("if a < b:\n    go()\n", "if a <= b:\n    go()\n")
    assert only[0] == ["-1 if a < b:", "+1 if a <= b:"]
