"""What modules are customarily called, and where imports stand."""

from __future__ import annotations

import ast

CUSTOMARY = {
    "copy": "copy",
    "csv": "csv",
    "gzip": "gzip",
    "json": "json",
    "math": "math",
    "mpl": "matplotlib",
    "np": "numpy",
    "numpy": "numpy",
    "os": "os",
    "pd": "pandas",
    "pickle": "pickle",
    "plt": "matplotlib.pyplot",
    "random": "random",
    "sns": "seaborn",
    "sys": "sys",
    "tf": "tensorflow",
    "time": "time",
    "torch": "torch",
}
"""What stands behind a name that scripts use for a module."""

WRITTEN_BY_HAND = {
    "leaky_relu": "def leaky_relu(x): return np.where(x > 0, x, 0.01 * x)",
    "relu": "def relu(x): return np.maximum(0, x)",
    "sigmoid": "def sigmoid(x): return 1 / (1 + np.exp(-x))",
    "softmax": "def softmax(x): e = np.exp(x - x.max(axis=1, keepdims=True)); return e / e.sum(axis=1, keepdims=True)",
}
"""Functions that many expect of NumPy, which has none of them."""


def first_import_line(tree: ast.Module) -> int:
    r"""Return the line before which an import may be inserted: after a docstring and ``from __future__`` imports.

    >>> first_import_line(ast.parse("'''Text.'''\nx = 1"))
    2
    """
    line = 1
    for statement in tree.body:
        is_text = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
        is_future = isinstance(statement, ast.ImportFrom) and statement.module == "__future__"
        if not (is_text or is_future):
            return max(line, min([statement.lineno, *_decorator_lines(statement)]))
        line = (statement.end_lineno or statement.lineno) + 1
    return line


def _decorator_lines(statement: ast.stmt) -> list[int]:
    return [decorator.lineno for decorator in getattr(statement, "decorator_list", ())]
