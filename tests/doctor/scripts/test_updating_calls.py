"""Which names a statement changes by what it calls."""

import ast
import textwrap

import pytest

from unstuck.doctor.scripts.updating_calls import root_of, updating_calls

_SCRIPT = textwrap.dedent(
    """
    w = 1.0
    def by_argument(x, params, rate):
        params["w"] -= rate * x
    def by_global(x):
        global w
        w = w - x
    def by_call(a, b):
        by_argument(a, b, 0.1)
    def of_its_own(x):
        y = x + 1
        y = y * 2
        return y
    class Net:
        def __init__(self):
            self.w = 0
            self.w += 1
        def step(self, g):
            for layer in self.layers:
                layer.w -= g
        def look(self):
            self.seen = 3
    """
)


@pytest.mark.parametrize(
    ("statement", "changed"),
    [
        ("by_argument(1, weights, 2)", {"weights"}),
        ("by_argument(1, rate=2, params=weights[0])", {"weights"}),
        ("by_argument(1, rate=2)", set()),
        ("by_global(3)", {"w"}),
        ("by_call(1, weights)", {"weights"}),
        ("print('loss', net.step(1))", {"net"}),
        ("loss = self.nets[1].step(1)", {"self"}),
        ("of_its_own(3)", set()),
        ("net.look()", set()),
        ("net = Net()", set()),
        ("unknown(net)[0]()", set()),
    ],
)
def test_what_a_statement_changes(statement, changed):
    assert updating_calls(ast.parse(_SCRIPT))(ast.parse(statement).body[0]) == changed


def test_where_a_way_begins():
    assert root_of(ast.parse("net.layers[0].W", mode="eval").body) == "net"
    assert root_of(ast.parse("f().W", mode="eval").body) is None
