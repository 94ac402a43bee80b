"""Keeps a process from writing outside given folders, from opening network connections and from signalling others (Linux).

Landlock is a part of the kernel since 5.13 that any process may use to give up rights for itself and all it starts. It holds whatever
the script does, also in C code. What a kernel does not know yet is left out.

Source: https://docs.kernel.org/userspace-api/landlock.html
"""

from __future__ import annotations

import ctypes
import os
import struct
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_WHICH_VERSION = 1
_PATH_BENEATH = 1
_PR_SET_NO_NEW_PRIVS = 38

_WRITE_FILE = 1 << 1
_CHANGE_FOLDERS = sum(1 << bit for bit in range(4, 13))  # remove, and make whatever kind of entry
_REFER, _TRUNCATE = 1 << 13, 1 << 14
_TCP = 0b11  # bind and connect
_SEMAPHORES = "/dev/shm"  # noqa: S108 (where the system keeps locks that processes share)
_SCOPES = 0b11  # abstract Unix sockets and signals
_VERSIONS = {"refer": 2, "truncate": 3, "tcp": 4, "scopes": 6}


def give_up_rights(writable: Sequence[Path]) -> bool:
    """Give up writing outside ``writable`` and ``/dev``, and return whether the kernel could do it."""
    if sys.platform != "linux":
        return False
    library = ctypes.CDLL(None, use_errno=True)
    library.syscall.restype = ctypes.c_long
    version = library.syscall(_CREATE_RULESET, None, 0, _WHICH_VERSION)
    if version < 1:
        return False
    rights = _WRITE_FILE | _CHANGE_FOLDERS
    rights |= _REFER if version >= _VERSIONS["refer"] else 0
    rights |= _TRUNCATE if version >= _VERSIONS["truncate"] else 0
    attributes = struct.pack("=Q", rights)
    if version >= _VERSIONS["tcp"]:
        attributes += struct.pack("=Q", _TCP)
    if version >= _VERSIONS["scopes"]:
        attributes += struct.pack("=Q", _SCOPES)
    rules = library.syscall(_CREATE_RULESET, attributes, ctypes.c_size_t(len(attributes)), 0)
    if rules < 0:
        return False
    try:
        for folder in writable:
            _allow(library, rules, folder, rights)
        _allow(library, rules, "/dev", rights & (_WRITE_FILE | _TRUNCATE))
        if os.path.isdir(_SEMAPHORES):  # noqa: PTH112 (one question, no path needed)
            _allow(library, rules, _SEMAPHORES, rights)
        if library.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
            return False
        return bool(library.syscall(_RESTRICT_SELF, rules, 0) == 0)
    finally:
        os.close(rules)


def _allow(library: ctypes.CDLL, rules: int, folder: str | Path, rights: int) -> None:
    descriptor = os.open(folder, os.O_PATH | os.O_CLOEXEC) if sys.platform == "linux" else -1
    try:
        library.syscall(_ADD_RULE, rules, _PATH_BENEATH, struct.pack("=Qi", rights, descriptor), 0)
    finally:
        os.close(descriptor)
