import pytest

from unstuck.doctor.checks.crash_site import site_of
from unstuck.doctor.checks.crashes import explain_crash
from unstuck.doctor.checks.wrong_import import explain_wrong_import
from unstuck.doctor.crash import Crash
from unstuck.doctor.scripts.source import source_of

CASES = [
    pytest.param(
        ("import matplotlib as plt\n\nplt.plot([1, 2])\n"),
        1,
        "plt stands for matplotlib itself, which cannot plot; its module pyplot can.",
        ("import matplotlib.pyplot as plt\n\nplt.plot([1, 2])\n"),
        id="matplotlib for pyplot",
    ),
    pytest.param(
        ("import numpy\n\nx = np.zeros(3)\n"),
        3,
        "np is not defined: line 1 imports numpy under the name numpy.",
        ("import numpy as np\n\nx = np.zeros(3)\n"),
        id="np not imported under that name",
    ),
    pytest.param(
        ("import numpy\n\ny = numpy.ones(2)\nx = np.zeros(3)\n"),
        4,
        "np is not defined: line 1 imports numpy under the name numpy.",
        ("import numpy as np\nimport numpy\n\ny = numpy.ones(2)\nx = np.zeros(3)\n"),
        id="np besides numpy",
    ),
    pytest.param(
        ("'''A script.'''\nx = math.exp(1)\n"),
        2,
        "math is not defined: the script never imports math.",
        ("'''A script.'''\nimport math\nx = math.exp(1)\n"),
        id="nothing imported",
    ),
    pytest.param(
        ("import random\nimport numpy as np\n\nrandom.seed(1)\nw = random.randn(3, 2)\n"),
        5,
        "random.randn is a function of NumPy, but random stands for Python's own module.",
        ("import random\nimport numpy as np\n\nrandom.seed(1)\nw = np.random.randn(3, 2)\n"),
        id="python's random for numpy's",
    ),
    pytest.param(
        "from numpy import zeross, ones\n",
        1,
        "numpy has nothing called zeross, at least not in the version installed here. Did you mean zeros?",
        "from numpy import zeros, ones\n",
        id="from numpy, misspelt",
    ),
    pytest.param(
        "from numpy import sigmoid\n",
        1,
        "NumPy has no sigmoid: it has to be written by hand.",
        None,
        id="from numpy, not there",
    ),
    pytest.param(
        "from math import sigmoid\n",
        1,
        "math has nothing called sigmoid, at least not in the version installed here.",
        None,
        id="from a module, not there",
    ),
    pytest.param(
        "from . import layers\n",
        1,
        ("An import that begins with a dot only works inside a package, and the script was started on its own."),
        None,
        id="relative",
    ),
    pytest.param(
        ("from numpy import *\n\nx = max(3, 5)\n"),
        1,
        (
            "from numpy import * has replaced Python's own max by NumPy's, whose second argument is an axis "
            "and which takes an array, so max(3, 5) means something else."
        ),
        ("from numpy import *\nfrom builtins import max\n\nx = max(3, 5)\n"),
        id="max of numpy",
    ),
    pytest.param(
        ("from numpy import *\n\nx = sum(i for i in range(3))\n"),
        1,
        (
            "from numpy import * has replaced Python's own sum by NumPy's, whose second argument is an axis "
            "and which takes an array, so sum(i for i in range(3)) means something else."
        ),
        ("from numpy import *\nfrom builtins import sum\n\nx = sum(i for i in range(3))\n"),
        id="sum of numpy",
    ),
    pytest.param(
        ("from math import exp\nimport numpy as np\n\nx = exp(np.zeros(3))\n"),
        1,
        "exp comes from math and takes a single number; for arrays there is NumPy's exp.",
        ("from numpy import exp\nimport numpy as np\n\nx = exp(np.zeros(3))\n"),
        id="exp of math",
    ),
    pytest.param(
        ("from math import exp, pi\nimport numpy as np\n\nx = exp(np.zeros(3))\n"),
        1,
        "exp comes from math and takes a single number; for arrays there is NumPy's exp.",
        ("from math import exp, pi\nfrom numpy import exp\nimport numpy as np\n\nx = exp(np.zeros(3))\n"),
        id="exp of math among others",
    ),
    pytest.param(
        ("from numpy import *\nfrom math import *\n\nx = exp(zeros(3))\n"),
        2,
        "exp comes from math and takes a single number; for arrays there is NumPy's exp.",
        ("from numpy import *\nfrom math import *\nfrom numpy import exp\n\nx = exp(zeros(3))\n"),
        id="exp of math, all imported",
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


def test_a_module_within_a_package(crash_of, mended, runs, in_folder, monkeypatch):
    folder = in_folder("kit/__init__.py", "kit/tools.py")
    monkeypatch.syspath_prepend(folder)
    crash, source = crash_of("import kit\n\nprint(kit.tools)\n")
    (finding,) = explain_crash(crash, source)
    assert finding.message == "import kit alone does not make kit.tools available: it is a module of its own."
    assert mended(source, finding) == "import kit.tools\n\nprint(kit.tools)\n"
    runs(mended(source, finding))


def test_a_module_within_a_package_of_another_name(crash_of, mended, runs, in_folder, monkeypatch):
    folder = in_folder("bag/__init__.py", "bag/things.py")
    monkeypatch.syspath_prepend(folder)
    crash, source = crash_of("import bag as b\n\nprint(b.things)\n")
    (finding,) = explain_crash(crash, source)
    assert mended(source, finding) == "import bag.things\nimport bag as b\n\nprint(b.things)\n"
    runs(mended(source, finding))


HIDING = "The file {0}.py beside the script hides the module {0}: import {0} finds the file first."


def test_a_file_hides_a_module():
    crash = Crash("AttributeError", "module 'numpy' has no attribute 'array'", 3)
    (finding,) = explain_wrong(crash, "import numpy as np\n\nx = np.array([1])\n", ["numpy.py", "numpy_data.csv"])
    assert finding.message == HIDING.format("numpy")
    assert finding.location.line == 1
    assert (
        finding.remedies[0].summary
        == "Give the file numpy.py another name, and delete the folder __pycache__ beside it."
    )


@pytest.mark.parametrize(
    ("exception", "message"),
    [
        (
            "AttributeError",
            "partially initialized module 'random' has no attribute 'seed' (most likely due to a circular import)",
        ),
        ("ImportError", "cannot import name 'seed' from 'random' (/home/ann/random.py)"),
        ("ModuleNotFoundError", "No module named 'random.seed'; 'random' is not a package"),
        (
            "AttributeError",
            "module 'random' has no attribute 'seed' (consider renaming '/home/ann/random.py' since it has the same name)",
        ),
    ],
)
def test_whatever_python_says_of_a_hidden_module(exception, message):
    (finding,) = explain_wrong(Crash(exception, message, 1), "import random\n", ["random.py"])
    assert finding.message == HIDING.format("random")


def test_the_script_hides_the_module(tmp_path):
    source = source_of("import random\nrandom.seed(1)\n", tmp_path / "random.py")
    crash = Crash("AttributeError", "partially initialized module 'random' has no attribute 'seed'", 2)
    finding = explain_wrong_import(site_of(crash, source), ["random.py"])
    assert (
        finding.message == "The script itself is called random.py, so import random finds the script, not the module."
    )


def test_a_file_of_another_name_hides_nothing():
    crash = Crash("AttributeError", "module 'numpy' has no attribute 'qwertz'", 2)
    assert explain_wrong(crash, "import numpy as np\nnp.qwertz\n", ["network.py"]) == []


def test_python_s_own_random_is_not_to_blame_for_a_misspelt_name():
    crash = Crash("AttributeError", "module 'random' has no attribute 'qwertz'", 2)
    assert explain_wrong(crash, "import random\nrandom.qwertz()\n", []) == []


def test_a_variable_of_a_module_s_name_needs_no_import():
    crash = Crash("NameError", "name 'time' is not defined", 1)
    assert explain_wrong(crash, "print(time)\ntime = 3\n", []) == []


def test_nothing_is_found_in_any_other_crash():
    assert explain_wrong(Crash("KeyError", "'a'", 1), "x = {}['a']\n", []) == []
    assert explain_wrong(Crash("TypeError", "f() missing 1 required positional argument: 'a'", 1), "f()\n", []) == []


def explain_wrong(crash, text, files):
    finding = explain_wrong_import(site_of(crash, source_of(text)), files)
    return [] if finding is None else [finding]


def test_a_name_of_the_script_s_own_is_not_blamed_on_a_star(crash_of):
    text = "from numpy import *\ndef max(a):\n    return a\nx = max(1, 2)\n"
    crash, source = crash_of(text)
    (finding,) = explain_crash(crash, source)
    assert finding.message == "max is called with 2 arguments, but takes 1: a."


def test_a_function_of_the_script_s_own_is_not_blamed_on_math(crash_of):
    crash, source = crash_of("import numpy as np\ndef exp(x):\n    return float(x)\ny = exp(np.ones(2))\n")
    (finding,) = explain_crash(crash, source)
    assert finding.message == "float() makes one number, but x is an array of shape (2,)."
