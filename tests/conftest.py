"""What all tests share."""

from collections import Counter

import pytest


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Of a test that is marked ``sampled(n)``, all but the first n cases are slow."""
    seen = Counter()
    for item in items:
        sampled = item.get_closest_marker("sampled")
        if sampled is not None:
            name = item.nodeid.partition("[")[0]
            seen[name] += 1
            if seen[name] > sampled.args[0]:
                item.add_marker(pytest.mark.slow)


@pytest.fixture
def error_of():
    """The text of the error that a call raises; it must be of exactly this class."""

    def text(expected, call, *arguments, **settings):
        with pytest.raises(expected) as caught:
            call(*arguments, **settings)
        assert type(caught.value) is expected
        return str(caught.value)

    return text


@pytest.fixture
def failing_check(monkeypatch):
    """Let the only check of the doctor fail."""

    def check(_examination):
        raise ZeroDivisionError("by zero")

    monkeypatch.setattr("unstuck.doctor.checks.all_checks.all_checks", lambda: [("broken", check)])
