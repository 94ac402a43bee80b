"""What a kernel says is taken for an answer; what it then holds back is seen in the tests of the guard."""

import ctypes
import os
import sys

import pytest

from unstuck.doctor.scripts import landlock

LEAST_VERSIONS = 10  # smaller numbers are no descriptors of ours here, but what the kernel said


class Kernel:
    """A C library whose system calls give what they are told to."""

    def __init__(self, answers):
        self.answers = answers
        self.calls = []
        outer = self

        class Syscall:
            restype = None

            def __call__(self, number, *arguments):
                outer.calls.append((number, *arguments))
                return outer.answers.get(number, 0)

        self.syscall = Syscall()

    def prctl(self, *arguments):
        self.calls.append(arguments)
        return self.answers.get("prctl", 0)


@pytest.fixture
def kernel(monkeypatch):
    def install(answers):
        kernel = Kernel(answers)
        monkeypatch.setattr(landlock.ctypes, "CDLL", lambda *_, **__: kernel)
        return kernel

    close = os.close
    monkeypatch.setattr(landlock.os, "close", lambda number: number < LEAST_VERSIONS or close(number))
    return install


def test_a_kernel_without_it(kernel, tmp_path):
    assert not kernel({landlock._CREATE_RULESET: -1}).calls
    assert not landlock.give_up_rights([tmp_path])


def test_another_system(monkeypatch, tmp_path):
    monkeypatch.setattr(sys, "platform", "darwin")
    assert not landlock.give_up_rights([tmp_path])


@pytest.mark.parametrize(("version", "length"), [(1, 8), (3, 8), (4, 16), (6, 24), (7, 24)])
def test_only_what_the_kernel_knows_is_asked_for(kernel, tmp_path, version, length):
    fake = kernel({landlock._CREATE_RULESET: version})
    assert landlock.give_up_rights([tmp_path])
    asked = fake.calls[1]
    assert len(asked[1]) == asked[2].value == length
    rights = int.from_bytes(asked[1][:8], sys.byteorder)
    assert bool(rights & landlock._REFER) == (version >= 2)
    assert bool(rights & landlock._TRUNCATE) == (version >= 3)
    assert isinstance(asked[2], ctypes.c_size_t)
    assert fake.calls[-1] == (landlock._RESTRICT_SELF, version, 0)


def test_a_process_that_may_not_give_up_rights(kernel, tmp_path):
    kernel({landlock._CREATE_RULESET: 1, "prctl": -1})
    assert not landlock.give_up_rights([tmp_path])
    kernel({landlock._CREATE_RULESET: 1, landlock._RESTRICT_SELF: -1})
    assert not landlock.give_up_rights([tmp_path])
