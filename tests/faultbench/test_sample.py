"""A sample of the tuning part from end to end: the truth by running, the doctor's answer, the figures."""

from itertools import islice

import pytest

from faultbench.__main__ import main
from faultbench.items import items, part_of
from faultbench.operators import OPERATORS
from faultbench.originals import originals
from faultbench.results import read
from faultbench.runner import run_item
from faultbench.scoring import score
from faultbench.split import PARTS


def sample(kind, count):
    return list(islice(items("tuning", kind), count))


def test_parts_share_no_script():
    """Of every style and operator it is settled to which part it belongs; the tuning part has both from its own."""
    tuning = {item.name for item in items("tuning", "healthy")}
    assert not tuning & {item.name for item in items("held-out", "healthy")}
    styles = [script.name for script in originals("style")]
    pairs = [(style, operator) for style in styles for operator in OPERATORS]
    shares = [sum(part_of(*pair) == part for pair in pairs) / len(pairs) for part in PARTS]
    assert shares[0] == pytest.approx(0.6, abs=0.03)
    assert sum(shares) == 1


def test_healthy_scripts_draw_no_finding():
    results = [run_item(item) for item in sample("healthy", 2)]
    assert [result.name for result in results if not result.healthy] == []
    assert {result.label for result in results} == {"healthy"}


@pytest.mark.slow
def test_a_few_minutes_of_mutants():
    """Not how good the doctor is, which the whole benchmark tells, but that it is far from guessing and raises no false alarm."""
    results = [run_item(item) for item in sample("mutants", 30)]
    scores = score(results)
    assert all(result.error == "" for result in results)
    assert scores.detected.hits >= 0.6 * scores.detected.of
    assert scores.false_alarms.hits == 0


def test_the_command_goes_on_where_it_stopped(tmp_path, monkeypatch, capsys):
    path = tmp_path / "some.csv"
    command = ["faultbench", "run", "--kind", "healthy", "--no-trials", "--most", "1", "--results", str(path)]
    for _ in range(2):
        monkeypatch.setattr("sys.argv", command)
        main()
    names = [result.name for result in read(path)]
    assert len(set(names)) == len(names) == 2
    assert capsys.readouterr().out.startswith("# The fault benchmark: tuning part\n")
    assert path.with_suffix(".md").read_text(encoding="utf-8").startswith("# The fault benchmark: tuning part\n")
