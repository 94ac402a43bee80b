"""Where variables are made."""

import ast

import pytest

from unstuck.doctor.scripts.creation import creation_of, draws_in
from unstuck.doctor.scripts.script_step import StepVariable

_TEXT = """
a, b = randn(2), zeros(3)
class Net:
    def __init__(self):
        self.W: object = rng.normal(size=3)
        self.layers = [uniform(1), uniform(2)]
P = {"V": gauss(0, 1), "c": zeros(2)}
P["d"] = zeros(9)
Q = dict(e=zeros(8))
L = [randn(i) for i in range(3)]
"""


@pytest.mark.parametrize(
    ("root", "steps", "made"),
    [
        ("a", (), "randn(2)"),
        ("b", (), "zeros(3)"),
        ("net", (("attribute", "W"),), "rng.normal(size=3)"),
        ("net", (("attribute", "layers"), ("item", 1)), "uniform(2)"),
        ("P", (("item", "V"),), "gauss(0, 1)"),
        ("P", (("item", "d"),), "zeros(9)"),
        ("Q", (("item", "e"),), "zeros(8)"),
        ("L", (("item", 2),), "randn(i)"),
        ("missing", (), None),
    ],
)
def test_creation(root, steps, made):
    variable = StepVariable(0, root, root, steps, (1,), False, True, None)
    found = creation_of(ast.parse(_TEXT), variable)
    assert (None if found is None else ast.unparse(found)) == made


def test_draws():
    assert draws_in(ast.parse("0.1 * rng.normal(0, 1) + np.zeros(2) + np.random.rand()")) == {
        "rng.normal",
        "np.random.rand",
    }
    assert draws_in(None) == set()
