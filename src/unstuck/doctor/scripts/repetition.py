"""A training step that is written out once, without a loop, repeated so that it can be studied like any other."""

from __future__ import annotations

import ast
import copy
from typing import TYPE_CHECKING

from unstuck.doctor.scripts.updating_calls import root_of, updating_calls

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

STEP_VARIABLE = "__unstuck_step__"
_WEIGHT_OF_A_CALL = 100
_KINDS = (ast.Assign, ast.AugAssign, ast.AnnAssign, ast.Expr, ast.Return, ast.For)


def append_loop(tree: ast.Module) -> bool:
    """Insert ``for … in range(10**9): <the step again>`` after the last update of a script without a loop; say whether there is a step.

    The step is every statement that reads, however indirectly, a variable that is updated from its own value. What makes such a
    variable in the first place is not repeated. An update may also be a call of a function or a method that changes what it is
    called with or on. The statements may be those of the module, of its ``if __name__ == "__main__"``, or of one function.
    """
    calls = updating_calls(tree)
    best: tuple[int, list[ast.stmt], list[ast.stmt], int] | None = None
    for block, given in _blocks(tree):
        step, end, size = _step_of(block, given, calls, tree.body)
        if step and (best is None or size > best[0]):
            best = size, block, step, end
    if best is None:
        return False
    _insert(*best[1:])
    return True


def appended_loop(tree: ast.Module) -> tuple[ast.For, list[ast.stmt]] | None:
    """Return the loop that :func:`append_loop` has inserted, and the statements among which it stands."""
    for node in ast.walk(tree):
        body: list[ast.stmt] = getattr(node, "body", None) or []
        for statement in body if isinstance(body, list) else []:
            if (
                isinstance(statement, ast.For)
                and isinstance(statement.target, ast.Name)
                and statement.target.id == STEP_VARIABLE
            ):
                return statement, body
    return None


def _blocks(tree: ast.Module) -> Iterator[tuple[list[ast.stmt], list[str]]]:
    """Yield statements that may hold a step, with the names that they are given: of the module, of each function, of each method."""
    yield tree.body, []
    for statement in tree.body:
        if isinstance(statement, ast.If):
            yield statement.body, _assigned_in(tree.body)
    for kind in (ast.Module, ast.ClassDef):
        for node in ast.walk(tree):
            if isinstance(node, kind):
                for each in node.body:
                    if isinstance(each, ast.FunctionDef) and each.name != "__init__":
                        yield each.body, [argument.arg for argument in each.args.args]


def _assigned_in(block: list[ast.stmt]) -> list[str]:
    return [name for statement in block for name in _assigned_names(statement)]


def _insert(block: list[ast.stmt], step: list[ast.stmt], end: int) -> None:
    loop = ast.For(
        ast.Name(STEP_VARIABLE, ast.Store()),
        ast.parse("range(10**9)", mode="eval").body,
        [copy.deepcopy(statement) for statement in step],
        [],
    )
    ast.copy_location(loop, step[0])
    loop.end_lineno, loop.end_col_offset = step[-1].end_lineno, step[-1].end_col_offset
    ast.fix_missing_locations(loop)
    block.insert(end, loop)


def _step_of(
    block: list[ast.stmt], given: list[str], calls: Callable[[ast.stmt], set[str]], module: list[ast.stmt]
) -> tuple[list[ast.stmt], int, int]:
    """Return the statements of the step, where the block goes on behind it, and how much it updates; none where it is nothing."""
    first: dict[str, int] = dict.fromkeys(given, -1)
    updated: dict[str, int] = {}
    by_calls: dict[str, int] = {}
    for index, statement in enumerate(block):
        if not isinstance(statement, _KINDS):
            continue
        for name in calls(statement) & set(first):
            by_calls[name] = index
        for name in _updated_once(statement) & set(first):
            updated[name] = index
        for name in _assigned_names(statement):
            first.setdefault(name, index)
    if by_calls:  # what only prepares the data is updated before anything is called
        begin = min(by_calls.values())
        updated = {name: index for name, index in updated.items() if index >= begin} | by_calls
    updated = _without_preparations(block, updated, set(by_calls)) or updated
    if not updated:
        return [], 0, 0
    end = max(updated.values()) + 1
    held = _held_by([*module, *block], set(by_calls)) if by_calls else set()
    step = _statements_of_step(block[:end], first, set(updated), held, calls_count=bool(by_calls))
    if any(isinstance(statement, ast.Return) for statement in step):
        return [], 0, 0
    targets = {
        ast.unparse(target) for statement in step for target in _targets(statement) if root_of(target) in updated
    }
    return step, end, len(targets) + _WEIGHT_OF_A_CALL * len(by_calls)


def _without_preparations(block: list[ast.stmt], updated: dict[str, int], called: set[str]) -> dict[str, int]:
    """Return what is updated but for what is made ready or counted before.

    The new value of data that are made ready depends on nothing else that is updated, and what is counted is not read before.
    What is updated once the step has begun belongs to it, even if nobody uses it.
    """
    depends: dict[str, set[str]] = {}
    read_before: set[str] = set()
    kept = set(called)
    for index, statement in enumerate(block):
        names = set(_assigned_names(statement))
        read = _names(_value(statement))
        reached = {name for each in read for name in depends.get(each, {each} & set(updated))}
        for name in names:
            depends[name] = reached | ({name} & set(updated))
            if updated.get(name) == index and reached - {name} and name in read_before:
                kept.add(name)
        read_before |= read - names
    begin = min(
        (index for index, statement in enumerate(block) if _names(_value(statement)) & kept), default=len(block)
    )
    kept |= {name for name, index in updated.items() if index > begin}
    return {name: index for name, index in updated.items() if name in kept}


def _held_by(block: list[ast.stmt], called: set[str]) -> set[str]:
    """Return what the objects that are called hold, as an optimizer holds layers: names in their definitions whose methods are used."""
    read = {
        name for statement in block if set(_assigned_names(statement)) & called for name in _names(_value(statement))
    }
    used = {
        root_of(node.func.value)
        for statement in block
        for node in ast.walk(statement)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    }
    walked = {
        name
        for statement in block
        for node in ast.walk(statement)
        if isinstance(node, ast.For)
        for name in _names(node.iter)
    }
    return read & (used | walked)


def _statements_of_step(
    statements: list[ast.stmt], first: dict[str, int], updated: set[str], held: set[str], *, calls_count: bool
) -> list[ast.stmt]:
    depending = updated | held
    step: list[int] = []
    made: set[str] = set()
    for index, statement in enumerate(statements):
        names = set(_assigned_names(statement)) if isinstance(statement, _KINDS) else set()
        if not names and not (calls_count and isinstance(statement, ast.Expr | ast.For)):
            continue
        if any(name in updated | held and first[name] == index for name in names):
            continue
        if names & updated or _names(_value(statement)) & depending:
            depending |= names
            made |= names - updated - held
            step.append(index)
    begun = [  # ``out = X`` above ``for layer in layers: out = layer(out)``
        index
        for index, statement in enumerate(statements)
        if index not in step
        and isinstance(statement, _KINDS)
        and set(_assigned_names(statement)) <= made
        and any(index < later and set(_assigned_names(statement)) & updated_names(statements[later]) for later in step)
    ]
    return [statements[index] for index in sorted(step + begun)]


def _updated_once(statement: ast.stmt) -> set[str]:
    """Return the names that a statement updates once: a loop that updates the same variable again and again is no single step.

    One that goes through the variables, or through the entries of one, is.
    """
    if not isinstance(statement, ast.For):
        return updated_names(statement)
    inner = set().union(*(updated_names(each) for each in statement.body))
    counted = _names(statement.target)
    entries = {root_of(target) for target in _targets(statement) if _names(target) & counted} & inner - counted
    return {name for name in entries if name is not None} | (_names(statement.iter) if inner & counted else set())


def updated_names(statement: ast.stmt) -> set[str]:
    """Return the names that a statement gives a new value made of the old one, also what a loop within it goes through."""
    if isinstance(statement, ast.For):
        inner = set().union(*(updated_names(each) for each in statement.body))
        through = inner & {node.id for node in ast.walk(statement.target) if isinstance(node, ast.Name)}
        return (inner - through) | (_names(statement.iter) if through else set())
    names = set(_assigned_names(statement))
    return names if isinstance(statement, ast.AugAssign) else names & _names(_value(statement))


def _assigned_names(statement: ast.stmt) -> list[str]:
    """Return the names that a plain or augmented assignment gives values, or the values inside of, also within a loop."""
    if isinstance(statement, ast.For):
        inner = [name for each in statement.body for name in _assigned_names(each)]
        return list(dict.fromkeys([*inner, *updated_names(statement)]))
    return [name for target in _targets(statement) if (name := root_of(target)) is not None]


def _targets(statement: ast.stmt) -> list[ast.expr]:
    if isinstance(statement, ast.For):
        return [target for each in statement.body for target in _targets(each)]
    if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
        target = statement.targets[0]
    elif isinstance(statement, ast.AugAssign | ast.AnnAssign):
        target = statement.target
    else:
        return []
    return target.elts if isinstance(target, ast.Tuple | ast.List) else [target]


def _value(statement: ast.stmt) -> ast.AST:
    value = statement.value if isinstance(statement, ast.Assign | ast.AugAssign | ast.AnnAssign) else None
    return statement if value is None else value


def _names(node: ast.AST) -> set[str]:
    return {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}
