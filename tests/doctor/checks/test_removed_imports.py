import pytest

from unstuck.doctor.checks.crash_site import site_of
from unstuck.doctor.checks.crashes import explain_crash
from unstuck.doctor.checks.removed_imports import explain_removed

CASES = [
    pytest.param(
        ("import numpy as np\n\nx = np.zeros(3, dtype=np.float)\ny = np.int(3)\n"),
        3,
        "NumPy no longer has np.float.",
        ("import numpy as np\n\nx = np.zeros(3, dtype=float)\ny = int(3)\n"),
        id="float",
    ),
    pytest.param(
        ("import numpy as np\n\nx = np.asfarray([1, 2])\n"),
        3,
        "NumPy no longer has np.asfarray.",
        ("import numpy as np\n\nx = np.asarray([1, 2], dtype=float)\n"),
        id="asfarray",
    ),
    pytest.param(
        ("import numpy as np\n\nx = np.mat([[1, 2]])\n"),
        3,
        "NumPy no longer has np.mat.",
        ("import numpy as np\n\nx = np.asmatrix([[1, 2]])\n"),
        id="mat",
    ),
    pytest.param(
        ("import numpy as np\n\nx = np.product([1, 2])\ny = np.sometrue([0, 1])\n"),
        3,
        "NumPy no longer has np.product.",
        ("import numpy as np\n\nx = np.prod([1, 2])\ny = np.any([0, 1])\n"),
        id="product",
    ),
    pytest.param(
        ("import numpy as np\n\nx = np.NaN\ny = -np.Inf\n"),
        3,
        "NumPy no longer has np.NaN.",
        ("import numpy as np\n\nx = np.nan\ny = -np.inf\n"),
        id="NaN",
    ),
    pytest.param(
        ("import numpy as np\n\nx = np.NINF\n"),
        3,
        "NumPy no longer has np.NINF.",
        ("import numpy as np\n\nx = -np.inf\n"),
        id="NINF",
    ),
    pytest.param(
        ("import numpy as np\n\nx = np.msort([2, 1])\n"),
        3,
        "NumPy no longer has np.msort.",
        ("import numpy as np\n\nx = np.sort([2, 1], axis=0)\n"),
        id="msort",
    ),
    pytest.param(
        ("import numpy as np\n\nx = np.math.exp(1)\n"),
        3,
        "NumPy no longer has np.math.",
        None,
        id="math",
    ),
    pytest.param(
        ("import numpy as np\n\nx = np.ones((2, 3))\ny = x.ptp()\nz = x.T\n"),
        4,
        "Arrays no longer have the method ptp.",
        ("import numpy as np\n\nx = np.ones((2, 3))\ny = np.ptp(x)\nz = x.T\n"),
        id="ptp",
    ),
    pytest.param(
        ("import numpy as np\n\nx = np.ones((2, 3))\ny = x.ptp(axis=0)\n"),
        4,
        "Arrays no longer have the method ptp.",
        ("import numpy as np\n\nx = np.ones((2, 3))\ny = np.ptp(x, axis=0)\n"),
        id="ptp along an axis",
    ),
    pytest.param(
        ("import numpy as np\n\nx = np.ones(3)\nx.itemset(0, 2)\n"),
        4,
        "Arrays no longer have the method itemset.",
        None,
        id="itemset",
    ),
    pytest.param(
        ("from numpy import product\n\nx = product([1, 2])\n"),
        1,
        "NumPy no longer has product.",
        ("from numpy import prod as product\n\nx = product([1, 2])\n"),
        id="imported",
    ),
    pytest.param(
        "from numpy import asfarray\n",
        1,
        "NumPy no longer has asfarray.",
        None,
        id="imported asfarray",
    ),
]


@pytest.mark.parametrize(("text", "line", "message", "new"), CASES)
def test_a_real_crash_is_explained(crash_of, mended, runs, text, line, message, new):
    crash, source = crash_of(text)
    (finding,) = explain_crash(crash, source)
    assert (finding.fault, finding.severity) == ("wrong-import", "fatal")
    assert finding.message == message
    assert finding.location.line == line
    assert finding.evidence
    assert mended(source, finding) == new
    if new is not None:
        runs(new)


def test_a_name_that_is_there_is_not_called_removed(crash_of):
    crash, source = crash_of("import numpy as np\n\nx = np.arrray([1])\n")
    assert explain_removed(site_of(crash, source)) is None


def test_advice_where_nothing_simply_replaces_a_name(crash_of):
    crash, source = crash_of("import numpy as np\n\nx = np.cast[int](3)\n")
    (finding,) = explain_crash(crash, source)
    assert [remedy.summary for remedy in finding.remedies] == [
        "Write np.asarray(a, dtype=...) instead of np.cast[...](a)."
    ]
