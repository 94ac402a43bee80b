import math

import numpy as np
import pytest

from unstuck.errors import DataError, OptionError
from unstuck.plots.series import Series, by_label, column_names, series_of, without_logarithm
from unstuck.training.history import History

ROWS = [{"epoch": 1, "loss": 3.0}, {"epoch": 2, "loss": 2.0, "validation_loss": 5.0}, {"epoch": 3, "loss": 1.0}]


def test_one_history_and_several():
    history = History()
    history.extend(ROWS)
    assert by_label(history) == {"": history}
    assert by_label({"adam": ROWS, 7: ROWS}) == {"adam": ROWS, "7": ROWS}


def test_what_is_no_history(error_of):
    hint = "\n  Trainer.fit returns one, and a Trainer holds it as .history."
    assert error_of(OptionError, by_label, 5) == "histories is a int, expected a History: a row for each epoch." + hint
    assert error_of(OptionError, by_label, {"adam": "text"}) == (
        "histories['adam'] is a str, expected a History: a row for each epoch." + hint
    )
    assert error_of(OptionError, by_label, {"epoch": 1, "loss": 2.0}).startswith("histories['epoch'] is a int, ")
    assert error_of(OptionError, by_label, [ROWS, ROWS]) == (
        "histories is a list of histories, expected one history or a dictionary.\n"
        "  Give each a label: plot_curves({'adam': first, 'rmsprop': second})."
    )
    assert error_of(OptionError, by_label, {}) == (
        "histories is empty: expected one history or a dictionary from labels to histories."
    )


def test_a_history_without_rows_or_epochs(error_of):
    assert error_of(DataError, by_label, History()) == "histories has no rows yet. Train first: Trainer.fit fills it."
    assert error_of(DataError, by_label, {"adam": [{"loss": 1.0}]}) == (
        "histories['adam'] has no 'epoch' in row 0 (counted from 0). Each row needs the epoch it is about."
    )


def test_columns_in_order_of_appearance():
    assert column_names(ROWS) == ["loss", "validation_loss"]


def test_rows_that_did_not_measure_are_no_gaps():
    series = series_of(ROWS, "validation_loss")
    assert (series.epochs.tolist(), series.values.tolist(), series.left_out) == ([2], [5], "")
    assert series_of(ROWS, "accuracy") is None


@pytest.mark.parametrize(
    ("n", "every", "epochs"),
    [(5, 1, [1, 2, 3, 4, 5]), (5, 2, [1, 3, 5]), (6, 2, [1, 3, 5, 6]), (3, 9, [1, 3]), (1, 9, [1])],
)
def test_one_row_of_so_many_and_always_the_last(n, every, epochs):
    rows = [{"epoch": epoch, "loss": 1.0} for epoch in range(1, n + 1)]
    assert series_of(rows, "loss", every=every).epochs.tolist() == epochs


def test_what_is_not_finite_is_a_gap():
    rows = [{"epoch": epoch, "loss": value} for epoch, value in enumerate([1, math.nan, 3, math.inf], 1)]
    series = series_of(rows, "loss")
    assert np.array_equal(series.values, [1, np.nan, 3, np.nan], equal_nan=True)
    assert series.left_out == "2 of 4 values left out: NaN or infinite, first at epoch 2"


def test_zeros_have_no_logarithm():
    series = Series(np.array([1.0, 2.0]), np.array([1.0, 0.0]), "")
    assert np.array_equal(without_logarithm(series).values, [1, np.nan], equal_nan=True)
    assert without_logarithm(series).left_out == "1 value of 0 left out: no logarithm"
    both = Series(np.arange(3.0), np.array([0.0, 0.0, 1.0]), "1 of 4 values left out")
    assert without_logarithm(both).left_out == "1 of 4 values left out; 2 values of 0 left out: no logarithm"
    assert without_logarithm(Series(np.ones(1), np.ones(1), "")).values.tolist() == [1]


def test_the_value_of_an_epoch():
    series = series_of(ROWS, "loss")
    assert series.at(2) == 2
    assert math.isnan(series.at(9))
    assert math.isnan(series.at(None))
