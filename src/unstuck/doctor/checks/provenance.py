"""What the values of a script are made of, followed through its statements without running them."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from unstuck.doctor.checks.name_reads import local_names

if TYPE_CHECKING:
    from collections.abc import Iterator

Sources: TypeAlias = "frozenset[str]"
"""Names of variables of the module: everything a value was made of."""

_NOTHING: Sources = frozenset()
_DEEPEST = 12
_SIZES = frozenset(["shape", "ndim", "size", "dtype"])
_COUNTING = frozenset(["len", "range", "print", "isinstance", "type"])
_PASSES = 2


@dataclass(frozen=True)
class Step:
    """An update of a parameter: something added to a variable, or subtracted, that was worked out from the variable itself.

    Attributes:
        statement: The update.
        sources: The variables of the module that what is added was made of.
    """

    statement: ast.stmt
    sources: Sources


def parameter_steps(tree: ast.Module) -> list[Step]:
    r"""Return the updates of parameters, with what they were made of.

    Every variable's value carries the names of the variables it was made of. Statements are followed in their order, each loop
    twice, and functions of the script are followed anew for every call. A sum over a loop is no parameter: what is added to it
    does not depend on it. Sizes are no data: ``len(x)`` and ``x.shape`` carry nothing.

    >>> tree = ast.parse("x = load()\nw = 0\nfor i in r:\n    n += 1\n    w -= 0.1 * (w * x - 1)")
    >>> [(step.statement.lineno, sorted(step.sources)) for step in parameter_steps(tree)]
    [(5, ['w', 'x'])]
    """
    follower = _Follower(tree)
    follower.block(tree.body)
    return list(follower.steps.values())


class _Follower:
    """Follows statements; ``_state`` holds what each variable was made of, ``_local`` which names are a function's own."""

    def __init__(self, tree: ast.Module) -> None:
        self.steps: dict[int, Step] = {}
        self._state: dict[str, Sources] = {}
        self._frames: list[tuple[str, frozenset[str]]] = []
        self._returned: list[Sources] = []
        nodes = list(ast.walk(tree))
        functions = [node for node in nodes if isinstance(node, ast.FunctionDef)]
        names = [function.name for function in functions]
        self._functions = {function.name: function for function in functions if names.count(function.name) == 1}
        methods = [part for node in nodes if isinstance(node, ast.ClassDef) for part in node.body]
        self._methods = {id(method) for method in methods}
        self._classes = {
            node.name: [part for part in node.body if isinstance(part, ast.FunctionDef) and part.name == "__init__"]
            for node in nodes
            if isinstance(node, ast.ClassDef)
        }

    # ------------------------------------------------------------------ statements

    def block(self, statements: list[ast.stmt]) -> None:
        """Follow statements."""
        for statement in statements:
            self._statement(statement)

    def _statement(self, statement: ast.stmt) -> None:
        if isinstance(statement, ast.Assign):
            self._assign(statement)
        elif isinstance(statement, ast.AnnAssign) and statement.value is not None:
            self._store(statement.target, self._sources(statement.value))
        elif isinstance(statement, ast.AugAssign):
            self._change(statement)
        elif isinstance(statement, ast.Return):
            self._returned.append(self._sources(statement.value) if statement.value else _NOTHING)
        elif isinstance(statement, ast.Expr):
            self._sources(statement.value)
        else:
            self._compound(statement)

    def _compound(self, statement: ast.stmt) -> None:
        if isinstance(statement, ast.For | ast.While):
            for _ in range(_PASSES):
                if isinstance(statement, ast.For):
                    self._store(statement.target, self._sources(statement.iter))
                self.block(statement.body)
            self.block(statement.orelse)
        elif isinstance(statement, ast.If):
            self._branches(statement.body, statement.orelse)
        elif isinstance(statement, ast.With):
            self.block(statement.body)
        elif isinstance(statement, ast.Try):
            self.block([*statement.body, *statement.orelse, *statement.finalbody])

    def _change(self, statement: ast.AugAssign) -> None:
        added = self._sources(statement.value)
        if isinstance(statement.op, ast.Add | ast.Sub):
            self._step(statement, statement.target, added)
        self._store(statement.target, added | self._sources(statement.target))

    def _assign(self, statement: ast.Assign) -> None:
        value, target = statement.value, statement.targets[0]
        is_step = isinstance(value, ast.BinOp) and isinstance(value.op, ast.Add | ast.Sub)
        if is_step and isinstance(value, ast.BinOp) and ast.unparse(value.left) == ast.unparse(target):
            self._step(statement, target, self._sources(value.right))
        if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple) and len(target.elts) == len(value.elts):
            made = [self._sources(part) for part in value.elts]
            for each, sources in zip(target.elts, made, strict=True):
                self._store(each, sources)
            return
        sources = self._sources(value)
        for each in statement.targets:
            self._store(each, sources)

    def _step(self, statement: ast.stmt, target: ast.expr, added: Sources) -> None:
        """Note an update, if what is added was made of the variable itself."""
        key = self._key(target)
        if key is not None and key in added:
            earlier = self.steps.get(id(statement), Step(statement, _NOTHING)).sources
            own = {name for name in added if "." not in name}
            self.steps[id(statement)] = Step(statement, earlier | own)

    def _branches(self, *bodies: list[ast.stmt]) -> None:
        before = dict(self._state)
        merged: dict[str, Sources] = {}
        for body in bodies:
            self._state = dict(before)
            self.block(body)
            for name, sources in self._state.items():
                merged[name] = merged.get(name, _NOTHING) | sources
        self._state = merged

    # ------------------------------------------------------------------ variables

    def _key(self, target: ast.expr) -> str | None:
        """Return under what a variable is kept: names of functions with their function, attributes by their own name alone."""
        while isinstance(target, ast.Subscript):
            target = target.value
        if isinstance(target, ast.Attribute):
            return f".{target.attr}"
        if not isinstance(target, ast.Name):
            return None
        if self._frames and target.id in self._frames[-1][1]:
            return f"{self._frames[-1][0]}.{target.id}"
        return target.id

    def _store(self, target: ast.expr, sources: Sources) -> None:
        if isinstance(target, ast.Tuple | ast.List):
            for element in target.elts:
                self._store(element, sources)
            return
        target = target.value if isinstance(target, ast.Starred) else target
        key = self._key(target)
        if key is not None:
            old = self._state.get(key, _NOTHING) if isinstance(target, ast.Subscript) else _NOTHING
            self._state[key] = sources | old | {key}

    # ------------------------------------------------------------------ expressions

    def _sources(self, node: ast.expr) -> Sources:
        """Return what an expression is made of."""
        if isinstance(node, ast.Name):
            return self._state.get(self._key(node) or "", _NOTHING)
        if isinstance(node, ast.Attribute):
            if node.attr in _SIZES:
                return _NOTHING
            own = self._state.get(f".{node.attr}")
            return own if own is not None else self._sources(node.value)
        if isinstance(node, ast.Call):
            return self._call(node)
        if isinstance(node, ast.Lambda):
            return _NOTHING
        if isinstance(node, ast.ListComp | ast.GeneratorExp | ast.SetComp | ast.DictComp):
            for generator in node.generators:
                self._store(generator.target, self._sources(generator.iter))
        parts = [part for part in ast.iter_child_nodes(node) if isinstance(part, ast.expr)]
        return self._of_all(parts)

    def _of_all(self, nodes: list[ast.expr]) -> Sources:
        return frozenset[str]().union(*(self._sources(node) for node in nodes))

    def _call(self, node: ast.Call) -> Sources:
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        if name in _COUNTING:
            return _NOTHING
        arguments = [*node.args, *(keyword.value for keyword in node.keywords)]
        makers = self._classes.get(name)
        function = makers[0] if makers else self._functions.get(name)
        if (
            function is None
            or len(self._frames) >= _DEEPEST
            or any(isinstance(each, ast.Starred) for each in node.args)
        ):
            receiver = [node.func.value] if isinstance(node.func, ast.Attribute) else []
            return self._of_all([*receiver, *arguments])
        return self._own_function(function, node)

    def _own_function(self, function: ast.FunctionDef, node: ast.Call) -> Sources:
        """Follow a call of one of the script's own functions."""
        names = [argument.arg for argument in function.args.args]
        if id(function) in self._methods and names and names[0] in {"self", "cls"}:
            names = names[1:]
        given = dict(zip(names, (self._sources(value) for value in node.args), strict=False))
        given |= {keyword.arg: self._sources(keyword.value) for keyword in node.keywords if keyword.arg}
        frame = f"{function.name}@{len(self._frames)}"
        self._frames.append((frame, frozenset(local_names(function))))
        for key in [key for key in self._state if key.startswith(f"{frame}.")]:
            del self._state[key]
        for name, sources in given.items():
            self._state[f"{frame}.{name}"] = sources | {f"{frame}.{name}"}
        outer, self._returned = self._returned, []
        self.block(function.body)
        result = frozenset[str]().union(*self._returned)
        self._returned = outer
        self._frames.pop()
        return result


def names_read(tree: ast.AST) -> Iterator[str]:
    """Yield every name that is read anywhere."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            yield node.id
