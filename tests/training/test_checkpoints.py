"""A training run on disk: it goes on bit for bit, and into nothing that it does not fit."""

import json

import numpy as np
import pytest
from numpy.testing import assert_array_equal
from safetensors.numpy import load_file, save_file

from unstuck.data.scaling import Scaling
from unstuck.errors import FileError, OptionError
from unstuck.model import Model
from unstuck.model_file import save_model
from unstuck.nets import Dense, Dropout, Network
from unstuck.tensor_files import read_tensors
from unstuck.training.checkpoints import load_checkpoint, save_checkpoint
from unstuck.training.metrics import METRICS
from unstuck.training.optimizers import Adam, GradientDescent, RMSProp
from unstuck.training.schedules import Plateau, WarmUp
from unstuck.training.trainer import Trainer

RUNS = {
    "adam, dropout, plateau, mini-batches, patience": {
        "optimizer": Adam(0.03),
        "schedule": Plateau(patience=0, gamma=0.7),
        "batch_size": 7,
        "patience": 30,
        "metrics": ["mae"],
    },
    "momentum, warm-up": {
        "optimizer": GradientDescent(0.1, momentum=0.9),
        "schedule": WarmUp(3, Plateau(0)),
        "batch_size": 16,
    },
    "rmsprop, full batch": {"optimizer": RMSProp(centered=True, momentum=0.5), "batch_size": "full", "patience": 30},
    "irprop+": {"optimizer": "irprop+", "patience": 30},
    "float32": {"optimizer": "adamw", "batch_size": 7, "clip_norm": 0.5},
    "history": {"history_every": 4},
}


@pytest.fixture(params=RUNS)
def run(request):
    """Make the trainer of a run, its network drawn from a seed."""
    settings = RUNS[request.param]

    def make(seed=0, **more):
        dropout = [] if settings.get("optimizer") == "irprop+" else [Dropout(0.3)]
        layers = [Dense(2, 6, "tanh"), *dropout, Dense(6, 1)]
        dtype = "float32" if request.param == "float32" else "float64"
        return Trainer(Network(layers, l2=1e-3, seed=seed, dtype=dtype), seed=4, **settings, **more)

    return make


@pytest.fixture
def path(tmp_path):
    return tmp_path / "run.safetensors"


def test_a_resumed_run_goes_on_bit_for_bit(run, curve, path):
    """Saved by a callback in the middle of a run, and loaded into a trainer that begins elsewhere."""

    def save_at_six(trainer, row):
        if row["epoch"] == 6:
            save_checkpoint(trainer, path)

    trainer = run(callbacks=[save_at_six])
    expected = trainer.fit(*curve, 15, validation=0.25)
    resumed = run(seed=9)
    load_checkpoint(resumed, path)
    assert resumed.state.epoch == 6
    history = resumed.fit(*curve, 9, validation=0.25)
    assert_array_equal(resumed.network.parameters, trainer.network.parameters)
    for (_, one), (_, other) in zip(resumed.state.slots.items(), trainer.state.slots.items(), strict=True):
        assert_array_equal(one, other)
    assert history == expected
    assert history.best_epoch == expected.best_epoch
    assert history.names() == expected.names()
    for name in ("epoch", "batch", "step", "rate_factor", "loss_sum", "schedule"):
        assert getattr(resumed.state, name) == getattr(trainer.state, name)


def test_a_run_that_was_left_in_an_epoch_is_resumed_in_it(regressor, curve, path, press_ctrl_c):
    network, expected = regressor(), regressor()
    uninterrupted = Trainer(expected, engine="reference", batch_size=10).fit(*curve, 3)
    press_ctrl_c(network, at=3)
    trainer = Trainer(network, engine="reference", batch_size=10)
    trainer.fit(*curve, 3)
    save_checkpoint(trainer, path)
    resumed = Trainer(regressor(seed=5), engine="reference", batch_size=10)
    load_checkpoint(resumed, path)
    assert resumed.state.batch == 2
    assert resumed.fit(*curve, 3) == uninterrupted
    assert_array_equal(resumed.network.parameters, expected.parameters)


def test_patience_goes_on_counting(regressor, curve, path):
    settings = {"min_delta": 1e6, "patience": 5}
    trainer = Trainer(regressor(), **settings)
    trainer.fit(*curve, 4)
    resumed = Trainer(regressor(), **settings)
    load_checkpoint(resumed, save_checkpoint(trainer, path))
    assert resumed.state.best.waited == 3
    history = resumed.fit(*curve, 100)
    assert (history.stopped_by, len(history), history.best_epoch) == ("patience", 6, 1)


def test_history_and_time_are_kept(regressor, curve, path):
    trainer = Trainer(regressor())
    trainer.fit(*curve, 3)
    resumed = Trainer(regressor())
    resumed.fit(*curve, 1)
    history = resumed.history
    load_checkpoint(resumed, save_checkpoint(trainer, path))
    assert history is resumed.history
    assert history == trainer.history
    assert history.seconds == trainer.history.seconds


def test_a_run_that_has_not_begun(regressor, curve, path):
    save_checkpoint(Trainer(regressor()), path)
    resumed, expected = Trainer(regressor(seed=3)), Trainer(regressor())
    load_checkpoint(resumed, path)
    assert resumed.fit(*curve, 3) == expected.fit(*curve, 3)


def test_a_metric_of_ones_own_may_return_a_numpy_number(regressor, curve, path):
    class Furthest(type(METRICS.create("mae"))):
        def score(self, outputs, targets, kind):
            return np.float32(abs(outputs - targets).max())

    trainer = Trainer(regressor(), metrics=[Furthest()])
    trainer.fit(*curve, 2)
    load_checkpoint(trainer, save_checkpoint(trainer, path))
    assert trainer.history.names() == ["loss", "Furthest"]


# ---------------------------------------------------------------------- refusals


def test_another_optimizer(error_of, regressor, path):
    save_checkpoint(Trainer(regressor(), optimizer=GradientDescent(0.5)), path)
    trainer = Trainer(regressor(), optimizer=GradientDescent(0.25))
    assert error_of(FileError, load_checkpoint, trainer, path) == (
        f"{path} was saved with the optimizer gd(learning_rate=0.5, weight_decay=0.0, momentum=0.0, nesterov=False), "
        "but this training uses gd(learning_rate=0.25, weight_decay=0.0, momentum=0.0, nesterov=False)."
    )


@pytest.mark.parametrize(
    ("network", "message"),
    [
        (Network([Dense(2, 4), Dense(4, 1)]), "holds 21 parameters in float64, but this network has 17 in float64."),
        (
            Network([Dense(2, 5), Dense(5, 1)], dtype="float32"),
            "holds 21 parameters in float64, but this network has 21 in float32.",
        ),
        (
            Network([Dense(4, 4)]),
            "holds 21 parameters in float64, but this network has 20 in float64.",
        ),
        (
            Network([Dense(20, 1)]),
            "holds layer1.weights of shape (2, 5), but this network has layer1.weights of shape (20, 1).",
        ),
        (
            Network([Dense(2, 5, bias=False), Dense(5, 1), Dense(1, 5, bias=False)]),
            "holds layer1.biases of shape (5,), but this network has layer2.weights of shape (5, 1).",
        ),
    ],
)
def test_another_network_stays_as_it_is(error_of, regressor, path, network, message):
    save_checkpoint(Trainer(regressor()), path)
    before = network.parameters.copy()
    assert error_of(FileError, load_checkpoint, Trainer(network), path) == f"{path} {message}"
    assert_array_equal(network.parameters, before)


def test_a_model_is_no_checkpoint(error_of, regressor, path):
    network = regressor()
    save_model(Model(network, "regression", Scaling.none(2)), path)
    assert error_of(FileError, load_checkpoint, Trainer(network), path) == (
        f"{path} is a model, not a checkpoint. Load it with us.load_model."
    )


def test_a_checkpoint_of_another_version(error_of, regressor, path):
    save_checkpoint(Trainer(regressor()), path)
    _, description = read_tensors(path)
    save_file(load_file(path), path, {"unstuck": json.dumps(description | {"checkpoint": 2})})
    assert error_of(FileError, load_checkpoint, Trainer(regressor()), path) == (
        f"{path} holds no checkpoint this version can read (schema 2, expected 1)."
    )


def test_missing_truncated_and_in_the_way(error_of, regressor, path):
    trainer = Trainer(regressor())
    assert error_of(FileError, load_checkpoint, trainer, path) == f"{path} does not exist."
    save_checkpoint(trainer, path)
    assert error_of(FileError, save_checkpoint, trainer, path) == (
        f"{path} already exists. Choose another name, or use --force (force=True) to replace it."
    )
    assert save_checkpoint(trainer, path, force=True) == path
    path.write_bytes(path.read_bytes()[:-9])
    assert error_of(FileError, load_checkpoint, trainer, path) == (
        f"{path} is no readable safetensors file: it is truncated, damaged or something else."
    )


def test_an_optimizer_of_ones_own_has_to_be_registered(error_of, regressor, path):
    class Slow(GradientDescent):
        pass

    assert error_of(OptionError, save_checkpoint, Trainer(regressor(), optimizer=Slow()), path) == (
        "optimizer Slow is not registered, so it cannot be saved by name.\n"
        "  Call us.register('optimizer', 'its-name', Slow) first."
    )
    assert not path.exists()
