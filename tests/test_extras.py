"""Optional dependencies: the pip line where one is missing, and the true error where one is broken."""

import sys

import pytest

from unstuck.errors import MissingExtraError
from unstuck.extras import require


def test_what_is_installed_is_imported():
    assert require("json.decoder", "plots", "a plot") is sys.modules["json.decoder"]


@pytest.mark.parametrize("module", ["no_such_package", "no_such_package.inside.it"])
def test_what_is_missing(module):
    with pytest.raises(MissingExtraError) as caught:
        require(module, "plots", "plot_history")
    assert str(caught.value) == (
        "plot_history needs no_such_package, which is not installed.\n  Install it with: pip install 'unstuck[plots]'"
    )
    assert isinstance(caught.value, ImportError)


def test_a_missing_part_of_an_installed_package_is_no_missing_extra():
    with pytest.raises(ModuleNotFoundError, match=r"No module named 'json\.no_such_part'"):
        require("json.no_such_part", "plots", "a plot")


def test_neither_is_what_an_installed_package_misses(tmp_path, monkeypatch):
    (tmp_path / "needs_another.py").write_text("import no_such_package\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(ModuleNotFoundError, match="No module named 'no_such_package'"):
        require("needs_another", "plots", "a plot")


def test_nor_one_that_fails_by_itself(tmp_path, monkeypatch):
    (tmp_path / "broken_inside.py").write_text("from json import no_such_name\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(ImportError, match="cannot import name 'no_such_name'"):
        require("broken_inside", "plots", "a plot")
