"""Remedies that act on the updates of a running function."""

import sys

import numpy as np
import pytest
import torch

from unstuck.doctor.scripts.remedied_updates import RemediedUpdates

pytestmark = pytest.mark.usefixtures("own_numpy")
WEIGHTS = [["w", []], ["net", [["item", "b"]]]]


def train(updates, update, steps=1, w=None, b=1.0):
    """A training loop in a frame of its own; ``update(w, net)`` returns the new weights."""
    w = np.array([1.0, -2.0]) if w is None else w
    net = {"b": b}
    frame = sys._getframe()
    updates.start(frame)
    for _ in range(steps):
        updates.begin_step(frame)
        w = update(w, net)
        updates.end_step(frame)
    return w, net["b"]


def down(w, net):
    net["b"] = net["b"] - 1.0
    return w - 0.5


def test_without_a_remedy_nothing_changes():
    w, b = train(RemediedUpdates({"variables": WEIGHTS}), down)
    assert (w.tolist(), b) == ([0.5, -2.5], 0.0)


def test_updates_are_scaled_all_or_one():
    w, b = train(RemediedUpdates({"variables": WEIGHTS, "scale": 0.1}), down)
    assert (w.tolist(), b) == ([0.95, -2.05], pytest.approx(0.9))
    w, b = train(RemediedUpdates({"variables": WEIGHTS, "scales": {"1": 3.0}}), down)
    assert (w.tolist(), b) == ([0.5, -2.5], -2.0)


def test_initial_weights():
    w, b = train(RemediedUpdates({"variables": WEIGHTS, "initial": {"0": np.array([5.0, 5.0])}}), down)
    assert (w.tolist(), b) == ([4.5, 4.5], 0.0)


def test_weights_are_drawn_again():
    drawn = [
        train(RemediedUpdates({"variables": WEIGHTS, "redraw": {"0": 2.0, "1": 0.0}, "seed": seed}), down)
        for seed in (0, 0, 1)
    ]
    assert drawn[0][0].tolist() == drawn[1][0].tolist() != drawn[2][0].tolist()
    assert drawn[0][1] == -1.0
    assert drawn[0][0].tolist() != [0.5, -2.5]
    w, _ = train(RemediedUpdates({"variables": [["net", []]], "redraw": {"0": 1.0}}), down)
    assert w.tolist() == [0.5, -2.5]


def test_rmsprop_against_torch():
    updates = RemediedUpdates({"variables": [["w", []]], "rule": "rmsprop", "rate": 0.05})
    gradient = np.array([0.3, -4.0])
    w, _ = train(updates, lambda w, _: w - gradient, steps=1)
    # the average of squares starts at the first square here, not at zero: the first step is the rate
    np.testing.assert_allclose(w, np.array([1.0, -2.0]) - 0.05 * np.sign(gradient), rtol=1e-9)
    oracle = torch.tensor([1.0, -2.0], dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.RMSprop([oracle], lr=0.05, alpha=0.9, eps=1e-12)
    optimizer.state[oracle] = {"step": torch.tensor(0.0), "square_avg": torch.tensor(gradient**2)}
    updates = RemediedUpdates({"variables": [["w", []]], "rule": "rmsprop", "rate": 0.05})
    factors = iter([1.0, 0.5, 2.0])
    w, _ = train(updates, lambda w, _: w - next(factors) * gradient, steps=3)
    for factor in (1.0, 0.5, 2.0):
        oracle.grad = torch.tensor(factor * gradient)
        optimizer.step()
    np.testing.assert_allclose(w, oracle.detach().numpy(), rtol=1e-9)


def test_resilient_steps_grow_shrink_and_pause():
    updates = RemediedUpdates({"variables": [["w", []]], "rule": "irprop-"})
    signs = iter([-1.0, -1.0, 1.0, 1.0])
    path = []

    def update(w, _):
        path.append(w.item())
        return w + next(signs)

    w, _ = train(updates, update, steps=4, w=np.array([0.0]))
    assert [*path, w.item()] == pytest.approx([0.0, -0.1, -0.22, -0.22, -0.16])


def test_updates_are_held_back_and_made_at_the_end():
    updates = RemediedUpdates({"variables": WEIGHTS, "hold": {"4": [0], "5": [1]}})
    seen = []

    def update(w, net):
        w -= 0.5
        w = updates.hold_back(4, w)
        net["b"] = updates.hold_back(5, net["b"] - 1.0)
        seen.append((w.tolist(), net["b"]))
        w -= 0.25
        return updates.hold_back(4, w)

    w, b = train(updates, update)
    assert updates.held == {4: [0], 5: [1]}
    assert seen == [([1.0, -2.0], 1.0)]
    assert (w.tolist(), b) == ([0.25, -2.75], 0.0)


def test_what_is_not_a_change_of_the_parameter_is_not_held_back():
    updates = RemediedUpdates({"variables": WEIGHTS, "hold": {"4": [0]}})
    assert updates.hold_back(4, 3.0) == 3.0  # before the first step

    def update(_, __):
        assert updates.hold_back(4, "words") == "words"
        return updates.hold_back(4, np.zeros(3))

    w, _ = train(updates, update)
    assert w.tolist() == [0, 0, 0]


def test_a_parameter_that_changes_its_shape_or_is_none_is_left_alone():
    updates = RemediedUpdates({"variables": [["w", []], ["net", []]], "scale": 0.5})
    w, _ = train(updates, lambda _, __: np.zeros(3))
    assert w.tolist() == [0, 0, 0]


def test_the_true_gradient_is_descended():
    updates = RemediedUpdates({"variables": WEIGHTS, "gradient": "reported", "rates": [0.25, 0.5]})

    def update(w, _):
        loss = (w * w).sum()
        updates.tape.note_loss(loss)
        return w + 100.0

    w, b = train(updates, update, steps=2)
    assert type(w) is np.ndarray
    assert (w.tolist(), float(b)) == ([0.25, -0.5], 1.0)


def test_the_true_gradient_of_weights_in_a_list():
    updates = RemediedUpdates({"variables": [["w", []], ["net", []]], "gradient": "reported", "rates": [0.5, 1.0]})

    def update(w, _):
        updates.tape.note_loss((w[0] * w[0] + 3.0 * w[1]).sum())
        return w

    w, _ = train(updates, update, w=[np.array([1.0]), np.array([2.0])])
    assert [entry.tolist() for entry in w] == [[0.0], [0.5]]
    assert all(type(entry) is np.ndarray for entry in w)
