"""``import unstuck`` costs no more than NumPy; names are loaded when they are used."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import unstuck as us
from unstuck import api

MODULES = [
    "activations", "api", "initializers", "losses", "metrics", "optimizers", "plots", "recipes", "schedules",
]  # fmt: skip
_TRIED = {"org"}  # the module copy looks for org.python.core, which only Jython has
SOURCES = Path(__file__).resolve().parents[1] / "src"


def imported_by(*arguments):
    """Return the top-level names of the modules that a Python process imports, without those of the standard library."""
    found = subprocess.run(
        [sys.executable, "-X", "importtime", *arguments],
        env={**os.environ, "PYTHONPATH": str(SOURCES)},
        capture_output=True,
        text=True,
        check=True,
    )
    lines = [line.split("|") for line in found.stderr.splitlines() if line.startswith("import time:")]
    names = {parts[-1].strip() for parts in lines[1:]}
    return names, {name.partition(".")[0] for name in names} - {*sys.stdlib_module_names, *_TRIED}


@pytest.fixture(scope="module")
def at_start():
    """What every process of this Python imports, whatever it does."""
    return imported_by("-c", "")[1]


def test_importing_loads_nothing_but_numpy_and_the_standard_library(at_start):
    names, foreign = imported_by("-c", "import unstuck")
    assert foreign - at_start <= {"unstuck", "numpy"}
    assert "unstuck.api" not in names


def test_the_front_door_loads_nothing_else_either(at_start):
    assert imported_by("-c", "import unstuck as us; us.Network; us.train; us.recipes; us.plots")[1] - at_start <= {
        "unstuck", "numpy",
    }  # fmt: skip


def test_training_on_the_command_line_imports_little(at_start, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    names, foreign = imported_by("-m", "unstuck", "train", "xor")
    assert foreign - at_start == {"unstuck", "numpy", "click", "safetensors", "threadpoolctl"}
    slow = {
        "urllib.request",
        "http.client",
        "ssl",
        "email.message",
        "importlib.metadata",
        "asyncio",
        "unittest",
        "doctest",
    }
    assert names & slow == set()
    assert names & {"unstuck.plots", "unstuck.gradients", "unstuck.data.tables", "unstuck.training.trace"} == set()


def test_names():
    assert dir(us) == sorted([*api.__all__, "__version__", *MODULES])
    for name in dir(us):
        assert getattr(us, name) is not None


def test_a_name_is_the_same_thing_every_time():
    vars(us).pop("Network", None)
    assert us.Network is us.Network is api.Network
    assert "Network" in vars(us)


def test_modules():
    assert us.api is api
    assert us.plots.__name__ == "unstuck.plots"
    assert us.optimizers.IRpropMinus(first_step=0.01) == us.optimizers.OPTIMIZERS.create("irprop-", first_step=0.01)
    assert us.initializers.Normal(scale=0.01).scale == 0.01
    assert us.recipes.Recipe().optimizer == "irprop-"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("Netwrok", "module 'unstuck' has no attribute 'Netwrok'. Did you mean 'Network'?"),
        ("trian", "module 'unstuck' has no attribute 'trian'. Did you mean 'train'?"),
        ("plot", "module 'unstuck' has no attribute 'plot'. Did you mean 'plots'?"),
        ("zzz", "module 'unstuck' has no attribute 'zzz'."),
        ("_private", "module 'unstuck' has no attribute '_private'"),
        ("__wrapped__", "module 'unstuck' has no attribute '__wrapped__'"),
    ],
)
def test_an_unknown_name(name, message):
    with pytest.raises(AttributeError) as caught:
        getattr(us, name)
    assert str(caught.value) == message
    assert not hasattr(us, name)


def test_the_version_is_that_of_the_project():
    project = (SOURCES.parent / "pyproject.toml").read_text(encoding="utf-8")
    assert f'\nversion = "{us.__version__}"\n' in project
