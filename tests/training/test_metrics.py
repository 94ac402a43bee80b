"""Metrics beside scikit-learn's."""

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.testing import assert_array_equal
from sklearn import metrics as theirs

from unstuck.nets import Dense, Network
from unstuck.training.metrics import METRICS, decide, kind_of
from unstuck.training.trainer import Trainer

probabilities = st.sampled_from([0.0, 1e-9, 0.1, 0.3, 0.5, 0.50001, 0.75, 0.9, 1.0])
few = settings(max_examples=20, deadline=None)


@st.composite
def judged(draw, kind):
    """Outputs and targets of a kind of task."""
    rows = draw(st.integers(2 if kind == "regression" else 1, 12))
    columns = 1 if kind == "binary" else draw(st.integers(2, 4))
    if kind == "regression":
        numbers = st.integers(-20, 20).map(lambda k: k / 4)
        shape = rows, draw(st.integers(1, 3))
        return draw(arrays(float, shape, elements=numbers)), draw(arrays(float, shape, elements=numbers))
    if kind == "multiclass":
        outputs = draw(arrays(float, (rows, columns), elements=st.floats(0.01, 1)))
        classes = draw(arrays(int, rows, elements=st.integers(0, columns - 1)))
        return outputs / outputs.sum(axis=1, keepdims=True), np.eye(columns)[classes]
    outputs = draw(arrays(float, (rows, columns), elements=probabilities))
    return outputs, draw(arrays(float, (rows, columns), elements=st.sampled_from([0.0, 1.0])))


def score(name, outputs, targets, kind):
    return METRICS.create(name).score(outputs, targets, kind)


def quiet(function, *arguments, **named):
    """Some of scikit-learn's functions warn where a class does not occur."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return pytest.approx(function(*arguments, **named), rel=1e-10, abs=1e-12)


def labels(values, kind):
    return values.argmax(axis=1) if kind == "multiclass" else (values > 0.5).astype(int)


@few
@given(data=st.data())
@pytest.mark.parametrize("kind", ["binary", "multiclass", "multilabel"])
def test_accuracy(kind, data):
    outputs, targets = data.draw(judged(kind))
    expected = quiet(theirs.accuracy_score, labels(targets, kind), labels(outputs, kind))
    assert score("accuracy", outputs, targets, kind) == expected


@few
@given(data=st.data())
@pytest.mark.parametrize("kind", ["binary", "multiclass"])
def test_balanced_accuracy(kind, data):
    outputs, targets = data.draw(judged(kind))
    expected = quiet(theirs.balanced_accuracy_score, labels(targets, kind).ravel(), labels(outputs, kind).ravel())
    assert score("balanced_accuracy", outputs, targets, kind) == expected


@few
@given(data=st.data())
@pytest.mark.parametrize(("kind", "average"), [("binary", "binary"), ("multiclass", "macro"), ("multilabel", "macro")])
def test_f1(kind, average, data):
    outputs, targets = data.draw(judged(kind))
    truth, said = labels(targets, kind), labels(outputs, kind)
    if kind == "binary":
        truth, said = truth.ravel(), said.ravel()
    expected = quiet(theirs.f1_score, truth, said, average=average, zero_division=0)
    assert score("f1", outputs, targets, kind) == expected


@few
@given(data=st.data())
@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("kind", ["binary", "multiclass", "multilabel"])
def test_log_loss(kind, dtype, data):
    """Scikit-learn takes one label at a time."""
    outputs, targets = data.draw(judged(kind))
    outputs, targets = outputs.astype(dtype), targets.astype(dtype)
    if kind == "multiclass":
        expected = theirs.log_loss(targets.argmax(axis=1), outputs, labels=range(targets.shape[1]))
    else:
        columns = zip(targets.T, outputs.T, strict=True)
        expected = np.mean([theirs.log_loss(truth, said, labels=[0, 1]) for truth, said in columns])
    ours = score("log_loss", outputs, targets, kind)
    assert ours == pytest.approx(expected, rel=1e-10 if dtype == "float64" else 1e-5, abs=1e-6)


@few
@given(data=st.data())
@pytest.mark.parametrize(
    ("name", "function"),
    [
        ("mae", theirs.mean_absolute_error),
        ("r2", theirs.r2_score),
        ("rmse", lambda truth, said: theirs.root_mean_squared_error(truth.ravel(), said.ravel())),
    ],
)
def test_regression(name, function, data):
    """The root of the mean over all elements; scikit-learn takes the mean of the outputs' roots."""
    outputs, targets = data.draw(judged("regression"))
    assert score(name, outputs, targets, "regression") == quiet(function, targets, outputs)


def test_r2_of_equal_targets_is_one_or_nothing():
    """The mean of three times 0.1 is rounded, so that its squared deviations are not 0."""
    targets = np.full((3, 1), 0.1)
    assert (targets.mean() - 0.1) != 0
    assert score("r2", targets, targets, "regression") == 1.0
    assert score("r2", targets + 1, targets, "regression") == 0.0
    assert score("r2", np.hstack([targets, targets + 1]), np.hstack([targets, targets]), "regression") == 0.5


def test_r2_of_targets_whose_spread_is_too_small_to_divide_by():
    targets = np.array([[0.0], [1e-200]])
    assert score("r2", targets, targets, "regression") == 1.0
    assert score("r2", targets + 1, targets, "regression") == 0.0


@pytest.mark.parametrize("name", METRICS.names())
def test_a_score_is_a_plain_number(name):
    kind = "regression" if METRICS.create(name).kinds[0] == "regression" else "binary"
    outputs, targets = np.array([[0.2], [0.7]], "float32"), np.array([[0], [1]], "float32")
    assert type(score(name, outputs, targets, kind)) is float


def test_which_way_is_better():
    better = {name for name in METRICS.names() if METRICS.create(name).greater_is_better}
    assert better == {"accuracy", "balanced_accuracy", "f1", "r2"}


def test_decisions():
    outputs = np.array([[0.5, 0.9], [0.6, 0.1]])
    assert_array_equal(decide(outputs, "multiclass"), [1, 0])
    assert_array_equal(decide(outputs, "multilabel"), [[0, 1], [1, 0]])
    assert_array_equal(decide(outputs[:, :1], "binary"), [0, 1])


ONE_HOT, LABELS = np.eye(3), np.array([[1.0, 1, 0], [0, 0, 1], [0, 0, 0]])


@pytest.mark.parametrize(
    ("activation", "loss", "targets", "kind"),
    [
        ("softmax", "ce", ONE_HOT, "multiclass"),
        ("softmax", "ce", np.full((2, 3), 1 / 3), "multiclass"),
        ("softmax", "focal", ONE_HOT, "multiclass"),
        ("sigmoid", "focal", ONE_HOT, "multilabel"),
        ("sigmoid", "bce", ONE_HOT, "multilabel"),
        ("sigmoid", "bce", LABELS, "multilabel"),
        ("sigmoid", "bce", np.full((2, 3), 0.5), "regression"),
        ("sigmoid", "bce", np.array([[0.0], [1.0]]), "binary"),
        ("sigmoid", "mse", np.array([[0.0], [1.0]]), "binary"),
        ("sigmoid", "mse", ONE_HOT, "multiclass"),
        ("sigmoid", "mse", LABELS, "multilabel"),
        ("identity", "mse", np.array([[-1.0], [1.0]]), "regression"),
        ("identity", "mse", ONE_HOT * 2, "regression"),
    ],
)
def test_kinds(activation, loss, targets, kind):
    assert kind_of(Network([Dense(1, targets.shape[1], activation)], loss), targets) == kind


def test_the_trainer_measures_what_the_metrics_say(classifier, classes):
    x, y = classes
    network = classifier()
    names = ["accuracy", "balanced_accuracy", "f1", "log_loss"]
    row = Trainer(network, metrics=names).fit(x, y, 3)[-1]
    said = network.predict(x)
    assert row["accuracy"] == theirs.accuracy_score(y, said.argmax(axis=1))
    assert row["balanced_accuracy"] == pytest.approx(theirs.balanced_accuracy_score(y, said.argmax(axis=1)))
    assert row["f1"] == pytest.approx(theirs.f1_score(y, said.argmax(axis=1), average="macro"))
    assert row["log_loss"] == pytest.approx(theirs.log_loss(y, said))
