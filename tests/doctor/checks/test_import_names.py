import ast

import numpy as np
import pytest

from unstuck.doctor.checks.import_names import CUSTOMARY, WRITTEN_BY_HAND, first_import_line


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("x = 1", 1),
        ("'''Text.'''\nx = 1", 2),
        ("'''Text.'''\nfrom __future__ import annotations\n\nimport sys", 4),
        ("'''Text.'''", 2),
        ("# comment\n@d\ndef f(): pass", 2),
        ("", 1),
    ],
)
def test_where_imports_begin(text, line):
    assert first_import_line(ast.parse(text)) == line


def test_the_functions_to_be_written_by_hand_are_python_and_right():
    names = {"np": np}
    for text in WRITTEN_BY_HAND.values():
        exec(text, names)  # noqa: S102 (the functions are our own)
    x = np.array([[-1.0, 0.0, 2.0]])
    assert names["relu"](x).tolist() == [[0, 0, 2]]
    assert names["leaky_relu"](x).tolist() == [[-0.01, 0, 2]]
    assert names["sigmoid"](x)[0, 1] == 0.5
    assert names["softmax"](x).sum() == pytest.approx(1)


def test_customary_names_stand_for_modules():
    assert CUSTOMARY["np"] == "numpy"
