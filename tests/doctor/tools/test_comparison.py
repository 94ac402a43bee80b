"""What a comparison says in words."""

import pytest

from unstuck.doctor.tools.comparison import Comparison, EditResult, PairResult, Tried

LEARNS, STUCK = Tried("helps", (0.01,) * 3, 3), Tried("no difference", (0.7,) * 3, 0)


def comparison(first, second, effects, pairs=(), needs=()):
    edits = tuple(
        EditResult(number, (), dict(needs).get(number, ()), Tried(effect)) for number, effect in enumerate(effects, 1)
    )
    tried = tuple(PairResult(numbers, Tried(effect)) for numbers, effect in pairs)
    return Comparison("a.py", "b.py", "J", 100, 100, first, second, edits, tried, 1.0)


@pytest.mark.parametrize(
    ("first", "second", "effects", "sentence"),
    [
        (
            STUCK,
            LEARNS,
            ["helps", "makes the difference"],
            "b.py learns, a.py does not. Edit 2 makes the difference alone.",
        ),
        (
            STUCK,
            LEARNS,
            ["makes the difference"] * 2,
            "b.py learns, a.py does not. Edits 1 and 2 each make the difference alone.",
        ),
        (STUCK, LEARNS, ["helps"], "b.py learns, a.py does not. No edit makes the difference alone."),
        (STUCK, STUCK, ["no difference"], "Neither version learns. No edit alone makes the difference."),
        (
            STUCK,
            STUCK,
            ["hurts", "helps"],
            "Neither version learns. No edit alone makes the difference. Edit 2 helps. Edit 1 hurts.",
        ),
        (LEARNS, LEARNS, ["helps", "helps", "hurts"], "Both versions learn. Edits 1 and 2 help. Edit 3 hurts."),
        (LEARNS, LEARNS, ["no difference"], "Both versions learn. No edit alone makes a difference."),
        (LEARNS, STUCK, ["breaks", "helps"], "a.py learns, b.py does not. Edit 1 breaks it."),
        (
            LEARNS,
            LEARNS,
            [],
            "Both versions learn. They are the same program: nothing but comments, spacing or docstrings differs.",
        ),
    ],
)
def test_sentences(first, second, effects, sentence):
    assert comparison(first, second, effects).sentence == sentence


def test_pairs_in_words():
    tried = [((1, 2), "makes the difference"), ((1, 3), "no difference"), ((2, 3), "makes the difference")]
    found = comparison(STUCK, LEARNS, ["helps"] * 3, tried)
    assert found.sentence.endswith("it takes edits 1 and 2 together or edits 2 and 3 together.")
    found = comparison(STUCK, LEARNS, ["helps"] * 3, [((1, 2), "helps")])
    assert found.sentence.endswith("No edit makes the difference alone, nor do two together.")
    found = comparison(STUCK, LEARNS, ["helps"] * 3, [((1, 2), "not tried")])
    assert found.sentence.endswith("No edit makes the difference alone.")


def test_of_an_edit_that_contains_a_decisive_one_only_that_counts():
    found = comparison(STUCK, LEARNS, ["makes the difference"] * 2, needs=[(2, (1,))])
    assert [edit.number for edit in found.decisive] == [1]


def test_most_seeds_must_learn():
    assert Tried("helps", (0.1,) * 3, 2).learns
    assert not Tried("helps", (0.1,) * 3, 1).learns
    assert not Tried("helps").learns
