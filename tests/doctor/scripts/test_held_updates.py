"""Which parameter a new value belongs to."""

import numpy as np

from unstuck.doctor.scripts.held_updates import owner, sites_by_parameter

OLD = {0: np.array([1.0, 2.0]), 1: np.array([-3.0, 4.0]), 2: np.zeros(3), 3: np.zeros(3), 4: np.zeros((1, 3))}


def test_sites_that_change_several_parameters():
    assert sites_by_parameter([(0, [7, 8]), (1, [7]), (2, [])]) == {7: [0, 1], 8: [0]}


def test_a_new_value_belongs_to_the_parameter_of_its_shape_that_was_nearest():
    assert owner([0, 1], OLD, np.array([-2.5, 4.5]), ()) == 1
    assert owner([1, 0], OLD, np.array([0.5, 2.5]), ()) == 0
    assert owner([0, 2], OLD, np.array([9.0, 9.0]), ()) == 0
    assert owner([0, 1, 9], OLD, np.zeros(5), ()) is None
    assert owner([0, 1], OLD, np.array([np.nan, 1.0]), ()) == 0


def test_of_zeros_it_is_the_first_that_has_not_changed_yet():
    assert owner([2, 3, 4], OLD, np.ones(3), ()) == 2
    assert owner([2, 3, 4], OLD, np.ones(3), {2}) == 3
    assert owner([2, 3, 4], OLD, np.ones(3), {2, 3}) == 2
