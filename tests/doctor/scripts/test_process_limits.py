import sys

import pytest

from unstuck.doctor.scripts.process_limits import VARIABLE, Limits
from unstuck.errors import OptionError


def test_limits_travel_by_the_environment():
    limits = Limits(memory=123, seconds=0.5, file_size=7, processes=9)
    assert Limits.from_environment({VARIABLE: limits.to_text()}) == limits
    assert Limits.from_environment({}) == Limits()


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"memory": 0}, "memory must be a whole number of at least 1. Got 0 instead."),
        ({"seconds": 0}, "seconds must be a number above 0. Got 0 instead."),
        ({"file_size": 1.5}, "file_size must be a whole number of at least 1. Got 1.5 instead."),
        ({"processes": -1}, "processes must be a whole number of at least 1. Got -1 instead."),
    ],
)
def test_limits_that_are_none(error_of, wrong, message):
    assert error_of(OptionError, Limits, **wrong) == message


def test_a_script_over_its_limits(run):
    report = run(
        """
        import resource, threading
        import numpy as np
        result = []
        def attempt(call):
            try:
                call()
                result.append("done")
            except Exception as error:
                result.append(type(error).__name__)
        def write():
            with open("large", "wb") as file:
                for _ in range(100): file.write(bytes(10**5))
        def threads():
            several = [threading.Thread(target=lambda: None) for _ in range(20)]
            for thread in several: thread.start()
        attempt(lambda: np.ones(10**8))
        attempt(lambda: np.ones(10**6))
        attempt(write)
        attempt(threads)
        result.append(resource.getrlimit(resource.RLIMIT_CORE))
        """,
        Limits(memory=500_000_000, file_size=1_000_000, processes=64),
    )
    memory = "MemoryError" if sys.platform == "linux" else "done"
    assert report.result == [memory, "done", "OSError", "done", [0, 0]]


def test_a_script_over_its_processor_time_is_killed(start):
    started = start("while True: pass", Limits(seconds=0.1))
    with pytest.raises(EOFError, match="SIGXCPU"):
        started.child.receive(20)
