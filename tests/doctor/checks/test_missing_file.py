import pytest

from unstuck.doctor.checks.crashes import explain_crash
from unstuck.doctor.crash import Crash
from unstuck.doctor.scripts.source import source_of

CASES = [
    pytest.param(
        "rows = open('wine.csv').readlines()\n",
        1,
        "The file wine.csv does not exist.",
        None,
        id="open",
    ),
    pytest.param(
        ("import numpy as np\n\nrows = np.loadtxt('wine.csv')\n"),
        3,
        "The file wine.csv does not exist.",
        None,
        id="numpy",
    ),
    pytest.param(
        ("path = 'C:\\new\\train.csv'\nrows = open(path)\n"),
        1,
        (
            "The file C:\\new\\train.csv does not exist: in a string, a backslash and the letter after it can "
            "stand for one special character, such as \\n for a new line."
        ),
        ("path = r'C:\\new\\train.csv'\nrows = open(path)\n"),
        id="backslashes",
    ),
    pytest.param(
        "rows = open('D:/wine.csv')\n",
        1,
        "The file D:/wine.csv does not exist: it names a drive of a Windows computer.",
        None,
        id="a drive",
    ),
    pytest.param(
        "rows = open('/content/drive/wine.csv')\n",
        1,
        "The file /content/drive/wine.csv does not exist: it names a folder of a notebook service.",
        None,
        id="a notebook service",
    ),
    pytest.param(
        "rows = open('/home/ann/wine.csv')\n",
        1,
        "The file /home/ann/wine.csv does not exist: it names a folder of a particular computer.",
        None,
        id="somebody's home",
    ),
]


@pytest.mark.parametrize(("text", "line", "message", "new"), CASES)
def test_a_real_crash_is_explained(crash_of, mended, text, line, message, new):
    crash, source = crash_of(text)
    (finding,) = explain_crash(crash, source)
    assert (finding.fault, finding.severity) == ("missing-file", "fatal")
    assert finding.message == message
    assert finding.location.line == line
    assert finding.evidence
    assert mended(source, finding) == new


@pytest.mark.parametrize(
    ("name", "there", "new"),
    [
        ("Wine.CSV", "wine.csv", "'wine.csv'"),
        ("wine.csv", "data/wine.csv", "'data/wine.csv'"),
        ("/home/ann/wine.csv", "wine.csv", "'wine.csv'"),
        ("C:/data/wine.csv", "wine.csv", "'wine.csv'"),
        ("wine.csv", "wine.csv.gz", "'wine.csv.gz'"),
        ("wien.csv", "wine.csv", "'wine.csv'"),
    ],
)
def test_a_file_that_was_probably_meant(crash_of, mended, in_folder, name, there, new):
    folder = in_folder(there, "other.txt")
    crash, source = crash_of(f"rows = open('{name}').read()\n")
    (finding,) = explain_crash(crash, source, folder=folder)
    assert finding.message == f"The file {name} does not exist. Did you mean {there}?"
    assert mended(source, finding) == f"rows = open({new}).read()\n"
    assert finding.evidence["file"] == name


def test_the_right_file_is_not_chosen_among_several(crash_of, mended, in_folder):
    folder = in_folder("a/wine.csv", "b/wine.csv")
    crash, source = crash_of("rows = open('wine.csv').read()\n")
    (finding,) = explain_crash(crash, source, folder=folder)
    assert finding.message == "The file wine.csv does not exist. Did you mean a/wine.csv or b/wine.csv?"
    assert mended(source, finding) is None


def test_a_name_written_twice_is_not_changed(crash_of, mended, in_folder):
    folder = in_folder("wine.csv")
    crash, source = crash_of("name = 'Wine.csv'\nrows = open('Wine.csv').read()\n")
    (finding,) = explain_crash(crash, source, folder=folder)
    assert mended(source, finding) is None


def test_the_folder_is_that_of_the_script(crash_of, in_folder, tmp_path):
    in_folder("wine.csv")
    crash, source = crash_of("rows = open('wien.csv').read()\n")
    (finding,) = explain_crash(crash, source_of(source.text, tmp_path / "script.py"))
    assert finding.message == "The file wien.csv does not exist. Did you mean wine.csv?"
    assert finding.location.file == "script.py"


def test_a_folder_that_cannot_be_read_does_no_harm(crash_of, tmp_path):
    crash, source = crash_of("rows = open('wine.csv').read()\n")
    (finding,) = explain_crash(crash, source, folder=tmp_path / "nowhere")
    assert finding.evidence["files there"] == []


def test_a_name_with_quotes_in_it():
    crash = Crash("FileNotFoundError", "[Errno 2] No such file or directory: 'a'b'", 1)
    (finding,) = explain_crash(crash, source_of("x = 1\n"))
    assert finding.message == "The file a'b does not exist."


def test_a_name_in_bytes(crash_of, in_folder):
    folder = in_folder("wine.csv")
    crash, source = crash_of("rows = open(b'wien.csv').read()\n")
    (finding,) = explain_crash(crash, source, folder=folder)
    assert finding.message == "The file wien.csv does not exist. Did you mean wine.csv?"


def test_hidden_files_are_not_meant(crash_of, in_folder):
    folder = in_folder(".wine.csv", "__pycache__/wine.csv")
    crash, source = crash_of("rows = open('wine.csv').read()\n")
    (finding,) = explain_crash(crash, source, folder=folder)
    assert finding.evidence["files there"] == []


def test_a_raw_string_is_left_alone(crash_of, mended):
    crash, source = crash_of("rows = open('a\\tb' 'c')\n")
    (finding,) = explain_crash(crash, source)
    assert mended(source, finding) == "rows = open(r'a\\tb' 'c')\n"
