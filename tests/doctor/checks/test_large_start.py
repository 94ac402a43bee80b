"""Initial values that are far too large, and near-misses."""

from unstuck.doctor.checks import large_start

_FIT = """
import numpy as np
rng = np.random.default_rng(4)
x = rng.uniform(-1.5, 1.5, size=(100, 2))
t = np.sin(2 * x[:, :1]) + x[:, 1:]
A = rng.normal(size=(2, 12))
a = {bias}
B = {weights}
b = np.zeros(1)
params = [A, a, B, b]
squares = [np.zeros_like(p) for p in params]
for step in range({steps}):
    z = x @ A + a
    s = np.logaddexp(0, z)
    out = s @ B + b
    loss = np.mean((out - t) ** 2)
    d = 2 * (out - t) / t.size
    dz = d @ B.T / (1 + np.exp(-z))
    for p, q, g in zip(params, squares, [x.T @ dz, dz.sum(0), s.T @ d, d.sum(0)]):
        q[...] = 0.9 * q + 0.1 * g ** 2
        p -= 0.005 * g / (np.sqrt(q) + 1e-7)
"""
_PLAIN = "rng.normal(size=(12, 1)) / 12 ** 0.5"


def _fit(bias="np.zeros(12)", weights=_PLAIN, steps=200):
    return _FIT.format(bias=bias, weights=weights, steps=steps)


def test_biases_that_are_far_too_large(examined):
    with examined(_fit(bias="100 * rng.normal(size=12)")) as examination:
        (suspicion,) = large_start.check(examination)
    finding = suspicion.finding
    assert (finding.fault, finding.location.line, finding.lines) == ("plateau-init", 7, (7,))
    assert finding.evidence["loss at the start"] > 100 * finding.evidence["loss at random weights of the usual size"]
    assert list(suspicion.change.updates["redraw"].values()) == [0.0]
    assert not suspicion.needs_proof  # nothing is learned, every update is right, and the loss at the start says why


def test_weights_that_are_far_too_large_can_be_drawn_anew(examined):
    with examined(_fit(weights="100 * rng.normal(size=(12, 1))")) as examination:
        (suspicion,) = large_start.check(examination)
    assert suspicion.finding.location.line == 8
    assert [edit.new for edit in suspicion.finding.remedies[0].edits] == ["rng.normal(size=(12, 1)) / 12 ** 0.5"]


def test_a_net_that_starts_well_and_has_too_few_steps(examined):
    with examined(_fit(steps=20)) as examination:
        assert not list(large_start.check(examination))
        assert "The initial weights and biases are not too large." in examination.checked


def test_large_weights_of_a_net_that_learns_are_no_fault(examined):
    with examined(_fit(weights="8 * rng.normal(size=(12, 1))", steps=6000)) as examination:
        assert not list(large_start.check(examination))
