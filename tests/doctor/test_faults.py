"""The catalogue: every code is there, and each says what it is in plain words."""

import re

import pytest

from unstuck.doctor.faults import FAULTS, MISTAKES, describe
from unstuck.errors import OptionError

CODES = """
    wrong-gradient ascends updated-weights stale-gradients stale-prediction frozen-parameter unused-parameter unused-setting
    loss-mismatch step-too-large step-too-small sum-not-mean plateau-init symmetric-init saturation dead-relu missing-bias
    no-hidden-layer output-range target-encoding input-scale shape-mismatch broadcast integer-truncation aliasing misaligned-labels
    no-signal not-shuffled non-finite too-few-steps no-loop evaluation does-not-parse wrong-import missing-module missing-file crash
    optimizer-error vanishing exploding target-scale
""".split()  # noqa: SIM905 (forty strings in quotation marks are harder to read)
MISTAKE_CODES = """
    missing-activation-derivative derivative-of-activated-value derivative-of-preactivation wrong-activation-derivative
    loss-value-for-derivative wrong-operand missing-transpose bias-not-summed softmax-diagonal missing-output-derivative
    extra-output-derivative extra-factor missing-factor wrong-layer summed-over-wrong-axis sign-of-one-term overwritten-gradient
""".split()  # noqa: SIM905 (forty strings in quotation marks are harder to read)
ENTRIES = [*FAULTS.values(), *MISTAKES.values()]


def test_codes_are_stable():
    """A code that is gone breaks whatever reads our diagnoses."""
    assert sorted(FAULTS) == sorted(CODES)
    assert sorted(MISTAKES) == sorted(MISTAKE_CODES)


def test_no_code_and_no_title_is_there_twice():
    assert len({entry.code for entry in ENTRIES}) == len({entry.title for entry in ENTRIES}) == len(ENTRIES)


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.code)
def test_an_entry_is_a_phrase_and_one_to_three_sentences(entry):
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", entry.code)
    assert re.fullmatch(r"[A-Z][^.:]{10,80}", entry.title)
    assert 1 <= len(re.findall(r"\.(?= [A-Z]|$)", entry.summary)) <= 3
    assert entry.summary.endswith(".")
    assert "  " not in entry.summary


@pytest.mark.parametrize("code", [*CODES, *MISTAKE_CODES])
def test_describe_finds_faults_and_mistakes(code):
    assert describe(code).code == code


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (
            "plateau_init",
            "unknown fault 'plateau_init'. Did you mean 'plateau-init'?\n  'unstuck explain' lists them all.",
        ),
        (
            "Missing-Transpose",
            "unknown fault 'Missing-Transpose'. Did you mean 'missing-transpose'?\n  'unstuck explain' lists them all.",
        ),
        ("xyz", "unknown fault 'xyz'.\n  'unstuck explain' lists them all."),
    ],
)
def test_an_unknown_code_is_an_error_that_helps(given, message):
    with pytest.raises(OptionError) as raised:
        describe(given)
    assert str(raised.value) == message
