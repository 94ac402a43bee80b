import pytest

from unstuck.data.csv_records import read_records
from unstuck.errors import DataError, FileError


def read(path):
    records = read_records(path)
    return records.names, list(records.rows)


@pytest.mark.parametrize(
    ("content", "names", "first_line"),
    [
        ("a,b,y\n1,2,3\n", ("a", "b", "y"), 2),
        ("1,2,3\n4,5,6\n", (), 1),
        ("a,b,y\n", ("a", "b", "y"), None),
        ("0,1,target\n1,2,3\n", ("0", "1", "target"), 2),
        ("5.1,3.5,setosa\n4.9,3.0,setosa\n", (), 1),
        (",a,y\n0,1,2\n", ("", "a", "y"), 2),
        (",2,3\n1,2,3\n", (), 1),
        ("NA,2,3\n1,2,3\n", (), 1),
        ("a,y\nred,blue\n", ("a", "y"), 2),
        ("1,2\n", (), 1),
    ],
)
def test_what_is_a_header(write, content, names, first_line):
    found, rows = read(write("d.csv", content))
    assert found == names
    assert [line for line, _ in rows][:1] == ([] if first_line is None else [first_line])


@pytest.mark.parametrize(
    ("first", "known_names", "names"),
    [
        ("0, 1,2", ("1", "0"), ("0", "1", "2")),
        ("0,1,2", ("0", "3"), ()),
        ("0,1,2", (), ()),
        ("a,b,c", ("u",), ("a", "b", "c")),
    ],
)
def test_a_first_row_with_all_known_names_is_a_header(write, first, known_names, names):
    records = read_records(write("d.csv", f"{first}\n3,4,5\n"), known_names)
    assert records.names == names
    assert [line for line, _ in records.rows] == ([2] if names else [1, 2])


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_delimiters(write, delimiter):
    path = write("d.csv", "a,b,y\n1,2,3\n".replace(",", delimiter))
    assert read(path) == (("a", "b", "y"), [(2, ["1", "2", "3"])])
    assert read_records(path).n_columns == 3


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_line_ends(write, newline):
    assert read(write("d.csv", newline.join(["a,y", "1,2", "3,4"]))) == (("a", "y"), [(2, ["1", "2"]), (3, ["3", "4"])])


def test_a_byte_order_mark_is_no_part_of_a_name(write):
    assert read(write("d.csv", b"\xef\xbb\xbfa,y\n1,2\n")) == (("a", "y"), [(2, ["1", "2"])])


def test_blank_lines_are_skipped_and_counted(write):
    assert read(write("d.csv", "\n\na,y\n\n1,2\n  \n3,4\n\n")) == (("a", "y"), [(5, ["1", "2"]), (7, ["3", "4"])])


def test_quotes(write):
    path = write("d.csv", '"a, or b" , "say ""hi"""\n"1", 2\n"3\n",4\n5,6\n'.replace('" ,', '",'))
    assert read(path) == (("a, or b", 'say "hi"'), [(2, ["1", "2"]), (3, ["3\n", "4"]), (5, ["5", "6"])])


def test_other_languages(write):
    assert read(write("d.csv", "größe,κλάση\n1,α\n"))[0] == ("größe", "κλάση")


@pytest.mark.parametrize("content", ["", "\n\n", b"\xef\xbb\xbf"])
def test_an_empty_file(write, content, error_of):
    assert error_of(DataError, read_records, write("d.csv", content)) == "d.csv is empty."


def test_a_missing_file(tmp_path, error_of):
    path = tmp_path / "d.csv"
    assert error_of(FileError, read_records, path) == f"{path} does not exist."
    assert error_of(FileError, read_records, tmp_path) == f"{tmp_path} is a folder, expected a file."


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("a,y\n1,2\n3\n", "d.csv, line 3 has 1 field, expected 2 as in line 1."),
        ("\n1,2\n3,4\n5,6,7\n", "d.csv, line 4 has 3 fields, expected 2 as in line 2."),
        ("a,b,y\n1,2\n", "d.csv, line 2 has 2 fields, expected 3 as in line 1."),
    ],
)
def test_ragged_rows(write, content, text, error_of):
    assert error_of(DataError, read, write("d.csv", content)) == text


@pytest.mark.parametrize(
    ("content", "place"),
    [
        ("a,größe\n1,2\n".encode("latin-1"), "byte 0xf6 in line 1"),
        (b"a,y\n1,2\n3,\xff\n", "byte 0xff in line 3"),
        ("a,y\n".encode("utf-16"), "byte 0xff in line 1"),
        (b"\xef\xbb\xbfa,y\n1,\xe9\n", "byte 0xe9 in line 2"),
    ],
)
def test_other_encodings(write, content, place, error_of):
    assert error_of(FileError, read_records, write("d.csv", content)) == (
        f"d.csv is not UTF-8 text: {place}. Save it as UTF-8 (in a spreadsheet program: 'CSV UTF-8')."
    )


@pytest.mark.parametrize(
    ("content", "line", "reason"),
    [('a,y\n1,2\n3,"4\n', 3, "unexpected end of data"), ('a,y\n1,"2"3\n', 2, "',' expected after '\"'")],
)
def test_broken_quotes(write, content, line, reason, error_of):
    assert error_of(FileError, read, write("d.csv", content)) == (
        f"d.csv, line {line}: broken CSV ({reason}). Check the quotes."
    )
