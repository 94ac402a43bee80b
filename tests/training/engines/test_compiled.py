"""The compiled engine does what the reference does, combination by combination; the reference is the oracle."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unstuck.errors import OptionError
from unstuck.kernels import kernels
from unstuck.nets import Dense, Dropout, Network
from unstuck.nets.activations import ACTIVATIONS
from unstuck.training.engines import compiled
from unstuck.training.optimizers import OPTIMIZERS, Adam, GradientDescent, Minimizer, RMSProp
from unstuck.training.trainer import Trainer

pytestmark = pytest.mark.skipif(kernels() is None, reason="the compiled kernels are not part of this installation")

LOSSES = [
    ("identity", "mse"), ("sigmoid", "mse"), ("softmax", "mse"), ("relu", "half_sum"), ("identity", "mae"), ("identity", "huber"),
    ("identity", "quantile"), ("identity", "poisson"), ("sigmoid", "bce"), ("hard_sigmoid", "bce"), ("softmax", "bce"),
    ("softmax", "ce"), ("sigmoid", "focal"), ("softmax", "focal"),
]  # fmt: skip
RULES = [
    GradientDescent(0.1), GradientDescent(0.1, momentum=0.9), GradientDescent(0.1, momentum=0.9, nesterov=True, weight_decay=0.01),
    RMSProp(momentum=0.9, centered=True),
    *(OPTIMIZERS.create(name) for name in OPTIMIZERS.names() if not isinstance(OPTIMIZERS.create(name), Minimizer)),
]  # fmt: skip
ROWS = 21


@pytest.fixture(params=["samples side by side", "around products"])
def kind(request, monkeypatch):
    """Both kinds of kernels, whatever the sizes."""
    monkeypatch.setattr(compiled, "is_small", lambda _sizes: request.param == "samples side by side")
    monkeypatch.setattr(compiled, "thread_count", lambda _sizes, _most: 2)


def data_for(outputs, loss, seed=0):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(ROWS, 4))
    if outputs == "softmax" and loss in ("ce", "focal"):
        return x, np.eye(3)[rng.integers(0, 3, ROWS)]
    if loss in ("bce", "focal"):
        return x, (rng.random((ROWS, 3)) > 0.5) * 1.0
    return x, rng.poisson(2, (ROWS, 3)) * 1.0 if loss == "poisson" else rng.random((ROWS, 3))


def network(hidden="tanh", outputs="sigmoid", loss="mse", dtype="float64", **restraints):
    net = Network(
        [Dense(4, 6, hidden), Dense(6, 5, "tanh"), Dense(5, 3, outputs)], loss=loss, dtype=dtype, seed=1, **restraints
    )
    net.parameters[:] += np.random.default_rng(5).normal(0, 0.3, net.n_parameters)
    return net


def trained(engine, net, x, y, epochs=1, *, weights=None, **options):
    trainer = Trainer(net, engine=engine, seed=3, **options)
    trainer.fit(x, y, epochs, sample_weight=weights)
    return trainer


def both(make, x, y, **options):
    return [trained(engine, make(), x, y, **options) for engine in ("reference", "compiled")]


def assert_same(one, other, tolerance):
    np.testing.assert_allclose(other.network.parameters, one.network.parameters, rtol=tolerance, atol=tolerance)
    np.testing.assert_allclose(other.history.column("loss"), one.history.column("loss"), rtol=tolerance, atol=tolerance)
    for (name, expected), (_, found) in zip(one.state.slots.items(), other.state.slots.items(), strict=True):
        np.testing.assert_allclose(found, expected, rtol=tolerance, atol=tolerance, err_msg=name)


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("hidden", ACTIVATIONS.names())
@pytest.mark.usefixtures("kind")
def test_every_activation_with_every_loss(hidden, dtype):
    weights = np.random.default_rng(2).random(ROWS)
    for (outputs, loss), batch in itertools.product(LOSSES, (1, 3, 8, "full")):
        x, y = data_for(outputs, loss)
        make = lambda: network(hidden, outputs, loss, dtype)  # noqa: B023, E731 (called before the loop goes on)
        options = {"optimizer": GradientDescent(0.1), "batch_size": batch, "weights": weights}
        assert_same(*both(make, x, y, **options), tolerance=1e-13 if dtype == "float64" else 1e-5)


@pytest.mark.parametrize("rule", RULES, ids=str)
@pytest.mark.usefixtures("kind")
def test_every_rule_over_a_hundred_steps(rule):
    x, y = data_for("sigmoid", "mse")
    restraints = {"l1": 1e-3, "l2": 1e-2, "max_norm": 1.5}
    for batch in ("full",) if rule.full_batch_only else (5, "full"):
        epochs = 100 if batch == "full" else 20
        assert_same(
            *both(lambda: network(**restraints), x, y, epochs=epochs, optimizer=rule, batch_size=batch), tolerance=1e-10
        )


@pytest.mark.parametrize(
    "clipping", [{"clip_norm": 0.05}, {"clip_value": 0.01}, {"clip_norm": 0.03, "clip_value": 0.02}]
)
@pytest.mark.usefixtures("kind")
def test_clipped_gradients(clipping):
    x, y = data_for("sigmoid", "mse")
    assert_same(*both(network, x, y, epochs=5, optimizer="gd", batch_size=8, **clipping), tolerance=1e-12)


@settings(max_examples=40, deadline=None)
@given(
    widths=st.lists(st.integers(1, 19), min_size=2, max_size=4), rows=st.integers(1, 70), batch=st.integers(1, 70),
    hidden=st.sampled_from(ACTIVATIONS.names()), bias=st.booleans(), small=st.booleans(), shuffle=st.booleans(), seed=st.integers(0, 99),
)  # fmt: skip
def test_any_shape(widths, rows, batch, hidden, bias, small, shuffle, seed):
    rng = np.random.default_rng(seed)
    x, y = rng.normal(size=(rows, widths[0])), rng.normal(size=(rows, widths[-1]))

    def make():
        sizes = itertools.pairwise(widths)
        layers = [Dense(n_in, n_out, hidden if n_out > 1 else "tanh", bias=bias) for n_in, n_out in sizes]
        return Network([*layers[:-1], Dense(widths[-2], widths[-1], bias=bias)], loss="mse", seed=seed)

    options = {"optimizer": Adam(0.01), "batch_size": min(batch, rows), "shuffle": shuffle, "epochs": 2}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(compiled, "is_small", lambda _sizes: small)
        patch.setattr(compiled, "thread_count", lambda _sizes, _most: 1 + seed % 3)
        assert_same(*both(make, x, y, **options), tolerance=1e-9)


@pytest.mark.parametrize(
    "options",
    [
        {"target_loss": 0.05}, {"patience": 3, "learning_rate": 30.0}, {"patience": 5, "min_delta": 1e-3, "restore_best": True},
        {"history_every": 7}, {"restore_best": True, "learning_rate": 5.0}, {"tolerance": 0.3}, {"validation": 0.3},
        {"metrics": ["rmse"]}, {"schedule": "cosine"}, {"callbacks": [lambda _trainer, row: row["epoch"] == 4]},
    ],
    ids=" ".join,
)  # fmt: skip
@pytest.mark.parametrize("batch", [8, "full"])
@pytest.mark.usefixtures("kind")
def test_a_run_ends_and_is_told_alike(options, batch):
    x, y = data_for("sigmoid", "mse")
    options = {"learning_rate": 2.0, **options}
    fitting = {"validation": options.pop("validation")} if "validation" in options else {}
    trainers = []
    for engine in ("reference", "compiled"):
        trainer = Trainer(network(), optimizer="gd", batch_size=batch, engine=engine, seed=3, **options)
        trainer.fit(x, y, 60, **fitting)
        trainers.append(trainer)
    one, other = trainers
    assert other.history.stopped_by == one.history.stopped_by
    assert other.history.best_epoch == one.history.best_epoch
    assert other.history.column("epoch") == one.history.column("epoch")
    assert (other.state.epoch, other.state.step, other.state.best.epoch, other.state.best.waited) == (
        one.state.epoch, one.state.step, one.state.best.epoch, one.state.best.waited,
    )  # fmt: skip
    assert_same(one, other, tolerance=1e-9)


@pytest.mark.usefixtures("kind")
def test_a_loss_that_is_not_finite_ends_the_run_with_the_best_parameters():
    x, y = data_for("identity", "mse")
    one, other = both(
        lambda: network("relu", "identity"), x, y, epochs=500, optimizer="gd", learning_rate=50.0, batch_size="full"
    )
    assert one.history.stopped_by == other.history.stopped_by == "non-finite"
    np.testing.assert_array_equal(other.network.parameters, one.network.parameters)


def test_training_in_two_goes_is_training_in_one():
    x, y = data_for("sigmoid", "mse")
    whole = trained("compiled", network(), x, y, 6, optimizer="adam", batch_size=4)
    parts = trained("compiled", network(), x, y, 2, optimizer="adam", batch_size=4)
    parts.fit(x, y, 4)
    np.testing.assert_array_equal(parts.network.parameters, whole.network.parameters)
    assert parts.history == whole.history


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("batch", [1, 4, 13, "full"])
def test_every_instruction_set_gives_the_same_bits(dtype, batch, monkeypatch):
    x, y = data_for("sigmoid", "bce")
    module = kernels()
    name = "Float64Training" if dtype == "float64" else "Float32Training"
    make = getattr(module, name)
    found = []
    for isa in filter(module.has, ("baseline", "avx2", "avx512")):
        monkeypatch.setattr(module, name, lambda given, isa=isa, **more: make(given, isa=isa, **more))
        trainer = trained(
            "compiled", network("gelu", "sigmoid", "bce", dtype), x, y, 20, optimizer="adam", batch_size=batch
        )
        found.append(trainer.network.parameters.tobytes())
    assert len(set(found)) == 1


def test_ctrl_c_keeps_the_best(interrupted):
    x, y = data_for("sigmoid", "mse")
    trainer = Trainer(network(), optimizer="gd", batch_size="full", history_every=10**8)
    with interrupted(0.3):
        trainer.fit(x, y, 10**7)
    assert trainer.history.stopped_by == "interrupted"
    assert trainer.history.best_epoch == trainer.state.best.epoch > 0


@pytest.mark.parametrize(
    ("net", "rule", "why"),
    [
        (Network([Dense(4, 3), Dropout(0.5), Dense(3, 3)]), Adam(), "the kernels know no Dropout layers"),
        (network(), type("Own", (Adam,), {})(), "the kernels know no optimizer Own"),
        (
            Network([Dense(4, 3, type("Own", (type(ACTIVATIONS.create("tanh")),), {})())]),
            Adam(),
            "the kernels know no activation Own",
        ),
    ],
)
def test_what_the_kernels_cannot_run(error_of, net, rule, why):
    x, y = data_for("identity", "mse")
    trainer = Trainer(net, optimizer=rule, engine="compiled")
    assert error_of(OptionError, trainer.fit, x, y, 1) == (
        f"engine 'compiled' cannot run this: {why}.\n  Use engine 'auto' or 'reference'."
    )
    assert trained("auto", net.copy(), x, y, 1, optimizer=rule).engine.name == "reference"
