"""A diagnosis as HTML."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import pytest

from unstuck.doctor.diagnosis import Diagnosis, LossReport, ParameterReport
from unstuck.doctor.findings import Edit, Finding, Location, Remedy, Trial
from unstuck.report.html import to_html

EVIL = "<script>alert('1')</script>\"&\x1b[0m\u202e"


class Text(HTMLParser):
    """Collects the text of HTML, and its tags."""

    def __init__(self, html):
        super().__init__()
        self.text, self.tags = "", set()
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        self.tags.add(tag)
        self.text += (
            "\n" if tag in {"p", "li", "tr", "div"} or "display:block" in dict(attributes).get("style", "") else ""
        )

        self.text += " " if tag == "td" else ""

    def handle_data(self, data):
        self.text += data


def text_of(html):
    return Text(html).text.replace("\N{NO-BREAK SPACE}", " ")


def test_it_is_whole_and_well_formed(sample, places):
    html = to_html(sample, places if sample.target.endswith(".ipynb") else ())
    root = ET.fromstring(html)  # noqa: S314 (our own HTML)
    assert root.tag == "div"
    assert {"script", "style", "link", "img"} & {entry.tag for entry in root.iter()} == set()
    assert not re.search(r"https?:|url\(|class=", html)


def test_it_says_what_the_terminal_says(sample, shown):
    words = set(re.findall(r"[\w.]{3,}", text_of(to_html(sample))))
    terminal = set(re.findall(r"[\w.]{3,}", shown(sample, 200)))
    assert {word.strip(".") for word in terminal} - {word.strip(".") for word in words} == set()


def test_the_order(samples):
    text = text_of(to_html(samples["plateau"]))
    parts = (
        "xor.py does not learn", "fatal The initial weights leave the network on a plateau line 10", "  10 │ W1 = 0.01 * np",
        "W1 and W2 start so close", "largest gradient at the start 0.0009876", "Remedy: Draw",
        "- 10 │ W1 = 0.01", "+ 10 │ W1 = 1.0", "Trial: 20,000 steps, 3 seeds, final J 0.6931 -> 0.00101 to 0.00142: proved",
        "as written · ━ with remedy · logarithmic scale", "controls: another seed -> 0.6931, learning rate 0.3 -> 0.6929",
        "Or: Train with RMSProp", "More: unstuck explain plateau-init", "The loss J (line 18)", "constant at 0.6931",
        "parameter shape line update cosine", "W1 (5, 2) 23 right 1.0000", "Checked and found right:",
    )  # fmt: skip
    at = [text.index(part) for part in parts]
    assert at == sorted(at)


def test_what_is_wrong_is_marked_exactly(samples):
    marks = re.findall(r"underline wavy #\w+\">([^<]*)<", to_html(samples["crash"]))
    assert marks == ["w2.dot(A1)"]


def test_what_changes_is_marked_exactly(samples):
    changed = re.findall(r"<span style=\"background:rgba\([\d,]+,\.3\)\">([^<]*)<", to_html(samples["plateau"]))
    assert changed == ["0.01", "1.0"] * 2


def test_a_place_behind_the_end_of_a_line():
    finding = Finding("does-not-parse", "m", Location("a.py", 1, 9), {}, severity="fatal")
    html = to_html(Diagnosis("a.py", "crashes", 1.0, findings=(finding,), lines=("x = (",)))
    assert re.findall(r"underline wavy #\w+\">([^<]*)<", html) == [" "]


def test_lines_that_are_left_out():
    finding = Finding("updated-weights", "m", Location("a.py", 20, 0, 20, 1), {}, lines=(3, 20))
    text = text_of(to_html(Diagnosis("a.py", "stuck", 1.0, findings=(finding,), lines=("x",) * 30)))
    assert "   3 │ x\n   ⋮\n  19 │ x\n  20 │ x\n  21 │ x" in text


def test_cells(samples, places):
    text = text_of(to_html(samples["notebook"], places))
    assert "line 2 of cell 2" in text
    assert "cell 1\n- 3 │ rate = 5\n+ 3 │ rate = 0.5" in text


def test_a_healthy_one_is_short(samples):
    text = text_of(to_html(samples["healthy"]))
    assert "Every update is right: W1 (5, 2), b1 (5, 1), W2 (1, 5) and b2 (1, 1)." in text
    assert "<table" not in to_html(samples["healthy"])


@pytest.mark.parametrize("proved", [True, False])
def test_a_trial_without_curves(samples, proved):
    (finding,) = samples["plateau"].findings
    trial = replace(finding.trial, curves={}, controls={}, proved=proved)
    html = to_html(replace(samples["plateau"], findings=(replace(finding, trial=trial),), loss=None))
    assert "<svg" not in html
    assert "controls" not in html
    assert f">{'proved' if proved else 'not proved'}<" in html


def test_everything_is_escaped():
    edit = Edit(Location("a.py", 1, 0), EVIL, EVIL)
    trial = Trial(EVIL, 1, 1, (1.0,), (1.0,), {EVIL: (1.0,)}, curves={"as written": (1.0,)})
    finding = Finding(
        EVIL, EVIL, Location(EVIL, 2, 1, 2, 5), {EVIL: EVIL, "list": [EVIL]}, EVIL, EVIL,
        remedies=(Remedy(EVIL, (edit,)),), trial=trial, lines=(4,),
    )  # fmt: skip
    loss = LossReport(EVIL, Location(EVIL, 1), EVIL, EVIL, 1.0, 1.0, (1.0,))
    rows = (ParameterReport(EVIL, 1, (2,), "wrong"), ParameterReport("b", 1, (2,), "right"))
    html = to_html(Diagnosis(EVIL, "learns", 1.0, loss, rows, (finding,), (EVIL,), 1, (EVIL,) * 5))
    assert "script" not in Text(html).tags
    assert not {"\x1b", "\u202e"} & set(html)
    assert Text(html).text.count("<script>alert('1')</script>\"&␛[0m\N{REPLACEMENT CHARACTER}") >= 15
    ET.fromstring(html)  # noqa: S314 (our own HTML)
    healthy = to_html(Diagnosis("a.py", "learns", 1.0, None, (ParameterReport(EVIL, 1, (2,), "right"),)))
    assert "<script" not in healthy
