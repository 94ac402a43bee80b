import ast
import json
from pathlib import Path

from unstuck.doctor.findings import Location
from unstuck.doctor.places import file_name, line_name, line_of, lines_of_text, location_of, span_of
from unstuck.doctor.scripts.sites import Span
from unstuck.doctor.scripts.source import read_source, source_of


def notebook(tmp_path):
    cells = [{"cell_type": "code", "source": text} for text in ("import numpy as np\nx = 1", "y = (x\n     + 2)")]
    path = tmp_path / "net.ipynb"
    path.write_text(json.dumps({"cells": cells}))
    return read_source(path)


def test_a_line_of_a_script_keeps_its_number():
    source = source_of("x = 1\ny = x + 2\n", Path("folder/net.py"))
    assert location_of(source, ast.parse(source.text).body[1]) == Location("net.py", 2, 0, 2, 9)
    assert line_name(source, 2) == "line 2"


def test_a_text_has_no_file():
    assert file_name(source_of("x = 1")) == "<script>"


def test_a_line_of_a_notebook_belongs_to_its_cell(tmp_path):
    source = notebook(tmp_path)
    place = location_of(source, ast.parse(source.text).body[2])
    assert place == Location("net.ipynb", 1, 0, 2, 9, cell=2)
    assert (line_of(source, 4), line_name(source, 4)) == (2, "line 2 of cell 2")
    assert lines_of_text(source, place) == (3, 4)


def test_columns_are_bytes_as_in_the_syntax_tree():
    source = source_of("误差 = 学习率 * 2\n")
    assert location_of(source, ast.parse(source.text).body[0].value).column == len("误差 = ".encode())


def test_spans_aliases_and_arguments_have_places():
    tree = ast.parse("import numpy as np\ndef f(a, b=1): pass\nf(a=2)")
    assert span_of(tree.body[0].names[0]) == Span(1, 7, 1, 18)
    assert span_of(tree.body[1].args.args[1]) == Span(2, 9, 2, 10)
    assert span_of(tree.body[2].value.keywords[0]) == Span(3, 2, 3, 5)
    assert span_of(Span(1, 2, 3, 4)) == Span(1, 2, 3, 4)


def test_a_node_without_an_end_ends_where_it_begins():
    assert span_of(ast.Name("x", lineno=3, col_offset=4)) == Span(3, 4, 3, 4)


def test_a_line_past_the_end_is_the_last_one():
    assert line_of(source_of("x = 1\ny = 2"), 9) == 2
    assert line_of(source_of(""), 1) == 1


def test_a_location_elsewhere_has_no_lines():
    assert lines_of_text(source_of("x = 1"), Location("a.py", 7)) is None
    assert lines_of_text(source_of("x = 1"), Location("a.py", 1)) == (1, 1)
