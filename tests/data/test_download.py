import hashlib
import http.client
import logging
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from urllib.error import URLError

import pytest

from unstuck.data import download as module
from unstuck.data.download import download
from unstuck.errors import FileError

CONTENT = b"what was asked for"
SHA256 = hashlib.sha256(CONTENT).hexdigest()


class QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, *_arguments):
        pass


@pytest.fixture
def served(tmp_path, monkeypatch):
    """A folder and the address under which it is served."""
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    folder = tmp_path / "served"
    folder.mkdir()
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(QuietHandler, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield folder, f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def no_network(monkeypatch):
    def urlopen(*_arguments, **_settings):
        raise URLError("no network")

    monkeypatch.setattr(module.urllib.request, "urlopen", urlopen)


def test_the_file_arrives_whole(served, tmp_path):
    folder, address = served
    (folder / "f").write_bytes(CONTENT)
    path = download("f", [address], SHA256, tmp_path / "new" / "cache")
    assert path == tmp_path / "new" / "cache" / "f"
    assert path.read_bytes() == CONTENT
    assert list(path.parent.iterdir()) == [path]


def test_a_damaged_file_is_replaced(served, tmp_path):
    folder, address = served
    (folder / "f").write_bytes(CONTENT)
    (tmp_path / "f").write_bytes(b"old")
    assert download("f", [address], SHA256, tmp_path).read_bytes() == CONTENT


def test_the_next_mirror_is_asked(served, tmp_path):
    folder, address = served
    for name, content in {"wrong": b"something else", "right": CONTENT}.items():
        (folder / name).mkdir()
        (folder / name / "f").write_bytes(content)
    mirrors = [f"{address}missing/", f"{address}wrong/", f"{address}right/"]
    assert download("f", mirrors, SHA256, tmp_path).read_bytes() == CONTENT


def test_a_wrong_checksum_leaves_nothing_behind(served, tmp_path, error_of):
    folder, address = served
    (folder / "f").write_bytes(b"something else")
    found = hashlib.sha256(b"something else").hexdigest()
    cache = tmp_path / "cache"
    assert error_of(FileError, download, "f", [address], SHA256, cache) == (
        f"cannot download f:\n  {address}f: 14 bytes with SHA-256 {found}, expected {SHA256}"
    )
    assert not cache.exists()


def test_every_mirror_has_its_line(served, tmp_path, error_of):
    _, address = served
    mirrors = [f"{address}a/", f"{address}b/"]
    assert error_of(FileError, download, "f", mirrors, SHA256, tmp_path) == (
        f"cannot download f:\n"
        f"  {address}a/f: HTTP Error 404: File not found\n"
        f"  {address}b/f: HTTP Error 404: File not found"
    )


@pytest.mark.usefixtures("no_network")
def test_no_network(tmp_path, error_of):
    assert error_of(FileError, download, "f", ["https://a.example/"], SHA256, tmp_path) == (
        "cannot download f:\n  https://a.example/f: <urlopen error no network>"
    )


def test_a_server_that_does_not_speak_http(monkeypatch, tmp_path, error_of):
    def urlopen(*_arguments, **_settings):
        raise http.client.BadStatusLine("hello")

    monkeypatch.setattr(module.urllib.request, "urlopen", urlopen)
    assert error_of(FileError, download, "f", ["https://a.example/"], SHA256, tmp_path) == (
        "cannot download f:\n  https://a.example/f: hello"
    )


def test_a_folder_that_cannot_be_written(served, tmp_path, error_of):
    folder, address = served
    (folder / "f").write_bytes(CONTENT)
    (tmp_path / "file").write_text("in the way")
    target = tmp_path / "file" / "f"
    assert error_of(FileError, download, "f", [address], SHA256, tmp_path / "file") == (
        f"cannot write {target}: {tmp_path / 'file'} is not a folder."
    )


def test_endless_files_are_cut(served, tmp_path, monkeypatch):
    folder, address = served
    (folder / "f").write_bytes(CONTENT)
    monkeypatch.setattr(module, "_MOST_BYTES", 4)
    with pytest.raises(FileError, match="f: 4 bytes with SHA-256"):
        download("f", [address], SHA256, tmp_path)


def test_a_download_is_logged(served, tmp_path, caplog):
    folder, address = served
    (folder / "f").write_bytes(CONTENT)
    with caplog.at_level(logging.INFO, logger="unstuck"):
        download("f", [address], SHA256, tmp_path)
    assert caplog.messages == [f"downloading {address}f"]
