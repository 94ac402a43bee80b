import ast

import pytest

from unstuck.doctor.checks.shapes.keys import key_of
from unstuck.doctor.checks.shapes.scope import Value, whole_number

VALUES = {"i": whole_number(2), "X": Value((3,)), "unknown": None}


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("'W1'", "W1"),
        ("3", 3),
        ("i", 2),
        ("i + 1", 3),
        ("'W' + str(i - 1)", "W1"),
        ("f'W{i}'", "W2"),
        ("f'W{i:02}'", None),
        ("f'W{unknown}'", None),
        ("X", None),
        ("unknown", None),
        ("nowhere", None),
        ("True", None),
        ("i * 2", None),
        ("'W' + i", None),
        ("str(unknown)", None),
        ("f(i)", None),
        ("1.5", None),
    ],
)
def test_a_key(text, key):
    assert key_of(ast.parse(text, mode="eval").body, VALUES) == key
