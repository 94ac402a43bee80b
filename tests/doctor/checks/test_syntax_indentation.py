import pytest

CASES = [
    pytest.param(
        ("def f(x):\ny = x\nreturn y\nz = f(3)\n"),
        (2, 0),
        (
            "The indentation is lost: no line of the script is indented, though it has 1 line that ends with "
            "a colon and so needs indented lines below."
        ),
        "Indent what belongs to each of these lines by four spaces: 1.",
        ("def f(x):\n    y = x\n    return y\nz = f(3)\n"),
        id="one function",
    ),
    pytest.param(
        ("import numpy as np\ndef f(x):\nreturn x\nfor i in range(3):\nprint(i)\nprint(f(i))\n"),
        (3, 0),
        (
            "The indentation is lost: no line of the script is indented, though it has 2 lines that end with "
            "a colon and so needs indented lines below."
        ),
        "Indent what belongs to each of these lines by four spaces: 2, 4.",
        None,
        id="a whole flat script",
    ),
    pytest.param(
        ("class A:\ndef f(self):\nreturn 1\n"),
        (2, 0),
        (
            "The indentation is lost: no line of the script is indented, though it has 2 lines that end with "
            "a colon and so needs indented lines below."
        ),
        "Indent what belongs to each of these lines by four spaces: 1, 2.",
        None,
        id="flat with a class",
    ),
    pytest.param(
        ("for i in range(3):\nprint(i)\n"),
        (2, 0),
        (
            "The indentation is lost: no line of the script is indented, though it has 1 line that ends with "
            "a colon and so needs indented lines below."
        ),
        "Indent what belongs to each of these lines by four spaces: 1.",
        ("for i in range(3):\n    print(i)\n"),
        id="the last line",
    ),
    pytest.param(
        ("def f(x):\nreturn [x,\n        x]\n"),
        (2, 0),
        (
            "The indentation is lost: no line of the script is indented, though it has 1 line that ends with "
            "a colon and so needs indented lines below."
        ),
        "Indent what belongs to each of these lines by four spaces: 1.",
        ("def f(x):\n    return [x,\n        x]\n"),
        id="brackets are no indentation",
    ),
    pytest.param(
        ("def f(x):\n    return x\nfor i in range(3):\nprint(i)\nprint(3)\n"),
        (4, 0),
        "The lines after the for statement are not indented: the indentation is lost.",
        "Indent what belongs to it by four spaces.",
        None,
        id="one block of several",
    ),
    pytest.param(
        ("x = 1\nif x:\n"),
        (2, 5),
        "Nothing follows the if statement, which needs at least one indented line.",
        "Write pass as its body.",
        ("x = 1\nif x: pass\n"),
        id="a block without lines",
    ),
    pytest.param(
        ("x = 1\nif x:\n    # nothing\n"),
        (3, 13),
        "Nothing follows the if statement, which needs at least one indented line.",
        "Write pass as its body.",
        ("x = 1\nif x: pass\n    # nothing\n"),
        id="a block with a comment only",
    ),
    pytest.param(
        ("x = 1\n  y = 2\n"),
        (2, 0),
        ("The line is indented by 2 columns, though nothing above it begins a block; the line before has 0."),
        "Indent it by 0 columns, like the line before.",
        ("x = 1\ny = 2\n"),
        id="too far",
    ),
    pytest.param(
        ("x = 1\n    y = 2\n    z = 3\nw = 4\n"),
        (2, 0),
        ("The line is indented by 4 columns, though nothing above it begins a block; the line before has 0."),
        "Indent it by 0 columns, like the line before.",
        ("x = 1\ny = 2\nz = 3\nw = 4\n"),
        id="too far for some lines",
    ),
    pytest.param(
        ("    import numpy as np\nx = 1\n"),
        (1, 0),
        "The line is indented by 4 columns, though nothing above it begins a block.",
        "Take the indentation away.",
        ("import numpy as np\nx = 1\n"),
        id="the first line",
    ),
    pytest.param(
        ("if 1:\n    y = 1\n  z = 2\n"),
        (3, 0),
        ("The line is indented by 2 columns, which is none of the indentations of the blocks above: 0 or 4."),
        "Indent it by 0 or 4 columns.",
        None,
        id="between two blocks",
    ),
    pytest.param(
        ("for i in range(3):\n    if i:\n        y = 1\n      else:\n        y = 2\n"),
        (4, 0),
        ("The line is indented by 6 columns, which is none of the indentations of the blocks above: 0 or 4 or 8."),
        "Indent it by 0 or 4 or 8 columns.",
        None,
        id="between three blocks",
    ),
    pytest.param(
        ("if 1:\n\ty = 1\n        z = 2\n"),
        (3, 0),
        ("Tabs and spaces are mixed in the indentation, so that Python cannot tell what belongs to which block."),
        "Indent with spaces only, four for each block.",
        ("if 1:\n        y = 1\n        z = 2\n"),
        id="tabs and spaces",
    ),
    pytest.param(
        ("if 1:\n        if 2:\n            y = 1\n\tz = 2\n"),
        (4, 0),
        ("Tabs and spaces are mixed in the indentation, so that Python cannot tell what belongs to which block."),
        "Indent with spaces only, four for each block.",
        ("if 1:\n        if 2:\n            y = 1\n        z = 2\n"),
        id="tabs as wide as eight spaces",
    ),
    pytest.param(
        ("x = 1\nreturn x\n"),
        (2, 0),
        "return stands outside of a function: its line has lost the indentation that puts it inside.",
        "Indent it as far as the function it belongs to.",
        None,
        id="return",
    ),
    pytest.param(
        ("x = 1\nbreak\n"),
        (2, 0),
        "break stands outside of a loop: its line has lost the indentation that puts it inside.",
        "Indent it as far as the loop it belongs to.",
        None,
        id="break",
    ),
]


@pytest.mark.parametrize(("text", "place", "message", "remedy", "new"), CASES)
def test_a_real_slip_is_explained(explained_syntax, text, place, message, remedy, new):
    finding, mended = explained_syntax(text)
    assert finding.message == message
    assert (finding.location.line, finding.location.column) == place
    assert [each.summary for each in finding.remedies] == ([] if remedy is None else [remedy])
    assert mended == new
