"""Ctrl-C."""

import os
import signal
import threading

import pytest

from unstuck.cli.interrupts import ending_training, saving


def handlers():
    return signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_training_is_interrupted(number):
    before = handlers()
    with pytest.raises(KeyboardInterrupt), ending_training():
        os.kill(os.getpid(), number)
    assert handlers() == before


def test_even_where_the_signal_was_ignored():
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with pytest.raises(KeyboardInterrupt), ending_training():
            os.kill(os.getpid(), signal.SIGINT)
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)


def test_saving_is_not_interrupted():
    before = handlers()
    with saving():
        os.kill(os.getpid(), signal.SIGINT)
        with pytest.raises(KeyboardInterrupt), ending_training():
            os.kill(os.getpid(), signal.SIGINT)
        os.kill(os.getpid(), signal.SIGTERM)
    assert handlers() == before


def test_other_threads_leave_signals_alone():
    before = handlers()
    seen = []

    def work():
        with saving(), ending_training():
            seen.append(handlers())

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen == [before]
