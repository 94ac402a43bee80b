import json
import sys

import numpy as np

import unstuck
from unstuck.doctor.scripts.callers import instruction, is_library, is_our_own, line_in


def frame_of(filename):
    namespace = {}
    exec(compile("import sys\n\nframe = sys._getframe()", filename, "exec"), namespace)  # noqa: S102 (that is what it is for)
    return namespace["frame"]


def test_libraries_and_scripts():
    for filename in (json.__file__, np.__file__, unstuck.__file__, "<frozen importlib._bootstrap>"):
        assert is_library(frame_of(filename))
    for filename in (
        "/home/me/train.py",
        "<stdin>",
        unstuck.__file__.replace("__init__.py", "").rstrip("/") + "_of_mine.py",
    ):
        assert not is_library(frame_of(filename))
    assert is_library(None)
    assert is_our_own(frame_of(unstuck.__file__))
    assert not is_our_own(frame_of(json.__file__))
    assert not is_our_own(None)


def test_the_line_of_the_script_that_is_running():
    def inner():
        return line_in(sys._getframe(), __file__), line_in(sys._getframe(), "nowhere.py")

    line, nowhere = inner()
    assert line == inner.__code__.co_firstlineno + 1
    assert nowhere is None


def test_the_instruction_a_frame_is_at():
    class Asked:
        def __getattr__(self, name):
            return instruction(sys._getframe(1))[0]

        def __iter__(self):
            return iter(range(instruction(sys._getframe(1))[1]))

    assert Asked().attribute in ("LOAD_ATTR", "LOAD_METHOD")
    assert getattr(Asked(), "attribute".lower()).startswith(("CALL", "PRECALL"))
    first, second, third = Asked()
    assert (first, second, third) == (0, 1, 2)
