"""What a straight line explains and what a curved one does, against scikit-learn."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.model_selection import cross_val_predict

from unstuck.doctor.scripts.fits import unexplained


def _rows(seed=0, count=200):
    return np.random.default_rng(seed).uniform(-1, 1, (count, 2))


def test_a_truth_table_is_fitted_as_a_whole():
    table = np.array([[0.0, 0], [0, 1], [1, 0], [1, 1]])
    straight, curved = unexplained(table, np.array([[0.0], [1], [1], [0]]))
    assert straight == pytest.approx(1.0)
    assert curved < 1e-6
    straight, _ = unexplained(table, np.array([[0.0], [1], [1], [1]]))
    assert straight < 0.01


def test_separable_classes_are_no_reason_for_a_curve():
    rows = _rows()
    straight, _ = unexplained(rows, (rows.sum(1, keepdims=True) > 0).astype(float))
    assert straight < 0.1


def test_classes_within_a_circle():
    rows = _rows()
    targets = ((rows**2).sum(1, keepdims=True) > 0.6).astype(float)
    straight, curved = unexplained(rows, targets)
    held_back = cross_val_predict(LogisticRegression(C=1000), rows, targets.ravel(), cv=5, method="predict_proba")[:, 1]
    expected = ((held_back - targets.ravel()) ** 2).sum() / ((targets - targets.mean()) ** 2).sum()
    assert straight == pytest.approx(min(1.0, expected), abs=0.05)
    assert curved < 0.5 * straight


def test_regression():
    rows = _rows(1)
    targets = np.sin(4 * rows[:, :1]) + 0.3 * rows[:, 1:]
    straight, curved = unexplained(rows, targets)
    held_back = cross_val_predict(Ridge(1e-3), rows, targets.ravel(), cv=5).reshape(-1, 1)
    expected = ((held_back - targets) ** 2).sum() / ((targets - targets.mean()) ** 2).sum()
    assert straight == pytest.approx(expected, abs=0.05)
    assert curved < 0.05


def test_noise_and_constants():
    rows = _rows(2)
    straight, curved = unexplained(rows, np.random.default_rng(3).normal(size=(200, 1)))
    assert straight > 0.9
    assert curved > 0.9
    assert unexplained(rows, np.ones((200, 1))) == (0.0, 0.0)
