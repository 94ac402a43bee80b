"""How much each row counts: an integer weight is so many copies, and classes are balanced as scikit-learn does it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from sklearn.utils.class_weight import compute_class_weight

from unstuck.errors import DataError, OptionError, ShapeError
from unstuck.training.row_weights import row_weights, with_mean_one
from unstuck.training.trainer import Trainer


def weigh(targets, sample_weight=None, class_weight=None, kind="multiclass", dtype="float64"):
    return row_weights(sample_weight, class_weight, targets, kind, dtype)


def rows_of(labels, n_classes):
    """One-hot rows, or a column of 0 and 1 for two classes."""
    labels = np.array(labels)
    return labels[:, None].astype(float) if n_classes == 2 else np.eye(n_classes)[labels]


@st.composite
def labelled(draw):
    n_classes = draw(st.integers(2, 4))
    return n_classes, draw(st.lists(st.integers(0, n_classes - 1), min_size=1, max_size=30))


@settings(max_examples=50, deadline=None)
@given(labelled())
def test_balanced_equals_scikit_learn(problem):
    n_classes, labels = problem
    present = np.unique(labels)
    factor = dict(zip(present, compute_class_weight("balanced", classes=present, y=labels), strict=True))
    expected = np.array([factor[label] for label in labels])
    weights = weigh(rows_of(labels, n_classes), None, "balanced", "binary" if n_classes == 2 else "multiclass")
    assert_allclose(weights, expected / expected.mean(), rtol=1e-12)
    assert weights.mean() == pytest.approx(1)


@settings(max_examples=50, deadline=None)
@given(labelled(), st.lists(st.floats(0.1, 10), min_size=4, max_size=4))
def test_class_weights_equal_those_of_scikit_learn(problem, factors):
    n_classes, labels = problem
    table = dict(enumerate(factors[:n_classes]))
    expected = compute_class_weight(table, classes=np.arange(n_classes), y=np.arange(n_classes))[labels]
    weights = weigh(rows_of(labels, n_classes), None, table, "binary" if n_classes == 2 else "multiclass")
    assert_allclose(weights, expected / expected.mean(), rtol=1e-12)


def test_classes_that_are_not_named_count_once():
    assert_allclose(weigh(np.eye(3), None, {2: 4.0}), [0.5, 0.5, 2.0])
    assert_allclose(weigh(np.eye(3), None, {2.0: 4, np.int64(1): 1}), [0.5, 0.5, 2.0])
    assert_allclose(weigh(np.eye(3), None, {}), [1, 1, 1])


def test_sample_and_class_weights_multiply():
    assert_allclose(weigh(np.eye(2)[[0, 0, 1]], [1, 2, 1], {1: 3.0}), np.array([1, 2, 3]) / 2)


def test_without_weights_there_are_none():
    assert weigh(np.eye(3)) is None


def test_the_given_weights_stay_as_they_are():
    given = np.array([1.0, 2.0, 3.0])
    weigh(np.eye(3), given, {0: 5.0})
    assert given.tolist() == [1, 2, 3]


def test_float32_stays_float32():
    weights = weigh(np.eye(3, dtype="float32"), [1, 2, 3], dtype="float32")
    assert weights.dtype == with_mean_one(weights).dtype == np.float32


def test_an_integer_weight_counts_as_so_many_copies(regressor, curve):
    """On a full batch the two trainings are the same, up to the order of summation."""
    x, y = curve
    copies = np.random.default_rng(5).integers(0, 4, len(x))
    weighted, repeated = regressor(l2=0.01), regressor(l2=0.01)
    history = Trainer(weighted, optimizer="gd", batch_size="full").fit(x, y, 30, sample_weight=copies)
    other = Trainer(repeated, optimizer="gd", batch_size="full").fit(
        x.repeat(copies, axis=0), y.repeat(copies, axis=0), 30
    )
    assert_allclose(history.column("loss"), other.column("loss"), rtol=1e-12)
    assert_allclose(weighted.parameters, repeated.parameters, rtol=1e-10)


def test_class_weights_are_sample_weights_by_class(classifier, classes):
    x, y = classes
    by_class, by_row = classifier(), classifier()
    Trainer(by_class).fit(x, y, 5, class_weight={0: 1.0, 1: 2.0, 2: 6.0})
    Trainer(by_row).fit(x, y, 5, sample_weight=np.array([1.0, 2.0, 6.0])[y])
    assert_allclose(by_class.parameters, by_row.parameters, rtol=1e-12)


def test_validation_rows_take_their_weights_with_them(regressor, curve):
    """What is left has mean 1 again: with twice the weight on every row that is trained on, nothing changes."""
    x, y = curve
    plain, weighted = regressor(), regressor()
    trainer = Trainer(plain, restore_best=False)
    trainer.fit(x, y, 3, validation=0.25)
    trained = (x[:, None] == trainer._training[0]).all(axis=2).any(axis=1)
    Trainer(weighted, restore_best=False).fit(x, y, 3, validation=0.25, sample_weight=np.where(trained, 2.0, 7.0))
    assert_allclose(plain.parameters, weighted.parameters, rtol=1e-12)


def test_weights_that_are_held_back_altogether(error_of, regressor, curve):
    x, y = curve
    trainer = Trainer(regressor())
    trainer.fit(x, y, 1, validation=0.25)
    held = ~(x[:, None] == trainer._training[0]).all(axis=2).any(axis=1)
    message = error_of(DataError, Trainer(regressor()).fit, x, y, 1, validation=0.25, sample_weight=held.astype(float))
    assert message == "the weights of all rows are 0, so there is nothing to learn from."


@pytest.mark.parametrize(
    ("sample_weight", "error", "message"),
    [
        ([1, 2], ShapeError, "sample_weight has shape (2,), expected (3,): one number for each row of X."),
        ([[1], [2], [3]], ShapeError, "sample_weight has shape (3, 1), expected (3,): one number for each row of X."),
        ([1, -0.5, -2], DataError, "sample_weight holds -0.5 in row 1, expected numbers of at least 0."),
        ([0, 0, 0], DataError, "the weights of all rows are 0, so there is nothing to learn from."),
    ],
)
def test_sample_weights_that_cannot_be(error_of, sample_weight, error, message):
    assert error_of(error, weigh, np.eye(3), sample_weight) == message


NO_TABLE = (
    "class_weight must be 'balanced' or a factor for each class index, such as {0: 1.0, 1: 5.0}. "
    "Got [1.0, 2.0] instead."
)


@pytest.mark.parametrize(
    ("class_weight", "message"),
    [
        ("balance", "unknown class_weight 'balance'. Did you mean 'balanced'?\n  Known: balanced"),
        ({3: 1.0}, "class_weight names class 3, but the classes are 0 to 2."),
        ({"cat": 1.0}, "class_weight names class 'cat', but the classes are 0 to 2."),
        ({1: -1.0}, "class_weight of class 1 must be a number of at least 0. Got -1.0 instead."),
        ({1: "much"}, "class_weight of class 1 must be a number of at least 0. Got 'much' instead."),
        ([1.0, 2.0], NO_TABLE),
    ],
)
def test_class_weights_that_cannot_be(error_of, class_weight, message):
    assert error_of(OptionError, weigh, np.eye(3), None, class_weight) == message


@pytest.mark.parametrize("kind", ["regression", "multilabel"])
def test_class_weights_need_one_class_a_row(error_of, kind):
    assert error_of(OptionError, weigh, np.eye(3), None, "balanced", kind) == (
        f"class_weight needs one class for each row, but this is a {kind} task.\n  Use sample_weight instead."
    )
