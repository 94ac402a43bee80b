"""Taking reports out of an instrumented program."""

import ast
import textwrap

import pytest

from unstuck.doctor.scripts import hooks
from unstuck.doctor.scripts.instrument import instrument
from unstuck.doctor.scripts.source import source_of

TEXT = """
w = [3.0, 2.0]
total = 1.0
for i in range(3):
    w[0] = w[0] - 1
    total += w[0] * 2
    obj.a = total - 1
squares = [abs(s) for s in w]
while total > 100:
    total = 0.0
a, b = 1.0, 2.0
w[1] -= 1
total -= a
total = np.subtract(total, b)
print(total)
"""


def names_of(tree):
    return [
        node.func.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in hooks.NAMES
    ]


def test_of_nothing_wanted_nothing_is_left():
    program = instrument(source_of(TEXT))
    assert set(names_of(program.tree)) == set(hooks.NAMES) - {hooks.DOT}
    hooks.keep_only(program.tree, frozenset(), frozenset())
    assert names_of(program.tree) == []
    plain = [line for line in ast.unparse(program.tree).splitlines() if line.strip() != "pass"]
    assert plain == ast.unparse(ast.parse(TEXT)).splitlines()


def test_a_product_stays_on_the_tape_whatever_is_wanted():
    program = instrument(source_of("a = X.dot(W) + b\n"))
    hooks.keep_only(program.tree, frozenset(), frozenset())
    assert ast.unparse(program.tree) == f"a = {hooks.DOT}(X, W) + b"


def test_everything_wanted_stays():
    program = instrument(source_of(TEXT))
    before = ast.dump(program.tree)
    hooks.keep_only(program.tree, frozenset(range(len(program.sites))), frozenset(range(len(program.loops))))
    assert ast.dump(program.tree) == before


@pytest.mark.parametrize("kind", ["item", "difference", "updated", "assigned", "unpacked", "loop-target"])
def test_one_site_is_kept(kind):
    program = instrument(source_of(TEXT))
    site = next(site for site in program.sites if site.kind == kind)
    hooks.keep_only(program.tree, frozenset({site.number}), frozenset())
    calls = [
        node
        for node in ast.walk(program.tree)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in hooks.NAMES
    ]
    assert [call.args[0].value for call in calls] == [site.number]


def test_one_loop_is_kept():
    for loop, expected in (
        (0, {hooks.ITERATE, hooks.TOP, hooks.BOTTOM}),
        (1, {hooks.WALK}),
        (2, {hooks.TOP, hooks.BOTTOM}),
    ):
        program = instrument(source_of(TEXT))
        hooks.keep_only(program.tree, frozenset(), frozenset({loop}))
        assert set(names_of(program.tree)) == expected


def test_assignments_of_the_script_itself_stay():
    tree = ast.parse(textwrap.dedent("a = b = c\nx[0] = x[0]\nf(1)\ng.h()\ny = y\n"))
    hooks.keep_only(tree, frozenset(), frozenset())
    assert ast.unparse(tree).splitlines() == ["a = b = c", "x[0] = x[0]", "f(1)", "g.h()", "pass"]


def test_calls_of_hooks():
    assert ast.unparse(hooks.call(hooks.VALUE, 3, ast.Name("x"))) == "__unstuck_value__(3, x)"
    assert ast.unparse(hooks.statement(hooks.TOP, 1)) == "__unstuck_top__(1)"
