import ast

import pytest

from unstuck.doctor.checks.imports import Imports

IMPORTS = Imports(
    ast.parse(
        "import numpy as np, os.path\nimport matplotlib.pyplot as plt\nfrom numpy.random import rand as draw, randn\n"
        "from math import *\nfrom . import own\ndef f():\n    import random\n"
    )
)


@pytest.mark.parametrize(
    ("text", "dotted"),
    [
        ("np", "numpy"),
        ("np.random.rand", "numpy.random.rand"),
        ("os.path.join", "os.path.join"),
        ("plt.plot", "matplotlib.pyplot.plot"),
        ("draw", "numpy.random.rand"),
        ("random.seed", "random.seed"),
        ("own", None),
        ("x.T", None),
        ("f()", None),
        ("exp", None),
    ],
)
def test_what_a_name_stands_for(text, dotted):
    assert IMPORTS.dotted(ast.parse(text, mode="eval").body) == dotted


@pytest.mark.parametrize(
    ("text", "name"), [("np.exp", "exp"), ("randn", "random.randn"), ("plt.plot", None), ("exp", None)]
)
def test_names_of_numpy(text, name):
    assert IMPORTS.numpy(ast.parse(text, mode="eval").body) == name


def test_everything_imported_from_numpy():
    imports = Imports(ast.parse("from numpy import *"))
    assert imports.numpy(ast.Name("exp", ast.Load())) == "exp"


def test_the_imports_of_a_module():
    assert [entry.name for entry in IMPORTS.of_module("numpy")] == ["np"]
    assert [entry.dotted for entry in IMPORTS.stars("math")] == ["math"]
    assert IMPORTS.stars("numpy") == ()
