"""What all tests share."""

import pytest


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
