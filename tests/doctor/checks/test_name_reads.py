import ast

import pytest

from unstuck.doctor.checks.name_reads import local_names, looks_names_up, reads_of


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("x = 1\ny = x", [2]),
        ("x = 1\nx = x * 2", []),
        ("x = 1\nx *= 2", []),
        ("x = 1\nx = f(x)", [2]),
        ("x = 1\nx = x * y", [2]),
        ("x = 1\nx = y = x", [2]),
        ("def f():\n    return x", [2]),
        ("def f(x):\n    return x", []),
        ("def f():\n    x = 2\n    return x", []),
        ("def f():\n    global x\n    x = x + y", [3]),
        ("def f(a=x):\n    pass", [1]),
        ("def f(*, a=x):\n    pass", [1]),
        ("@x\ndef f():\n    pass", [1]),
        ("def f():\n    import x\n    return x", []),
        ("def f():\n    def x(): pass\n    return x", []),
        ("f = lambda: x", [1]),
        ("f = lambda x: x", []),
        ("[x for i in r]", [1]),
        ("[x for x in r]", []),
        ("[x for x in x]", [1]),
        ("class A:\n    def f(self):\n        return x", [3]),
        ("print(f'{x}')", [1]),
        ("x[0] = 1", [1]),
        ("del x", []),
    ],
)
def test_reads(text, lines):
    assert [node.lineno for node in reads_of(ast.parse(text).body, "x")] == lines


def test_the_names_of_a_function():
    function = ast.parse(
        "def f(a, /, b, *c, d=1, **e):\n    global g\n    g = h = 1\n    [i for i in j]\n    for k in l: pass"
    ).body[0]
    assert local_names(function) == {"a", "b", "c", "d", "e", "h", "k"}


@pytest.mark.parametrize(
    ("text", "does"), [("eval('x')", True), ("getattr(a, n)", True), ("f(x)", False), ("locals()", True)]
)
def test_scripts_that_look_names_up(text, does):
    assert looks_names_up(ast.parse(text)) == does
