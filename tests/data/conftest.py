"""What the tests of the data floor share."""

from pathlib import Path

import pytest


@pytest.fixture
def write(tmp_path, monkeypatch):
    """Write a file of text or bytes into an empty folder that is the working folder, and return its short path."""
    monkeypatch.chdir(tmp_path)

    def write_file(name, content):
        path = Path(name)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write_file
