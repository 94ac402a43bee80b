"""An instrumented program does what the program did, and reports what it computed."""

import contextlib
import io

import numpy as np
import pytest

from unstuck.doctor.scripts import hooks
from unstuck.doctor.scripts.agent import dot
from unstuck.doctor.scripts.instrument import instrument
from unstuck.doctor.scripts.source import source_of


class Listener:
    """Hooks that change nothing and take everything down."""

    def __init__(self, program):
        self.program = program
        self.values = []
        self.loop_events = []

    def namespace(self):
        functions = (
            self.value,
            self.difference,
            self.subtract,
            self.lessen,
            self.take,
            dot,
            self.item,
            self.iterate,
            self.walk,
            self.top,
            self.bottom,
        )
        return {"__name__": "__main__", **dict(zip(hooks.NAMES, functions, strict=True))}

    def value(self, number, value):
        self.values.append((self.program.sites[number].name, value))
        return value

    def difference(self, number, left, right):
        result = left - right
        self.values.append((self.program.sites[number].name, (left, right)))
        return result

    def subtract(self, number, function, left, right):
        return self.value(number, function(left, right))

    def lessen(self, number, root, index, amount):
        self.values.append((self.program.sites[number].name, (np.array(root), index, amount)))
        return index

    def take(self, number, left, right):
        self.values.append((self.program.sites[number].name, (np.array(left), right)))
        return right

    def item(self, number, root, indices):
        self.values.append((self.program.sites[number].name, indices))

    def walk(self, number, iterable):
        for entry in self.iterate(number, iterable):
            self.top(number)
            yield entry
        self.bottom(number)

    def iterate(self, number, iterable):
        self.loop_events.append(("start", number))
        return iterable

    def top(self, number):
        self.loop_events.append(("top", number))

    def bottom(self, number):
        self.loop_events.append(("bottom", number))


def run(text):
    program = instrument(source_of(text))
    listener = Listener(program)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(program.tree, "script", "exec"), listener.namespace())  # noqa: S102 (that is what it is for)
    return listener, printed.getvalue()


def plain(text):
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(text, "script", "exec"), {"__name__": "__main__"})  # noqa: S102 (as above)
    return printed.getvalue()


PROGRAMS = {
    "flat": """
import numpy as np
rng = np.random.default_rng(0)
x = rng.normal(size=(4, 2)); y = (x[:, :1] > 0) * 1.0
w = rng.normal(size=(2, 1)); b = np.zeros(1)
for step in range(50):
    a = 1 / (1 + np.exp(-(x @ w + b)))
    d = (a - y) / len(x)
    w -= 0.5 * x.T @ d
    b = b - 0.5 * d.sum(0)
print(w, b, step)
""",
    "class and dictionary": """
import numpy as np
class Net:
    '''A net.'''
    rate = 0.1
    def __init__(self, n):
        super().__init__()
        np.random.seed(n)
        self.p = {"W": [np.random.rand(n, 1), np.zeros(1)]}
    def forward(self, x):
        self.x = x
        return np.tanh(x @ self.p["W"][0] + self.p["W"][1])
    def step(self, x, y):
        a = self.forward(x)
        d = (a - y) * (1 - a ** 2)
        self.p["W"][0] -= self.rate * x.T @ d
        self.p["W"][1] = self.p["W"][1] - self.rate * d.sum(axis=0)
        return ((a - y) ** 2).mean()
net = Net(3)
x = np.arange(12.0).reshape(4, 3) / 12
losses = [net.step(x, x[:, :1]) for _ in range(20)]
print(losses)
""",
    "pure python with scalar loops": """
import math
w = [[0.1 * i - 0.2 * j for j in range(3)] for i in range(2)]
total, n = 0.0, 0
while True:
    n += 1
    for i in range(2):
        for j in range(3):
            g = w[i][j] - math.exp(-n)
            w[i][j] = w[i][j] - 0.1 * g
        else:
            total += g
    if n >= 10:
        break
(first, *rest), last = w
print(w, total, first, rest, last)
""",
    "scopes and closures": """
counter = 0
def bump(k=1):
    global counter
    counter += k
    def inner():
        nonlocal k
        k = k - 1
        return k
    return inner() + counter
square = lambda v: v * v - 1
values = {k: square(k) for k in range(3)}
try:
    values[0] = bump(2) - bump()
    raise ValueError(f"{values[1] - 1}")
except ValueError as error:
    print(error, values)
finally:
    del values[2]
with open(__import__("os").devnull) as stream:
    data = stream.read()
x: float = 2 - 3.5
y = z = x - 1
print(values, x, y, z, 5 % 3, data == "", -1 - 2)
""",
    "ones taken off": """
import numpy as np
p, y, counts = np.full((3, 2), 0.5), np.array([0, 1, 1]), {"p": [1, 2]}
p[range(len(y)), y] -= 1
p[:, 0] -= 2
p[0][1] -= 3.5
for i in [2, 1]:
    p[i, y[i]] -= 1
counts["p"][0] -= 1
indices = iter(range(3))
p[next(indices)] -= 1
print(p, counts, next(indices), p.dot(p.T), np.dot(p, p.T).dot(p).sum())
""",
    "an array taken off": """
import numpy as np
class Layer:
    pass
layer = Layer()
layer.delta = delta = np.full(3, 0.5)
batches = [np.arange(3.0), np.ones(3)]
delta -= batches[0]
layer.delta -= batches[1][0]
delta -= 2
seen = {1, 2, 3}
gone = {2}
seen -= gone
print(layer.delta, delta, seen)
""",
    "subtractions by call": """
import numpy as np
class Store:
    def subtract(self, a, b):
        return [a, b]
a = np.arange(3.0)
d = np.subtract(a, np.ones(3))
print(d, np.subtract(a, 1.0), np.subtract([1, 2], [2, 3]), Store().subtract("a", "b"), np.subtract(a, a, out=d), d)
""",
    "parts returned": """
import numpy as np
def first(a):
    return a[:1], a[0], [a]
def named(a):
    return {"b": a[1:], "w": a}
print(first(np.arange(3.0)), named(np.arange(3.0)))
""",
    "aliases stay aliases": """
import numpy as np
a = b = np.zeros(3)
c = a
c += 1
a[0], b[1] = 7, 8
v = a[1:]
v -= 2
print(a, b, c, v, a is b, a is c)
""",
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_it_prints_what_it_printed(name):
    listener, printed = run(PROGRAMS[name])
    assert printed == plain(PROGRAMS[name])
    assert listener.values


def test_assigned_values_are_reported_by_name():
    listener, _ = run("x = 2\ny = x * 3\nx += 1\n")
    assert listener.values == [("x", 2), ("y", 6), ("x", 3)]


def test_a_difference_reports_both_operands():
    listener, _ = run("a, b = 5, 3\nc = a - b\n")
    assert ("a - b", (5, 3)) in listener.values


def test_a_number_taken_off_reports_the_whole_before():
    listener, _ = run("import numpy as np\np = np.array([[0.2, 0.8]])\np[0, 1] -= 1\n")
    whole, index, amount = next(value for name, value in listener.values if name == "p" and isinstance(value, tuple))
    np.testing.assert_array_equal(whole, [[0.2, 0.8]])
    assert (index, amount) == ((0, 1), 1)


@pytest.mark.parametrize("statement", ["p[:, 0] -= 1", "p[0] += 1", "p[0] -= q", "f()[0] -= 1", "p -= 1"])
def test_other_changes_in_place_do_not(statement):
    program = instrument(source_of(statement))
    assert not [site for site in program.sites if site.kind == "difference"]


def test_parts_that_are_returned_have_sites_of_their_own():
    program = instrument(source_of("def f(a):\n    return a[:1], a, {'b': a[0]}\ndef g(a):\n    return {'b': a[1]}\n"))
    assert [(site.name, site.kind) for site in program.sites] == [
        ("f", "returned"),
        ("a[:1]", "expression"),
        ("g", "returned"),
        ("a[1]", "expression"),
    ]


def test_values_inside_an_expression_have_sites_of_their_own():
    program = instrument(source_of("import numpy as np\ny = 1 / (1 + np.exp(-x))\n"))
    assert [(site.name, site.kind) for site in program.sites] == [
        ("y", "assigned"),
        ("1 + np.exp(-x)", "expression"),
        ("np.exp(-x)", "expression"),
    ]


def test_sites_know_line_function_loops_and_self_reference():
    loops = "        for i in x:\n            while True:\n                self.w = self.w - i\n                break\n"
    text = f"class A:\n    def fit(self, x):\n{loops}"
    program = instrument(source_of(text))
    site = next(site for site in program.sites if site.name == "self.w")
    assert (site.span.line, site.function, site.loops, site.reads_itself) == (5, "A.fit", (0, 1), True)
    assert (site.span.column, site.span.end_column) == (25, 35)
    assert [(loop.line, loop.outer, loop.text) for loop in program.loops] == [
        (3, (), "for i in x:"),
        (4, (0,), "while True:"),
    ]


def test_items_report_root_and_indices_but_are_never_reassigned():
    listener, _ = run(
        "def f():\n    g[i, 0] = 1\n    h['w'][0] += 2\nimport numpy as np\ng = np.zeros((2, 2)); h = {'w': [1]}; i = 1\nf()\n"
    )
    indices = [(name, value) for name, value in listener.values if isinstance(value, tuple)]
    assert indices == [("g", ((1, 0),)), ("h", ("w", 0))]


def test_an_item_of_a_call_is_left_alone():
    _, printed = run("def f():\n    print('called')\n    return [0]\nf()[0] = 1\n")
    assert printed == "called\n"


def test_loops_report_start_iterations_and_end():
    listener, _ = run("for i in range(2):\n    pass\n")
    assert listener.loop_events == [("start", 0), ("top", 0), ("top", 0), ("bottom", 0)]


def test_a_script_that_does_not_parse_says_so():
    with pytest.raises(SyntaxError):
        instrument(source_of("for i in range(3)\n    pass\n"))


@pytest.mark.filterwarnings("ignore:the matrix subclass:PendingDeprecationWarning")
def test_numpy_matrix_and_integer_division_survive():
    text = "import numpy as np\nm = np.asmatrix([[1, 2], [3, 4]])\nr = (m * m - m) // 2\nprint(r, type(r).__name__, np.array([1, 2]) / 2)\n"
    assert run(text)[1] == plain(text)
    assert np.__version__
