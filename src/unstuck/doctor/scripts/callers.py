"""Who called: a script, one of its own modules, or a library."""

from __future__ import annotations

import dis
import functools
import os
import site
import sysconfig
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import FrameType


def is_library(frame: FrameType | None) -> bool:
    """Return whether ``frame`` belongs to Python, to an installed package or to this one, and not to a script and its modules."""
    return frame is None or _is_library_file(frame.f_code.co_filename)


def is_our_own(frame: FrameType | None) -> bool:
    """Return whether ``frame`` belongs to this package."""
    return frame is not None and frame.f_code.co_filename.startswith(_our_folder())


def line_in(frame: FrameType | None, filename: str) -> int | None:
    """Return the line of the innermost frame that runs ``filename``, None if there is none."""
    while frame is not None:
        if frame.f_code.co_filename == filename:
            return frame.f_lineno
        frame = frame.f_back
    return None


def instruction(frame: FrameType) -> tuple[str, int]:
    """Return the bytecode instruction that a frame is at, by its name and argument."""
    code = frame.f_code.co_code
    return dis.opname[code[frame.f_lasti]], code[frame.f_lasti + 1]


@functools.cache
def _is_library_file(filename: str) -> bool:
    return filename.startswith(("<frozen ", *_library_folders()))


@functools.cache
def _library_folders() -> tuple[str, ...]:
    paths = sysconfig.get_paths()
    folders = {paths[name] for name in ("stdlib", "platstdlib", "purelib", "platlib")}
    folders |= {*site.getsitepackages(), site.getusersitepackages()}
    return (_our_folder(), *(_with_separator(Path(folder)) for folder in folders))


@functools.cache
def _our_folder() -> str:
    return _with_separator(Path(__file__).parents[2])  # that of the package


def _with_separator(folder: Path) -> str:
    return f"{folder}{os.sep}"
