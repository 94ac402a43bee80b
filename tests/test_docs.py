"""The pages of the documentation: their code runs, their output is true, and they leave nothing out."""

import doctest
import gzip
import inspect
import re
import shlex
import shutil
import struct
from importlib import import_module
from pathlib import Path
from textwrap import dedent
from typing import NamedTuple

import click
import numpy as np
import pytest
import torch

from unstuck import api, plots
from unstuck.cli.main import run
from unstuck.data.mnist import SHA256

DOCS = Path(__file__).parent.parent / "docs"
PAGES = sorted(DOCS.glob("*.rst"))
KINDS = sorted(api._REGISTRIES)
DIRECTIVE = re.compile(r"^\.\. code-block:: (\w+)\n(?:   :.*\n)*\n((?:(?:   .*)?\n)+)|^>>> .*\n(?:.+\n)*", re.MULTILINE)
NUMBER = re.compile(r"-?\d+(?:\.\d*)?(?:e[+-]?\d+)?")


class Block(NamedTuple):
    """Code on a page: Python to run, a Python session with its output, or a console session with its output."""

    language: str
    line: int
    text: str


def blocks(page):
    """Return the code of a page from top to bottom."""
    found = []
    text = page.read_text(encoding="utf-8") + "\n"
    for match in DIRECTIVE.finditer(text):
        line = text.count("\n", 0, match.start()) + 1
        language, body = match.group(1) or "session", match.group(2) or match.group(0)
        found.append(Block(language, line, dedent(body).strip("\n") + "\n"))
    return found


def extension(name, monkeypatch):
    monkeypatch.syspath_prepend(DOCS)
    return import_module(f"_ext.{name}")


# ---------------------------------------------------------------------- is the output what the page says?


def same(expected, actual):
    """Whether two texts agree: numbers to 1 % or 1e-7, times and the details of right gradients not at all, ``...`` with anything."""
    expected, actual = comparable(expected), comparable(actual)
    parts = NUMBER.split(expected)
    pattern = f"({NUMBER.pattern})".join(re.escape(part).replace(r"\.\.\.", ".*?") for part in parts)
    match = re.fullmatch(pattern, actual, re.DOTALL)
    wanted = [float(number) for number in NUMBER.findall(expected)]
    return bool(match) and np.allclose([float(number) for number in match.groups()], wanted, rtol=0.01, atol=1e-7)


def comparable(text):
    text = re.sub(r"( right +)relative error.*", r"\1", text)
    text = re.sub(r'[\d.e-]+ s\b|"seconds": [\d.e-]+', "(time)", text)
    return re.sub(r"\s+", " ", text).strip()


class Checker(doctest.OutputChecker):
    def check_output(self, want, got, optionflags):
        return super().check_output(want, got, optionflags) or same(want, got)


@pytest.mark.parametrize(
    ("expected", "actual", "agree"),
    [
        ("loss 0.123  rows 4", "loss 0.1235 rows 4", True),
        ("loss 0.123  rows 4", "loss 0.13   rows 4", False),
        ("42 epochs", "43 epochs", False),
        ("noise 3.1e-11", "noise 8.8e-12", True),
        ("done, 0.12 s", "done, 3 s", True),
        ("one ... two", "one 1 and 2 two", True),
        ("verdict right", "verdict wrong", False),
    ],
)
def test_outputs_are_compared_with_a_tolerance(expected, actual, agree):
    assert same(expected, actual) == agree


# ---------------------------------------------------------------------- running a page


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An empty folder to work in, with the samples of the documentation and a small MNIST; names that a page registers are forgotten."""
    shutil.copytree(DOCS / "samples", tmp_path, dirs_exist_ok=True)
    write_small_mnist(tmp_path / "mnist")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("UNSTUCK_DATA", str(tmp_path / "mnist"))
    before = {kind: dict(registry._classes) for kind, registry in api._REGISTRIES.items()}
    yield tmp_path
    for kind, registry in api._REGISTRIES.items():
        registry._classes.clear()
        registry._classes.update(before[kind])


def write_small_mnist(folder):
    """Write MNIST's four files with 20 pictures each."""
    folder.mkdir()
    for name in SHA256:
        shape = (20, 28, 28) if "images" in name else (20,)
        numbers = np.arange(np.prod(shape)) % (256 if "images" in name else 10)
        header = struct.pack(f">BBBB{len(shape)}I", 0, 0, 8, len(shape), *shape)
        (folder / f"{name}.gz").write_bytes(gzip.compress(header + numbers.astype(np.uint8).tobytes()))


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_code_on_the_page_does_what_the_page_says(page, capsys):
    names = {"__name__": "__main__"}
    for block in blocks(page):
        where = f"{page.name}, line {block.line}"
        if block.language == "python":
            exec(compile(block.text, where, "exec", dont_inherit=True), names)  # noqa: S102 (our own pages)
        elif block.language == "session":
            run_session(block, names, where)
        elif block.language == "console":
            run_console(block, where, capsys)


def run_session(block, names, where):
    report = []
    test = doctest.DocTest(doctest.DocTestParser().get_examples(block.text), names, where, None, 0, None)
    test.globs = names  # DocTest makes a copy, but the next block goes on from here
    result = doctest.DocTestRunner(Checker()).run(test, out=report.append, clear_globs=False)
    assert result.failed == 0, "".join(report)


def run_console(block, where, capsys):
    for session in re.split(r"^\$ ", block.text, flags=re.MULTILINE)[1:]:
        command, _, expected = session.partition("\n")
        capsys.readouterr()
        status = run(shlex.split(command)[1:])
        printed = capsys.readouterr()
        actual = printed.err + f"[exit status {status}]" if status else printed.out
        assert same(expected, actual), f"{where}: {command}\n{actual}"


def test_every_block_is_in_a_language_that_is_known():
    """A ``code-block:: pyton`` would be shown, but not run."""
    known = {"python", "session", "console", "sh", "text"}
    assert {block.language for page in PAGES for block in blocks(page)} <= known


def test_every_example_of_a_console_is_one_of_our_commands():
    for page in PAGES:
        for block in blocks(page):
            if block.language == "console":
                assert set(re.findall(r"^\$ (\w+)", block.text, re.MULTILINE)) == {"unstuck"}, (page, block.line)


def test_examples_in_the_extensions_hold(monkeypatch):
    assert doctest.testmod(extension("rst", monkeypatch)).failed == 0


# ---------------------------------------------------------------------- nothing is left out


def plural(kind):
    return {"loss": "losses"}.get(kind, f"{kind}s")


@pytest.mark.parametrize("kind", KINDS)
def test_table_of_defaults_names_everything_that_is_registered(kind, monkeypatch):
    table = extension("defaults", monkeypatch).TABLES[plural(kind)]()
    assert [name for name in api.names(kind) if f"* - | ``{name}``\n" not in table] == []


@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"layer"}))
def test_table_of_defaults_names_every_setting_with_its_value(kind, monkeypatch):
    table = extension("defaults", monkeypatch).TABLES[plural(kind)]()
    registry = api._REGISTRIES[kind]
    for name in registry.names():
        for setting, value in registry.to_config(registry.create(name)).items():
            assert setting == "name" or f"``{setting}={value!r}``" in table, (name, setting)


def test_every_table_is_shown(monkeypatch):
    shown = {name for page in PAGES for name in re.findall(r"^\.\. defaults:: (\w+)", page.read_text(), re.MULTILINE)}
    assert shown == set(extension("defaults", monkeypatch).TABLES)


@pytest.mark.parametrize("cls", [api.Network, api.Trainer], ids=lambda cls: cls.__name__)
def test_table_of_a_class_has_every_argument_with_its_default(cls, monkeypatch):
    table = extension("defaults", monkeypatch).TABLES[cls.__name__.lower()]()
    for name, parameter in list(inspect.signature(cls).parameters.items()):
        default = "needed" if parameter.default is parameter.empty else f"``{parameter.default!r}``"
        assert f"* - ``{name}``\n     - {default}\n" in table


def test_defaults_of_torch_are_those_of_torch(monkeypatch):
    for pair in extension("torch_defaults", monkeypatch).PAIRS:
        owner = torch
        for part in pair.torch_class.split("."):
            owner = getattr(owner, part)
        default = inspect.signature(owner).parameters[pair.torch_setting].default
        assert pair.torch_default == (default if pair.part is None else default[pair.part]), pair


def test_table_of_torch_sets_what_differs_in_bold(monkeypatch):
    table = extension("torch_defaults", monkeypatch).torch_table()
    assert re.findall(r"\* - ``(\S+)``  ``(\S+)``\n.*\n.*\n +- \*\*(.+)\*\*", table) == [
        ("gd", "learning_rate", "0.001"),
        ("irprop-", "first_step", "0.01"),
        ("lbfgs", "memory", "100"),
    ]


def test_recipe_of_every_task_is_in_the_table(monkeypatch):
    table = extension("defaults", monkeypatch).TABLES["recipes"]()
    assert [name for name in extension("defaults", monkeypatch).TASKS if f"* - ``{name}``\n" not in table] == []


def test_every_option_of_every_command_is_described(monkeypatch):
    commands = extension("commands", monkeypatch)
    page = (DOCS / "command_line.rst").read_text()
    order = ["train", "evaluate", "predict", "diagnose", "compare", "explain"]
    assert re.findall(r"^\.\. command:: (\w+)", page, re.MULTILINE) == sorted(commands.command_names(), key=order.index)
    for name in commands.command_names():
        described = commands.describe(name)
        options = [option for option in commands.cli.get_command(None, name).params if isinstance(option, click.Option)]
        assert options
        assert [option.name for option in options if not re.search(rf"- ``{option.opts[0]}\b", described)] == []


def test_every_key_of_the_json_is_explained():
    page = (DOCS / "command_line.rst").read_text()
    shown = page.partition("$ unstuck train xor --json")[2].partition("\n.. list-table")[0]
    explained = re.findall(r"^   \* - ``(\w+)``", page.partition("* - key")[2], re.MULTILINE)
    assert re.findall(r'^    "(\w+)":', shown, re.MULTILINE) == explained


def documented():
    """Every name that a page of the reference documents, in full."""
    names = set()
    for page in (DOCS / "api").glob("*.rst"):
        module = ""
        for directive, target in re.findall(r"^\.\. (\w+):: (\S+)", page.read_text(), re.MULTILINE):
            if directive == "currentmodule":
                module = target + "."
            elif directive.startswith("auto"):
                names.add(target if target.startswith("unstuck") else module + target)
    return names


@pytest.mark.parametrize("name", api.__all__)
def test_every_public_name_is_in_the_reference(name):
    assert f"unstuck.{name}" in documented()


@pytest.mark.parametrize("name", plots.__all__)
def test_every_plot_is_in_the_reference(name):
    assert f"unstuck.plots.{name}" in documented()


@pytest.mark.parametrize("kind", KINDS)
def test_every_registered_class_is_in_the_reference(kind):
    documented_names = {name.rpartition(".")[2] for name in documented()}
    assert [
        cls.__name__ for cls in api._REGISTRIES[kind]._classes.values() if cls.__name__ not in documented_names
    ] == []


def test_every_page_is_in_a_table_of_contents():
    listed = set()
    for page in DOCS.rglob("*.rst"):
        for toctree in re.findall(r"^\.\. toctree::\n(?:   :.*\n)*\n((?:   \S.*\n)+)", page.read_text(), re.MULTILINE):
            listed |= {(page.parent / entry).with_suffix(".rst") for entry in toctree.split()}
    assert listed == set(DOCS.rglob("*.rst")) - {DOCS / "index.rst"}
