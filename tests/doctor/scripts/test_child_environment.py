import os
from pathlib import Path

import unstuck
from unstuck.doctor.scripts.child_environment import child_environment


def test_the_users_own_environment_made_quiet(tmp_path):
    base = {"HOME": "/home/me", "TZ": "Asia/Tokyo", "DISPLAY": ":0", "PYTHONINSPECT": "1", "PYTHONPATH": "/a", "X": "y"}
    environment = child_environment(tmp_path, base)
    assert environment["HOME"] == "/home/me"
    assert environment["TZ"] == "Asia/Tokyo"
    assert environment["X"] == "y"
    assert not environment.keys() & {"DISPLAY", "PYTHONINSPECT"}
    assert environment["OPENBLAS_NUM_THREADS"] == environment["OMP_NUM_THREADS"] == "1"
    assert environment["MPLBACKEND"] == "Agg"
    assert environment["PYTHONHASHSEED"] == "0"
    assert environment["TMPDIR"] == str(tmp_path)
    first, second = environment["PYTHONPATH"].split(os.pathsep)
    assert first == "/a"
    assert Path(second) == Path(unstuck.__file__).parents[1]
    assert base["DISPLAY"] == ":0"


def test_the_environment_of_this_process_is_the_usual_base(monkeypatch):
    monkeypatch.setenv("SOMETHING", "else")
    monkeypatch.delenv("PYTHONPATH", raising=False)
    environment = child_environment()
    assert environment["SOMETHING"] == "else"
    assert environment["PYTHONPATH"] == str(Path(unstuck.__file__).parents[1])
    assert environment.get("TMPDIR") == os.environ.get("TMPDIR")


def test_matplotlib_looks_for_fonts_once_a_diagnosis(tmp_path):
    home = tmp_path / "home"
    there = home / "cache"
    there.mkdir(parents=True)
    base = {"HOME": str(home), "MPLCONFIGDIR": str(there)}
    workspace = tmp_path / "temporary"
    workspace.mkdir()
    assert child_environment(workspace, base)["MPLCONFIGDIR"] == str(workspace / "matplotlib")
    (there / "fontlist-v390.json").write_text("{}")
    assert child_environment(workspace, base)["MPLCONFIGDIR"] == str(there)
