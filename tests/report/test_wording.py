"""Numbers and texts as a report writes them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unstuck.doctor.faults import FAULTS, MISTAKES
from unstuck.report.wording import clause, clean, count, evidence_text, listing, number, sentences, spread


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"), (1.0, "1"), (-0.69314, "-0.6931"), (123.456, "123.5"), (999.96, "1,000"), (4212.3, "4,212"),
        (1234567.8, "1,234,568"), (1e7, "1e+07"), (1.23456e-5, "1.235e-05"), (float("inf"), "inf"), (float("nan"), "nan"),
        (10000, "10,000"), (-5, "-5"), (10**20, "100,000,000,000,000,000,000"), (True, "yes"), (False, "no"),
    ],
)  # fmt: skip
def test_numbers(value, text):
    assert number(value) == text


def test_counts():
    assert [count(amount, "row") for amount in (0, 1, 2, 12345)] == ["0 rows", "1 row", "2 rows", "12,345 rows"]


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ((), "nothing"),
        ((0.5,), "0.5"),
        ((0.50001, 0.49999), "0.5"),
        ((3.0, 1.0, 2.0), "1 to 3"),
        ((float("nan"),) * 3, "not finite"),
        ((1.0, float("inf"), 2.0), "1 to 2, 1 of 3 not finite"),
    ],
)
def test_the_spread_over_seeds(values, text):
    assert spread(values) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "not measured"), ("(4,\n3)", "(4,␊3)"), (0.123456, "0.1235"), (3, "3"), ([], "none"), ([0.5, 1000.0], "0.5, 1,000"),
        (["W1", "b1"], "W1, b1"), ([float(n) for n in range(9)], "0, 1, 2, 3, 4, 5, 6, 7, … 9 in all"),
    ],
)  # fmt: skip
def test_evidence(value, text):
    assert evidence_text(value) == text


@pytest.mark.parametrize(
    ("title", "follows"),
    [
        ("The script ends with an error", "it ends with an error"),
        ("NumPy stretches an array", "NumPy stretches an array"),
        ("A value is no longer finite", "a value is no longer finite"),
        ("", ""),
    ],
)
def test_a_title_behind_a_colon(title, follows):
    assert clause(title) == follows


def test_every_title_can_stand_behind_a_colon():
    for entry in (*FAULTS.values(), *MISTAKES.values()):
        assert not entry.title.endswith(".")
        assert " script " not in clause(entry.title)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[2J\0\x7f", "␛[2J␀\N{REPLACEMENT CHARACTER}"),
        ("a\tb", "a   b"),
        ("误\tb", "误   b"),
        ("safe\u202eevil\u200b\ufeff", "safe\N{REPLACEMENT CHARACTER}evil" + "\N{REPLACEMENT CHARACTER}" * 2),
        ("\ud800", "\N{REPLACEMENT CHARACTER}"),
        ("❤\ufe0f", "❤"),
        ("Größe, 误差, \N{IDEOGRAPHIC SPACE}é", "Größe, 误差, \N{IDEOGRAPHIC SPACE}é"),
    ],
)
def test_nothing_is_left_that_a_terminal_obeys(text, shown):
    assert clean(text) == shown


@given(st.text(), st.integers(0, 20))
def test_columns_can_be_carried_over(text, at):
    text = text.replace("\n", "").replace("\r", "")  # a line of a script has none
    assert clean(text).startswith(clean(text[:at]))


def test_lines_and_lists():
    assert sentences("one\ntwo\t.") == ("one", "two .")
    assert [listing(names) for names in (["a"], ["a", "b"], ["a", "b", "c"])] == ["a", "a and b", "a, b and c"]
