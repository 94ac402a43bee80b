"""Descending the true gradient with steps as long as those of the script."""

from types import SimpleNamespace

import numpy as np
import pytest

from unstuck.doctor.scripts.true_descent import all_held, descend_true_gradient, rates


def examination(updates, gradients, *, trusted=("mae",), taped_loss="mae"):
    """Return what these functions read: each entry of the lists holds the numbers of one state by parameter."""
    states = [
        SimpleNamespace(updates=update, gradients={"mae": gradient})
        for update, gradient in zip(updates, gradients, strict=True)
    ]
    parameters = [SimpleNamespace(index=index, name=f"w{index}") for index in (3, 5)]
    sites = {3: [11, 12], 5: []}
    return SimpleNamespace(
        taped_loss=taped_loss,
        prober=SimpleNamespace(trusted=trusted),
        probes=states,
        found=SimpleNamespace(parameters=parameters, sites_of=lambda variable: sites[variable.index]),
    )


ONES = np.ones(4)


def test_the_rate_is_the_median_length_of_the_updates_in_gradients():
    looked_at = examination(
        [{3: -0.1 * ONES, 5: 0.5 * ONES}, {3: 0.3 * ONES, 5: 0.5 * ONES}, {3: -9 * ONES, 5: 0.5 * ONES}],
        [{3: ONES, 5: 2 * ONES}] * 3,
    )
    assert rates(looked_at, "mae") == pytest.approx([0.3, 0.25])


def test_a_parameter_without_updates_or_gradients_gets_a_typical_rate():
    assert rates(examination([{3: -0.1 * ONES}], [{3: ONES, 5: ONES}]), "mae") == pytest.approx([0.1, 0.1])
    assert rates(examination([{3: -0.1 * ONES, 5: ONES}], [{3: ONES, 5: 0 * ONES}]), "mae") == pytest.approx([0.1, 0.1])
    assert rates(examination([{3: -0.1 * ONES, 5: 0 * ONES}], [{3: ONES, 5: ONES}]), "mae") == pytest.approx([0.1, 0.1])


def test_entries_that_were_not_measured_are_left_out():
    gradient = np.array([1.0, np.nan, np.nan, np.nan])
    assert rates(examination([{3: 0.2 * ONES, 5: ONES}], [{3: gradient, 5: ONES}]), "mae") == pytest.approx([0.2, 1.0])


def test_where_nothing_moves_there_is_no_rate():
    assert rates(examination([{}], [{}]), "mae") == [0.0, 0.0]


def test_the_change_names_loss_and_rates():
    change = descend_true_gradient(examination([{3: 0.1 * ONES, 5: ONES}], [{3: ONES, 5: ONES}]))
    assert change.name == "descend the true gradient"
    assert change.updates == {"gradient": "mae", "rates": pytest.approx([0.1, 1.0])}
    assert change.text is None


@pytest.mark.parametrize("trusted", [None, (), ("bce",)])
def test_without_a_tape_that_is_trusted_there_is_no_change(trusted):
    assert descend_true_gradient(examination([{}], [{}], trusted=trusted)) is None


def test_another_loss_can_be_asked_for():
    looked_at = examination([{}], [{}], trusted=("bce",))
    assert descend_true_gradient(looked_at, "bce").updates["gradient"] == "bce"


def test_updates_are_held_at_the_sites_of_each_parameter_by_its_place_among_the_parameters():
    assert all_held(examination([{}], [{}])) == {"11": [0], "12": [0]}
