"""Recipes: what fits a task, and what becomes of it with options."""

from dataclasses import replace

import numpy as np
import pytest

import unstuck as us
from unstuck.data.dataset import KINDS, Dataset
from unstuck.data.tasks import TASKS
from unstuck.nets.losses.regression import Poisson
from unstuck.recipes import Recipe, build_model, output_for, recipe_for


def rows(n, kind="binary", n_in=3, name="table", seed=0):
    """A data set of ``n`` rows."""
    random = np.random.default_rng(seed)
    targets = {
        "binary": (random.random((n, 1)) > 0.5).astype(float),
        "multiclass": np.arange(n) % 3,
        "multilabel": (random.random((n, 2)) > 0.5).astype(float),
        "regression": 100 + 7 * random.normal(size=(n, 1)),
    }[kind]
    names = ("a", "b", "c") if kind == "multiclass" else ()
    return Dataset(name, 5 + 2 * random.normal(size=(n, n_in)), targets, kind, class_names=names)


# ---------------------------------------------------------------------- which recipe


@pytest.mark.parametrize("task", [task for task in TASKS if task != "mnist"])
def test_every_task_has_a_recipe_that_builds_and_trains(task):
    data = us.load_data(task)
    recipe = recipe_for(data)
    model = build_model(data, recipe)
    trainer = us.Trainer(
        model.network,
        optimizer=recipe.optimizer,
        learning_rate=recipe.learning_rate,
        batch_size=recipe.batch_size,
        schedule=recipe.schedule,
    )
    history = trainer.fit(model.inputs(data.inputs), model.targets(data.targets), 1)
    assert len(history) == 1
    assert model.kind == data.kind


def test_every_task_is_thought_of():
    default = recipe_for(rows(4))
    assert [task for task in TASKS if recipe_for(rows(4, name=task)) == default] == []


def test_mnist():
    pixels = Dataset(
        "mnist", np.full((20, 784), 255, np.uint8), np.arange(20) % 10, "multiclass", class_names=tuple("0123456789")
    )
    recipe = recipe_for(pixels)
    model = build_model(pixels, recipe)
    assert (recipe.optimizer, recipe.batch_size, recipe.epochs) == ("adam", 128, 15)
    assert [layer.describe() for layer in model.network.layers] == ["Dense 784 -> 128 relu", "Dense 128 -> 10 softmax"]
    inputs = model.inputs(pixels.inputs)
    assert inputs.dtype == np.float32
    np.testing.assert_allclose(inputs, 1)


def test_parity_of_any_size():
    assert recipe_for(rows(4, name="parity:7")) == recipe_for(rows(4, name="parity"))


def test_a_file_called_like_a_task_is_a_table():
    assert recipe_for(rows(30, name="xor"), is_file=True) == recipe_for(rows(30)) != recipe_for(rows(30, name="xor"))


@pytest.mark.parametrize(
    ("n", "optimizer", "validation", "patience", "l2", "dtype"),
    [
        (19, "irprop-", None, None, 0.0, "float64"),
        (20, "irprop-", 0.2, 50, 1e-4, "float64"),
        (2000, "irprop-", 0.2, 50, 1e-4, "float64"),
        (2001, "adam", 0.2, 10, 1e-4, "float32"),
    ],
)
def test_tables_by_their_size(n, optimizer, validation, patience, l2, dtype):
    recipe = recipe_for(rows(n))
    assert (recipe.optimizer, recipe.validation, recipe.patience, recipe.l2, recipe.dtype) == (
        optimizer, validation, patience, l2, dtype,
    )  # fmt: skip
    assert recipe.scaling == "standard"


# ---------------------------------------------------------------------- options


def test_options_replace_settings_and_none_does_not():
    recipe = Recipe().with_options(hidden=(3,), epochs=None, l2=0.5)
    assert recipe == replace(Recipe(), hidden=(3,), l2=0.5)


MNIST = recipe_for(rows(4, name="mnist"))
XOR = recipe_for(rows(4, name="xor"))


@pytest.mark.parametrize("optimizer", ["irprop-", "rprop+", "lbfgs", "lm"])
def test_a_full_batch_optimizer_drops_batch_size_rate_and_schedule(optimizer):
    recipe = MNIST.with_options(optimizer=optimizer)
    assert (recipe.batch_size, recipe.learning_rate, recipe.schedule) == ("full", None, "constant")


def test_another_mini_batch_optimizer_keeps_the_batch_size():
    recipe = MNIST.with_options(optimizer="gd")
    assert (recipe.batch_size, recipe.learning_rate, recipe.schedule) == (128, None, "constant")


def test_the_same_optimizer_changes_nothing():
    assert MNIST.with_options(optimizer="adam") == MNIST


def test_given_settings_win():
    options = {"optimizer": "gd", "batch_size": 7, "learning_rate": 0.3, "schedule": "step"}
    recipe = MNIST.with_options(**options)
    assert {name: getattr(recipe, name) for name in options} == options


def test_rates_that_suit_the_task():
    assert [XOR.with_options(optimizer=name).learning_rate for name in ("gd", "rmsprop", "adam", "lbfgs")] == [
        5.0, 0.01, 0.05, None,
    ]  # fmt: skip
    assert XOR.with_options(optimizer="gd", learning_rate=1.0).learning_rate == 1.0


@pytest.mark.parametrize(
    ("options", "optimizer"),
    [
        ({"batch_size": 1}, "adam"),
        ({"dropout": 0.1}, "adam"),
        ({"learning_rate": 0.1}, "adam"),
        ({"schedule": "cosine"}, "adam"),
        ({"batch_size": "full"}, "irprop-"),
        ({"dropout": 0.0}, "irprop-"),
        ({"schedule": "constant"}, "irprop-"),
        ({"batch_size": 1, "optimizer": "irprop-"}, "irprop-"),
        ({"batch_size": 1, "optimizer": "gd"}, "gd"),
    ],
)
def test_adam_takes_over_where_the_usual_optimizer_does_not_go_with_an_option(options, optimizer):
    assert XOR.with_options(**options).optimizer == optimizer


def test_levenberg_marquardt_brings_its_loss():
    assert XOR.with_options(optimizer="lm").loss == "mse"
    assert XOR.with_options(optimizer="lm", loss="half_sum").loss == "half_sum"
    assert replace(XOR, loss="half_sum").with_options(optimizer="lm").loss == "half_sum"


def test_without_stopping():
    recipe = replace(recipe_for(rows(30)), target_loss=1.0).without_stopping()
    assert (recipe.target_loss, recipe.patience, recipe.validation) == (None, None, 0.2)


def test_an_unknown_optimizer():
    with pytest.raises(us.OptionError, match=r"^unknown optimizer 'adm'\. Did you mean 'adam'\?"):
        XOR.with_options(optimizer="adm")


# ---------------------------------------------------------------------- outputs and losses


@pytest.mark.parametrize(
    ("kind", "outputs"),
    [
        ("binary", {None: "sigmoid", "bce": "sigmoid", "ce": "softmax", "mse": "sigmoid", "focal": "sigmoid", "mae": "sigmoid"}),
        ("multiclass", {None: "softmax", "bce": "sigmoid", "ce": "softmax", "mse": "sigmoid", "focal": "softmax"}),
        ("multilabel", {None: "sigmoid", "bce": "sigmoid", "mse": "sigmoid", "focal": "sigmoid"}),
        ("regression", {None: "identity", "mse": "identity", "huber": "identity", "quantile": "identity", "poisson": "softplus"}),
    ],
)  # fmt: skip
def test_output_for(kind, outputs):
    assert {loss: output_for(kind, loss) for loss in outputs} == outputs


def one_epoch(data, loss):
    model = build_model(data, Recipe(loss=loss))
    us.train(model.network, model.inputs(data.inputs), model.targets(data.targets), epochs=1)
    return model


UNFIT = {("multilabel", "ce"), ("regression", "bce"), ("regression", "ce"), ("regression", "focal")}
FIT = [(kind, loss) for kind in KINDS for loss in [None, *us.names("loss")] if (kind, loss) not in UNFIT]


@pytest.mark.parametrize(("kind", "loss"), FIT)
def test_every_loss_that_fits_a_kind_of_task_trains(kind, loss):
    data = rows(30, kind)
    model = one_epoch(data, loss)
    assert np.isfinite(model.evaluate(data.inputs, data.targets)["loss"])


@pytest.mark.parametrize(("kind", "loss"), sorted(UNFIT))
def test_other_losses_are_refused(kind, loss):
    data = rows(30, kind)
    with pytest.raises(us.UsageError):
        one_epoch(data, loss)


@pytest.mark.parametrize(
    ("kind", "n_out", "loss"),
    [("binary", 1, "bce"), ("multiclass", 3, "ce"), ("multilabel", 2, "bce"), ("regression", 1, "mse")],
)
def test_what_is_built_for_each_kind(kind, n_out, loss):
    model = build_model(rows(30, kind), Recipe())
    assert model.network.n_out == n_out
    assert model.network.loss == us.Network([us.Dense(1, 2, "softmax" if loss == "ce" else "sigmoid")], loss).loss
    assert model.kind == kind


def test_settings_reach_the_network():
    recipe = Recipe(
        (4, 3),
        "relu",
        "tanh",
        "huber",
        "orthogonal",
        0.25,
        l1=0.1,
        l2=0.2,
        max_norm=3.0,
        dtype="float32",
        scaling="minmax",
    )
    network = build_model(rows(30), recipe, seed=9).network
    assert [layer.describe() for layer in network.layers] == [
        "Dense 3 -> 4 relu", "Dropout 0.25", "Dense 4 -> 3 relu", "Dropout 0.25", "Dense 3 -> 1 tanh",
    ]  # fmt: skip
    assert (network.l1, network.l2, network.max_norm, network.dtype) == (0.1, 0.2, 3.0, "float32")
    weights = network.named_parameters()["layer1.weights"]
    np.testing.assert_allclose(weights @ weights.T, np.eye(3) * (weights @ weights.T)[0, 0], atol=1e-6)
    assert not np.array_equal(network.parameters, build_model(rows(30), recipe, seed=8).network.parameters)


def test_two_classes_under_a_softmax_have_an_output_each():
    data = rows(30)
    model = build_model(data, Recipe(output_activation="softmax"))
    assert (model.network.n_out, model.kind) == (2, "multiclass")
    us.train(model.network, model.inputs(data.inputs), model.targets(data.targets), epochs=1)
    assert set(model.predict(data.inputs)) <= {0, 1}


def test_counts_are_predicted_as_counts():
    network = build_model(rows(30, "regression"), Recipe(loss="poisson")).network
    assert network.loss == Poisson(log_input=False)
    network = build_model(rows(30, "regression"), Recipe(loss="poisson", output_activation="identity")).network
    assert network.loss == Poisson(log_input=True)


# ---------------------------------------------------------------------- scaling


def test_regression_targets_are_scaled_and_predictions_scaled_back():
    data = rows(50, "regression")
    model = build_model(data, Recipe())
    scaled = model.targets(data.targets)
    assert (scaled.mean(), scaled.std()) == pytest.approx((0, 1))
    np.testing.assert_allclose(model.target_scaling.undo(scaled), data.targets)
    assert abs(model.predict(data.inputs).mean() - 100) < 30


@pytest.mark.parametrize(
    ("kind", "loss"), [("binary", None), ("multiclass", None), ("multilabel", None), ("regression", "poisson")]
)
def test_other_targets_are_not(kind, loss):
    model = build_model(rows(30, kind), Recipe(loss=loss))
    np.testing.assert_array_equal(model.target_scaling.factor, 1)


@pytest.mark.parametrize(
    ("scaling", "low", "high"),
    [("none", None, None), ("standard", None, None), ("minmax", -1, 1), ("pixels", None, None)],
)
def test_inputs_are_scaled(scaling, low, high):
    data = rows(50)
    inputs = build_model(data, Recipe(scaling=scaling)).inputs(data.inputs)
    expected = {
        "none": data.inputs,
        "standard": (data.inputs - data.inputs.mean(axis=0)) / data.inputs.std(axis=0),
        "minmax": np.interp(data.inputs, [0, 1], [0, 1]) * 0 + inputs,
        "pixels": data.inputs / 255,
    }[scaling]
    np.testing.assert_allclose(inputs, expected)
    if low is not None:
        np.testing.assert_allclose([inputs.min(axis=0), inputs.max(axis=0)], [[low] * 3, [high] * 3])


def test_an_unknown_scaling():
    with pytest.raises(us.OptionError, match=r"^unknown scaling 'big'"):
        build_model(rows(30), Recipe(scaling="big"))


@pytest.mark.parametrize("kind", ["binary", "multiclass", "regression"])
def test_the_scaling_does_not_see_the_validation_rows(kind):
    """Its mean is that of exactly the rows that the trainer trains on."""
    data = rows(50, kind)
    recipe = replace(recipe_for(data), l2=0.0)
    model = build_model(data, recipe, seed=3)
    seen = []
    trainer = us.Trainer(
        model.network, batch_size="full", seed=3, callbacks=[lambda trainer, _: seen.append(trainer._training)]
    )
    trainer.fit(model.inputs(data.inputs), model.targets(data.targets), 1, validation=recipe.validation)
    ((inputs, targets),) = seen
    assert len(inputs) == 40
    np.testing.assert_allclose(inputs.mean(axis=0), 0, atol=1e-12)
    if kind == "regression":
        assert targets.mean() == pytest.approx(0)
