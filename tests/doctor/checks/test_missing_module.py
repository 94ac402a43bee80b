import sys
from types import ModuleType

import pytest

from unstuck.doctor.checks.crashes import explain_crash
from unstuck.doctor.checks.missing_module import submodules
from unstuck.doctor.crash import Crash
from unstuck.doctor.scripts.source import source_of

CASES = [
    pytest.param(
        "import serial\n",
        1,
        "The module serial is not installed here. pip calls it pyserial.",
        None,
        id="not installed, other name",
    ),
    pytest.param(
        "import xgboost as xgb\n",
        1,
        "The module xgboost is not installed here.",
        None,
        id="not installed",
    ),
    pytest.param(
        ("import nunpy as np\n\nx = np.zeros(3)\n"),
        1,
        "There is no module nunpy. Did you mean numpy?",
        ("import numpy as np\n\nx = np.zeros(3)\n"),
        id="misspelt",
    ),
    pytest.param(
        ("import maths\n\nx = maths.exp(1)\n"),
        1,
        (
            "There is no module maths: it is neither installed nor a file maths.py beside the script. Did "
            "you mean cmath or math?"
        ),
        None,
        id="misspelt without as",
    ),
    pytest.param(
        "from skleran import datasets\n",
        1,
        "There is no module skleran. Did you mean sklearn?",
        "from sklearn import datasets\n",
        id="misspelt in from",
    ),
    pytest.param(
        ("import cPickle\n\nx = cPickle.dumps(3)\n"),
        1,
        "cPickle is a module of Python 2; Python 3 calls it pickle.",
        ("import pickle as cPickle\n\nx = cPickle.dumps(3)\n"),
        id="python 2",
    ),
    pytest.param(
        "from urllib2 import urlopen\n",
        1,
        "urllib2 is a module of Python 2; Python 3 calls it urllib.request.",
        "from urllib.request import urlopen\n",
        id="python 2, in from",
    ),
    pytest.param(
        "import matplotlib.pylot as plt\n",
        1,
        "matplotlib is there, but has no module pylot. Did you mean pyplot?",
        "import matplotlib.pyplot as plt\n",
        id="submodule misspelt",
    ),
    pytest.param(
        "from scipy.spacial import distance\n",
        1,
        "scipy is there, but has no module spacial. Did you mean spatial or special?",
        None,
        id="two that are close",
    ),
    pytest.param(
        "from planar_utils import load\n",
        1,
        ("There is no module planar_utils: it is neither installed nor a file planar_utils.py beside the script."),
        None,
        id="someone's own",
    ),
    pytest.param(
        "from google.colab import files\n",
        1,
        ("The module google.colab cannot be had here. It exists only in Google Colab: take out what needs it."),
        None,
        id="gone",
    ),
]


@pytest.mark.parametrize(("text", "line", "message", "new"), CASES)
def test_a_real_crash_is_explained(crash_of, mended, text, line, message, new):
    crash, source = crash_of(text)
    (finding,) = explain_crash(crash, source)
    assert (finding.fault, finding.severity) == ("missing-module", "fatal")
    assert finding.message == message
    assert finding.location.line == line
    assert finding.evidence
    assert mended(source, finding) == new


def test_it_is_said_how_to_install_a_package(crash_of):
    crash, source = crash_of("import serial\n")
    (finding,) = explain_crash(crash, source)
    assert [remedy.summary for remedy in finding.remedies] == ["Install it: pip install pyserial"]
    assert finding.evidence["Python says"] == "ModuleNotFoundError: No module named 'serial'"


def test_an_own_file_and_a_package_are_both_possible(crash_of):
    crash, source = crash_of("import planar_utils\n")
    (finding,) = explain_crash(crash, source)
    assert [remedy.summary for remedy in finding.remedies] == [
        "If planar_utils.py is your own file, put it beside the script.",
        "If it is a package, install it: pip install planar_utils",
    ]


def test_a_module_that_has_moved(crash_of, mended, monkeypatch):
    package = ModuleType("sklearn")
    package.__path__ = []
    monkeypatch.setitem(sys.modules, "sklearn", package)
    crash, source = crash_of("from sklearn.cross_validation import train_test_split\n")
    (finding,) = explain_crash(crash, source)
    assert finding.message == "The module sklearn.cross_validation is now called sklearn.model_selection."
    assert mended(source, finding) == "from sklearn.model_selection import train_test_split\n"


def test_a_file_of_almost_that_name(crash_of, mended, in_folder):
    folder = in_folder("mnist_loader.py")
    crash, source = crash_of("import mnist_lodaer\n\nmnist_lodaer.load()\n")
    (finding,) = explain_crash(crash, source, folder=folder)
    assert finding.message == "There is no mnist_lodaer.py beside the script, but mnist_loader.py."
    assert mended(source, finding) == "import mnist_loader as mnist_lodaer\n\nmnist_lodaer.load()\n"


def test_a_file_in_another_folder(crash_of, in_folder):
    folder = in_folder("src/layers.py")
    crash, source = crash_of("import layers\n")
    (finding,) = explain_crash(crash, source, folder=folder)
    assert finding.message == "There is no layers.py beside the script, but src/layers.py."
    assert [remedy.summary for remedy in finding.remedies] == ["Put src/layers.py into the script's folder."]


def test_the_script_itself_is_not_meant(crash_of, in_folder, tmp_path):
    folder = in_folder("perceptron.py")
    crash, source = crash_of("import perceptrons\n")
    (finding,) = explain_crash(crash, source_of(source.text, tmp_path / "perceptron.py"), folder=folder)
    assert finding.message.startswith("There is no module perceptrons: it is neither installed")


def test_a_name_is_kept_only_if_the_script_uses_it(crash_of, mended):
    crash, source = crash_of("import cPickle\n")
    (finding,) = explain_crash(crash, source)
    assert mended(source, finding) == "import pickle\n"


def test_only_the_wrong_one_of_several_is_named(crash_of, mended):
    crash, source = crash_of("import math, nunpy as np, sys\n")
    (finding,) = explain_crash(crash, source)
    assert (finding.location.column, finding.location.end_column) == (13, 18)
    assert mended(source, finding) == "import math, numpy as np, sys\n"


def test_a_crash_whose_statement_cannot_be_found_is_still_explained():
    crash = Crash("ModuleNotFoundError", "No module named 'nunpy'", None)
    (finding,) = explain_crash(crash, source_of("__import__('nunpy')\n"))
    assert (finding.location, finding.remedies[0].edits) == (None, ())
    assert finding.remedies[0].summary == "Import numpy."


def test_submodules_are_listed_without_importing_them():
    assert "pool" in submodules("multiprocessing")
    assert submodules("math") == []
    assert submodules("no_such_package") == []
    assert submodules("concurrent.futures") == ["_base", "process", "thread"]


@pytest.mark.parametrize("text", ["import os, sys\n", "from .layers import Dense\n", "from os import path\n"])
def test_a_statement_that_does_not_name_the_module_is_not_changed(text):
    (finding,) = explain_crash(Crash("ModuleNotFoundError", "No module named 'nunpy'", 1), source_of(text))
    assert finding.message == "There is no module nunpy. Did you mean numpy?"
    assert finding.remedies[0].edits == ()
