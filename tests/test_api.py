"""The Python front door."""

import dataclasses
import inspect

import numpy as np
import pytest

import unstuck as us
from unstuck import api
from unstuck.cli.main import run

X, Y = np.array([[0.0, 0], [0, 1], [1, 0], [1, 1]]), np.array([0, 1, 1, 0])


def test_all_is_sorted_and_complete():
    """Whatever the module holds is public, but for modules, tables of names (``names`` shows those) and what typing needs."""
    assert api.__all__ == sorted(api.__all__)
    held = {
        name
        for name, value in vars(api).items()
        if not name.startswith("_") and not inspect.ismodule(value) and not name.isupper()
    }
    assert held - {"Any", "TYPE_CHECKING", "annotations", "Registry", "unknown_option"} == set(api.__all__)


def test_every_public_class_and_function_explains_itself():
    for name in api.__all__:
        value = getattr(us, name)
        if inspect.isclass(value) or inspect.isfunction(value):
            assert inspect.getdoc(value), name


# ---------------------------------------------------------------------- train


def test_train_is_a_trainer_made_used_and_put_away():
    nets = [us.Network([us.Dense(2, 3, "tanh"), us.Dense(3, 1, "sigmoid")], seed=4) for _ in range(2)]
    settings = {"optimizer": "rmsprop", "batch_size": 1, "seed": 3}
    history = us.train(nets[0], X, Y, epochs=7, **settings)
    expected = us.Trainer(nets[1], **settings).fit(X, Y, 7)
    assert isinstance(history, us.History)
    assert history == expected
    np.testing.assert_array_equal(nets[0].parameters, nets[1].parameters)


def test_train_runs_a_hundred_epochs_by_default():
    assert len(us.train(us.Network([us.Dense(2, 1, "sigmoid")]), X, Y)) == 100


def test_train_hands_on_weights_and_validation():
    net = us.Network([us.Dense(2, 1, "sigmoid")], seed=1)
    history = us.train(net, X, Y, epochs=2, validation=(X, Y))
    assert "validation_loss" in history[0]
    nets = [us.Network([us.Dense(2, 1, "sigmoid")], seed=1) for _ in range(3)]
    losses = [
        us.train(nets[0], X, Y, epochs=2)[1]["loss"],
        us.train(nets[1], X, Y, epochs=2, sample_weight=[1, 1, 1, 5])[1]["loss"],
        us.train(nets[2], X, Y, epochs=2, class_weight={0: 1, 1: 9})[1]["loss"],
    ]
    assert len(set(losses)) == 3


def test_an_unknown_setting():
    with pytest.raises(us.OptionError) as caught:
        us.train(us.Network([us.Dense(2, 1)]), X, Y, optimiser="adam")
    assert str(caught.value) == (
        "unknown setting of train 'optimiser'. Did you mean 'optimizer'?\n"
        "  Known: batch_size, callbacks, clip_norm, clip_value, engine, history_every, learning_rate, metrics, min_delta, monitor, "
        "optimizer, patience, restore_best, schedule, seed, shuffle, target_loss, threads, time_limit, tolerance, "
        "watch_every"
    )


# ---------------------------------------------------------------------- names


@pytest.fixture
def registering():
    """Register something, and take every registered name away again afterwards."""
    before = {what: dict(registry._classes) for what, registry in api._REGISTRIES.items()}
    yield us.register
    for what, classes in before.items():
        api._REGISTRIES[what]._classes = classes


@pytest.mark.parametrize(
    ("what", "some"),
    [
        ("activation", "relu"),
        ("initializer", "glorot_uniform"),
        ("layer", "dense"),
        ("loss", "bce"),
        ("metric", "accuracy"),
        ("optimizer", "irprop-"),
        ("schedule", "cosine"),
    ],
)
def test_names(what, some):
    names = us.names(what)
    assert names == sorted(names)
    assert some in names


def test_an_unknown_kind_of_name():
    for ask in (us.names, lambda what: us.register(what, "x", us.Loss)):
        with pytest.raises(us.OptionError) as caught:
            ask("optimiser")
        assert str(caught.value) == (
            "unknown kind of name 'optimiser'. Did you mean 'optimizer'?\n"
            "  Known: activation, initializer, layer, loss, metric, optimizer, schedule"
        )


def own_activation():
    @dataclasses.dataclass(frozen=True)
    class Cube(us.Activation):
        factor: float = 1.0

        def forward(self, z):
            return self.factor * z**3

        def backward(self, z, a, gradient):
            return gradient * 3 * self.factor * z**2

    return Cube


def test_a_registered_activation_is_used_checked_saved_and_loaded_by_name(registering, tmp_path):
    cls = own_activation()
    registering("activation", "cube", cls)
    assert "cube" in us.names("activation")
    net = us.Network([us.Dense(2, 3, cls(factor=0.5)), us.Dense(3, 1, "cube")], seed=2)
    assert us.check_gradients(net, X, Y).verdict == "right"
    us.save_model(us.Model(net, "regression"), tmp_path / "m.safetensors")
    again = us.load_model(tmp_path / "m.safetensors").network
    assert again.layers[0].activation == cls(factor=0.5)
    np.testing.assert_array_equal(again.predict(X), net.predict(X))


def test_a_registered_metric_and_schedule_are_known_to_the_trainer_and_the_command_line(
    registering, tmp_path, monkeypatch
):
    @dataclasses.dataclass(frozen=True)
    class Worst(us.Metric):
        greater_is_better = False

        def score(self, outputs, targets, kind):
            return float(np.abs(outputs - targets).max())

    registering("metric", "worst", Worst)
    history = us.train(us.Network([us.Dense(2, 1, "sigmoid")]), X, Y, epochs=2, metrics=["worst"])
    assert 0 < history[0]["worst"] < 1
    monkeypatch.chdir(tmp_path)
    assert run(["train", "or", "--json"]) == 0


def test_what_cannot_be_registered(registering):
    with pytest.raises(us.OptionError) as caught:
        registering("loss", "mse", own_activation())
    assert str(caught.value) == "loss 'mse' is already registered. Choose another name."
    with pytest.raises(us.OptionError) as caught:
        registering("loss", "own", int)
    assert (
        str(caught.value) == "cannot register <class 'int'> as loss 'own'.\n  Expected a dataclass derived from Loss."
    )
    registering("activation", "cube", cls := own_activation())
    registering("activation", "cube", cls)  # twice the same is no mistake: notebooks do it


# ---------------------------------------------------------------------- diagnose


def test_diagnose_hands_on_its_settings(tmp_path):
    path = tmp_path / "mine.py"
    path.write_text("import sys\nraise ValueError('got ' + ' '.join(sys.argv[1:]))\n")
    diagnosis = us.diagnose(path, trials=False, time_limit=8, arguments=("--epochs", "3"))
    assert isinstance(diagnosis, us.Diagnosis)
    assert (diagnosis.target, diagnosis.outcome) == (str(path), "crashes")
    assert "got --epochs 3" in diagnosis.findings[0].message


def test_settings_that_diagnose_does_not_know(error_of):
    assert error_of(us.OptionError, us.diagnose, "mine.py", trails=False) == (
        "unknown setting of diagnose 'trails'. Did you mean 'trials'?\n"
        "  Known: arguments, debug, memory, replay, time_limit, trials, workers"
    )
    assert error_of(us.OptionError, us.diagnose, "mine.py", time_limit=0) == (
        "time_limit must be a number above 0. Got 0 instead."
    )
