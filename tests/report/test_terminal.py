"""Whole reports in the terminal, and what holds for all of them."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from unstuck.doctor.diagnosis import Diagnosis, LossReport, ParameterReport
from unstuck.doctor.faults import FAULTS
from unstuck.doctor.findings import SEVERITIES, Edit, Finding, Location, Remedy, Trial
from unstuck.report.terminal import show

PLATEAU = """\
xor.py does not learn: the initial weights leave the network on a plateau
(line 10).

fatal  The initial weights leave the network on a plateau  line 10

     9 │
    10 │ W1 = 0.01 * np.random.randn(5, 2)
       │      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^
    11 │ b1 = np.zeros((5, 1))
    12 │ W2 = 0.01 * np.random.randn(1, 5)

  W1 and W2 start so close to 0 that the loss is flat around them. Every
  gradient is right, and none is large enough to leave.

  largest gradient at the start   0.0009876
  loss at the start               0.6931
  loss after 10,000 steps         0.6931

  Remedy: Draw the first weights from a normal distribution of scale 1.
  - 10 │ W1 = 0.01 * np.random.randn(5, 2)
  + 10 │ W1 = 1.0 * np.random.randn(5, 2)
  - 12 │ W2 = 0.01 * np.random.randn(1, 5)
  + 12 │ W2 = 1.0 * np.random.randn(1, 5)

  Trial: 20,000 steps, 3 seeds, final J 0.6931 -> 0.00101 to 0.00142: proved
    as written   ▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇
    with remedy  ▇▇▇▇▇▇▆▆▆▆▆▆▅▅▅▅▅▄▄▄▄▄▄▃▃▃▃▃▂▂▂▂▂▂▁▁▁▁▁▁
                 logarithmic scale from 0.00123 to 0.78
    controls: another seed -> 0.6931, learning rate 0.3 -> 0.6929

  Or: Train with RMSProp, which makes small gradients large.

  More: unstuck explain plateau-init

The loss J (line 18) is the binary cross-entropy, and the updates descend it:
0.6931 at first, 0.6931 after 10,000 steps.
    ▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄
    constant at 0.6931

parameter   shape    line   update   cosine
W1          (5, 2)     23   right    1.0000
b1          (5, 1)     24   right    1.0000
W2          (1, 5)     21   right    1.0000
b2          (1, 1)     22   right    1.0000

Checked and found right:
  - The gradient of all 4 parameters agrees with finite differences.
  - Labels and inputs are in the same order.
  - The loss is the binary cross-entropy, and its value is right.
"""

TWO = """\
xor.py learns, but a bias is missing, the first of 2
findings.

harmful  A bias is missing

  The output layer has no bias.

  best loss without    0.25
  best loss with one   not measured

  Remedy: Add one.

  More: unstuck explain missing-bias

harmless  A setting is made but never used  line 3

    2 │
    3 │ rate = 0.1
      │ ^^^^^^^^^^
    4 │ X = np.array([[0, 0, 1, 1], [0, 1, 0, 1]])

  rate is never read.

  reads of rate   0

  Remedy: Use it, or delete the line.
  - 3 │ rate = 0.1

  More: unstuck explain unused-setting

parameter   shape    line   update   cosine
W1          (5, 2)     23   right    1.0000
b1          (5, 1)     24   right    1.0000
W2          (1, 5)     21   right    1.0000
b2          (1, 1)     22   right    1.0000
"""

WRONG_GRADIENT = """\
xor.py learns, but perhaps the derivative of an activation is missing (line 20).

unproven  A gradient is wrong: the derivative of an activation is missing  line 20

    19 │     dZ2 = A2 - Y
    20 │     dZ1 = W2.T @ dZ2
       │           ^^^^^^^^^^
    21 │     W2 = W2 - 0.03 * dZ2 @ A1.T / 4

  dZ1 is sent back through the hidden layer without the slope of its sigmoid.

  cosine, W1   0.8123
  cosine, b1   0.9

  Remedy: Multiply with the slope of the sigmoid.
  - 20 │     dZ1 = W2.T @ dZ2
  + 20 │     dZ1 = W2.T @ dZ2 * A1 * (1 - A1)

  More: unstuck explain wrong-gradient

The loss J (line 18) is the binary cross-entropy, but the updates descend the mean squared error:
0.7 at first, not finite after 10,000 steps.
    ▁▁▁▇××
    linear scale from 0.4 to 5

parameter   shape    line   update        cosine
W1          (5, 2)     23   wrong         0.8123
b1          (5, 1)     24   wrong         0.9000
W2          (1, 5)     21   right         1.0000
b2          (1, 1)     22   cannot tell
"""

CRASH = """\
net.py crashes: the shapes of two arrays do not fit together
(line 6).

fatal  The shapes of two arrays do not fit together  line 6

    4 │ w2 = np.random.rand(4, 3)
    5 │ A1 = 1 / (1 + np.exp(-w1.dot(X.T)))
    6 │ A2 = 1 / (1 + np.exp(-w2.dot(A1)))
      │                       ^^^^^^^^^^

  w2 has 3 columns and A1 has 4 rows: w2.dot(A1) needs as
  many.
  With w2.T in its place the product has shape (3, 2).

  shape of w2   (4, 3)
  shape of A1   (4, 2)
  exception     ValueError: shapes (4,3) and (4,2) not
                aligned

  Remedy: Transpose w2.
  - 6 │ A2 = 1 / (1 + np.exp(-w2.dot(A1)))
  + 6 │ A2 = 1 / (1 + np.exp(-w2.T.dot(A1)))

  More: unstuck explain shape-mismatch
"""

HEALTHY = """\
xor.py learns, and nothing is wrong with it.

The loss J (line 18) is the binary cross-entropy, and the updates descend it:
0.74 at first, 0.0021 after 10,000 steps.
    ▇▇▇▇▇▇▆▆▆▆▆▆▅▅▅▅▅▄▄▄▄▄▄▃▃▃▃▃▂▂▂▂▂▂▁▁▁▁▁▁
    logarithmic scale from 0.0021 to 0.74
Every update is right: W1 (5, 2), b1 (5, 1), W2 (1, 5) and b2 (1, 1).

Checked and found right:
  - The gradient of all 4 parameters agrees with finite differences.
  - Labels and inputs are in the same order.
"""

NOTEBOOK = """\
descent.ipynb diverges: the steps are too large
(line 2 of cell 2).

fatal  The steps are too large  line 2 of cell 2

    1 │ for step in range(100):
    2 │     w -= rate * slope(w)
      │          ^^^^^^^^^^^^^^^
    3 │ w

  Each step jumps past the minimum.

  update over weight   9.9

  Remedy: Divide the rate by ten.
  cell 1
  - 3 │ rate = 5
  + 3 │ rate = 0.5

  Or: Or do so where it is used.
  cell 2
  - 2 │     w -= rate * slope(w)
  + 2 │     w -= 0.1 * rate * slope(w)

  More: unstuck explain step-too-large
"""


@pytest.mark.parametrize(
    ("name", "width", "text"),
    [
        ("plateau", 80, PLATEAU),
        ("two", 60, TWO),
        ("wrong gradient", 120, WRONG_GRADIENT),
        ("crash", 60, CRASH),
        ("healthy", 80, HEALTHY),
    ],
)
def test_whole_reports(samples, shown, name, width, text):
    assert shown(samples[name], width) == text


def test_a_notebook(samples, shown, places):
    assert shown(samples["notebook"], 60, places) == NOTEBOOK


def test_a_notebook_whose_cells_are_not_known_is_not_quoted(samples, shown):
    """Only the words of the remedies are left."""
    text = shown(samples["notebook"], 80)
    assert "for step in range(100)" not in text
    assert "- 2 │ rate\n  + 2 │ 0.1 * rate" in text


@pytest.mark.parametrize("width", [60, 80, 120, 200])
def test_no_line_is_wider_than_the_console(sample, shown, width):
    lines = shown(sample, width).splitlines()
    assert max(map(cell_len, lines)) <= width
    assert not [line for line in lines if line != line.rstrip()]


def test_no_colours_where_nobody_sees_them(sample, shown):
    assert "\x1b" not in shown(sample)


def test_colours_change_nothing_else(sample, shown):
    out = Console(file=io.StringIO(), width=80, force_terminal=True, record=True)
    show(sample, out)
    assert out.export_text() == shown(sample)


def test_severities_have_colours_of_their_own(shown):
    heads = [
        shown(Diagnosis("a.py", "stuck", 1.0, findings=(Finding("crash", "m", None, {}, severity=severity),)), force_terminal=True)
        for severity in SEVERITIES
    ]  # fmt: skip
    codes = [
        next(line for line in head.splitlines() if f"m{severity}\x1b" in line).split(severity)[0]
        for severity, head in zip(SEVERITIES, heads, strict=True)
    ]
    assert codes == ["\x1b[1;31m", "\x1b[1;33m", "\x1b[1;35m", "\x1b[1;36m"]


def test_a_healthy_report_is_short(samples, shown):
    assert len(shown(samples["healthy"]).splitlines()) <= 12
    assert "parameter " not in shown(samples["healthy"])


def test_where_only_ascii_can_be_printed(samples):
    out = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    diagnosis = samples["plateau"]
    show(diagnosis, Console(file=out, width=80))
    out.flush()
    text = out.buffer.getvalue().decode("ascii")
    assert "    10 | W1 = 0.01" in text
    assert "as written   ####" in text


def test_nothing_at_all(shown):
    assert shown(Diagnosis("a.py", "unfinished", 60.0)) == (
        "a.py was not finished when its time was up; until then nothing was found that\nmatters.\n"
    )


def test_many_parameters_are_cut_off(shown):
    rows = tuple(ParameterReport(f"w[{number}]", 3, (2,), "right" if number else "wrong") for number in range(40))
    text = shown(Diagnosis("a.py", "stuck", 1.0, parameters=rows))
    assert text.endswith("w[29]       (2,)       3   right\nand 10 more, of which all are right\n")
    wrong = (*rows[1:], ParameterReport("b", 3, (), "frozen"))
    assert shown(Diagnosis("a.py", "stuck", 1.0, parameters=wrong)).endswith("and 10 more, of which 9 are right\n")


def test_a_number_has_no_shape(shown):
    rows = (ParameterReport("w", 3, (), "frozen"),)
    assert "w           number      3   frozen\n" in shown(Diagnosis("a.py", "stuck", 1.0, parameters=rows))


TEXT = st.text(st.sampled_from("ab =_(\t误🚀é\u0301\x1b\u202e\ufe0f[bold]:\n"), max_size=90)
NUMBERS = st.lists(st.floats(), max_size=60).map(tuple)


@st.composite
def diagnoses(draw):
    """A diagnosis with anything in it, whether or not it makes sense."""
    line = TEXT.map(lambda text: text.replace("\n", " "))
    lines = tuple(draw(st.lists(line, max_size=6)))
    numbers = st.integers(0, 8)
    location = st.none() | st.builds(Location, TEXT, numbers, numbers, st.none() | numbers, st.none() | numbers)
    edits = st.builds(Edit, st.builds(Location, st.just("a.py"), numbers, numbers), TEXT, TEXT)
    remedies = st.lists(st.builds(Remedy, TEXT, st.lists(edits, max_size=2).map(tuple)), max_size=2).map(tuple)
    curves = st.dictionaries(st.sampled_from(["as written", "with remedy", "other"]), NUMBERS)
    trial = st.none() | st.builds(
        Trial,
        TEXT,
        numbers,
        numbers,
        NUMBERS,
        NUMBERS,
        st.dictionaries(TEXT, NUMBERS, max_size=2),
        st.booleans(),
        curves,
    )
    evidence = st.dictionaries(TEXT, TEXT | st.floats() | st.integers() | st.lists(TEXT) | st.none(), max_size=3)
    findings = st.builds(
        Finding, st.sampled_from(sorted(FAULTS)), TEXT, location, evidence, st.none() | TEXT, st.none() | TEXT,
        st.sampled_from(SEVERITIES), st.lists(numbers, max_size=3).map(tuple), remedies, trial,
    )  # fmt: skip
    loss = st.none() | st.builds(
        LossReport, st.none() | TEXT, location, st.none(), TEXT, st.none() | st.floats(), st.none(), NUMBERS
    )
    verdicts = st.sampled_from(["right", "wrong", "ascends", "frozen", "unused", "cannot-tell"])
    rows = st.builds(ParameterReport, TEXT, numbers, st.just((2, 3)), verdicts, st.none() | st.floats())
    return Diagnosis(
        draw(TEXT), draw(st.sampled_from(["learns", "stuck", "diverges", "crashes"])), 1.0, draw(loss),
        tuple(draw(st.lists(rows, max_size=3))), tuple(draw(st.lists(findings, max_size=2))), tuple(draw(st.lists(TEXT, max_size=2))),
        3, lines,
    )  # fmt: skip


@settings(deadline=None, max_examples=60)
@given(diagnoses(), st.sampled_from([60, 80, 120]))
def test_whatever_is_in_it_it_fits_and_obeys_nothing(diagnosis, width):
    out = io.StringIO()
    show(diagnosis, Console(file=out, width=width))
    for line in out.getvalue().split("\n"):
        assert cell_len(line) <= width
        assert not {"\x1b", "\u202e", "\t"} & set(line)
