"""What a trainer promises whatever the task: the same bits for the same seed, float32 to the end, and no surprises."""

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from unstuck.errors import DataError, ShapeError
from unstuck.nets import Dense, Dropout, LayerNorm, Network
from unstuck.training.optimizers import OPTIMIZERS, Adam, GradientDescent, RMSProp
from unstuck.training.schedules import Plateau, Step
from unstuck.training.trainer import Trainer

NAMES = OPTIMIZERS.names()
SETTINGS = {
    "full batch": {"batch_size": "full"},
    "mini-batches": {"batch_size": 7},
    "one sample at a time": {"batch_size": 1},
    "own order": {"batch_size": 7, "shuffle": False},
    "momentum": {"optimizer": GradientDescent(0.05, momentum=0.9, nesterov=True), "batch_size": 16},
    "rmsprop": {"optimizer": RMSProp(centered=True), "schedule": Step(every=2, gamma=0.5)},
    "plateau": {"optimizer": Adam(0.1), "schedule": Plateau(patience=0, gamma=0.5)},
    "irprop+": {"optimizer": "irprop+"},
    "rprop-": {"optimizer": "rprop-"},
    "lm": {"optimizer": "lm"},
    "clipped": {"clip_norm": 0.1, "clip_value": 0.05},
}


@pytest.fixture(params=SETTINGS)
def settings(request):
    return SETTINGS[request.param]


def deep(optimizer="adam", **settings):
    """A network with whatever the optimizer allows."""
    dropout = [] if OPTIMIZERS.create(optimizer).full_batch_only else [Dropout(0.3)]
    layers = [Dense(2, 6, "tanh"), LayerNorm(6, "relu"), *dropout, Dense(6, 1)]
    return Network(layers, l2=1e-3, **settings)


def test_fitting_twice_is_fitting_once(curve, settings):
    """Bit for bit, with the same history."""
    optimizer = settings.get("optimizer", "adam")
    once, twice = deep(optimizer), deep(optimizer)
    history = Trainer(once, **settings).fit(*curve, 7)
    trainer = Trainer(twice, **settings)
    trainer.fit(*curve, 3)
    assert trainer.fit(*curve, 4) == history
    assert_array_equal(once.parameters, twice.parameters)


@pytest.mark.parametrize("name", NAMES)
def test_the_same_seed_gives_the_same_bits(curve, name):
    runs = []
    for _ in range(2):
        network = deep(name, seed=3)
        history = Trainer(network, optimizer=name, seed=5).fit(*curve, 4, validation=0.25)
        runs.append((network.parameters, history))
    assert_array_equal(runs[0][0], runs[1][0])
    assert runs[0][1] == runs[1][1]


def test_another_seed_shuffles_splits_and_drops_otherwise(curve):
    shuffled = [deep() for _ in range(2)]
    for seed, network in enumerate(shuffled):
        Trainer(network, seed=seed, batch_size="full").fit(*curve, 2)
    assert (shuffled[0].parameters != shuffled[1].parameters).any()  # dropout: a full batch is not shuffled
    losses = [Trainer(deep(), seed=seed).fit(*curve, 1, validation=0.3)[0]["validation_loss"] for seed in range(2)]
    assert losses[0] != losses[1]


def test_without_shuffling_the_rows_keep_their_order(regressor, curve):
    """Then a full pass is the same as fitting the batches one after the other."""
    x, y = curve
    whole, parts = regressor(), regressor()
    Trainer(whole, batch_size=10, shuffle=False).fit(x, y, 1)
    trainer = Trainer(parts, batch_size="full")
    for start in range(0, 40, 10):
        trainer.fit(x[start : start + 10], y[start : start + 10], 1)
    assert_array_equal(whole.parameters, parts.parameters)


def test_the_global_random_state_is_left_alone(curve):
    np.random.seed(7)  # noqa: NPY002 (the state that must not change)
    before = np.random.get_state()  # noqa: NPY002 (as above)
    Trainer(deep(), batch_size=4).fit(*curve, 2, validation=0.25)
    after = np.random.get_state()  # noqa: NPY002 (as above)
    assert_array_equal(before[1], after[1])
    assert before[2:] == after[2:]


@pytest.mark.parametrize("name", NAMES)
def test_float32_stays_float32(curve, name):
    """Inputs and targets are float64, settings are Python numbers, and one of them is a NumPy number."""
    network = Network([Dense(2, 6, "tanh"), LayerNorm(6), Dense(6, 1)], l2=np.float64(0.01), dtype="float32")
    trainer = Trainer(network, optimizer=name)
    history = trainer.fit(*curve, 3, sample_weight=np.linspace(0, 1, 40), validation=0.25)
    arrays = {
        "parameters": network.parameters,
        "best": trainer.state.best.parameters,
        "outputs": network.predict(curve[0]),
    }
    arrays |= {slot: array for slot, array in trainer.state.slots.items() if slot != "damping_now"}
    x, y = network.check(*curve)
    arrays["gradient"] = network.loss_and_gradient(x, y)[1]
    assert {what: array.dtype for what, array in arrays.items()} == dict.fromkeys(arrays, np.dtype("float32"))
    assert all(type(value) is float for row in history for what, value in row.items() if what != "epoch")


def test_float32_follows_float64(curve):
    losses = []
    for dtype in ("float32", "float64"):
        network = Network([Dense(2, 6, "tanh"), Dense(6, 1)], dtype=dtype)
        losses.append(Trainer(network, batch_size=8).fit(*curve, 5).column("loss"))
    np.testing.assert_allclose(losses[0], losses[1], rtol=1e-4)


def test_the_given_arrays_stay_as_they_are(curve):
    x, y = (array.copy() for array in curve)
    Trainer(deep(), batch_size=4).fit(x, y, 2, validation=0.25, sample_weight=np.ones(40))
    assert_array_equal(x, curve[0])
    assert_array_equal(y, curve[1])


@pytest.mark.parametrize("give", [lambda y: y, lambda y: y[:, 0], lambda y: y.tolist(), lambda y: y.astype("int8")])
def test_targets_in_any_form(xor_network, xor, give):
    network, expected = xor_network(), xor_network()
    Trainer(network, batch_size="full").fit(xor[0].tolist(), give(xor[1]), 3)
    Trainer(expected, batch_size="full").fit(*xor, 3)
    assert_array_equal(network.parameters, expected.parameters)


def test_class_indices_and_one_hot_rows_are_the_same(classifier, classes):
    x, y = classes
    by_index, by_row = classifier(), classifier()
    Trainer(by_index).fit(x, y, 3)
    Trainer(by_row).fit(x, np.eye(3)[y], 3)
    assert_array_equal(by_index.parameters, by_row.parameters)


def test_dropout_is_off_when_measuring(curve):
    network = Network([Dense(2, 6, "tanh"), Dropout(0.5), Dense(6, 1)])
    history = Trainer(network, metrics=["rmse"], batch_size=8).fit(*curve, 1)
    assert history[0]["rmse"] == pytest.approx(np.sqrt(network.evaluate(*curve)), rel=1e-14)


def test_a_changed_batch_size_takes_effect_at_the_next_epoch(curve):
    trainer = Trainer(deep(), batch_size=10)
    trainer.fit(*curve, 2)
    assert (trainer.state.epoch, trainer.state.step, trainer.state.batch) == (2, 8, 0)


def test_it_learns_xor(xor_network, xor):
    """The smallest task of all, from several starts."""
    learnt = 0
    for seed in range(5):
        network = xor_network(seed=seed)
        Trainer(network, optimizer="irprop-", target_loss=1e-3).fit(*xor, 500)
        learnt += (network.predict(xor[0]).round() == xor[1]).all()
    assert learnt >= 4


def test_data_is_checked_before_any_work(error_of, regressor, curve, recorder):
    trainer = Trainer(regressor(), callbacks=[recorder])
    x, y = curve
    assert error_of(ShapeError, trainer.fit, x.T, y).startswith("X has shape (2, 40), expected (batch, 2).")
    assert error_of(DataError, trainer.fit, x * np.nan, y).startswith("X holds nan in row 0, column 0")
    assert (
        error_of(ShapeError, trainer.fit, x, y[:-1]) == "y has 39 rows, but X has 40. Each row of X needs one target."
    )
    assert recorder.calls == []
    assert trainer.history == []
