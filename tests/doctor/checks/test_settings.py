import ast

import pytest

from unstuck.doctor.checks.settings import flat, is_number, numbers_given, settings_given


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("lr = 0.1", ["lr"]),
        ("a = b = 3", ["a", "b"]),
        ("lr, (n, m), x = 0.1, (3, 4), f()", ["lr"]),
        ("lr: float = 0.1", ["lr"]),
        ("lr: float", []),
        ("self.lr = 0.1", []),
        ("lr = rate", []),
        ("lr += 0.1", []),
    ],
)
def test_numbers_given(text, names):
    assert [setting.name for setting in numbers_given(ast.parse(text).body[0])] == names


def test_only_settings_are_given_by_name():
    assert [setting.name for setting in settings_given(ast.parse("lr, x = 0.1, 2").body[0])] == ["lr"]


def test_the_place_of_one_among_several():
    one, two = numbers_given(ast.parse("lr, n = 0.1, 2").body[0])
    assert (one.place.col_offset, two.place.col_offset) == (0, 4)
    alone = next(numbers_given(ast.parse("lr = 0.1").body[0]))
    assert isinstance(alone.place, ast.Assign)


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("1e-3", True),
        ("-1", True),
        ("2 * 0.5", True),
        ("float('1')", False),
        ("int()", False),
        ("round(1)", False),
        ("None", False),
    ],
)
def test_numbers(text, is_one):
    assert is_number(ast.parse(text, mode="eval").body) == is_one


def test_statements_of_blocks_but_not_of_functions():
    text = "a\nif b:\n    c\nelse:\n    d\ntry:\n    e\nexcept E:\n    f\nfinally:\n    g\ndef h():\n    i\n"
    names = [ast.unparse(statement) for statement in flat(ast.parse(text).body) if isinstance(statement, ast.Expr)]
    assert names == ["a", "c", "d", "e", "g", "f"]
