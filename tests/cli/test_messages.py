"""Error messages in the words of the command line."""

import pytest

from unstuck.cli.messages import for_command_line


@pytest.mark.parametrize(
    ("said", "printed"),
    [
        ("batch_size is 2.\n  Use batch_size='full', or adam.", "--batch-size is 2.\n  Use --batch-size full, or adam."),
        ("say so with kind='regression'.", "say so with --kind regression."),
        ("or use --force (force=True) to replace it.", "or use --force to replace it."),
        ("name it with --data-folder (data_folder=...) or", "name it with --data-folder or"),
        ("Use learning_rate=0.1, or force=True.", "Use --learning-rate 0.1, or --force."),
        ("epochs must be a whole number of at least 1.", "--epochs must be a whole number of at least 1."),
        ("the loss has reached its target after 3 epochs", "the loss has reached its target after 3 epochs"),
        ("target -1 in row 3", "target -1 in row 3"),
        ("Leave the test fraction out.", "Leave --test out."),
        ("test_fraction must be above 0", "--test must be above 0"),
        ("my_batch_size.csv holds nothing", "my_batch_size.csv holds nothing"),
        ("batch_size.csv holds nothing", "batch_size.csv holds nothing"),
        ("data/batch_size holds nothing", "data/batch_size holds nothing"),
        ("table.csv has no column 'batch_size'", "table.csv has no column 'batch_size'"),
    ],
)  # fmt: skip
def test_settings_are_spelled_as_options(said, printed):
    assert for_command_line(said) == printed
