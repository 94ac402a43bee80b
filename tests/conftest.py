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
