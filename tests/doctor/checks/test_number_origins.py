"""Numbers are found where they are written out, however they come to where they are read."""

import ast

import pytest

from unstuck.doctor.checks.number_origins import NumberOrigins

_TEXTS = {
    "a name of the module": ("rate = 0.5\ndef step(w):\n    return w * rate\n", "rate", "step", [(1, "0.5")]),
    "several names at once": ("n, rate = 3, 1e-5\ndef step(w): return w * rate\n", "rate", "step", [(1, "1e-05")]),
    "an argument, then its default": (
        "def step(w, rate=0.1): return rate * w\nstep(1)\nstep(1, 0.2)\nstep(1, rate=0.3)\n", "rate", "step",
        [(3, "0.2"), (4, "0.3"), (1, "0.1")],
    ),
    "an attribute of an object": (
        ("class Net:\n    def __init__(self, n, eta):\n        self.eta = eta\n    def step(self, w): return self.eta * w\n"
        "Net(2, eta=50)\n"), "self.eta", "step", [(5, "50")],
    ),
    "a field of a dataclass": (
        "class Config:\n    rate: float = 0.1\ndef step(config, w): return config.rate * w\nstep(Config(), 1)\n", "config.rate",
        "step", [(2, "0.1")],
    ),
    "an entry of a dictionary": (
        "options = {'rate': 0.4, 'n': 3}\ndef step(w): return options['rate'] * w\n", "options['rate']", "step", [(1, "0.4")],
    ),
    "a local name hides that of the module": (
        "rate = 0.5\ndef step(w):\n    rate = 0.7\n    return rate * w\n", "rate", "step", [(3, "0.7")],
    ),
    "a computed value": ("rate = f()\ndef step(w): return rate * w\n", "rate", "step", []),
    "names that stand for each other": ("a = b\nb = a\ndef step(w): return a * w\n", "a", "step", []),
}  # fmt: skip


@pytest.mark.parametrize("name", _TEXTS)
def test_where_a_number_comes_from(name):
    text, read, function, expected = _TEXTS[name]
    tree = ast.parse(text)
    within = next(node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name == function)
    found = NumberOrigins(tree).of(ast.parse(read, mode="eval").body, within)
    assert [(number.lineno, ast.unparse(number)) for number in found] == expected
