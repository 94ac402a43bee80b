"""The averages of an optimizer do not end among the numbers with which arithmetic is slow."""

import numpy as np
import pytest

import unstuck as us
from unstuck.kernels import kernels

pytestmark = pytest.mark.skipif(kernels() is None, reason="the kernels are not part of this installation")


@pytest.mark.parametrize("n_in", [1, 70], ids=["small", "with BLAS"])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_averages_of_a_dead_unit_fade_to_nothing(dtype, n_in):
    net = us.Network([us.Dense(n_in, 1, "relu")], loss="mse", dtype=dtype)
    net.parameters[:] = 1
    trainer = us.Trainer(net, optimizer="adam", learning_rate=10.0, engine="compiled", history_every=1000)
    trainer.fit(np.ones((4, n_in)), np.full(4, -100.0), 1)
    slots = dict(trainer.state.slots.items())
    assert (slots["mean"] != 0).all()
    trainer.fit(np.ones((4, n_in)), np.full(4, -100.0), 8000)
    assert (dict(trainer.state.slots.items())["mean"] == 0).all()
