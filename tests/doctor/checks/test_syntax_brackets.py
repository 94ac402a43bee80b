import pytest

CASES = [
    pytest.param(
        ("x = max(1, 2\ny = 3\n"),
        (1, 7),
        "The bracket ( is never closed: a ) is missing.",
        "Add the missing ) at the end of line 1.",
        ("x = max(1, 2)\ny = 3\n"),
        id="at the end",
    ),
    pytest.param(
        ("x = [1, 2\nprint(x)\n"),
        (1, 4),
        "The bracket [ is never closed: a ] is missing.",
        "Add the missing ], most likely at the end of its line.",
        None,
        id="of a list",
    ),
    pytest.param(
        "x = {'a': 1\n",
        (1, 4),
        "The bracket { is never closed: a } is missing.",
        "Add the missing } at the end of line 1.",
        "x = {'a': 1}\n",
        id="of a dictionary",
    ),
    pytest.param(
        "x = abs(abs(1) + 2\n",
        (1, 7),
        "The bracket ( is never closed: a ) is missing.",
        "Add the missing ), most likely at the end of its line.",
        None,
        id="before an operator or at the end",
    ),
    pytest.param(
        ("x = [1]\nfor i in range(len(x):\n    pass\n"),
        (2, 14),
        "The bracket ( is never closed: a ) is missing.",
        "Add the missing ).",
        ("x = [1]\nfor i in range(len(x)):\n    pass\n"),
        id="before a colon",
    ),
    pytest.param(
        ("x = max(1,\n        2\ny = 3\n"),
        (1, 7),
        "The bracket ( is never closed: a ) is missing.",
        "Add the missing ), most likely at the end of its line.",
        None,
        id="over lines",
    ),
    pytest.param(
        "x = max(1, 2  # comment\n",
        (1, 7),
        "The bracket ( is never closed: a ) is missing.",
        "Add the missing ).",
        "x = max(1, 2)  # comment\n",
        id="a comment after it",
    ),
    pytest.param(
        "print(1))\n",
        (1, 8),
        "The bracket ) closes nothing: there is one too many, or a ( is missing before it.",
        "Take the ) out, or add the (.",
        "print(1)\n",
        id="too many",
    ),
    pytest.param(
        "y = 1 / 1 + 2)\n",
        (1, 13),
        "The bracket ) closes nothing: there is one too many, or a ( is missing before it.",
        "Take the ) out, or add the (.",
        None,
        id="too many or too few",
    ),
    pytest.param(
        "x = ([[0, 0], [0, 1])\n",
        (1, 20),
        "A [ has to be closed by ], but ) comes first.",
        "Add the missing ].",
        "x = ([[0, 0], [0, 1]])\n",
        id="crossed, one missing",
    ),
    pytest.param(
        "x = (1, 2]\n",
        (1, 9),
        "A ( has to be closed by ), but ] comes first.",
        "Write ) instead of ].",
        "x = (1, 2)\n",
        id="crossed, the wrong one",
    ),
    pytest.param(
        ("x = max([\n    1,\n    2\n)\n"),
        (4, 0),
        "A [ of line 1 has to be closed by ], but ) comes first.",
        "Add the missing ].",
        ("x = max([\n    1,\n    2\n])\n"),
        id="crossed over lines",
    ),
]


@pytest.mark.parametrize(("text", "place", "message", "remedy", "new"), CASES)
def test_a_real_slip_is_explained(explained_syntax, text, place, message, remedy, new):
    finding, mended = explained_syntax(text)
    assert finding.message == message
    assert (finding.location.line, finding.location.column) == place
    assert [each.summary for each in finding.remedies] == ([] if remedy is None else [remedy])
    assert mended == new
