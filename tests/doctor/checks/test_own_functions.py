import ast

from unstuck.doctor.checks.crash_site import site_of
from unstuck.doctor.checks.own_functions import assignments, function_that_made, own_function, returns
from unstuck.doctor.crash import Crash
from unstuck.doctor.scripts.source import source_of

SITE = site_of(
    Crash("E", "m", 1),
    source_of("def f(): return 1\ndef g(): pass\nclass A:\n    def h(self): yield 2\nclass B:\n    def k(self): pass\n"
              "class C:\n    def k(self): pass\nx = f()\nx = g()\ny = a.h()\nz = 3\n"),
)  # fmt: skip


def node(text):
    return ast.parse(text, mode="eval").body


def test_the_function_that_a_call_calls():
    assert own_function(SITE, node("f()")).name == "f"
    assert own_function(SITE, node("a.h(1)")).name == "h"
    assert [own_function(SITE, node(text)) for text in ("a.k()", "print()", "x", "f()()")] == [None] * 4


def test_the_function_that_a_variable_comes_from():
    assert function_that_made(SITE, node("x")).name == "f"
    assert function_that_made(SITE, node("y")).name == "h"
    assert function_that_made(SITE, node("z")) is None


def test_assignments():
    assert [ast.unparse(each) for each in assignments(SITE, node("x"))] == ["x = f()", "x = g()"]


def test_what_returns():
    assert [returns(own_function(SITE, node(f"{name}()"))) for name in ("f", "g", "h")] == [True, False, True]
