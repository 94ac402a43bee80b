"""Places of a version found again in a variant."""

import ast

import pytest

from unstuck.doctor.scripts.instrument import instrument
from unstuck.doctor.scripts.source import source_of
from unstuck.doctor.tools.variants import PlaceMap, apply, number_nodes, text_of
from unstuck.doctor.tools.version_edits import version_edits

BEFORE = """\
import numpy as np
def f(z):
    return 1 / (1 + np.exp(-z))
for i in range(9):  # a comment
    a = f(w @ x)
    loss = ((a - y) ** 2).mean()
    w -= 0.1 * (a - y) * x
"""


def versions(after):
    trees = ast.parse(BEFORE), ast.parse(after)
    number_nodes(trees[0], second=False)
    number_nodes(trees[1], second=True)
    return trees


def names(text, *, repeat=False):
    program = instrument(source_of(text), repeat=repeat)
    return [site.name for site in program.sites], [loop.text for loop in program.loops]


@pytest.mark.parametrize(
    "after",
    [
        BEFORE.replace("0.1", "rate * 2").replace("import numpy as np", "import numpy as np\nrate = np.abs(3) - 1"),
        BEFORE.replace("    a = f", "    b = x - 1\n    a = f"),
        BEFORE.replace("    w -= ", "    for j in range(3):\n        k = j - 1\n    w -= "),
    ],
)
def test_sites_are_found_where_the_variant_has_them(after):
    trees = versions(after)
    variant = apply(trees[0], version_edits(*trees))
    sites, loops = PlaceMap(trees[0], repeat=False).into(variant)
    old_names, old_loops = names(BEFORE)
    new_names, new_loops = names(text_of(variant))
    kept = {number: sites.find(number) for number in range(len(old_names)) if sites.find(number) is not None}
    assert len(kept) >= len(old_names) - 2
    plain = [(new_names[new], old_names[old]) for old, new in kept.items() if "0.1" not in old_names[old]]
    assert [new for new, _ in plain] == [old for _, old in plain]
    assert old_loops[0].startswith(new_loops[loops.find(0)])


def test_what_was_replaced_is_gone():
    trees = versions(BEFORE.replace("((a - y) ** 2).mean()", "np.sum((a - y) ** 2) / 2"))
    variant = apply(trees[0], version_edits(*trees))
    old_names, _ = names(BEFORE)
    first, second = PlaceMap(trees[0], repeat=False), PlaceMap(trees[1], repeat=False)
    assert first.into(variant)[0].find(old_names.index("loss")) is None
    new_names, _ = names(text_of(variant))
    assert second.into(variant)[0].find(new_names.index("loss")) == new_names.index("loss")


def test_sites_of_other_modules_move_with_the_length_of_the_script():
    trees = versions("x = a - b\n" + BEFORE)
    variant = apply(trees[0], version_edits(*trees))
    sites, loops = PlaceMap(trees[0], repeat=False).into(variant)
    grown = len(names("x = a - b\n" + BEFORE)[0]) - len(names(BEFORE)[0])
    assert grown > 0
    assert sites.find(1000) == 1000 + grown
    assert loops.find(7) == 7


def test_a_variant_that_is_no_program_has_no_text():
    trees = versions(BEFORE)
    trees[0].body.append(ast.Return(ast.Constant(1)))
    assert text_of(trees[0]) is None
