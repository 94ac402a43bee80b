import ast
import json

import pytest

from unstuck.doctor.scripts.punctuation import to_ascii_punctuation
from unstuck.doctor.scripts.source import Place, read_source, source_of
from unstuck.errors import FileError


def lines_of(text):
    return source_of(text).text.splitlines()


def test_plain_python_is_left_alone():
    text = "x = 1\nif x:\n    y = '％，（'  # a，b\n"
    source = source_of(text)
    assert source.text == text
    assert source.places == (Place(1), Place(2), Place(3))


def test_every_line_keeps_its_number():
    text = "\ufeffimport numpy as np\n%matplotlib inline\n\nfor i in range(2):\n    !ls\n    print(i)\n"
    source = source_of(text)
    assert source.text.splitlines() == [
        "import numpy as np",
        "pass",
        "",
        "for i in range(2):",
        "    pass",
        "    print(i)",
    ]
    assert source.original[1] == "%matplotlib inline"
    assert len(source.places) == len(source.original) == 6


@pytest.mark.parametrize("question", ["np.dot?", "np.dot??", "?np", "%timeit f(x)", "!pip install numpy", "%%time"])
def test_what_only_a_notebook_understands_is_skipped(question):
    assert lines_of(f"x = 1\n{question}\n") == ["x = 1", "pass"]


def test_a_modulo_continuation_line_is_no_magic():
    assert lines_of("x = (7\n     %y)\n") == ["x = (7", "     %y)"]


def test_interpreter_prompts_go_and_output_becomes_a_comment():
    assert lines_of(">>> for i in range(2):\n...     print(i)\n...\n0\n1\n>>> x = 1\n") == [
        "for i in range(2):",
        "    print(i)",
        "",
        "# 0",
        "# 1",
        "x = 1",
    ]


def test_ipython_prompts_go():
    assert lines_of("In [1]: x = 1\n   ...: y = 2\nOut[1]: 3\nIn [12]: z = 4\n") == [
        "x = 1",
        "y = 2",
        "# Out[1]: 3",
        "z = 4",
    ]


def test_prompts_inside_a_docstring_stay():
    text = 'def f():\n    """Doc.\n\n    >>> f()\n    """\n'
    assert source_of(text).text == text


def test_full_width_punctuation_outside_of_strings_is_read_as_ascii():
    assert lines_of("x＝1\nprint（“a，b”，x）# 注释（）\n") == ["x=1", 'print("a，b",x)# 注释（）']
    assert to_ascii_punctuation("'''（\n，'''，'\\'（'（") == "'''（\n，''','\\'（'("


def test_what_cannot_be_mended_stays_as_it_was():
    assert lines_of("for i in（\n") == ["for i in（"]


def notebook(*cells):
    return json.dumps({"cells": [{"cell_type": kind, "source": source} for kind, source in cells], "nbformat": 4})


def test_notebook_cells_are_joined_and_lines_found_again(tmp_path):
    path = tmp_path / "a.ipynb"
    path.write_text(
        notebook(
            ("markdown", "# title"),
            ("code", ["import numpy as np\n", "%matplotlib inline"]),
            ("code", "%%bash\nls\n"),
            ("code", "%%time\nw = 1\n"),
        )
    )
    source = read_source(path)
    ast.parse(source.text)
    assert source.text.splitlines() == ["import numpy as np", "pass", "# %%bash", "# ls", "pass", "w = 1"]
    assert source.places[-1] == Place(2, 3)
    assert source.original[1] == "%matplotlib inline"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_encodings(tmp_path, encoding):
    path = tmp_path / "a.py"
    path.write_bytes("学习率 = 1\n".encode(encoding))
    assert read_source(path).text == "学习率 = 1\n"


def test_a_declared_encoding_is_believed(tmp_path):
    path = tmp_path / "a.py"
    path.write_bytes("# -*- coding: latin-1 -*-\nx = 'é'\n".encode("latin-1"))
    assert read_source(path).text.splitlines()[1] == "x = 'é'"


def test_errors(tmp_path):
    with pytest.raises(FileError) as missing:
        read_source(tmp_path / "no.py")
    assert str(missing.value) == f"{tmp_path / 'no.py'} does not exist."
    path = tmp_path / "a.ipynb"
    path.write_text("{}")
    with pytest.raises(FileError) as notebook_error:
        read_source(path)
    assert str(notebook_error.value) == f"{path} is no readable notebook: expected JSON with a list of cells."
    binary = tmp_path / "a.bin"
    binary.write_bytes(b"\x00\x01\xff\x00\x02")
    with pytest.raises(FileError) as text_error:
        read_source(binary)
    assert str(text_error.value) == f"{binary} is not text, so it cannot be a script."
