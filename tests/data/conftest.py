"""What the tests of the data floor share."""

from pathlib import Path

import pytest


@pytest.fixture
def error_of():
    """The text of the error that a call raises; it must be of exactly this class."""

    def text(expected, call, *arguments, **settings):
        with pytest.raises(expected) as caught:
            call(*arguments, **settings)
        assert type(caught.value) is expected
        return str(caught.value)

    return text


@pytest.fixture
def write(tmp_path, monkeypatch):
    """Write a file of text or bytes into an empty folder that is the working folder, and return its short path."""
    monkeypatch.chdir(tmp_path)

    def write_file(name, content):
        path = Path(name)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write_file
