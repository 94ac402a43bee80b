import io
import math
import os

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from unstuck.doctor.scripts.messages import Channel


def there_and_back(message):
    stream = io.BytesIO()
    Channel(stream, stream).send(message)
    stream.seek(0)
    return Channel(stream, stream).receive()


def test_json_and_arrays_arrive_as_they_were_sent():
    message = {
        "what": "values",
        "list": [1, None, True, {"w": np.arange(6.0).reshape(2, 3)}],
        "b": np.array([], "i4"),
        "n": np.float32(0.5),
    }
    arrived = there_and_back(message)
    assert arrived["what"] == "values"
    assert arrived["list"][:3] == [1, None, True]
    assert np.array_equal(arrived["list"][3]["w"], message["list"][3]["w"])
    assert arrived["b"].dtype == np.int32
    assert arrived["n"] == 0.5


@given(
    arrays.arrays(
        st.sampled_from(["f8", "f4", "i8", "u1", "?"]), arrays.array_shapes(min_dims=0, max_dims=3, min_side=0)
    )
)
def test_any_array_keeps_dtype_shape_and_bits(array):
    arrived = there_and_back({"a": array})["a"]
    assert arrived.dtype == array.dtype
    assert arrived.shape == array.shape
    assert arrived.tobytes() == array.tobytes()
    assert arrived.flags.writeable


def test_memory_order_does_not_matter():
    array = np.arange(6.0).reshape(2, 3).T
    assert np.array_equal(there_and_back({"a": array})["a"], array)


def test_numbers_that_are_not_finite():
    arrived = there_and_back({"x": [math.nan, math.inf]})["x"]
    assert math.isnan(arrived[0])
    assert arrived[1] == math.inf


def test_several_messages_over_a_pipe():
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb") as reader, os.fdopen(writing, "wb") as writer:
        channel = Channel(reader, writer)
        channel.send({"a": np.ones(3)})
        channel.send({"b": 2})
        assert channel.receive()["a"].tolist() == [1, 1, 1]
        assert channel.receive() == {"b": 2}


def test_the_end_of_the_other_side_is_said():
    with pytest.raises(EOFError):
        Channel(io.BytesIO(b""), io.BytesIO()).receive()
    stream = io.BytesIO()
    Channel(stream, stream).send({"a": np.ones(100)})
    cut = io.BytesIO(stream.getvalue()[:-5])
    with pytest.raises(EOFError):
        Channel(cut, cut).receive()


def test_nonsense_is_refused():
    noise = io.BytesIO(b"\xff" * 64)
    with pytest.raises(ValueError, match="is no message"):
        Channel(noise, noise).receive()
    with pytest.raises(TypeError, match="cannot be sent"):
        there_and_back({"a": np.array(["x"])})
    with pytest.raises(TypeError):
        there_and_back({"a": object()})
