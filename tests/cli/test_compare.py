"""``unstuck compare``: the command; what it finds is tested with the comparison itself."""

from pathlib import Path

import pytest

from unstuck.cli import compare as command
from unstuck.doctor.options import DiagnosisOptions
from unstuck.doctor.tools.comparison import Comparison, Tried


@pytest.fixture
def compared(monkeypatch):
    """Let the comparison end in what is given, and remember what it was asked."""
    asked = []

    def let(learned):
        tried = Tried("helps", (0.1, float("nan"), 0.2), learned, (0.5, 0.1))

        def compare_scripts(first, second, *, options):
            asked.append((first, second, options))
            return Comparison(first, second, "J", 100, 100, tried, tried, (), (), 2.0)

        monkeypatch.setattr(command, "compare_scripts", compare_scripts)
        return asked

    return let


def test_help(unstuck):
    status, out, err = unstuck("compare --help")
    assert (status, err) == (0, "")
    assert out.startswith("Usage: unstuck compare [OPTIONS] A.py B.py [-- ARGUMENTS]\n")
    assert out.endswith("\nExample:\n  unstuck compare stuck.py learns.py\n")
    assert "Every variant is RUN from three seeds" in out.replace("\n", " ").replace("  ", " ")


@pytest.mark.parametrize(("learned", "status"), [(3, 0), (2, 0), (1, 1), (0, 1)])
def test_the_status_says_whether_the_second_version_learns(unstuck, compared, learned, status):
    compared(learned)
    found = unstuck("compare a.py b.py")
    assert (found.status, found.err) == (status, "")
    assert found.out.startswith("Both versions learn." if status == 0 else "Neither version learns.")


def test_json(unstuck, compared):
    compared(3)
    found = unstuck("compare a.py b.py --json")
    assert (found.status, found.err) == (0, "")
    assert found.json["schema"] == 1
    assert found.json["learns"] == {"first": True, "second": True}
    assert found.json["as_second"] == {"final": [0.1, None, 0.2], "learned": 3, "reason": None}


def test_settings(unstuck, compared):
    asked = compared(3)
    unstuck("compare a.py b.py --time-limit 9 --memory 512 --workers 1 -- --epochs 5")
    assert asked == [("a.py", "b.py", DiagnosisOptions(("--epochs", "5"), time_limit=9, memory=512, workers=1))]


def test_wrong_use(unstuck):
    assert unstuck("compare a.py b.py") == (2, "", "Error: a.py does not exist.\n")
    for name in ("a.py", "b.py"):
        Path(name).write_text("x = 1\n")
    assert unstuck("compare a.py").status == 2
    assert unstuck("compare a.py b.py --time-limit 0") == (
        2, "", "Error: --time-limit must be a number above 0. Got 0.0 instead.\n",
    )  # fmt: skip
