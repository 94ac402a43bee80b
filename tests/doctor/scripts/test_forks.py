"""Forks that answer, die, or say nothing."""

import os
import random
import sys
import time

import pytest

from unstuck.doctor.scripts.forks import Fork, Leaving, fork, wait_for_some

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there is no fork on Windows")


def start(work, seconds=10.0):
    forked = fork(seconds)
    if isinstance(forked, int):
        try:
            work(forked)
        finally:
            os._exit(0)
    return forked


def messages(forks):
    waiting, found = list(forks), {}
    leaving = Leaving()
    while waiting:
        for each in wait_for_some(waiting):
            waiting.remove(each)
            found[each.process] = each.message
            leaving.add(each)
    for _ in range(200):
        leaving.look()
        time.sleep(0.001)
    return [found[each.process] for each in forks]


def is_gone(forked):
    try:
        os.kill(forked.process, 0)
    except ProcessLookupError:
        return True
    return False


def test_each_says_its_own():
    forks = [start(lambda to, text=text: os.write(to, text)) for text in (b"one", b"two")]
    assert all(isinstance(each, Fork) for each in forks)
    assert messages(forks) == [b"one", b"two"]
    assert all(is_gone(each) for each in forks)


def test_the_random_numbers_of_a_fork_are_those_that_would_have_come():
    forks = [start(lambda writing: os.write(writing, str(random.getrandbits(64)).encode())) for _ in range(2)]
    expected = str(random.getrandbits(64)).encode()
    assert messages(forks) == [expected, expected]


def test_a_long_message_arrives_whole():
    def tell(to):
        with os.fdopen(to, "wb") as stream:
            stream.write(b"x" * 5_000_000)

    assert len(messages([start(tell)])[0]) == 5_000_000


def test_who_dies_has_said_nothing():
    assert messages([start(lambda _: os.abort()), start(lambda to: os.write(to, b"here"))]) == [None, b"here"]


def test_who_takes_too_long_is_killed():
    forked = start(lambda _: time.sleep(60), seconds=0.05)
    assert messages([forked]) == [None]
    assert is_gone(forked)


def test_who_has_said_all_and_does_not_end_is_killed():
    def stay(to):
        os.write(to, b"said")
        os.close(to)
        time.sleep(60)

    forked = start(stay)
    assert messages([forked]) == [b"said"]
    assert is_gone(forked)
