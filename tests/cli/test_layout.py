"""How ``--help`` looks."""

import click
import pytest

from unstuck.cli.layout import Command
from unstuck.cli.main import run


def test_options_stand_in_groups_and_the_example_in_one_line(capsys):
    @click.command(cls=Command, groups={"--b": "Second"}, epilog="Example: " + "word " * 30)
    @click.argument("data")
    @click.option("--a", help="First.")
    @click.option("--b", help="Then.")
    @click.option("--c", help="Hidden.", hidden=True)
    def command():
        """Do it."""

    with pytest.raises(SystemExit):
        command.main(["--help"], prog_name="x")
    assert capsys.readouterr().out == (
        "Usage: x [OPTIONS] DATA\n\n  Do it.\n\nOptions:\n  --a TEXT  First.\n\n"
        "Second:\n  --b TEXT  Then.\n  --help    Show this message and exit.\n\nExample:\n  " + "word " * 30 + "\n"
    )


def test_without_an_example(capsys):
    @click.command(cls=Command)
    def command():
        """Do it."""

    with pytest.raises(SystemExit):
        command.main(["--help"], prog_name="x")
    assert (
        capsys.readouterr().out == "Usage: x [OPTIONS]\n\n  Do it.\n\nOptions:\n  --help  Show this message and exit.\n"
    )


def test_groups_of_train(capsys):
    run(["train", "--help"])
    headings = [
        line for line in capsys.readouterr().out.splitlines() if line.endswith(":") and not line.startswith(" ")
    ]
    assert headings == ["Data:", "Network:", "Learning:", "Stopping:", "Output:", "Other:", "Example:"]


@pytest.mark.parametrize("command", ["train", "predict", "evaluate"])
def test_every_option_is_explained(command, capsys):
    run([command, "--help"])
    for line in capsys.readouterr().out.splitlines():
        assert not (line.startswith("  --") and len(line.split()) < 2), line
