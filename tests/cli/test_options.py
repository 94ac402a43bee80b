"""What options become."""

import click
import pytest

from unstuck.cli import options
from unstuck.errors import OptionError


def converted(callback, given):
    command = click.Command("x")
    return callback(click.Context(command), click.Option(["--x"]), given)


@pytest.mark.parametrize(
    ("given", "units"), [(None, None), ("none", ()), ("16", (16,)), ("16,8", (16, 8)), (" 4 , 3", (4, 3))]
)
def test_hidden_sizes(given, units):
    assert converted(options.hidden_sizes, given) == units


@pytest.mark.parametrize(("given", "size"), [(None, None), ("full", "full"), ("1", 1), ("32", 32)])
def test_batch_size(given, size):
    assert converted(options.batch_size, given) == size


@pytest.mark.parametrize(("given", "share"), [(None, None), ("none", 0), ("0", 0), ("0.25", 0.25)])
def test_validation_share(given, share):
    assert converted(options.validation_share, given) == share


def test_held_out_share():
    assert converted(options.held_out_share, None) is None
    assert converted(options.held_out_share, "0.25") == 0.25


@pytest.mark.parametrize("given", ["0", "1", "-0.1", "nan", "x"])
def test_shares_that_are_none(given):
    with pytest.raises(click.BadParameter):
        converted(options.held_out_share, given)


@pytest.mark.parametrize(
    ("given", "columns"), [(None, None), ("y", "y"), ("0", "0"), ("a, b", ["a", "b"]), ("-1,-2", ["-1", "-2"])]
)
def test_target_columns(given, columns):
    assert converted(options.target_columns, given) == columns


def test_counts_and_seeds():
    assert converted(options.at_least_one, None) is None
    assert converted(options.at_least_one, 1) == 1
    with pytest.raises(click.BadParameter, match=r"^0 is below 1\.$"):
        converted(options.at_least_one, 0)
    assert converted(options.seed_number, 2**63 - 1) == 2**63 - 1
    with pytest.raises(OptionError):
        converted(options.seed_number, 2**63)


@pytest.mark.parametrize(
    ("data", "task"), [("xor", True), ("parity:7", True), ("xor.csv", False), ("./xor", False), ("", False)]
)
def test_tasks(data, task):
    assert options.is_task(data) is task
