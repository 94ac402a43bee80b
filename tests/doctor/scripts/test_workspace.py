import os
import shutil
import stat
from pathlib import Path

import pytest

from unstuck.doctor.scripts.workspace import Workspace, remove_tree
from unstuck.errors import FileError


@pytest.fixture
def project(tmp_path):
    """A project with the script in src/train, and what lies around it."""
    home = tmp_path / "home"
    folder = home / "src" / "train"
    folder.mkdir(parents=True)
    (folder / "train.py").write_text("import helper\n")
    (folder / "helper.py").write_text("x = 1\n")
    (folder / "small.csv").write_text("1,2\n")
    (folder / "sub" / "deep").mkdir(parents=True)
    (folder / "sub" / "deep" / "z.txt").write_text("z")
    (home / "src" / "common.py").write_text("y = 2\n")
    (home / "data").mkdir()
    (home / "data" / "x.csv").write_text("3,4\n")
    return home


def test_a_script_finds_all_that_it_would(project):
    script = project / "src" / "train" / "train.py"
    with Workspace(script) as workspace:
        folder = workspace.folder
        assert workspace.script == folder / "train.py"
        assert workspace.script.resolve() == workspace.script
        assert workspace.current == folder
        assert not workspace.folder.is_relative_to(project)
        assert (folder / "helper.py").read_text() == "x = 1\n"
        assert (folder / "small.csv").read_text() == "1,2\n"
        assert (folder / "sub" / "deep" / "z.txt").read_text() == "z"
        assert (folder / ".." / "common.py").read_text() == "y = 2\n"
        assert (folder / ".." / ".." / "data" / "x.csv").read_text() == "3,4\n"
        assert (workspace.script.parents[2] / "data" / "x.csv").exists()
        assert (folder.name, folder.parent.name) == ("train", "src")
        assert workspace.temporary.is_dir()
        (folder / "small.csv").write_text("changed")
        (folder / "new.txt").write_text("new")
        (folder.parent / "new.txt").write_text("new")
    assert not workspace.root.exists()
    assert (script.parent / "small.csv").read_text() == "1,2\n"
    assert sorted(path.name for path in project.rglob("*.txt")) == ["z.txt"]
    workspace.close()


def test_messages_name_the_users_own_folders(project):
    with Workspace(project / "src" / "train" / "train.py") as workspace:
        message = f"No such file: '{workspace.folder / 'x.csv'}' or '{workspace.root}/elsewhere/mnt/y.csv'"
        expected = f"No such file: '{project / 'src' / 'train' / 'x.csv'}' or '/mnt/y.csv'"
        assert workspace.translate(message) == expected


@pytest.mark.parametrize(
    ("started_in", "current"), [(".", "home"), ("src", "src"), ("src/train", "train"), ("..", "train")]
)
def test_the_current_folder_is_the_users_if_the_script_is_near(project, monkeypatch, started_in, current):
    monkeypatch.chdir(project / started_in)
    script = os.path.relpath(project / "src" / "train" / "train.py")
    with Workspace(script) as workspace:
        assert workspace.current.name == current
        assert workspace.current.is_relative_to(workspace.root)


def test_text_gets_a_copy_of_a_small_current_folder(project, monkeypatch):
    monkeypatch.chdir(project / "src" / "train")
    with Workspace(None, "print(1)\n") as workspace:
        assert workspace.script.read_text() == "print(1)\n"
        assert workspace.script.name == "script.py"
        assert (workspace.folder / "small.csv").exists()
        assert workspace.current == workspace.folder
    (project / "src" / "train" / "script.py").write_text("mine")
    with Workspace(None, "print(1)\n") as workspace:
        assert workspace.script.name == "script_2.py"


def test_text_gets_an_empty_folder_where_the_current_one_is_large(tmp_path, monkeypatch):
    for number in range(250):
        (tmp_path / f"{number}.txt").touch()
    monkeypatch.chdir(tmp_path)
    with Workspace(None, "x") as workspace:
        assert [path.name for path in workspace.folder.iterdir()] == ["script.py"]


def test_text_without_a_current_folder(tmp_path, monkeypatch):
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    with Workspace(None, "x") as workspace:
        assert workspace.script.read_text() == "x"


def test_a_script_that_is_not_there(tmp_path, error_of):
    missing = tmp_path / "none.py"
    before = set(Path(tmp_path).parent.iterdir())
    assert error_of(FileError, Workspace(missing).__enter__) == f"{missing} does not exist."
    assert set(Path(tmp_path).parent.iterdir()) == before


def test_a_script_without_folders_around_it(monkeypatch, tmp_path):
    """As in /train.py: the folders around it end at the root."""
    (tmp_path / "a.py").write_text("x")
    monkeypatch.setattr(Path, "parents", property(lambda _: ()))
    with Workspace(tmp_path / "a.py") as workspace:
        assert workspace.folder.parent == workspace.root / "files"


def test_whatever_was_done_to_it_it_is_removed(tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "precious.txt").write_text("precious")
    mode = stat.S_IMODE(outside.stat().st_mode)
    root = tmp_path / "root"
    (root / "a" / "b").mkdir(parents=True)
    (root / "a" / "b" / "c.txt").touch()
    (root / "a" / "out").symlink_to(outside)
    (root / "file").symlink_to(outside / "precious.txt")
    for folder in ("a/b", "a", "."):
        (root / folder).chmod(0)
    remove_tree(root)
    assert not root.exists()
    root.symlink_to(outside)
    remove_tree(root)
    assert not root.is_symlink()
    root.write_text("a file in its place")
    remove_tree(root)
    assert not root.exists()
    assert (outside / "precious.txt").read_text() == "precious"
    assert stat.S_IMODE(outside.stat().st_mode) == mode


def test_removal_is_tried_again_while_something_is_in_use(tmp_path, monkeypatch):
    remove = shutil.rmtree
    attempts = []

    def busy(path, **settings):
        attempts.append(path)
        if len(attempts) > 2:
            remove(path, **settings)

    monkeypatch.setattr(shutil, "rmtree", busy)
    root = tmp_path / "root"
    root.mkdir()
    remove_tree(root)
    assert len(attempts) == 3
    assert not root.exists()
