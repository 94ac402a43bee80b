"""No right script may draw a finding from the checks that only read it."""

import ast
from pathlib import Path

import pytest

from unstuck.doctor.checks import evaluation_static, unused_setting, wrong_import_static
from unstuck.doctor.scripts.source import read_source

ROOT = Path(__file__).parents[3]
CHECKS = (unused_setting, wrong_import_static, evaluation_static)
RIGHT = [
    *(ROOT / "examples").glob("*.py"),
    *(ROOT / "tests" / "doctor" / "corpus" / "healthy").glob("*.py"),
    *(ROOT / "tests" / "doctor" / "corpus" / "mended").glob("*.py"),
]


def found(path):
    source = read_source(path)
    tree = ast.parse(source.text)
    return [finding for check in CHECKS for finding in check.check(tree, source)]


@pytest.mark.parametrize("path", sorted(RIGHT), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_right_script_draws_nothing(path):
    assert found(path) == []


def test_there_are_right_scripts():
    assert len(RIGHT) > 5


def test_the_post_with_the_unused_rate():
    findings = found(ROOT / "examples" / "stuck" / "xor_plateau.py")
    assert [(finding.fault, finding.severity) for finding in findings] == [
        ("unused-setting", "harmless"),
        ("wrong-import", "harmless"),
    ]
    assert findings[0].message.startswith("rate = 0.1 has no effect: nothing reads rate; the update in line ")


@pytest.mark.parametrize("path", sorted((ROOT / "examples" / "stuck").glob("*.py")), ids=lambda path: path.name)
def test_the_other_posts_only_draw_what_is_harmless(path):
    assert all(finding.severity == "harmless" for finding in found(path))
