"""JSON without NaN."""

import json

import numpy as np

from unstuck.cli.documents import to_json


def test_numbers_that_are_not_finite_become_null():
    document = {
        "a": [1.5, float("nan"), (float("inf"), np.float64("-inf"))],
        "b": {"c": np.float64(2.5)},
        "d": None,
        "e": "nan",
    }
    assert json.loads(to_json(document)) == {"a": [1.5, None, [None, None]], "b": {"c": 2.5}, "d": None, "e": "nan"}


def test_it_ends_with_a_line_break():
    assert to_json({}) == "{}\n"
