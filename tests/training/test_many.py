"""Many networks at once become what each becomes by itself, to the last bit."""

import numpy as np
import pytest

from unstuck.errors import OptionError, ShapeError
from unstuck.kernels import kernels
from unstuck.nets import Dense, Dropout, Network
from unstuck.training.engines import many_networks
from unstuck.training.many import train_many
from unstuck.training.optimizers import OPTIMIZERS, Adam, GradientDescent, Minimizer
from unstuck.training.trainer import Trainer

needs_kernels = pytest.mark.skipif(kernels() is None, reason="the compiled kernels are not part of this installation")
RULES = [
    GradientDescent(0.1, momentum=0.9, nesterov=True, weight_decay=0.01),
    *(OPTIMIZERS.create(name) for name in OPTIMIZERS.names() if not isinstance(OPTIMIZERS.create(name), Minimizer)),
]
SEEDS = [3, 0, 7, 1, 2, 99, 12, 5, 6, 2**62, 4]


def data(rows=21, outputs=3):
    rng = np.random.default_rng(0)
    return rng.normal(size=(rows, 4)), rng.random((rows, outputs))


def network(hidden="tanh", outputs="sigmoid", loss="mse", **more):
    return Network([Dense(4, 6, hidden), Dense(6, 5, "relu"), Dense(5, 3, outputs)], loss=loss, **more)


def alone(net, seed, optimizer, x, y, epochs, *, history_every=None, **settings):
    fit = {name: settings.pop(name) for name in ("sample_weight", "class_weight") if name in settings}
    trainer = Trainer(
        net.copy().reset(seed), seed=seed, optimizer=optimizer, history_every=history_every or epochs, **settings
    )
    trainer.fit(x, y, epochs, **fit)
    return trainer


def assert_same(runs, net, x, y, epochs, **settings):
    """Every run is the bits, the history and the ending of a training by itself."""
    for run in runs:
        one = alone(net, run.seed, run.optimizer, x, y, epochs, **settings)
        assert run.network.parameters.tobytes() == one.network.parameters.tobytes()
        assert list(run.history) == list(one.history)
        assert (run.history.stopped_by, run.history.stopped) == (one.history.stopped_by, one.history.stopped)
        assert run.history.best_epoch == one.history.best_epoch
        assert run.network.seed == run.seed


@needs_kernels
@pytest.mark.parametrize("rule", RULES, ids=str)
@pytest.mark.parametrize("batch", [1, 3, 8, 13, "full"])
def test_each_equals_a_training_by_itself(rule, batch):
    x, y = data()
    batch = "full" if rule.full_batch_only else batch
    runs = train_many(network(), x, y, seeds=SEEDS, optimizers=rule, epochs=12, batch_size=batch)
    assert [run.seed for run in runs] == SEEDS
    assert_same(runs, network(), x, y, 12, batch_size=batch)


@needs_kernels
@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize(
    ("hidden", "outputs", "loss"), [("gelu", "softmax", "ce"), ("elu", "sigmoid", "bce"), ("softmax", "identity", "huber")]
)  # fmt: skip
@pytest.mark.parametrize(
    "restraint", [{}, {"l1": 0.01, "l2": 0.1}, {"max_norm": 0.8}, {"clip_norm": 0.1}, {"clip_value": 0.01}], ids=str
)
def test_with_other_functions_and_restraints(dtype, hidden, outputs, loss, restraint):
    x, y = data()
    y = np.eye(3)[y.argmax(1)]
    of_network = {name: value for name, value in restraint.items() if not name.startswith("clip")}
    of_training = {name: value for name, value in restraint.items() if name.startswith("clip")}
    net = network(hidden, outputs, loss, dtype=dtype, **of_network)
    weights = np.linspace(0, 2, len(x))
    settings = {"batch_size": 4, "sample_weight": weights, **of_training}
    runs = train_many(net, x, y, seeds=range(9), optimizers="adam", epochs=6, **settings)
    assert_same(runs, net, x, y, 6, **settings)


@needs_kernels
@pytest.mark.parametrize("batch", ["full", 5])
@pytest.mark.parametrize(
    "ending",
    [
        {"target_loss": 0.06},
        {"patience": 4, "min_delta": 0.01},
        {"patience": 3, "restore_best": False},
        {"restore_best": True},
    ],
    ids=str,
)
def test_each_ends_when_it_would_by_itself(batch, ending):
    x, y = data()
    settings = {"batch_size": batch, "history_every": 4, **ending}
    runs = train_many(
        network(), x, y, seeds=range(20), optimizers=["rmsprop", GradientDescent(0.9)], epochs=50, **settings
    )
    assert len(runs) == 40
    assert_same(runs, network(), x, y, 50, **settings)
    assert len(set(runs.epochs)) > 1 or "restore_best" in ending


@needs_kernels
@pytest.mark.parametrize("batch", ["full", 4])
def test_one_that_explodes_does_not_disturb_the_others(batch):
    x, y = data()
    x[0] *= 1e3
    net = network("identity", "identity", "mse")
    runs = train_many(net, x, y, seeds=range(9), optimizers=GradientDescent(0.02), epochs=300, batch_size=batch)
    assert "non-finite" in {run.history.stopped_by for run in runs}
    for run in runs:
        one = alone(net, run.seed, run.optimizer, x, y, 300, batch_size=batch)
        assert run.network.parameters.tobytes() == one.network.parameters.tobytes()
        assert (run.history.stopped_by, run.epochs) == (one.history.stopped_by, one.state.epoch)


@needs_kernels
def test_threads_and_instruction_sets_change_no_bit(monkeypatch):
    x, y = data()
    module = kernels()
    make = module.Float64Networks
    found = []
    for isa in filter(module.has, ("baseline", "avx2", "avx512")):
        for threads in (1, 2, 5):
            monkeypatch.setattr(module, "Float64Networks", lambda given, isa=isa, **more: make(given, isa=isa, **more))
            runs = train_many(network("silu"), x, y, seeds=range(30), epochs=5, batch_size=4, threads=threads)
            found.append(np.concatenate([run.network.parameters for run in runs]).tobytes())
    assert len(set(found)) == 1


@pytest.mark.parametrize(
    ("net", "settings"),
    [
        (Network([Dense(4, 5, "relu"), Dropout(0.2), Dense(5, 3)]), {}),
        (network(), {"engine": "reference"}),
        (Network([Dense(4, 90, "relu"), Dense(90, 3)]), {}),
    ],
    ids=["dropout", "reference", "wide"],
)
def test_what_does_not_fit_is_trained_one_by_one(net, settings):
    x, y = data()
    more = {"batch_size": 5, "class_weight": None, **settings}
    runs = train_many(net, x, y, seeds=[4, 2], optimizers=["adam", "gd"], epochs=3, history_every=1, **more)
    assert [(run.seed, type(run.optimizer).__name__) for run in runs] == [
        (4, "Adam"), (2, "Adam"), (4, "GradientDescent"), (2, "GradientDescent"),
    ]  # fmt: skip
    assert_same(runs, net, x, y, 3, history_every=1, **more)


@needs_kernels
def test_batches_that_are_too_large_go_one_by_one(monkeypatch):
    monkeypatch.setattr(many_networks, "_MOST_BYTES", 1000)
    x, y = data()
    runs = train_many(network(), x, y, seeds=range(3), epochs=3)
    assert_same(runs, network(), x, y, 3)


def test_the_runs_know_the_best_of_them():
    x, y = data()
    runs = train_many(network(), x, y, seeds=range(6), optimizers=Adam(0.05), epochs=5)
    assert runs.losses.shape == runs.epochs.shape == (6,)
    assert runs.best().loss == runs.losses.min() < runs.losses.max()
    assert set(runs.epochs) == {5}


def test_without_a_loss_that_is_a_number_there_is_no_best(error_of):
    x, y = data()
    net = network("identity", "identity", "mse")
    with np.errstate(all="ignore"):
        runs = train_many(net, 1e9 * x, y, seeds=range(2), optimizers=GradientDescent(1e9), epochs=300)
    assert error_of(OptionError, runs.best) == "none of the 2 runs has a loss that is a finite number."


@needs_kernels
def test_ctrl_c_hands_back_what_there_is(interrupted):
    x, y = data()
    with interrupted(0.5):
        runs = train_many(network(), x, y, seeds=range(9), optimizers="gd", epochs=10**7, batch_size=4)
    assert {run.history.stopped_by for run in runs} == {"interrupted"}
    assert all(0 < run.epochs < 10**7 and np.isfinite(run.loss) for run in runs)


def test_ctrl_c_ends_a_row_of_trainings(interrupted):
    x, y = data()
    with interrupted(0.5):
        runs = train_many(network(), x, y, seeds=range(9), optimizers="gd", epochs=10**7, engine="reference")
    assert runs[-1].history.stopped_by == "interrupted"
    assert len(runs) < 9


def test_nothing_to_train_is_said_before_any_work(error_of):
    x, y = data()
    assert error_of(OptionError, train_many, network(), x, y, seeds=[]).startswith("there are no seeds")
    assert "Got 3 instead" in error_of(OptionError, train_many, network(), x, y, seeds=3)
    assert error_of(OptionError, train_many, network(), x, y, optimizers=[]).startswith("there are no optimizers")
    assert "unknown optimizer 5" in error_of(OptionError, train_many, network(), x, y, optimizers=5)
    assert "Did you mean 'patience'" in error_of(OptionError, train_many, network(), x, y, patiance=3)
    assert "seed" in error_of(OptionError, train_many, network(), x, y, seeds=[-1])
    assert "epochs" in error_of(OptionError, train_many, network(), x, y, epochs=0)
    error_of(ShapeError, train_many, network(), x[:, :2], y)
