import ast

import numpy as np
import pytest

from unstuck.doctor.checks.shapes.expressions import Evaluator
from unstuck.doctor.checks.shapes.scope import MisfitError

VALUES = {
    "X": np.ones((4, 3)),
    "W": np.ones((3, 2)),
    "b": np.ones(2),
    "c": np.ones((4, 1)),
    "M": np.ones((3, 4)).view(np.matrix),
    "n": 4,
    "i": 1,
    "rate": 0.1,
    "rows": [[1, 2, 3], [4, 5, 6]],
    "sizes": (3, 2),
    "cube": np.ones((2, 3, 4)),
}

KNOWN = [
    *("X", "X.T", "X @ W", "X.dot(W)", "np.dot(X, W) + b", "np.matmul(X, W) * rate", "-X", "X ** 2", "X > 0"),
    *("X - c", "X / X.sum()", "rate * (X @ W + b)", "np.add(X, c)", "np.maximum(0, X)", "np.where(X > 0, X, c)"),
    *(
        "M * X",
        "X * 2",
        "M * 2",
        "M.T",
        "X.shape",
        "X.shape[0]",
        "X.shape[1] * 2",
        "len(X)",
        "X.ndim",
        "n // 2",
        "n - 1",
    ),
    *(
        "X[0]",
        "X[:, 1]",
        "X[i]",
        "X[1:3]",
        "X[:, None]",
        "X[:, np.newaxis]",
        "X[..., 0]",
        "b[None, :]",
        "X[-1]",
        "X[:n]",
    ),
    *("np.exp(X)", "1 / (1 + np.exp(-X @ W))", "np.sum(X)", "X.sum(axis=0)", "np.sum(X, axis=1, keepdims=True)"),
    *(
        "X.mean(1)",
        "np.max(X, axis=-1)",
        "X.argmax(axis=1)",
        "np.log(X).mean()",
        "np.mean(X, axis=None, keepdims=True)",
    ),
    *("np.zeros((n, 2))", "np.zeros(n)", "np.zeros(X.shape)", "np.ones((X.shape[0], 1))", "np.zeros_like(W)"),
    *("np.random.randn(3, n)", "np.random.rand()", "np.random.random((2, n))", "np.random.normal(0, 1, (n, 2))"),
    *("np.random.uniform(size=(n, 2))", "np.eye(n)", "np.eye(2, 5)", "np.full((2, n), 1.0)", "np.zeros(sizes)"),
    *(
        "X.reshape(3, 4)",
        "X.reshape((2, -1))",
        "np.reshape(X, (12, 1))",
        "X.ravel()",
        "X.flatten()",
        "X.reshape(-1, 1)",
    ),
    *("np.transpose(X)", "X.transpose()", "np.outer(b, b)", "np.expand_dims(b, 0)", "np.expand_dims(b, -1)"),
    *("np.squeeze(c)", "c.squeeze()", "np.atleast_2d(b)", "np.concatenate([X, X])", "np.concatenate((X, c), axis=1)"),
    *("np.hstack((X, c))", "np.hstack((b, b))", "np.vstack([b, b])", "np.column_stack([b, b])", "np.append(X, c)"),
    *("np.append(X, X, axis=0)", "np.array([[1, 2], [3, 4], [5, 6]])", "np.array(rows)", "[1, 2]", "rows[0]", "(1, 2)"),
    *(
        "X.copy()",
        "X.astype(int)",
        "abs(X)",
        "X.tolist()",
        "float(n)",
        "int(rate)",
        "cube @ np.ones((4, 2))",
        "X.clip(0, 1)",
    ),
]


@pytest.mark.filterwarnings("ignore:the matrix subclass")
@pytest.mark.parametrize("text", KNOWN)
def test_a_known_shape_is_what_numpy_does(scope_for, text):
    shape = Evaluator(scope_for(VALUES)).shape(ast.parse(text, mode="eval").body)
    assert shape == np.shape(eval(text, {**VALUES, "np": np}))  # noqa: S307 (the expressions are our own)


UNKNOWN = [
    *(
        "unknown",
        "unknown.T",
        "X + unknown",
        "f(X)",
        "np.qwertz(X)",
        "X[unknown]",
        "X[X > 0]",
        "rows + rows",
        "rows * 2",
    ),
    *("lambda: X @ X", "[x @ x for x in X]", "np.array(rows, ndmin=3)", "np.sum(X, axis=unknown)", "np.zeros(unknown)"),
    *("X.sum(axis=(0, 1))", "np.zeros(*sizes)", "np.zeros(**{})", "not X", "n // 0", "X if n else W", "rows.T", "'a'"),
    *("np.transpose(cube, (0, 2, 1))", "np.squeeze(c, axis=1)", "np.concatenate(unknown)", "np.hstack([unknown, b])"),
    *(
        "np.zeros((n, -1))",
        "np.random.randn(-1)",
        "np.random.randn(unknown)",
        "np.eye(unknown)",
        "X[::unknown]",
        "1 < n < 3",
    ),
    *(
        "np.append(X, unknown)",
        "np.append(X, X, axis=unknown)",
        "np.outer(unknown, b)",
        "X.reshape(3, unknown)",
        "X in rows",
    ),
    *(
        "X[9]",
        "np.column_stack([unknown])",
        "np.vstack([1, 2])",
        "len(unknown)",
        "int(X)",
        "np.expand_dims(unknown, 0)",
    ),
    *("np.reshape(X, (2, 6), order='F')", "np.ravel(unknown)", "np.transpose(unknown)", "np.squeeze(unknown)"),
    *("np.atleast_2d(unknown)", "np.asmatrix(unknown)", "unknown.tolist()"),
]


@pytest.mark.parametrize("text", UNKNOWN)
def test_what_cannot_be_known_is_not_guessed(scope_for, text):
    assert Evaluator(scope_for(VALUES)).shape(ast.parse(text, mode="eval").body) is None


MISFITS = [
    ("X @ X", "X @ X", [(4, 3), (4, 3)]),
    ("np.exp(np.dot(W, X)) + b", "np.dot(W, X)", [(3, 2), (4, 3)]),
    ("X + b", "X + b", [(4, 3), (2,)]),
    ("np.sum(X - b)", "X - b", [(4, 3), (2,)]),
    ("X.dot(X)", "X.dot(X)", [(4, 3), (4, 3)]),
    ("np.maximum(X, b)", "np.maximum(X, b)", [(4, 3), (2,)]),
    ("np.concatenate([X, W])", "np.concatenate([X, W])", []),
    ("X.reshape(5, 5)", "X.reshape(5, 5)", [(4, 3), (), ()]),
    ("X.sum(axis=2)", "X.sum(axis=2)", [(4, 3)]),
    ("f(X @ X)", "X @ X", [(4, 3), (4, 3)]),
    ("[X, X @ X]", "X @ X", [(4, 3), (4, 3)]),
    ("X > b", "X > b", [(4, 3), (2,)]),
    ("X @ 2", "X @ 2", [(4, 3), ()]),
    ("M * M", "M * M", [(3, 4), (3, 4)]),
]


@pytest.mark.filterwarnings("ignore:the matrix subclass")
@pytest.mark.parametrize(("text", "wrong", "shapes"), MISFITS)
def test_the_first_misfit_is_found(scope_for, text, wrong, shapes):
    with pytest.raises(MisfitError) as caught:
        Evaluator(scope_for(VALUES)).value(ast.parse(text, mode="eval").body)
    assert ast.unparse(caught.value.node) == wrong
    if shapes:
        assert [shape for _, shape in caught.value.operands] == shapes
    with pytest.raises((ValueError, TypeError, IndexError)):
        eval(text, {**VALUES, "np": np, "f": abs})  # noqa: S307 (the expressions are our own)


def test_attributes_and_entries_are_known_by_their_text(scope_for):
    values = {"self.W": np.ones((3, 2)), "params['W1']": np.ones((2, 5)), "layers[0]": np.ones((5, 1)), "l": 1}
    evaluator = Evaluator(scope_for(values))
    for text, shape in (
        ("self.W @ params['W' + str(l)]", (3, 5)),
        ("params[f'W{l}'] @ layers[l - 1]", (2, 1)),
        ("self.W.T", (2, 3)),
        ("params['W2']", None),
    ):
        assert evaluator.shape(ast.parse(text, mode="eval").body) == shape


def test_numbers_are_worked_out(scope_for):
    value = Evaluator(scope_for(VALUES)).value(ast.parse("(X.shape[0] + 2) // 2 - len(b) * -1", mode="eval").body)
    assert value.number == 5


def test_a_list_plus_an_array_is_an_array(scope_for):
    evaluator = Evaluator(scope_for({"rows": [1, 2, 3], "X": np.ones((4, 3))}))
    assert evaluator.shape(ast.parse("rows + X", mode="eval").body) == (4, 3)


def test_names_imported_from_numpy_are_known(scope_for):
    scope = scope_for({"X": np.ones((4, 3))}, "from numpy import dot as product\nfrom numpy import *")
    assert Evaluator(scope).shape(ast.parse("product(X, transpose(X))", mode="eval").body) == (4, 4)
