import ast

import pytest

from unstuck.doctor.checks.wrong_import_static import check
from unstuck.doctor.patch import apply_edits
from unstuck.doctor.scripts.source import source_of


def found(text):
    source = source_of(text)
    return list(check(ast.parse(source.text), source))


@pytest.mark.parametrize("text", ["import matplotlib as plt\nx = 1\n", "import numpy as np, matplotlib as plt\n"])
def test_pyplot_is_missing_and_does_no_harm(text):
    (finding,) = found(text)
    assert finding.message == (
        "plt stands for matplotlib itself, not for matplotlib.pyplot; nothing here uses plt, so it does no harm."
    )
    assert (finding.fault, finding.severity) == ("wrong-import", "harmless")
    assert finding.evidence == {"imported": "matplotlib", "uses of plt": 0}
    assert apply_edits(text, finding.remedies[0].edits) == text.replace("matplotlib", "matplotlib.pyplot")


@pytest.mark.parametrize(
    ("text", "severity", "line"),
    [
        ("import matplotlib as plt\nplt.plot([1])\n", "fatal", 2),
        ("import matplotlib as plt\nfor i in range(3):\n    plt.plot([i])\n", "fatal", 3),
        ("import matplotlib as plt\nfor i in range(3):\n    x = i\nplt.plot([x])\nplt.show()\n", "harmless", 4),
    ],
)
def test_a_plot_that_ends_the_script(text, severity, line):
    (finding,) = found(text)
    assert finding.message == (
        "plt stands for matplotlib itself, not for matplotlib.pyplot; "
        f"matplotlib has no plot, so line {line} ends the script with an AttributeError."
    )
    assert (finding.severity, finding.lines) == (severity, (1, line))
    assert apply_edits(text, finding.remedies[0].edits) == text.replace("matplotlib", "matplotlib.pyplot", 1)


@pytest.mark.parametrize(
    "text",
    [
        "import matplotlib.pyplot as plt\n",
        "import matplotlib as mpl\n",
        "import matplotlib\n",
        "import matplotlib as plt\nplt.use('Agg')\n",
        "import matplotlib as plt\nplt.pyplot.plot([1])\n",
        "import matplotlib as plt\neval('plt')\n",
        "import numpy as plt\n",
    ],
)
def test_anything_else_draws_nothing(text):
    assert found(text) == []
