"""The group of commands, and what an error turns into."""

import logging
import sys
from pathlib import Path

import click
import pytest

import unstuck as us
from unstuck.cli import main as main_module
from unstuck.cli.main import cli, main, run
from unstuck.errors import FileError, MissingExtraError


def test_help_names_every_command_and_the_exit_statuses(unstuck):
    status, out, err = unstuck("--help")
    assert (status, err) == (0, "")
    assert "  unstuck train xor                      train on a built-in task\n" in out
    assert "Exit status: 0 done and healthy, 1 not healthy, 2 wrong use, 3 could not" in out
    assert out.endswith(
        "Commands:\n"
        "  compare   Say which edits between two scripts matter.\n"
        "  diagnose  Find out why a hand-written network does not learn.\n"
        "  evaluate  Measure a model on some data.\n"
        "  explain   Say what a fault is and how to mend it.\n"
        "  predict   Say what a model makes of new rows.\n"
        "  train     Train a network on a task or file.\n"
    )
    assert unstuck("-h") == (status, out, err)


@pytest.mark.parametrize("command", ["train", "predict", "evaluate"])
def test_every_command_has_help_with_an_example_and_json(unstuck, command):
    status, out, _ = unstuck(f"{command} --help")
    assert status == 0
    assert f"\nExample:\n  unstuck {command} " in out
    assert "--json " in out
    assert "--seed INTEGER" in out


@pytest.mark.parametrize("command", ["compare", "diagnose", "explain"])
def test_every_command_about_scripts_has_help_and_json(unstuck, command):
    status, out, _ = unstuck(f"{command} --help")
    assert status == 0
    assert f"Usage: unstuck {command} " in out
    assert "--json " in out


def test_without_a_command_there_is_help(unstuck):
    status, out, err = unstuck()
    assert status == 2
    assert "Commands:" in out + err


def test_version(unstuck):
    assert unstuck("--version") == (0, f"unstuck {us.__version__}\n", "")


def test_an_unknown_command(unstuck):
    usage = "Usage: unstuck [OPTIONS] COMMAND [ARGS]...\nTry 'unstuck --help' for help.\n\n"
    status, out, err = unstuck("trian xor")
    assert (status, out) == (2, "")
    assert err.replace("-h'", "--help'") == (
        f"{usage}Error: unknown command 'trian'. Did you mean 'train'? Commands: compare, diagnose, evaluate, explain, predict, train\n"
    )


def test_a_command_that_is_not_there_is_none():
    assert cli.get_command(click.Context(cli), "nothing") is None


# ---------------------------------------------------------------------- errors


@pytest.fixture
def failing(monkeypatch):
    """Let every command fail with an error."""

    def let(error):
        def command(*_arguments, **_settings):
            raise error

        monkeypatch.setattr(main_module.cli, "main", command)

    return let


def caused(error, cause):
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "status", "message"),
    [
        (us.OptionError("batch_size is 2."), 2, "Error: --batch-size is 2.\n"),
        (FileError("x does not exist."), 2, "Error: x does not exist.\n"),
        (caused(FileError("x does not exist."), FileNotFoundError()), 2, "Error: x does not exist.\n"),
        (caused(FileError("cannot write x."), PermissionError()), 3, "Error: cannot write x.\n"),
        (MissingExtraError("pip install it"), 3, "Error: pip install it\n"),
        (MemoryError(), 3, "Error: not enough memory: nothing is left.\n  Make the network or the data smaller.\n"),
        (OSError(28, "No space left", "x"), 3, "Error: cannot use x: No space left.\n"),
        (OSError("odd"), 3, "Error: cannot use: odd.\n"),
        (KeyboardInterrupt(), 3, "Error: interrupted before there was anything to keep.\n"),
        (click.Abort(), 3, "Error: interrupted before there was anything to keep.\n"),
        (
            ZeroDivisionError("by\nzero"),
            3,
            "Error: unstuck itself failed: ZeroDivisionError: by\n  This is a fault of ours. unstuck --debug … shows where.\n",
        ),
    ],
)
def test_errors_become_a_message_and_a_status(unstuck, failing, error, status, message):
    failing(error)
    assert unstuck("train xor") == (status, "", message)


def test_debug_lets_errors_through():
    with pytest.raises(us.OptionError):
        run(["--debug", "train", "xro"])


def test_a_status_that_is_none_is_success(monkeypatch):
    monkeypatch.setattr(main_module.cli, "main", lambda *_, **__: None)
    assert run([]) == 0


def test_main_exits_with_the_status(monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["unstuck", "--version"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 0
    with pytest.raises(SystemExit) as ended:
        main(["nothing"])
    assert ended.value.code == 2
    capsys.readouterr()


def test_a_missing_extra_says_what_to_install(unstuck, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    assert unstuck("train xor --plot") == (
        3,
        "",
        "Error: --plot needs matplotlib, which is not installed.\n  Install it with: pip install 'unstuck[plots]'\n",
    )
    assert list(Path().iterdir()) == []


def test_what_the_library_logs_is_printed_and_logging_stays_as_it_was(unstuck, monkeypatch):
    logger = logging.getLogger("unstuck")
    before = logger.level, list(logger.handlers)

    def command(*_arguments, **_settings):
        logging.getLogger("unstuck.data.download").info("downloading %s", "x")
        return 0

    monkeypatch.setattr(main_module.cli, "main", command)
    assert unstuck() == (0, "", "downloading x\n")
    assert (logger.level, logger.handlers) == before


# ---------------------------------------------------------------------- shell completion


@pytest.fixture
def complete(unstuck, monkeypatch):
    """What bash is offered for a line that ends in the word to be completed."""

    def offers(line):
        words = line.split(" ")
        monkeypatch.setenv("_UNSTUCK_COMPLETE", "bash_complete")
        monkeypatch.setenv("COMP_WORDS", line)
        monkeypatch.setenv("COMP_CWORD", str(len(words) - 1))
        with pytest.raises(SystemExit):
            unstuck()
        return offers.capsys.readouterr().out.split()

    return offers


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("unstuck tr", ["plain,train"]),
        ("unstuck train x", ["plain,xor", "file,x"]),
        ("unstuck train xor --optimizer ir", ["plain,irprop+", "plain,irprop-"]),
        ("unstuck train xor --learn", ["plain,--learning-rate"]),
        ("unstuck train t.csv --kind r", ["plain,regression"]),
        ("unstuck evaluate runs/x", ["plain,runs/xor-1", "file,runs/x"]),
        ("unstuck predict runs/xor-1 mo", ["plain,moons", "file,mo"]),
    ],
)
def test_completion(complete, capsys, folder, line, offered):
    complete.capsys = capsys
    (folder / "runs" / "xor-1").mkdir(parents=True)
    (folder / "runs" / "xor-1" / "run.json").touch()
    assert complete(line) == offered
