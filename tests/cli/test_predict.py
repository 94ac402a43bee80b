"""``unstuck predict``."""

from pathlib import Path

import numpy as np
import pytest

import unstuck as us


@pytest.fixture
def xor(unstuck):
    assert unstuck("train xor --run model").status == 0
    return "model"


def test_a_line_for_each_row(unstuck, xor):
    assert unstuck(f"predict {xor} xor") == (0, "prediction\n0\n1\n1\n0\n", "")


def test_outputs_too(unstuck, xor):
    _, out, _ = unstuck(f"predict {xor} xor --outputs")
    lines = out.splitlines()
    assert lines[0] == "prediction,output 0"
    assert lines[2] == "1,0.99906968"


def test_as_json(unstuck, xor):
    outcome = unstuck(f"predict {xor} xor --json --outputs")
    document = outcome.json
    outputs = document.pop("outputs")
    assert document == {"schema": 1, "model": "model", "data": "xor", "predictions": ["0", "1", "1", "0"]}
    assert outputs == us.load_model(xor).outputs(us.load_data("xor").inputs).tolist()
    assert outcome.err == ""


def test_names_of_classes(unstuck, table):
    assert unstuck(f"train {table('multiclass')} --run t").status == 0
    lines = unstuck("predict t table.csv --outputs").out.splitlines()
    assert lines[0] == "prediction,output high,output low,output middle"
    assert {line.split(",")[0] for line in lines[1:]} == {"high", "low", "middle"}


def test_regression_and_rows_without_targets(unstuck, table):
    assert unstuck(f"train {table('regression')} --run t").status == 0
    Path("new.csv").write_text("b,note,a\n0.5,x,1\n-0.5,y,-1\n", encoding="utf-8")
    lines = unstuck("predict t new.csv").out.splitlines()
    assert lines[0] == "prediction"
    assert [float(line) for line in lines[1:]] == pytest.approx([1075, 925], abs=20)


def test_several_labels(unstuck):
    x = np.random.default_rng(0).normal(size=(40, 2))
    np.savez("data.npz", X=x, y=x > 0)
    assert unstuck("train data.npz --run t").status == 0
    lines = unstuck("predict t data.npz --outputs").out.splitlines()
    assert lines[0] == "prediction 0,prediction 1,output 0,output 1"
    assert set(lines[1].split(",")[:2]) <= {"0", "1"}
    assert len(lines) == 41


def test_of_a_task_with_a_test_set_the_test_rows_are_predicted(unstuck, xor):
    data = us.load_data("moons", seed=4)
    found = unstuck(f"predict {xor} moons --seed 4 --json").json["predictions"]
    assert found == us.load_model(xor).predict(data.test_inputs).tolist()


def test_into_a_file(unstuck, xor):
    assert unstuck(f"predict {xor} xor --output answers.csv") == (0, "", "saved answers.csv\n")
    assert Path("answers.csv").read_text() == "prediction\n0\n1\n1\n0\n"
    Path("answers.csv").write_text("mine", encoding="utf-8")
    assert unstuck(f"predict {xor} xor --output answers.csv") == (
        2,
        "",
        "Error: answers.csv already exists. Choose another name, or use --force to replace it.\n",
    )
    assert Path("answers.csv").read_text() == "mine"
    assert unstuck(f"predict {xor} xor --output answers.csv --force").status == 0
    assert Path("answers.csv").read_text() == "prediction\n0\n1\n1\n0\n"


def test_a_file_that_is_in_the_way_is_found_before_anything_is_read(unstuck):
    Path("there").touch()
    assert unstuck("predict nothing xor --output there").err.startswith("Error: there already exists.")


def test_json_and_a_file(unstuck, xor):
    outcome = unstuck(f"predict {xor} xor --output answers.csv --json")
    assert outcome.json["predictions"] == ["0", "1", "1", "0"]
    assert outcome.err == "saved answers.csv\n"
    assert Path("answers.csv").exists()


def test_outputs_that_are_not_finite_are_null(unstuck):
    network = us.Network([us.Dense(1, 1, bias=False)], dtype="float32")
    network.parameters[:] = 1e38
    us.save_model(us.Model(network, "regression"), "m.safetensors")
    Path("rows.csv").write_text("1\n100\n", encoding="utf-8")
    outcome = unstuck("predict m.safetensors rows.csv --json")
    assert outcome.json["predictions"][1] == [None]
    assert outcome.err == ""


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("nothing xor", "nothing does not exist."),
        ("model parity:3", "parity:3 has 3 inputs a row, but the model takes 2.\n  Give it data like those it was trained on."),
        ("model missing.csv", "missing.csv does not exist."),
        ("model rows.csv --data-folder .", "--data-folder is for tasks that read files (mnist). rows.csv is a file itself. Leave it out."),
        ("model xor --data-folder .", "--data-folder is for tasks that read files (mnist). 'xor' reads none. Leave it out."),
        ("model xor --output .", ". is a folder, expected the name of a file to write."),
    ],
)  # fmt: skip
def test_errors(unstuck, xor, line, message):
    assert xor == "model"
    assert unstuck(f"predict {line}") == (2, "", f"Error: {message}\n")
