"""What the tests of the doctor share."""

import pytest

SLOW_FILES = {
    "test_compare_scripts.py",
    "test_hostile_programs.py", "test_flat_units.py", "test_healthy_dynamics.py", "test_idle_parameters.py",
    "test_integer_truncation.py", "test_mistakes.py", "test_optimizer_state.py", "test_predictions.py", "test_sound_data.py",
    "test_structure.py", "test_step_size.py", "test_plateau_init.py", "test_symmetric_init.py", "test_run_ends.py", "test_data_order.py",
    "test_output_range.py", "test_target_encoding.py", "test_aliasing.py", "test_overfit_one.py", "test_recurrence.py",
    "test_bias_place.py", "test_misspelt_activation.py", "test_misled_loss.py", "test_large_start.py", "test_zero_start.py",
}  # fmt: skip
"""Files whose tests run whole scripts for longer than the tests of every change should take; ``pytest -m slow`` runs them."""


def pytest_collection_modifyitems(items):
    """Mark the tests of slow files as slow."""
    for item in items:
        if item.path.name in SLOW_FILES and "doctor" in item.path.parts:
            item.add_marker(pytest.mark.slow)
