"""Rows held back from training, and the number that is watched."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from unstuck.errors import DataError, OptionError, ShapeError
from unstuck.nets import Dense, Network
from unstuck.training.metrics import METRICS, Accuracy
from unstuck.training.trainer import Trainer
from unstuck.training.validation import hold_back, metric_for, monitor_for


def numbered(n_rows, n_out=1):
    """Inputs that hold their row's number."""
    return np.arange(n_rows, dtype=float)[:, None], np.zeros((n_rows, n_out))


NETWORK = Network([Dense(1, 1)])


@settings(max_examples=40, deadline=None)
@given(n_rows=st.integers(4, 60), share=st.floats(0.2, 0.8), seed=st.integers(0, 9))
def test_a_share_is_held_back_and_no_row_is_in_both_parts(n_rows, share, seed):
    x, y = numbered(n_rows)
    held = hold_back(NETWORK, x, y, share, "regression", seed)
    validation = held.validation[0][:, 0]
    assert len(validation) == int(np.floor(n_rows * share + 0.5))
    assert sorted([*held.inputs[:, 0], *validation]) == list(range(n_rows))
    assert_array_equal(held.inputs, x[held.rows])
    assert len(held.targets) == len(held.inputs)


@pytest.mark.parametrize("kind", ["binary", "multiclass"])
def test_each_class_keeps_its_share(kind):
    labels = np.repeat([0, 1, 2], [40, 20, 12])[: 60 if kind == "binary" else 72]
    x, _ = numbered(len(labels))
    y = labels[:, None].astype(float) if kind == "binary" else np.eye(3)[labels]
    held = hold_back(NETWORK, x, y, 0.25, kind, 0)
    counts = np.bincount(labels[held.validation[0][:, 0].astype(int)])
    assert_array_equal(counts, np.bincount(labels) * 0.25)


def test_the_split_depends_on_the_seed_alone():
    x, y = numbered(30)
    first, again, other = (hold_back(NETWORK, x, y, 0.3, "regression", seed) for seed in (1, 1, 2))
    assert_array_equal(first.rows, again.rows)
    assert (first.rows != other.rows).any()


def test_without_validation_all_rows_are_trained_on():
    x, y = numbered(5)
    held = hold_back(NETWORK, x, y, None, "regression", 0)
    assert held.inputs is x
    assert held.targets is y
    assert held.validation is None


def test_rows_of_ones_own_are_checked_and_kept(error_of):
    x, y = numbered(5)
    held = hold_back(NETWORK, x, y, ([[1], [2]], [3, 4]), "regression", 0)
    assert held.inputs is x
    assert [part.tolist() for part in held.validation] == [[[1], [2]], [[3], [4]]]
    assert error_of(ShapeError, hold_back, NETWORK, x, y, ([[1], [2]], [3]), "regression", 0) == (
        "y has 1 rows, but X has 2. Each row of X needs one target."
    )


@pytest.mark.parametrize("validation", [[1, 2], (1, 2, 3), True, "0.2"])
def test_what_is_no_validation(error_of, validation):
    assert error_of(OptionError, hold_back, NETWORK, *numbered(5), validation, "regression", 0) == (
        f"validation must be a share between 0 and 1, or a pair (X, y). Got {type(validation).__name__} instead."
    )


def test_shares_that_cannot_be(error_of):
    assert error_of(OptionError, hold_back, NETWORK, *numbered(5), 1, "regression", 0) == (
        "validation must be between 0 and 1, both excluded. Got 1 instead."
    )
    assert error_of(DataError, hold_back, NETWORK, *numbered(5), 0.01, "regression", 0) == (
        "cannot hold back 0.01 of 5 rows: that leaves no row to hold back.\n  Use more rows or another fraction."
    )


@pytest.mark.parametrize(
    ("name", "on_validation", "column", "score"),
    [
        ("loss", False, "loss", 1.0),
        ("loss", True, "validation_loss", 2.0),
        ("accuracy", False, "accuracy", -3.0),
        ("accuracy", True, "validation_accuracy", -4.0),
        ("log_loss", True, "validation_log_loss", 5.0),
    ],
)
def test_the_watched_number_is_turned_so_that_lower_is_better(name, on_validation, column, score):
    row = {
        "loss": 1.0,
        "validation_loss": 2.0,
        "accuracy": 3.0,
        "validation_accuracy": 4.0,
        "validation_log_loss": 5.0,
    }
    monitor = monitor_for(name, "binary", on_validation=on_validation)
    assert monitor.column == column
    assert monitor.score(row) == score


def test_a_monitor_that_is_unknown(error_of):
    assert error_of(OptionError, monitor_for, "acuracy", "binary", on_validation=True) == (
        "unknown monitor 'acuracy'. Did you mean 'accuracy'?\n"
        "  Known: accuracy, balanced_accuracy, f1, log_loss, loss, mae, r2, rmse"
    )


def test_a_metric_is_taken_by_name_or_as_it_is():
    assert metric_for("accuracy", "binary") == Accuracy()
    metric = Accuracy()
    assert metric_for(metric, "binary") is metric


def test_a_metric_that_is_unknown(error_of):
    assert error_of(OptionError, metric_for, "acuracy", "binary") == (
        "unknown metric 'acuracy'. Did you mean 'accuracy'?\n  Known: accuracy, balanced_accuracy, f1, log_loss, mae, r2, rmse"
    )


@pytest.mark.parametrize(
    ("name", "kind", "fitting"),
    [
        ("accuracy", "regression", "mae, r2, rmse"),
        ("f1", "regression", "mae, r2, rmse"),
        ("balanced_accuracy", "multilabel", "accuracy, f1, log_loss, mae, r2, rmse"),
    ],
)
def test_a_metric_that_means_nothing_for_the_task(error_of, name, kind, fitting):
    message = f"metric {name} means nothing for a {kind} task.\n  Choose from: {fitting}"
    assert error_of(OptionError, metric_for, name, kind) == message
    assert error_of(OptionError, monitor_for, name, kind, on_validation=False) == message


def test_a_trainer_refuses_it_before_any_work(error_of, regressor, curve, recorder):
    for chosen in ({"metrics": ["accuracy"]}, {"monitor": "accuracy"}):
        trainer = Trainer(regressor(), callbacks=[recorder], **chosen)
        assert error_of(OptionError, trainer.fit, *curve).startswith(
            "metric accuracy means nothing for a regression task."
        )
    assert recorder.calls == []


@pytest.mark.parametrize("name", METRICS.names())
def test_every_metric_can_be_watched(classifier, classes, name):
    history = Trainer(classifier(), monitor=name).fit(*classes, 2, validation=0.25)
    assert history.names() == ["loss", "validation_loss", f"validation_{name}"]
    assert Trainer(classifier(), monitor=name).fit(*classes, 2).names() == ["loss", name]
