"""What can be read at a place of a script: names, attributes, and entries that its text mentions, and functions of its own."""

from __future__ import annotations

import ast
import builtins
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_MOST = 60
_MOST_FUNCTIONS = 6
_MOST_ENTRIES = 20
_MOST_INDICES = 3
_NO_VALUES = frozenset(["T", "shape", "size", "ndim", "dtype"])
_Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef


def readable(tree: ast.Module, place: ast.expr) -> list[str]:
    """Return the values that an expression may read, as their texts, those nearest to it first."""
    function, owner = _around(tree, place)
    taken = _no_data(tree)
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    near: list[ast.AST] = [function] if function is not None else _top_level(tree)
    far: list[ast.AST] = [] if owner is None else [node for node in owner.body if node is not function]
    texts: dict[str, int] = {}
    for nodes, penalty in ((near, 0), (far, 10_000)):
        for node in (inner for outer in nodes for inner in ast.walk(outer)):
            text = None if id(node) in called else _mentioned(node, taken)
            if text is None or (penalty and not text.startswith("self.")):
                continue
            distance = abs(getattr(node, "lineno", place.lineno) - place.lineno) + penalty
            texts[text] = min(distance, texts.get(text, distance))
    nearest = sorted(texts, key=lambda text: texts[text])[:_MOST]
    return list(dict.fromkeys([*nearest, *_other_entries(tree, nearest), *_same_entries(nearest)]))


def _same_entries(texts: Iterable[str]) -> Iterator[str]:
    """Yield the entries of other lists at the indices at which some list is read."""
    nodes = [ast.parse(text, mode="eval").body for text in texts]
    indices = [
        ast.unparse(node.slice) for node in nodes if isinstance(node, ast.Subscript) and not _is_text(node.slice)
    ]
    names = [ast.unparse(node) for node in nodes if not isinstance(node, ast.Subscript)]
    for index in list(dict.fromkeys(indices))[:_MOST_INDICES]:
        yield from (f"{name}[{index}]" for name in names[:_MOST_ENTRIES] if name != index)


def _other_entries(tree: ast.Module, texts: Iterable[str]) -> Iterator[str]:
    """Yield the other entries of dictionaries of which some entry is read: what was forgotten is not mentioned where it belongs."""
    nodes = [ast.parse(text, mode="eval").body for text in texts]
    known = [node for node in nodes if isinstance(node, ast.Subscript)]
    roots = {ast.unparse(node.value) for node in known if _is_text(node.slice)}
    keys = [key for node in ast.walk(tree) if isinstance(node, ast.Dict) for key in node.keys if key is not None]
    keys += [node.slice for node in ast.walk(tree) if isinstance(node, ast.Subscript)]
    words = list(dict.fromkeys(ast.unparse(key) for key in keys if _is_text(key)))
    yield from (f"{root}[{word}]" for root in sorted(roots) for word in words[:_MOST_ENTRIES])


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def references(expression: ast.expr) -> Iterator[ast.expr]:
    """Yield the parts of an expression that stand for values: names, attributes, entries, not what they are reached through."""
    if isinstance(expression, ast.Attribute) and expression.attr in _NO_VALUES:
        yield from references(expression.value)
    elif is_reference(expression):
        yield expression
    elif isinstance(expression, ast.Call):
        if isinstance(expression.func, ast.Attribute) and not _is_module(expression.func.value):
            yield from references(expression.func.value)
        for argument in expression.args:
            yield from references(argument)
    elif not isinstance(expression, ast.Lambda | ast.ListComp | ast.GeneratorExp | ast.DictComp | ast.SetComp):
        for child in ast.iter_child_nodes(expression):
            if isinstance(child, ast.expr):
                yield from references(child)


def is_reference(node: ast.expr) -> bool:
    """Whether an expression is a name, or reached from one by attributes and plain indices."""
    while isinstance(node, ast.Attribute | ast.Subscript):
        if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Slice | ast.Tuple):
            return False
        node = node.value
    return isinstance(node, ast.Name)


def pure_functions(tree: ast.Module) -> list[str]:
    """Return the script's functions of one value that do nothing but return something, as they are called."""
    functions = {name: node for name, node in _functions(tree) if _only_returns(node)}
    own = {name for name, _ in _functions(tree)}
    for _ in range(len(functions)):
        impure = [name for name, node in functions.items() if _called(node) & own - set(functions)]
        if not impure:
            break
        functions = {name: node for name, node in functions.items() if name not in impure}
    return [name for name, node in functions.items() if _takes_one(node, name)][:_MOST_FUNCTIONS]


def _functions(tree: ast.Module) -> Iterator[tuple[str, ast.FunctionDef | ast.Lambda]]:
    """Yield the functions and methods of a script, as they are called."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            yield from ((f"self.{each.name}", each) for each in node.body if isinstance(each, ast.FunctionDef))
    for statement in tree.body:
        if isinstance(statement, ast.FunctionDef):
            yield statement.name, statement
        elif isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Lambda):
            yield from ((name.id, statement.value) for name in statement.targets if isinstance(name, ast.Name))


def _takes_one(function: ast.FunctionDef | ast.Lambda, name: str) -> bool:
    """Whether a function can be called with one value, as it is called by that name."""
    names = [argument.arg for argument in function.args.args]
    is_method = name.startswith("self.")
    if is_method != (names[:1] == ["self"]):
        return False
    given = len(names) - is_method
    return given > 0 and given - len(function.args.defaults) <= 1


def _called(function: ast.AST) -> set[str]:
    """Return what a function calls."""
    return {ast.unparse(node.func) for node in ast.walk(function) if isinstance(node, ast.Call)}


def _only_returns(function: ast.FunctionDef | ast.Lambda) -> bool:
    """Whether a function itself changes nothing outside."""
    if isinstance(function, ast.Lambda):
        return True
    for node in ast.walk(function):
        if isinstance(node, ast.Global | ast.Nonlocal | ast.While | ast.For | ast.Delete | ast.Yield | ast.Import):
            return False
        if isinstance(node, ast.Attribute | ast.Subscript) and not isinstance(node.ctx, ast.Load):
            return False
    return any(isinstance(node, ast.Return) and node.value is not None for node in ast.walk(function))


def _around(tree: ast.Module, place: ast.expr) -> tuple[_Function | None, ast.ClassDef | None]:
    """Return the innermost function around an expression, and the class around that."""
    function: _Function | None = None
    owner: ast.ClassDef | None = None
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and any(
            inner is place for inner in ast.walk(node)
        ):
            if isinstance(node, ast.ClassDef):
                owner = node
            else:
                function = node
    return function, owner


def _top_level(tree: ast.Module) -> list[ast.AST]:
    return [node for node in tree.body if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)]


def _no_data(tree: ast.Module) -> set[str]:
    """Return the names of functions, classes, modules and built-in things."""
    taken = set(dir(builtins)) | {"self"}
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            taken.add(node.name)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            taken |= {(alias.asname or alias.name).partition(".")[0] for alias in node.names}
    return taken


def _mentioned(node: ast.AST, taken: set[str]) -> str | None:
    """Return the text of a value that a node mentions, None if it mentions none."""
    if isinstance(node, ast.arg):
        return node.arg if node.arg not in taken else None
    if not isinstance(node, ast.Name | ast.Attribute | ast.Subscript) or not is_reference(node):
        return None
    if isinstance(node, ast.Name):
        return node.id if node.id not in taken else None
    if isinstance(node, ast.Attribute) and node.attr in _NO_VALUES:
        return None
    root: ast.expr = node
    while isinstance(root, ast.Attribute | ast.Subscript):
        root = root.value
    is_known = isinstance(root, ast.Name) and (root.id not in taken or root.id == "self")
    return ast.unparse(node) if is_known else None


def _is_module(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id in ("np", "numpy", "math", "random")
