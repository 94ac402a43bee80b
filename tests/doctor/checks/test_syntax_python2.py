import pytest

CASES = [
    pytest.param(
        ("print 'a'\nx = 3\nprint 'x', x  # comment\n"),
        (1, 0),
        "This is Python 2: in Python 3 print is a function and needs brackets.",
        "Write print(...), here and in 1 other line.",
        ("print('a')\nx = 3\nprint('x', x)  # comment\n"),
        id="print",
    ),
    pytest.param(
        "print ('a'), 'b'; print 'c'\n",
        (1, 18),
        "This is Python 2: in Python 3 print is a function and needs brackets.",
        "Write print(...).",
        "print ('a'), 'b'; print('c')\n",
        id="print of a tuple",
    ),
    pytest.param(
        "print 'a',\n",
        (1, 0),
        "This is Python 2: in Python 3 print is a function and needs brackets.",
        "Write print(...).",
        "print('a', end=' ')\n",
        id="print without a line feed",
    ),
    pytest.param(
        ("print 'a', (1,\n  2)\n"),
        (1, 0),
        "This is Python 2: in Python 3 print is a function and needs brackets.",
        "Write print(...), here and in 1 other line.",
        ("print('a', (1,\n  2))\n"),
        id="print over lines",
    ),
    pytest.param(
        ("if 1:\n    print 'a %d' % 3\nelse:\n    print\n"),
        (2, 4),
        "This is Python 2: in Python 3 print is a function and needs brackets.",
        "Write print(...).",
        ("if 1:\n    print('a %d' % 3)\nelse:\n    print\n"),
        id="print in a block",
    ),
    pytest.param(
        "exec 'x = 1'\n",
        (1, 0),
        "This is Python 2: in Python 3 exec is a function and needs brackets.",
        "Write exec(...).",
        "exec('x = 1')\n",
        id="exec",
    ),
    pytest.param(
        ("try:\n    x = 1\nexcept (ValueError, TypeError), e:\n    pass\n"),
        (3, 7),
        "This is Python 2: Python 3 names an exception with as.",
        "Write except ... as ...:.",
        ("try:\n    x = 1\nexcept (ValueError, TypeError) as e:\n    pass\n"),
        id="except",
    ),
    pytest.param(
        "raise ValueError, 'x'\n",
        (1, 16),
        "This is Python 2: in Python 3 an exception is called with its text.",
        "Write raise ...(...).",
        "raise ValueError('x')\n",
        id="raise",
    ),
    pytest.param(
        ("a = 1\nif a <> 2:\n    pass\n"),
        (2, 5),
        "This is Python 2: Python 3 writes != for unequal.",
        "Write != instead of <>.",
        ("a = 1\nif a != 2:\n    pass\n"),
        id="unequal",
    ),
    pytest.param(
        "x = `3`\n",
        (1, 4),
        "This is Python 2: Python 3 writes repr(...) instead of backticks.",
        "Write repr(...).",
        "x = repr(3)\n",
        id="backticks",
    ),
    pytest.param(
        "x = 0777\n",
        (1, 4),
        "A number may not begin with a zero; Python 3 writes octal numbers with 0o.",
        "Write 0o before it.",
        "x = 0o777\n",
        id="octal",
    ),
    pytest.param(
        ("x = 10L\ny = 3l\n"),
        (1, 5),
        "This is Python 2: in Python 3 whole numbers have no L at the end.",
        "Leave the L out, here and in 1 other line.",
        ("x = 10\ny = 3\n"),
        id="long",
    ),
    pytest.param(
        ("print 'a'\nx = (\n"),
        (1, 0),
        "This is Python 2: in Python 3 print is a function and needs brackets.",
        "Write print(...).",
        ("print('a')\nx = (\n"),
        id="print and another slip",
    ),
]


@pytest.mark.parametrize(("text", "place", "message", "remedy", "new"), CASES)
def test_a_real_slip_is_explained(explained_syntax, text, place, message, remedy, new):
    finding, mended = explained_syntax(text)
    assert finding.message == message
    assert (finding.location.line, finding.location.column) == place
    assert [each.summary for each in finding.remedies] == ([] if remedy is None else [remedy])
    assert mended == new
