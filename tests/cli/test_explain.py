"""``unstuck explain``: the pages about faults, on the terminal and as JSON."""

import sys

import click
import pytest

from unstuck.cli.explain import explain
from unstuck.doctor.fault_pages import source_of
from unstuck.doctor.faults import FAULTS, MISTAKES


def test_help(unstuck):
    status, out, err = unstuck("explain --help")
    assert (status, err) == (0, "")
    assert out.startswith("Usage: unstuck explain [OPTIONS] [FAULT]\n")
    assert out.endswith("\nExample:\n  unstuck explain plateau-init\n")


def test_without_a_code_all_are_listed(unstuck):
    status, out, err = unstuck("explain")
    assert (status, err) == (0, "")
    lines = out.splitlines()
    assert lines[0] == "Faults"
    assert [line.split()[0] for line in lines[1:42]] == list(FAULTS)
    assert lines[1] == "  wrong-gradient      A gradient is wrong"
    assert lines[42:44] == ["", "Mistakes behind wrong-gradient"]
    assert [line.split()[0] for line in lines[44:-2] if line.startswith("  ") and line[2] != " "] == list(MISTAKES)
    assert lines[-1] == "'unstuck explain CODE' explains one of them."


@pytest.mark.parametrize("code", [*FAULTS, *MISTAKES])
def test_every_page_can_be_read_without_markup(unstuck, code):
    status, out, err = unstuck(f"explain {code}")
    assert (status, err) == (0, "")
    assert max(map(len, out.splitlines())) <= 100
    assert not any(line.endswith(" ") for line in out.splitlines())
    assert "\n\n\n" not in out
    for markup in ("``", ":math:", ":doc:", "::", "\\", "**", "\x1b"):
        assert markup not in out.replace("** 2", "").replace("beta1 ** t", "").replace("beta2 ** t", ""), markup


def test_a_page(unstuck):
    out = unstuck("explain sum-not-mean").out
    assert out.startswith(
        "The gradient is summed over the rows, not averaged\n"
        "\n"
        "sum-not-mean\n"
        "\n"
        "The update grows with the number of rows. With many rows an ordinary learning rate becomes far too\n"
        "large.\n"
        "\n"
        "What it is\n"
        "\n"
        "Over m rows the gradient can be the mean or the sum of the gradients of the rows:\n"
        "\n"
        "    g_mean = 1/m Σ_(r=1)^m g_r,      g_sum = m g_mean\n"
    )
    assert (
        "How it looks\n"
        "\n"
        "    delta2 = A2 - Y                  # not divided by the number of rows\n"
        "    W2 -= rate * A1.T @ delta2       # the product sums over the rows\n"
    ) in out


def test_items_stand_together_and_hang(unstuck):
    out = unstuck("explain step-too-large").out
    assert (
        "* How long is an update, compared with the weights? More than a tenth of them in one step is\n"
        "  suspicious.\n"
        "* Does the loss rise"
    ) in out


def test_the_page_about_wrong_gradients_lists_the_mistakes_instead_of_telling_all(unstuck):
    out = unstuck("explain wrong-gradient").out
    for code, mistake in MISTAKES.items():
        assert f"\n  {code}  " in out
        assert " ".join(mistake.summary.split()) not in " ".join(out.split())
    assert out.endswith("\n\n'unstuck explain CODE' explains one of them.\n")


def test_a_mistake_has_its_section(unstuck):
    assert unstuck("explain missing-transpose").out.endswith(
        "Wrong:\n\n    delta1 = delta2 @ W2 * A1 * (1 - A1)\n\nRight:\n\n    delta1 = delta2 @ W2.T * A1 * (1 - A1)\n"
    )


def test_an_unknown_code(unstuck):
    assert unstuck("explain plataeu-init") == (
        2,
        "",
        "Error: unknown fault 'plataeu-init'. Did you mean 'plateau-init'?\n  'unstuck explain' lists them all.\n",
    )
    assert unstuck("explain plataeu-init --json").status == 2


def test_json_of_a_fault(unstuck):
    outcome = unstuck("explain no-loop --json")
    assert outcome.status == 0
    assert outcome.json == {
        "schema": 1,
        "fault": "no-loop",
        "mistake": None,
        "title": "There is no training loop",
        "summary": "The script computes one step and ends. Learning takes hundreds or thousands of steps.",
        "page": source_of("no-loop"),
    }


def test_json_of_a_mistake(unstuck):
    document = unstuck("explain missing-transpose --json").json
    assert (document["fault"], document["mistake"]) == ("wrong-gradient", "missing-transpose")
    assert document["title"] == "A transpose is missing"
    assert document["page"].startswith("A transpose is missing\n~~~~~~~~~~~~~~~~~~~~~~\n")


def test_json_of_all(unstuck):
    document = unstuck("explain --json").json
    assert list(document) == ["schema", "faults", "mistakes"]
    assert [entry["fault"] for entry in document["faults"]] == list(FAULTS)
    assert document["mistakes"][6] == {
        "mistake": "missing-transpose",
        "title": "A transpose is missing",
        "summary": MISTAKES["missing-transpose"].summary,
    }


@pytest.fixture
def terminal(unstuck, monkeypatch):
    """Run ``unstuck`` on a terminal that is 60 columns wide."""
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "60")

    def command(line):
        monkeypatch.setattr(
            sys.stdout, "isatty", lambda: True
        )  # not before: pytest puts another stdout there for each phase
        return unstuck(line)

    return command


def test_on_a_terminal_it_is_coloured_and_as_wide_as_that(terminal):
    out = terminal("explain no-loop").out
    assert "\x1b[1m" in out
    assert max(map(len, click.unstyle(out).splitlines())) <= 60


def test_a_terminal_without_colour_gets_none(terminal, monkeypatch):
    assert "\x1b[36m" in terminal("explain no-loop").out
    monkeypatch.setenv("NO_COLOR", "1")
    out = terminal("explain no-loop").out
    assert "\x1b[1m" in out
    assert "\x1b[36m" not in out


@pytest.mark.parametrize(
    ("begun", "offered"),
    [("dead", ["dead-relu"]), ("missing-m", ["missing-module"]), ("softmax", ["softmax-diagonal"])],
)
def test_the_shell_is_offered_codes(begun, offered):
    (argument,) = (parameter for parameter in explain.params if isinstance(parameter, click.Argument))
    found = argument.shell_complete(click.Context(explain), begun)
    assert [item.value for item in found] == offered
    assert [item.help for item in found] == [{**FAULTS, **MISTAKES}[code].title for code in offered]
