import ast

import pytest

from unstuck.doctor.checks.crash_findings import (
    article,
    bound_names,
    calls_in,
    clearly_meant,
    crash_finding,
    description,
    did_you_mean,
    kind_of,
    names_used,
    saying,
    values_of,
)
from unstuck.doctor.checks.crash_site import site_of
from unstuck.doctor.crash import Crash, Held
from unstuck.doctor.scripts.source import source_of


def site(text="y = f(x) + g(x)\n", *, variables=None, **settings):
    crash = Crash("ValueError", "no good\nmore", 1, variables=variables or {}, **settings)
    return site_of(crash, source_of(text))


def test_a_finding_always_has_evidence():
    finding = crash_finding(site(callers=(1,)), "words", lines=[1])
    assert finding.evidence == {"Python says": "ValueError: no good"}
    assert (finding.fault, finding.severity, finding.lines) == ("crash", "fatal", (1,))


def test_an_exception_without_a_text():
    assert saying(site_of(Crash("KeyboardInterrupt", "", 1), source_of("x"))) == "KeyboardInterrupt"


def test_the_values_of_variables_are_evidence():
    variables = {
        "x": Held("ndarray", (4, 2), "float64", "array(...)"),
        "f": Held("function", None, None, "<function f>"),
        "g": Held("NoneType", None, None, "None"),
    }
    found = site(variables=variables)
    assert values_of(found, found.statements[0]) == {"x": "array of shape (4, 2)", "g": "None"}
    assert values_of(found, None) == {}


@pytest.mark.parametrize(
    ("given", "known", "meant"),
    [
        ("sigmod", ["sigmoid"], "sigmoid"),
        ("x_Train", ["x_train", "x_trein"], "x_train"),
        ("weihgts", ["weights", "heights"], "weights"),
        ("w3", ["w1", "w2"], None),
        ("w3", ["W3"], "W3"),
        ("abc", ["Abc", "ABC"], None),
        ("cost", ["post", "lost"], None),
        ("qwertz", ["weights"], None),
        ("weights", ["weights"], None),
    ],
)
def test_what_was_clearly_meant(given, known, meant):
    assert clearly_meant(given, known) == meant


def test_a_question_names_up_to_three():
    assert did_you_mean("weihgts", ["weights"]) == " Did you mean weights?"
    assert did_you_mean("cost", ["post", "lost"]) == " Did you mean lost or post?"
    assert did_you_mean("qwertz", ["weights"]) == ""
    assert did_you_mean("w", ["v"]) == ""


@pytest.mark.parametrize(
    ("text", "kind"), [("1", "int"), ("'a'", "str"), ("[1]", "list"), ("(1,)", "tuple"), ("x", "float"), ("z", "")]
)
def test_kinds(text, kind):
    found = site(variables={"x": Held("float", (), None, "1.0")})
    assert kind_of(found, ast.parse(text, mode="eval").body) == kind


def test_descriptions():
    assert description(Held("list", (3,), None, "[1, 2, 3]")) == "list of shape (3,)"
    assert description(Held("float", (), None, "0.5")) == "float 0.5"
    assert [article(kind) for kind in ("int", "Net", "ndarray", "str", "NoneType")] == [
        "an int", "a Net", "an array", "a text", "None",
    ]  # fmt: skip


def test_the_call_that_failed_comes_first():
    found = site(column=4, end_line=1, end_column=8)
    assert [ast.unparse(call) for call in calls_in(found)] == ["f(x)"]
    assert [ast.unparse(call) for call in calls_in(site())] == ["g(x)", "f(x)"]


def test_names():
    tree = ast.parse("import a.b, c as d\nfrom e import *\nclass F:\n    def g(self, h): i = h\nfor j in k: pass")
    assert bound_names(tree) == {"a", "d", "F", "g", "self", "h", "i", "j"}
    assert [node.lineno for node in names_used(tree, "h")] == [4]
