"""``unstuck evaluate``."""

from pathlib import Path

import pytest

import unstuck as us
from unstuck.cli import evaluate as evaluate_module


@pytest.fixture
def xor(unstuck):
    assert unstuck("train xor --run model").status == 0
    return "model"


def test_as_text(unstuck, xor):
    assert unstuck(f"evaluate {xor} xor") == (
        0,
        (
            "xor: 4 rows\n"
            "                         data\n"
            "loss                0.0008239\n"
            "accuracy                    1\n"
            "balanced accuracy           1\n"
            "f1                          1\n"
            "log loss            0.0008239\n"
        ),
        "",
    )


def test_as_json(unstuck, xor):
    status, _, err = outcome = unstuck(f"evaluate {xor}/model.safetensors xor --json")
    assert (status, err) == (0, "")
    document = outcome.json
    assert document.pop("scores") == {"data": us.load_model(xor).evaluate(*xor_data())}
    assert document == {"schema": 1, "model": "model/model.safetensors", "data": "xor", "rows": 4}


def xor_data():
    data = us.load_data("xor")
    return data.inputs, data.targets


def test_a_task_with_a_test_set(unstuck, xor):
    scores = unstuck(f"evaluate {xor} moons --json --seed 3").json["scores"]
    data = us.load_data("moons", seed=3)
    model = us.load_model(xor)
    assert scores["data"] == model.evaluate(data.inputs, data.targets)
    assert scores["test"] == model.evaluate(data.test_inputs, data.test_targets)


def test_the_rows_that_a_training_held_back(unstuck, table):
    trained = unstuck(
        f"train {table('multiclass')} --test 0.3 --seed 2 --validation none --epochs 5 --run t --json"
    ).json
    found = unstuck("evaluate t table.csv --test 0.3 --seed 2 --json").json
    assert found["scores"]["test"] == pytest.approx(trained["scores"]["test"])
    assert found["scores"]["data"] == pytest.approx(trained["scores"]["train"])
    assert found["rows"] == 42


def test_class_names_are_matched(unstuck, table):
    assert unstuck(f"train {table('binary')} --run t").status == 0
    lines = Path("table.csv").read_text(encoding="utf-8").splitlines()
    few = [line for line in lines if not line.endswith(",no")]
    Path("yes.csv").write_text("\n".join([*few, "0,-5,no"]), encoding="utf-8")
    assert unstuck("evaluate t yes.csv --json").json["scores"]["data"]["accuracy"] > 0.9


def test_another_target(unstuck, table):
    assert unstuck(f"train {table('regression')} --target a --run t").status == 0
    assert unstuck("evaluate t table.csv --target a --json").json["scores"]["data"]["r2"] > 0.9
    assert unstuck("evaluate t table.csv --json").json["scores"]["data"]["r2"] < 0


def test_a_loss_that_is_not_finite_is_not_healthy(unstuck, xor, monkeypatch):
    class Broken:
        kind = "binary"
        network = us.load_model(xor).network

        def evaluate(self, *_):
            return {"loss": float("nan")}

    monkeypatch.setattr(evaluate_module, "load_model", lambda _: Broken())
    outcome = unstuck(f"evaluate {xor} xor --json")
    assert (outcome.status, outcome.json["scores"]) == (1, {"data": {"loss": None}})


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("nothing xor", "nothing does not exist."),
        ("model/run.json xor", "model/run.json is no readable safetensors file: it is truncated, damaged or something else."),
        (". xor", ". is no run folder: it holds no model.safetensors."),
        ("model parity", "parity has 4 inputs a row, but the model takes 2.\n  Give it data like those it was trained on."),
        ("model xro", ("'xro' is neither a built-in task nor a file. Did you mean 'xor'?\n"
         "  Tasks: and, circles, digits, mnist, moons, or, parity, spirals, xor\n  Files: a .csv or .npz file")),
        ("model xor --target y", "--target is for files. The task 'xor' has targets of its own. Leave it out."),
        ("model xor --seed -1", "--seed must be a whole number from 0 to 2**63 - 1. Got -1 instead."),
    ],
)  # fmt: skip
def test_errors(unstuck, xor, line, message):
    assert xor == "model"
    assert unstuck(f"evaluate {line}") == (2, "", f"Error: {message}\n")


def test_targets_that_are_no_classes_of_the_model(unstuck, xor, table):
    assert unstuck(f"evaluate {xor} {table('multiclass')}") == (
        2,
        "",
        (
            "Error: table.csv: target column 'target' has 3 classes (high, low, middle), expected two.\n"
            "  The model was trained on binary targets.\n"
        ),
    )
