"""Files are written whole or not at all, and over nothing that is there."""

import os
import stat

import pytest

from unstuck import files
from unstuck.errors import FileError
from unstuck.files import read_bytes, refuse_existing, write_whole


def names(folder):
    return [path.name for path in folder.iterdir()]


def message(call, *arguments, **settings):
    with pytest.raises(FileError) as caught:
        call(*arguments, **settings)
    return str(caught.value)


@pytest.mark.parametrize(
    ("content", "stored"), [(b"\x00\xff", b"\x00\xff"), ("Größe\n", "Größe\n".encode()), ("", b"")]
)
@pytest.mark.parametrize("as_text", [True, False])
def test_written_and_read_again(tmp_path, content, stored, as_text):
    path = tmp_path / "new" / "folder" / "file.bin"
    assert write_whole(str(path) if as_text else path, content) == path
    assert path.read_bytes() == stored
    assert read_bytes(str(path) if as_text else path) == stored
    assert names(path.parent) == ["file.bin"]


def test_an_existing_file_stays(tmp_path):
    path = tmp_path / "model"
    path.write_text("old")
    assert message(write_whole, path, "new") == (
        f"{path} already exists. Choose another name, or use --force (force=True) to replace it."
    )
    assert path.read_text() == "old"


def test_force_replaces_it(tmp_path):
    path = tmp_path / "model"
    path.write_text("old, and longer")
    write_whole(path, "new", force=True)
    assert path.read_text() == "new"


@pytest.mark.parametrize("force", [True, False])
def test_a_folder_is_in_the_way(tmp_path, force):
    assert (
        message(write_whole, tmp_path, "x", force=force)
        == f"{tmp_path} is a folder, expected the name of a file to write."
    )
    assert message(refuse_existing, tmp_path, force=force) == (
        f"{tmp_path} is a folder, expected the name of a file to write."
    )


def test_a_file_is_where_a_folder_should_be(tmp_path):
    (tmp_path / "file").write_text("")
    path = tmp_path / "file" / "model"
    assert message(write_whole, path, "x") == f"cannot write {path}: {tmp_path / 'file'} is not a folder."
    assert message(write_whole, path / "deeper", "x") == f"cannot write {path / 'deeper'}: Not a directory"
    assert names(tmp_path) == ["file"]


def test_a_name_that_is_too_long(tmp_path):
    path = tmp_path / ("x" * 300)
    assert message(write_whole, path, "x") == f"cannot write {path}: File name too long"
    assert message(read_bytes, path) == f"cannot read {path}: File name too long"


@pytest.mark.parametrize("failing", ["fsync", "fdopen"])
@pytest.mark.parametrize("existing", [True, False])
def test_nothing_is_left_behind_when_writing_fails(tmp_path, monkeypatch, existing, failing):
    path = tmp_path / "model"
    if existing:
        path.write_text("old")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files.os, failing, full)
    assert message(write_whole, path, "new", force=True) == f"cannot write {path}: No space left on device"
    assert names(tmp_path) == (["model"] if existing else [])
    assert not existing or path.read_text() == "old"


def test_nothing_is_left_behind_when_interrupted(tmp_path, monkeypatch):
    def interrupt(_):
        raise KeyboardInterrupt

    monkeypatch.setattr(files.os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_whole(tmp_path / "model", "x")
    assert names(tmp_path) == []


def test_a_reason_without_words_is_shown_all_the_same(tmp_path, monkeypatch):
    def fail(_):
        raise OSError("disk on fire")

    monkeypatch.setattr(files.os, "fsync", fail)
    assert message(write_whole, tmp_path / "model", "x") == f"cannot write {tmp_path / 'model'}: disk on fire"


@pytest.mark.parametrize("mask", [0o022, 0o077])
def test_permissions_are_those_of_any_new_file(tmp_path, mask):
    """And not the narrow ones of a temporary file."""
    before = os.umask(mask)
    try:
        path = write_whole(tmp_path / "model", "x")
    finally:
        after = os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o666 & ~mask
    assert after == mask


def test_nothing_there_is_no_reason_to_refuse(tmp_path):
    refuse_existing(tmp_path / "new", force=False)
    (tmp_path / "old").write_text("")
    refuse_existing(tmp_path / "old", force=True)


def test_reading_what_is_missing_or_a_folder(tmp_path):
    assert message(read_bytes, tmp_path / "none") == f"{tmp_path / 'none'} does not exist."
    assert message(read_bytes, str(tmp_path)) == f"{tmp_path} is a folder, expected a file."


def test_they_are_os_errors(tmp_path):
    with pytest.raises(OSError, match="does not exist"):
        read_bytes(tmp_path / "none")
