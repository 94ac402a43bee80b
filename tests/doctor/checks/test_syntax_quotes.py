import pytest

CASES = [
    pytest.param(
        "print('abc)\n",
        (1, 6),
        "The text that begins here with ' has no closing ' on its line.",
        "Add the closing '.",
        "print('abc')\n",
        id="in a call",
    ),
    pytest.param(
        "x = 'abc\n",
        (1, 4),
        "The text that begins here with ' has no closing ' on its line.",
        "Add the closing '.",
        "x = 'abc'\n",
        id="at the end",
    ),
    pytest.param(
        "x = f'abc\n",
        (1, 4),
        "The text that begins here with ' has no closing ' on its line.",
        "Add the closing '.",
        "x = f'abc'\n",
        id="with a prefix",
    ),
    pytest.param(
        "print('it's')\n",
        (1, 11),
        "The text ends at its second ', which was meant as an apostrophe.",
        'Write the text between " and ".',
        'print("it\'s")\n',
        id="apostrophe",
    ),
    pytest.param(
        ("x = '''abc\ny = 1\n"),
        (1, 4),
        ("The text that begins here with three quotes never ends, so all that follows is taken for a part of it."),
        "Put the three closing quotes where the text ends.",
        None,
        id="three quotes",
    ),
    pytest.param(
        ("def f(x):\n    '''doc\n    return x\n"),
        (2, 4),
        ("The text that begins here with three quotes never ends, so all that follows is taken for a part of it."),
        "Put the three closing quotes where the text ends.",
        None,
        id="docstring",
    ),
    pytest.param(
        ("print(“a”)\nx = 1\ny = “b”\nz = (\n"),
        (1, 6),
        "The character “ (U+201C) is none that Python knows; it comes from a text program or a web page.",
        "Write the plain character here and in 1 other line.",
        ('print("a")\nx = 1\ny = "b"\nz = (\n'),
        id="curly",
    ),
    pytest.param(
        ("x = 1\ny = (\n"),
        (1, 3),
        ("An invisible character (U+00A0) is none that Python knows; it comes from a text program or a web page."),
        "Write the plain character.",
        ("x = 1\ny = (\n"),
        id="no-break space",
    ),
    pytest.param(
        ("x\u200b = 1\ny\u200b = 2\n"),
        (1, 1),
        ("An invisible character (U+200B) is none that Python knows; it comes from a text program or a web page."),
        "Write the plain character here and in 1 other line.",
        ("x = 1\ny = 2\n"),
        id="zero-width",
    ),
    pytest.param(
        "x = 3 × 2\n",
        (1, 6),
        "The character × (U+00D7) is none that Python knows; it comes from a text program or a web page.",
        "Write the plain character.",
        "x = 3 * 2\n",
        id="times",
    ),
    pytest.param(
        "x = 3 § 2\n",
        (1, 6),
        "The character § (U+00A7) is none that Python knows; it comes from a text program or a web page.",
        "Take it out, or write what it stands for.",
        None,
        id="unknown sign",
    ),
]


@pytest.mark.parametrize(("text", "place", "message", "remedy", "new"), CASES)
def test_a_real_slip_is_explained(explained_syntax, text, place, message, remedy, new):
    finding, mended = explained_syntax(text)
    assert finding.message == message
    assert (finding.location.line, finding.location.column) == place
    assert [each.summary for each in finding.remedies] == ([] if remedy is None else [remedy])
    assert mended == new
