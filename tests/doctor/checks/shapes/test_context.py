import ast

from unstuck.doctor.checks.shapes.context import context_of, own_nodes

TEXT = """
a = 1
for i in r:
    b = 2
    if b:
        c = 3
        d = 4
    else:
        e = 5
    f = 6
g = 7

def h():
    with x:
        k = 8
    try:
        n = 9
    except E:
        p = 10
    return 11
"""


def at(line_text):
    tree = ast.parse(TEXT)
    statement = next(node for node in ast.walk(tree) if isinstance(node, ast.Assign) and ast.unparse(node) == line_text)
    return context_of(tree, statement), statement


def rest(line_text):
    context, statement = at(line_text)
    return [ast.unparse(node).split("\n")[0] for node in context.rest(statement)]


def test_what_follows_in_a_block():
    assert rest("a = 1") == ["for i in r:", "g = 7", "def h():"]


def test_what_follows_in_a_loop_is_the_rest_and_one_more_iteration():
    assert rest("c = 3") == ["d = 4", "f = 6", "b = 2", "if b:", "f = 6", "g = 7", "def h():"]


def test_what_follows_in_a_function():
    assert rest("k = 8") == ["try:", "return 11"]
    assert rest("p = 10") == ["return 11"]


def test_the_owner_and_what_is_around():
    context, _ = at("d = 4")
    assert isinstance(context.owner, ast.Module)
    assert [type(node).__name__ for node in context.around] == ["For", "If"]
    context, _ = at("n = 9")
    assert context.owner.name == "h"


def test_own_nodes_leave_functions_out():
    names = {node.id for node in own_nodes(ast.parse(TEXT)) if isinstance(node, ast.Name)}
    assert {"a", "e", "g"} <= names
    assert "k" not in names
