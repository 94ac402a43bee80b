import pytest

from unstuck.doctor.checks.crash_site import site_of
from unstuck.doctor.checks.crashes import explain_crash
from unstuck.doctor.checks.plot_crashes import explain_plot
from unstuck.doctor.crash import Crash, Held
from unstuck.doctor.scripts.source import source_of

CASES = [
    pytest.param(
        (
            "import matplotlib\n"
            "\n"
            "matplotlib.use('Agg')\n"
            "import matplotlib.pyplot as plt\n"
            "\n"
            "x = [1, 2]\n"
            "y = [1]\n"
            "plt.plot(x, y)\n"
        ),
        8,
        "A curve needs as many x as y, but gets x of shape (2,) and y of shape (1,).",
        None,
        id="lengths",
    ),
    pytest.param(
        (
            "import matplotlib\n"
            "\n"
            "matplotlib.use('Agg')\n"
            "import matplotlib.pyplot as plt\n"
            "\n"
            "plt.xlabel('e', FontSize=20)\n"
            "plt.ylabel('e', FontSize=20)\n"
        ),
        6,
        "plt.xlabel has no setting FontSize.",
        (
            "import matplotlib\n"
            "\n"
            "matplotlib.use('Agg')\n"
            "import matplotlib.pyplot as plt\n"
            "\n"
            "plt.xlabel('e', fontsize=20)\n"
            "plt.ylabel('e', fontsize=20)\n"
        ),
        id="capitals",
    ),
    pytest.param(
        (
            "import matplotlib\n"
            "\n"
            "matplotlib.use('Agg')\n"
            "import matplotlib.pyplot as plt\n"
            "\n"
            "fig = plt.figure()\n"
            "ax = fig.gca(projection='3d')\n"
        ),
        7,
        "fig.gca no longer takes a projection.",
        (
            "import matplotlib\n"
            "\n"
            "matplotlib.use('Agg')\n"
            "import matplotlib.pyplot as plt\n"
            "\n"
            "fig = plt.figure()\n"
            "ax = fig.add_subplot(projection='3d')\n"
        ),
        id="gca",
    ),
    pytest.param(
        (
            "import matplotlib\n"
            "\n"
            "matplotlib.use('Agg')\n"
            "import matplotlib.pyplot as plt\n"
            "\n"
            "fig, ax = plt.subplots()\n"
            "ax.plot([1], [1], colour='red')\n"
        ),
        7,
        "ax.plot has no setting colour.",
        None,
        id="axes",
    ),
    pytest.param(
        ("import matplotlib\n\nmatplotlib.use('Agg')\nimport matplotlib.pyplot as plt\n\nplt.plot([1], [1], 'qq')\n"),
        6,
        ("The plot failed: plt.plot([1], [1], 'qq'): 'qq' is not a valid format string (unrecognized character 'q')."),
        None,
        id="style",
    ),
]


@pytest.mark.parametrize(("text", "line", "message", "new"), CASES)
def test_a_real_crash_is_explained(crash_of, mended, runs, text, line, message, new):
    crash, source = crash_of(text)
    (finding,) = explain_crash(crash, source)
    assert (finding.fault, finding.severity) == ("crash", "fatal")
    assert finding.message == message
    assert finding.location.line == line
    assert finding.evidence
    assert mended(source, finding) == new
    if new is not None:
        runs(new)


def test_a_crash_outside_of_a_plot_is_not_explained_here(crash_of):
    crash, source = crash_of("import matplotlib.pyplot as plt\n\nx = [1][2]\n")
    assert explain_plot(site_of(crash, source)) is None


def test_axes_that_an_object_keeps():
    variables = {"self.ax": Held("Axes", None, None, "<Axes>"), "self": Held("Plot", None, None, "<Plot>")}
    crash = Crash("ValueError", "no such marker", 1, variables=variables)
    finding = explain_plot(site_of(crash, source_of("self.ax.plot(x)\n")))
    assert finding.message == "The plot failed: self.ax.plot(x): no such marker."
