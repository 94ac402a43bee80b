"""A model takes raw data and answers in the data's own terms."""

from dataclasses import dataclass

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from sklearn import metrics as theirs

from unstuck.data.dataset import Dataset
from unstuck.data.scaling import Scaling
from unstuck.errors import DataError, OptionError, ShapeError
from unstuck.model import Model
from unstuck.nets import Dense, Network
from unstuck.training.metrics import METRICS, Metric
from unstuck.training.trainer import Trainer

RNG = np.random.default_rng(0)
RAW = RNG.normal([100, -5], [20, 0.1], (30, 2))
SCALING = Scaling.standard(RAW)


def network(n_out, activation, **settings):
    return Network([Dense(2, 5, "tanh"), Dense(5, n_out, activation)], seed=3, **settings)


def binary(**settings):
    return Model(network(1, "sigmoid"), "binary", SCALING, class_names=("no", "yes"), **settings)


def multiclass(names=("ant", "bee", "cow")):
    return Model(network(3, "softmax"), "multiclass", SCALING, class_names=names)


def regression(dtype="float64"):
    return Model(network(2, "identity", dtype=dtype), "regression", SCALING, Scaling([1000, -3], [0.01, 5]))


# ---------------------------------------------------------------------- predictions


def test_inputs_are_scaled():
    model = binary()
    expected = (RAW - RAW.mean(axis=0)) / RAW.std(axis=0)
    assert_allclose(model.inputs(RAW), expected, rtol=1e-12)
    assert_allclose(model.outputs(RAW), model.network.predict(expected), rtol=1e-10)
    assert_allclose(model.inputs(RAW.tolist()), expected, rtol=1e-12)


def test_binary_classes_by_name():
    model = binary()
    expected = np.where(model.network.predict(SCALING.apply(RAW))[:, 0] > 0.5, "yes", "no")
    assert_array_equal(model.predict(RAW), expected)
    assert set(expected) == {"yes", "no"}


def test_classes_by_name():
    model = multiclass()
    expected = np.array(["ant", "bee", "cow"])[model.network.predict(SCALING.apply(RAW)).argmax(axis=1)]
    assert_array_equal(model.predict(RAW), expected)
    assert model.predict(RAW).shape == (30,)


def test_without_names_classes_are_indices():
    predicted = multiclass(names=()).predict(RAW)
    assert_array_equal(predicted, multiclass().outputs(RAW).argmax(axis=1))


def test_labels_are_zeros_and_ones():
    model = Model(network(3, "sigmoid"), "multilabel", SCALING, class_names=("a", "b", "c"))
    predicted = model.predict(RAW)
    assert predicted.shape == (30, 3)
    assert_array_equal(predicted, model.outputs(RAW) > 0.5)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_numbers_are_in_the_unit_of_the_targets(dtype):
    model = regression(dtype)
    expected = model.network.predict(SCALING.apply(RAW)) / [0.01, 5] + [1000, -3]
    assert_allclose(model.predict(RAW), expected, rtol=1e-5 if dtype == "float32" else 1e-12)
    assert_array_equal(model.predict(RAW), model.outputs(RAW))


def test_two_outputs_for_two_classes_are_classes():
    """A softmax over two: the larger one wins, whatever the kind was called."""
    model = Model(network(2, "softmax"), "binary", SCALING, class_names=("no", "yes"))
    assert model.kind == "multiclass"
    expected = np.array(["no", "yes"])[model.network.predict(SCALING.apply(RAW)).argmax(axis=1)]
    assert_array_equal(model.predict(RAW), expected)
    y = RNG.integers(0, 2, (30, 1)).astype(float)
    assert model.evaluate(RAW, y) == model.evaluate(RAW, np.where(y[:, 0] == 1, "yes", "no"))


def test_nothing_is_scaled_by_default():
    model = Model(network(1, "sigmoid"), "binary")
    assert_array_equal(model.inputs(RAW), RAW)
    assert_array_equal(model.outputs(RAW), model.network.predict(RAW))


def test_inputs_are_in_the_precision_of_the_network():
    model = Model(network(1, "sigmoid", dtype="float32"), "binary", SCALING)
    assert model.inputs(RAW).dtype == model.outputs(RAW).dtype == np.float32


# ---------------------------------------------------------------------- targets


@pytest.mark.parametrize(
    "raw",
    [
        ["cow", "ant", "bee"],
        [["cow"], ["ant"], ["bee"]],
        np.array(["cow", "ant", "bee"], object),
        np.array([b"cow", b"ant", b"bee"]),
    ],
)
def test_names_become_indices(raw):
    assert_array_equal(multiclass().targets(raw), [2, 0, 1])


def test_numbers_are_indices_already():
    assert_array_equal(multiclass().targets([2, 0, 1]), [2, 0, 1])
    labels = np.eye(3)
    assert Model(network(3, "sigmoid"), "multilabel").targets(labels) is labels


@pytest.mark.parametrize("raw", [[2, 0], [[2.0], [0.0]], ["cow", "ant"]])
def test_indices_become_rows_for_a_loss_that_takes_numbers(raw):
    """Such as the mean squared error of one sigmoid for each class."""
    names = ("ant", "bee", "cow")
    model = Model(network(3, "sigmoid", loss="mse"), "multiclass", SCALING, class_names=names)
    assert_array_equal(model.targets(raw), [[0, 0, 1], [1, 0, 0]])
    assert model.evaluate(RAW[:2], raw) == model.evaluate(RAW[:2], [[0, 0, 1], [1, 0, 0]])


def test_numbers_are_scaled_for_regression():
    assert_allclose(regression().targets([[1100, -2]]), [[1.0, 5.0]])
    single = Model(network(1, "identity"), "regression", target_scaling=Scaling([10], [0.5]))
    assert_allclose(single.targets([10, 14]), [[0], [2]])
    assert_allclose(single.targets([[10], [14]]), [[0], [2]])


def test_an_unknown_class(error_of):
    assert error_of(DataError, multiclass().targets, ["ant", "bea"]) == (
        "y holds class 'bea' in row 1. Did you mean 'bee'?\n  Known: ant, bee, cow"
    )
    assert error_of(DataError, multiclass(names=()).evaluate, RAW[:1], ["ant"]) == (
        "y holds class 'ant' in row 0.\n  Known: none by name"
    )


def test_targets_that_are_no_numbers(error_of):
    assert error_of(DataError, regression().targets, ["much"]).startswith("y has dtype <U4, expected numbers.")
    assert error_of(ShapeError, regression().targets, [1.0, 2.0]) == (
        "x has shape (2,), expected (n, 2): the scaling is for 2 columns."
    )


# ---------------------------------------------------------------------- scores


def test_scores_of_two_classes():
    model, y = binary(), RNG.integers(0, 2, 30)
    outputs, scores = model.outputs(RAW), model.evaluate(RAW, np.where(y, "yes", "no"))
    assert list(scores) == ["loss", "accuracy", "balanced_accuracy", "f1", "log_loss"]
    assert scores["loss"] == pytest.approx(theirs.log_loss(y, outputs))
    assert scores["accuracy"] == theirs.accuracy_score(y, outputs[:, 0] > 0.5)
    assert scores["f1"] == pytest.approx(theirs.f1_score(y, outputs[:, 0] > 0.5))
    assert model.evaluate(RAW, y[:, None].astype(float)) == scores


def test_scores_of_several_classes():
    model, y = multiclass(), RNG.integers(0, 3, 30)
    scores = model.evaluate(RAW, y)
    assert list(scores) == ["loss", "accuracy", "balanced_accuracy", "f1", "log_loss"]
    assert scores["balanced_accuracy"] == pytest.approx(
        theirs.balanced_accuracy_score(y, model.outputs(RAW).argmax(axis=1))
    )


def test_scores_of_labels():
    model = Model(network(3, "sigmoid"), "multilabel", SCALING)
    assert list(model.evaluate(RAW, RNG.integers(0, 2, (30, 3)))) == ["loss", "accuracy", "f1", "log_loss"]


def test_scores_of_numbers_are_in_their_unit():
    """The loss is the network's own, over scaled targets."""
    model, y = regression(), RNG.normal([1000, -3], [50, 0.2], (30, 2))
    scores, said = model.evaluate(RAW, y), model.predict(RAW)
    assert list(scores) == ["loss", "mae", "r2", "rmse"]
    assert scores["loss"] == pytest.approx(model.network.evaluate(SCALING.apply(RAW), (y - [1000, -3]) * [0.01, 5]))
    assert scores["mae"] == pytest.approx(theirs.mean_absolute_error(y, said))
    assert scores["r2"] == pytest.approx(theirs.r2_score(y, said))
    assert scores["rmse"] == pytest.approx(np.sqrt(theirs.mean_squared_error(y, said)))


def test_a_metric_of_ones_own_is_among_the_scores(monkeypatch):
    @dataclass(frozen=True)
    class Furthest(Metric):
        greater_is_better = False
        kinds = ("regression",)

        def score(self, outputs, targets, kind):
            return float(abs(outputs - targets).max())

    monkeypatch.setattr(METRICS, "_classes", dict(METRICS._classes))
    METRICS.register("furthest", Furthest)
    y = RNG.normal(size=(30, 2))
    assert regression().evaluate(RAW, y)["furthest"] == pytest.approx(abs(regression().predict(RAW) - y).max())
    assert "furthest" not in binary().evaluate(RAW, np.zeros(30))


# ---------------------------------------------------------------------- made from a data set, and misfits


def test_for_a_dataset():
    data = Dataset(
        "animals", RAW, RNG.integers(0, 3, 30), "multiclass", None, None, ("ant", "bee", "cow"), ("size", "age")
    )
    model = Model.for_dataset(network(3, "softmax"), data, SCALING)
    assert (model.kind, model.class_names, model.feature_names) == (
        "multiclass",
        ("ant", "bee", "cow"),
        ("size", "age"),
    )
    assert model.input_scaling is SCALING
    assert_array_equal(model.target_scaling.factor, [1, 1, 1])


def test_training_through_a_model_is_training_on_scaled_data():
    model, y = regression(), RNG.normal([1000, -3], [50, 0.2], (30, 2))
    before = model.evaluate(RAW, y)["rmse"]
    Trainer(model.network, optimizer="irprop-").fit(model.inputs(RAW), model.targets(y), 50)
    assert model.evaluate(RAW, y)["rmse"] < before


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda: Model(network(1, "sigmoid"), "binary", Scaling.none(3)),
            "input_scaling has 3 columns, but the network has 2.",
        ),
        (
            lambda: Model(network(1, "identity"), "regression", None, Scaling.none(2)),
            "target_scaling has 2 columns, but the network has 1.",
        ),
        (
            lambda: Model(network(3, "sigmoid"), "binary"),
            "the network has 3 outputs, but a binary task needs 1 output.",
        ),
        (
            lambda: Model(network(1, "identity"), "multiclass"),
            "the network has 1 output, but a multiclass task needs an output for each class.",
        ),
        (
            lambda: Model(network(3, "softmax"), "multiclass", class_names=("a", "b")),
            "class_names holds 2 names, but the network has 3 classes.",
        ),
        (
            lambda: Model(network(1, "sigmoid"), "binary", class_names=("a",)),
            "class_names holds 1 name, but the network has 2 classes.",
        ),
        (
            lambda: Model(network(3, "sigmoid"), "multilabel", class_names=("a", "b")),
            "class_names holds 2 names, but the network has 3 labels.",
        ),
    ],
)
def test_what_does_not_fit_together(error_of, make, message):
    assert error_of(ShapeError, make) == message


def test_an_unknown_kind(error_of):
    assert error_of(OptionError, Model, network(1, "sigmoid"), "binry") == (
        "unknown kind of targets 'binry'. Did you mean 'binary'?\n  Known: binary, multiclass, multilabel, regression"
    )


def test_inputs_that_cannot_be(error_of):
    assert error_of(ShapeError, binary().predict, RAW.T).startswith("X has shape (2, 30), expected (batch, 2).")
    assert error_of(DataError, binary().predict, RAW * np.nan).startswith("X holds nan in row 0, column 0")
    assert error_of(ShapeError, binary().evaluate, RAW, ["no"]) == (
        "y has 1 rows, but X has 30. Each row of X needs one target."
    )
