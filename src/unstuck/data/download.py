"""Files from the network, kept only if they are what they should be."""

from __future__ import annotations

import hashlib
import http.client
import logging
import urllib.request
from typing import TYPE_CHECKING

from unstuck.errors import FileError
from unstuck.files import write_whole

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

logger = logging.getLogger(__name__)

_TIMEOUT_SECONDS = 30.0
_MOST_BYTES = 64 * 2**20


def download(name: str, mirrors: Sequence[str], sha256: str, folder: Path) -> Path:
    """Fetch the file ``name`` into ``folder`` from the first of ``mirrors`` that has it as expected.

    Args:
        name: Name of the file, there and here.
        mirrors: Addresses of folders, each ending with a slash, tried in this order.
        sha256: Checksum the file must have, in hexadecimal.
        folder: Where to put it; made if missing. A file of this name is replaced.

    Raises:
        FileError: No mirror has the file as expected (the message has a line for each), or it cannot be written.
    """
    problems = []
    for mirror in mirrors:
        address = mirror + name
        logger.info("downloading %s", address)
        try:
            content = _fetch(address)
        except (OSError, http.client.HTTPException) as error:
            problems.append(f"{address}: {error}")
            continue
        found = hashlib.sha256(content).hexdigest()
        if found == sha256:
            return write_whole(folder / name, content, force=True)
        problems.append(f"{address}: {len(content)} bytes with SHA-256 {found}, expected {sha256}")
    raise FileError("\n  ".join([f"cannot download {name}:", *problems]))


def _fetch(address: str) -> bytes:
    request = urllib.request.Request(address, headers={"User-Agent": "unstuck"})  # noqa: S310 (our mirrors only)
    with urllib.request.urlopen(request, timeout=_TIMEOUT_SECONDS) as response:  # noqa: S310 (our mirrors only)
        content: bytes = response.read(_MOST_BYTES)
    return content
