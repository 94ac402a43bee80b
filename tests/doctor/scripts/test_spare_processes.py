"""Processes started ahead; these only count."""

from unstuck.doctor.scripts.spare_processes import SpareProcesses


class FakeProcess:
    def __init__(self):
        self.returncode = None
        self.is_closed = False

    def close(self):
        self.is_closed = True


def test_one_is_always_ahead_and_the_last_is_ended():
    started = []

    def start(_):
        started.append(FakeProcess())
        return started[-1]

    with SpareProcesses() as spares:
        assert spares.take(start) is started[0]
        assert len(started) == 2
        assert spares.take(start) is started[1]
        assert len(started) == 3
    assert [process.is_closed for process in started] == [False, False, True]


def test_one_that_died_while_it_waited_is_not_handed_out():
    started = []

    def start(_):
        started.append(FakeProcess())
        return started[-1]

    with SpareProcesses() as spares:
        spares.take(start)
        started[1].returncode = -9
        assert spares.take(start) is started[2]


def test_once_closed_none_is_started_ahead():
    spares = SpareProcesses()
    spares.close()
    spares.take(lambda _: FakeProcess())
    assert spares._spare is None
