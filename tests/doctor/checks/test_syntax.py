import ast
from pathlib import Path

import pytest

from unstuck.doctor.checks.syntax import explain_syntax
from unstuck.doctor.faults import FAULTS
from unstuck.doctor.findings import Location
from unstuck.doctor.scripts.source import source_of


def test_a_finding_has_its_place_its_evidence_and_its_fault(explained_syntax):
    finding, _ = explained_syntax("x = 1\nif x = 3:\n    pass\n")
    assert (finding.fault, finding.severity, finding.lines) == ("does-not-parse", "fatal", (2,))
    assert finding.fault in FAULTS
    assert finding.location == Location("<script>", 2, 3, 2, 8)
    assert finding.evidence == {
        "Python says": "SyntaxError: invalid syntax. Maybe you meant '==' or ':=' instead of '='?",
        "line": "if x = 3:",
    }


def test_columns_are_bytes(explained_syntax):
    finding, mended = explained_syntax("误差 = max(1, 2\n")
    assert finding.location.column == len("误差 = max".encode())
    assert mended == "误差 = max(1, 2)\n"


def test_the_file_is_named():
    source = source_of("x = )", Path("folder/net.py"))
    with pytest.raises(SyntaxError) as caught:
        ast.parse(source.text)
    assert explain_syntax(caught.value, source).location.file == "net.py"


@pytest.mark.parametrize("error", [SyntaxError("odd"), SyntaxError("odd", ("f", 99, 99, "")), SyntaxError()])
def test_an_error_without_a_place_is_explained_too(error):
    assert explain_syntax(error, source_of("x = 1\n")).fault == "does-not-parse"


def test_the_real_post_002_with_its_indentation_lost(explained_syntax):
    text = "import numpy as np\n# a comment: so\ndef sigmoid(z):\ns = 1 / (1 + np.exp(-z))\nreturn s\nw = np.zeros((4, 5))\n"
    finding, mended = explained_syntax(text)
    assert finding.message.startswith("The indentation is lost: no line of the script is indented")
    assert mended == text.replace("s = 1", "    s = 1").replace("return s", "    return s")


def test_nothing_is_edited_unless_it_gets_the_parser_further(explained_syntax):
    for text in (
        "x = 3 y\n",
        "x = (a b c\n",
        "def f(:\n    pass\n",
        "x = [1, (2}\n",
        "'a' = 'b\n",
        "x = '''\n",
        "\\\n",
    ):
        finding, mended = explained_syntax(text)
        assert finding.message
        if mended is not None:
            ast.parse(mended)


def test_python_2_is_mended_as_a_whole(explained_syntax):
    text = (
        "import sys\nfor i in range(3):\n    print 'epoch', i\n    try:\n        x = 1\n    except ValueError, e:\n"
        "        print >>sys.stderr, e\n    if i <> 2:\n        print i,\n"
    )
    _, mended = explained_syntax(text)
    ast.parse(mended)
    assert "except ValueError as e:" in mended
    assert "print(i, end=' ')" in mended


@pytest.mark.parametrize(
    "text",
    [
        "def f(x):\nfor i in x:\nreturn i\n",
        "def f(x):\ny = x\nz = y\n",
        "for i in range(3):\na = i\nb = i\n",
        "raise\n, 'x' 3\n",
        "print 'a' 'b\n",
        "print 'a', (1,\n",
        "x = [a b\n",
        "x = (lambda y: y z)\n",
        "x = 3 $ 4\n",
        "y = 0x3g\n",
        "x = ']' + )\n",
        "1 + 2 = y)\n",
        "class A)\n",
    ],
)
def test_what_is_in_doubt_is_not_changed(explained_syntax, text):
    finding, mended = explained_syntax(text)
    assert finding.message
    assert mended is None
