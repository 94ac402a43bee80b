"""The right scripts: there are enough of them, they run, learn, and are alike to themselves."""

import ast
import math

import pytest

from faultbench.originals import originals, with_seed
from faultbench.running.oracle import losses_alike, update_factor
from faultbench.running.runs import run

SCRIPTS = [*originals("style"), *originals("odd")]


def test_there_are_enough_and_no_name_is_there_twice():
    assert len(originals("style")) >= 30
    assert len({script.name for script in SCRIPTS}) == len(SCRIPTS)
    assert {script.task for script in SCRIPTS} >= {"xor", "moons", "spirals", "digits", "regression"}


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_what_is_said_about_a_script_is_not_part_of_it(script):
    assert "faultbench" not in script.text
    ast.parse(script.text)
    assert with_seed(script.text, 1) != script.text


@pytest.mark.sampled(20)
@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_a_script_learns(script):
    seen = run(with_seed(script.text, 5), script, patience=60.0)
    assert seen.error == ""
    assert seen.last < 0.5 * seen.first
    assert sum(math.prod(shape) for shape in seen.shapes) == len(seen.start)


@pytest.mark.sampled(8)
@pytest.mark.parametrize("script", SCRIPTS[::4], ids=lambda script: script.name)
def test_a_script_is_equivalent_to_itself(script):
    assert update_factor(script, script.text) == pytest.approx(1.0, rel=1e-9)
    assert losses_alike(script, script.text)
