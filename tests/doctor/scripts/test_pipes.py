import os

import pytest

from unstuck.doctor.scripts import pipes
from unstuck.errors import UsageError


@pytest.mark.parametrize("high", [512, 2**30])
def test_a_channel_is_opened_once(monkeypatch, error_of, high):
    monkeypatch.setattr(pipes, "_HIGH", high)  # there may be no descriptors so high
    reading, writing = os.pipe()
    monkeypatch.setenv(pipes.VARIABLE, pipes.hand_over(reading, writing))
    channel = pipes.open_channel()
    channel.send({"n": 1})
    assert channel.receive() == {"n": 1}
    for stream in (channel._reader, channel._writer):
        assert not os.get_inheritable(stream.fileno())
        stream.close()
    assert error_of(UsageError, pipes.open_channel) == (
        "this program has no channel to a controller: the doctor starts it, it is not meant to be run by hand.\n"
        "  Run: unstuck diagnose SCRIPT"
    )
