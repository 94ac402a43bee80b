import os
import socket
from pathlib import Path

import pytest

from unstuck.doctor.scripts import folder_copy
from unstuck.doctor.scripts.folder_copy import Budget, copy_folder, link_siblings


@pytest.fixture
def source(tmp_path):
    folder = tmp_path / "source"
    folder.mkdir()
    return folder


@pytest.fixture
def target(tmp_path):
    folder = tmp_path / "target"
    folder.mkdir()
    return folder


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def links(folder):
    return sorted(path.name for path in folder.iterdir() if path.is_symlink())


def test_data_beyond_the_size_is_linked_to_and_programs_are_not(source, target):
    (source / "small.csv").write_bytes(b"x" * 100)
    (source / "large.csv").write_bytes(b"x" * 1000)
    (source / "larger.csv").write_bytes(b"x" * 2000)
    (source / "large.py").write_bytes(b"#" * 5000)
    (source / "small.py").write_bytes(b"#" * 500)
    copy_folder(source, target, Budget(size=1000))
    assert names(target) == ["large.csv", "larger.csv", "small.csv", "small.py"]
    assert links(target) == ["large.csv", "larger.csv"]
    assert (target / "large.csv").read_bytes() == b"x" * 1000


def test_programs_come_first_where_there_are_too_many_files(source, target):
    for number in range(20):
        (source / f"{number:02}.txt").touch()
    (source / "helper.py").write_text("x = 1")
    copy_folder(source, target, Budget(entries=6))
    assert len(names(target)) == 21
    assert len(links(target)) == 15
    assert not (target / "helper.py").is_symlink()


def test_folders_too_deep_and_too_many_are_linked_to(source, target):
    (source / "a" / "b" / "c").mkdir(parents=True)
    (source / "a" / "b" / "c" / "d.txt").touch()
    copy_folder(source, target, Budget(depth=1))
    assert not (target / "a").is_symlink()
    assert (target / "a" / "b").is_symlink()
    assert (target / "a" / "b" / "c" / "d.txt").exists()


def test_what_is_of_no_use_is_left_out(source, target):
    for name in (".git", "__pycache__", ".venv", "node_modules", "unstuck-abc"):
        (source / name).mkdir()
        (source / name / "x.txt").touch()
    (source / "my_environment").mkdir()
    (source / "my_environment" / "pyvenv.cfg").touch()
    (source / ".hidden").mkdir()
    os.mkfifo(source / "fifo")
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(source / "socket"))
    listener.close()
    (source / "dangling").symlink_to("nowhere")
    (source / "loop").symlink_to("loop")
    (source / "kept.txt").touch()
    copy_folder(source, target, Budget())
    assert names(target) == [".hidden", "kept.txt"]
    assert links(target) == [".hidden"]


def test_links_are_copied_as_what_they_lead_to_but_not_into_other_folders(source, target, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "x.csv").write_text("1")
    (source / "x.csv").symlink_to(elsewhere / "x.csv")
    (source / "folder").symlink_to(elsewhere)
    (source / "around").symlink_to(source)
    copy_folder(source, target, Budget())
    assert links(target) == ["around", "folder"]
    assert (target / "x.csv").read_text() == "1"
    assert (target / "folder" / "x.csv").read_text() == "1"


def test_what_cannot_be_read_is_left_out(source, target, monkeypatch):
    (source / "secret.txt").write_text("s")
    (source / "open.txt").write_text("o")
    (source / "read_only.txt").write_text("r")
    (source / "read_only.txt").chmod(0o444)
    copy = folder_copy.shutil.copyfile

    def refuse(what, to):
        if Path(what).name == "secret.txt":
            Path(to).touch()
            raise PermissionError
        return copy(what, to)

    monkeypatch.setattr(folder_copy.shutil, "copyfile", refuse)
    copy_folder(source, target, Budget())
    assert names(target) == ["open.txt", "read_only.txt"]
    (target / "read_only.txt").write_text("may be written")


def test_other_file_systems_are_linked_to(source, target, monkeypatch):
    (source / "mounted").mkdir()
    (source / "own").mkdir()
    device = folder_copy._device_of
    monkeypatch.setattr(folder_copy, "_device_of", lambda path: -2 if path.name == "mounted" else device(path))
    copy_folder(source, target, Budget())
    assert links(target) == ["mounted"]
    assert device(source / "nowhere") == -1


def test_all_or_nothing(source, target):
    (source / "sub").mkdir()
    (source / "sub" / "a.txt").write_bytes(b"x" * 100)
    (source / "b.txt").write_bytes(b"x" * 100)
    copy_folder(source, target, Budget(size=150), whole=True)
    assert names(target) == []
    copy_folder(source, target, Budget(size=200), whole=True)
    assert names(target) == ["b.txt", "sub"]


def test_where_links_are_not_allowed_data_is_copied(source, target, monkeypatch):
    def refuse(*_, **__):
        raise OSError("a required privilege is not held by the client")

    monkeypatch.setattr(Path, "symlink_to", refuse)
    (source / "large.csv").write_bytes(b"x" * 1000)
    copy_folder(source, target, Budget(size=10))
    assert (target / "large.csv").read_bytes() == b"x" * 1000
    link_siblings(source, target, "")
    assert names(target) == ["large.csv"]


def test_siblings_are_linked_to_also_programs(source, target):
    (source / "own").mkdir()
    (source / "helper.py").touch()
    (source / "data").mkdir()
    (target / "own").mkdir()
    link_siblings(source, target, "own")
    assert links(target) == ["data", "helper.py"]
    assert names(target) == ["data", "helper.py", "own"]
