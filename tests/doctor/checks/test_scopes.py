import ast

from unstuck.doctor.checks.scopes import function_around, names_given, statement_at

TREE = ast.parse("""
size = 3
def train(X, *, rate=0.1):
    def inner(t):
        return t * size
    for epoch in range(9):
        step = rate * X
train(size)
""")


def test_the_innermost_function_around_a_line():
    assert [getattr(function_around(TREE, line), "name", None) for line in (2, 5, 7, 8)] == [
        None,
        "inner",
        "train",
        None,
    ]


def test_names_of_a_function_of_its_own():
    assert names_given(function_around(TREE, 7)) == {"X", "rate", "epoch", "step"}


def test_the_statement_at_a_line():
    assert isinstance(statement_at(TREE, 6), ast.For)
    assert statement_at(TREE, None) is None
