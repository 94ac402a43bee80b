"""Fixtures that run scripts, in real child processes or in this one, and see to it that nothing of them is left."""

import builtins
import contextlib
import math
import textwrap
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from unstuck.doctor.scripts import hooks
from unstuck.doctor.scripts.child_environment import child_environment
from unstuck.doctor.scripts.child_process import ChildProcess
from unstuck.doctor.scripts.instrument import instrument
from unstuck.doctor.scripts.processes import session_processes
from unstuck.doctor.scripts.source import source_of
from unstuck.doctor.scripts.tape import Tracked, gradients, leaf
from unstuck.doctor.scripts.workspace import Workspace

RUNNER = Path(__file__).with_name("runner.py")


@pytest.fixture
def start(tmp_path):
    """Start a script; what is returned is the child and its workspace, both are gone when the test is over."""
    started = []

    def start(text, limits=None, arguments=(), **options):
        folder = tmp_path / f"run{len(started)}"
        folder.mkdir()
        script = folder / "train.py"
        script.write_text(textwrap.dedent(text))
        workspace = Workspace(script)
        workspace.__enter__()
        child = ChildProcess([str(RUNNER)], child_environment(workspace.temporary), workspace.current, limits)
        started.append((child, workspace))
        child.send(
            {
                "script": str(workspace.script),
                "workspace": str(workspace.root),
                "arguments": list(arguments),
                "options": options,
            }
        )
        return SimpleNamespace(child=child, workspace=workspace, folder=folder)

    yield start
    for child, workspace in started:
        child.close()
        workspace.close()
        assert session_processes(child.marker) == set()
        assert not workspace.root.exists()


@pytest.fixture
def run(start):
    """Run a script to its end and return its report; what it calls ``result`` is part of that."""

    def run(text, limits=None, arguments=(), **options):
        started = start(text, limits, arguments, **options)
        report = SimpleNamespace(**started.child.receive(30))
        report.folder = started.folder
        return report

    return run


@pytest.fixture
def run_well(run):
    """Run a script that must not fail and return its report."""

    def run_well(text, **options):
        report = run(text, **options)
        assert report.error is None, report.error
        return report

    return run_well


@pytest.fixture
def own_numpy():
    """What a tape changes in ``numpy`` and ``math`` for the rest of a process is taken back when the test is over."""
    before = {np: {name: getattr(np, name) for name in ("array", "asarray")}, math: dict(vars(math))}
    vectorized = np.vectorize.__call__
    yield
    for module, names in before.items():
        vars(module).update(names)
    np.vectorize.__call__ = vectorized


@pytest.fixture
def own_builtins():
    """The hooks that an agent installs are taken out again when the test is over."""
    yield
    for name in hooks.NAMES:
        vars(builtins).pop(name, None)


class Finished(BaseException):
    """What ends a program in the place of the end of its process."""


@pytest.fixture
def play(own_builtins, own_numpy):  # noqa: ARG001 (they take back what an agent changes)
    """Run an instrumented program in this process; what is returned holds the agent's report and the program's names.

    ``make`` gets a function that takes the report, the program's sites by (name, kind) and its loops by their heads.
    """

    def play(text, make, **given):
        program = instrument(source_of(textwrap.dedent(text)))
        sites, loops = {}, {loop.text: loop.number for loop in program.loops}
        for site in program.sites:
            sites.setdefault((site.name, site.kind), site.number)
        reports = []

        def finish(report):
            reports.append(report)
            raise Finished

        agent = make(finish, sites, loops)
        agent.install()
        names = {"__name__": "__main__", "np": np, **given}
        failure = None
        try:
            exec(compile(program.tree, "script", "exec"), names)  # noqa: S102 (that is what it is for)
        except Finished:
            pass
        except Exception as error:  # noqa: BLE001 (the test says which it expected)
            failure = error
        if not reports:
            with contextlib.suppress(Finished):
                getattr(vars(builtins)[hooks.TOP], "__self__", agent).ended(
                    None if failure is None else {"exception": type(failure).__name__}
                )
        if failure is not None and (not reports or reports[0]["error"] is None):
            raise failure
        return SimpleNamespace(
            report=reports[0] if reports else None, agent=agent, names=names, sites=sites, loops=loops
        )

    return play


@pytest.fixture
def check():
    """Compare a function of arrays on the tape with NumPy's result, and its gradients with finite differences."""
    rng = np.random.default_rng(5)

    def check(function, *values):
        values = [rng.normal(size=value) if isinstance(value, tuple) else np.array(value) for value in values]
        leaves = [leaf(value.copy()) for value in values]
        nodes = [tracked.node for tracked in leaves]
        result = function(*leaves)
        assert isinstance(result, Tracked)
        expected = function(*[value.copy() for value in values])
        np.testing.assert_allclose(np.asarray(result), expected, rtol=1e-14, atol=1e-15)
        assert result.shape == np.shape(expected)
        weights = rng.normal(size=result.shape)
        found = gradients([(result.node, weights)])
        for node, slopes in zip(nodes, _differences(function, values, weights), strict=True):
            np.testing.assert_allclose(found[node], slopes, rtol=1e-6, atol=1e-7)

    return check


def _differences(function, values, weights, step=1e-6):
    """Central differences of ``sum(weights * function(*values))``."""
    found = []
    for value in values:
        gradient = np.zeros(value.shape)
        for place in np.ndindex(value.shape):
            both = []
            for sign in (1, -1):
                moved = [other.copy() for other in values]
                moved[len(found)][place] += sign * step
                both.append(np.sum(weights * function(*moved)))
            gradient[place] = (both[0] - both[1]) / (2 * step)
        found.append(gradient)
    return found
