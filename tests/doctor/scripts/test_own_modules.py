"""Modules beside a script are instrumented when they are imported."""

import builtins
import importlib
import sys

import pytest

from unstuck.doctor.scripts.agent import Agent
from unstuck.doctor.scripts.instrument import Places
from unstuck.doctor.scripts.own_modules import _Loader, watch_own_modules
from unstuck.doctor.scripts.variables import OWN_MODULES


class Listening(Agent):
    def __init__(self):
        self.values = []

    def value(self, site, value):
        self.values.append((site, value))
        return value


@pytest.fixture
def folder(tmp_path, monkeypatch, own_builtins):  # noqa: ARG001 (takes the hooks out again)
    """A folder whose modules are watched; nothing of it is left when the test is over."""
    folder = tmp_path / "project"
    folder.mkdir()
    monkeypatch.setattr(sys, "path", [str(folder), str(tmp_path), *sys.path])
    monkeypatch.setattr(sys, "meta_path", list(sys.meta_path))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    before, own = set(sys.modules), set(OWN_MODULES)
    yield folder
    for name in set(sys.modules) - before:
        del sys.modules[name]
    OWN_MODULES.intersection_update(own)


def watch(folder, wanted=None):
    places, agent = Places(), Listening()
    agent.install()
    watch_own_modules(folder, places, wanted)
    importlib.invalidate_caches()
    return places, agent


def test_a_module_beside_the_script(folder):
    (folder / "beside_helpers.py").write_text("rate = 0.5\nfor i in range(2):\n    rate = rate * 2\n")
    places, agent = watch(folder)
    module = importlib.import_module("beside_helpers")
    assert module.rate == 2.0
    assert "beside_helpers" in OWN_MODULES
    assert {site.module for site in places.sites} == {"beside_helpers"}
    assert [loop.line for loop in places.loops] == [2]
    assert (places.sites[0].number, 0.5) in agent.values


def test_a_module_of_a_package_and_numbers_that_go_on(folder):
    package = folder / "beside_package"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "nets.py").write_text("a = 1.0\n")
    (folder / "beside_other.py").write_text("b = 2.0\n")
    places, agent = watch(folder)
    importlib.import_module("beside_package.nets")
    importlib.import_module("beside_other")
    assert [(site.number, site.module) for site in places.sites] == [(0, "beside_package.nets"), (1, "beside_other")]
    assert agent.values == [(0, 1.0), (1, 2.0)]


def test_only_wanted_sites_are_reported(folder):
    (folder / "beside_wanted.py").write_text("a = 1.0\nb = 2.0\n")
    places, agent = watch(folder, (frozenset({1}), frozenset()))
    importlib.import_module("beside_wanted")
    assert len(places.sites) == 2
    assert agent.values == [(1, 2.0)]


def test_modules_from_elsewhere_are_left_alone(folder):
    (folder.parent / "beside_outside.py").write_text("a = 1.0\n")
    packages = folder / "site-packages"
    packages.mkdir()
    (packages / "beside_installed.py").write_text("a = 1.0\n")
    sys.path.insert(0, str(packages))
    namespace = folder / "beside_namespace"
    namespace.mkdir()
    places, agent = watch(folder)
    for name in ("beside_outside", "beside_installed", "beside_namespace"):
        importlib.import_module(name)
    assert (places.sites, agent.values) == ([], [])
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module("beside_nowhere")


def test_a_module_that_does_not_parse_fails_as_it_would(folder):
    (folder / "beside_broken.py").write_text("a = = 1\n")
    places, _ = watch(folder)
    with pytest.raises(SyntaxError):
        importlib.import_module("beside_broken")
    assert places.sites == []


def test_a_module_that_cannot_be_instrumented_runs_as_it_is(folder, monkeypatch):
    (folder / "beside_deep.py").write_text("a = 1.0\n")
    places, agent = watch(folder)

    def fail(_tree, _text, places, _module, *, wanted):
        places.sites.append(wanted)
        raise RecursionError

    monkeypatch.setattr("unstuck.doctor.scripts.own_modules.instrument_tree", fail)
    assert importlib.import_module("beside_deep").a == 1.0
    assert (places.sites, agent.values) == ([], [])


def test_a_loader_without_a_source(folder, monkeypatch):
    path = folder / "beside_bare.py"
    path.write_text("a = 1.0\n")
    loader = _Loader("beside_bare", str(path), Places(), None)
    monkeypatch.setattr(loader, "get_source", lambda _name: None)
    assert loader.get_code("beside_bare").co_filename == str(path)
    assert "__unstuck_value__" not in vars(builtins)
