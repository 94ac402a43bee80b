"""``unstuck train``, from outside: what comes out for which options."""

import json
import re
from pathlib import Path

import numpy as np
import pytest

import unstuck as us
from unstuck.cli.train import train
from unstuck.data.tasks import TASKS


def test_xor_without_options(unstuck, runs):
    status, out, err = unstuck("train xor")
    (folder,) = runs()
    assert (status, err) == (0, "")
    assert re.fullmatch(r"runs/xor-\d{4}-\d\d-\d\d-1", folder)
    assert re.sub(r", [\d.e-]+ s:", ", TIME s:", out) == (
        "xor: 4 rows, binary\n"
        "layer  what                  output      parameters                   count\n"
        "    1  Dense 2 -> 8 tanh     (batch, 8)  weights (2, 8)  biases (8,)     24\n"
        "    2  Dense 8 -> 1 sigmoid  (batch, 1)  weights (8, 1)  biases (1,)      9\n"
        "input (batch, 2)   loss bce   33 parameters   float64   264 bytes\n"
        "irprop-, all rows a step, up to 5,000 epochs, to a loss of 0.0009, seed 0\n"
        "\n"
        "outputs at the end\n"
        "  [0 0] -> [1.67689e-05]  rounded [0]  target [0]  cost 1.67691e-05\n"
        "  [0 1] -> [0.99907]  rounded [1]  target [1]  cost 0.000930753\n"
        "  [1 0] -> [0.998818]  rounded [1]  target [1]  cost 0.00118314\n"
        "  [1 1] -> [0.00116427]  rounded [0]  target [0]  cost 0.00116494\n"
        "stopped after 27 epochs, TIME s: the loss has reached 0.0009\n"
        "                        train\n"
        "loss                0.0008239\n"
        "accuracy                    1\n"
        "balanced accuracy           1\n"
        "f1                          1\n"
        "log loss            0.0008239\n"
        f"saved {folder}\n"
    )


def test_json_is_one_document_on_stdout(unstuck):
    outcome = unstuck("train xor --json --run here")
    document = outcome.json
    assert outcome.status == 0
    assert 0 < document.pop("seconds") < 60
    scores = document.pop("scores")
    assert document == {
        "schema": 1,
        "data": "xor",
        "network": "2-8-1 tanh, sigmoid",
        "parameters": 33,
        "optimizer": "irprop-",
        "epochs": 27,
        "stopped": "target-loss",
        "healthy": True,
        "loss": {"train": pytest.approx(0.0008239, rel=1e-3), "validation": None},
        "accuracy": {"train": 1.0, "validation": None, "test": None},
        "run": "here",
        "findings": [],
    }
    assert sorted(scores["train"]) == ["accuracy", "balanced_accuracy", "f1", "log_loss", "loss"]
    assert outcome.err.startswith("xor: 4 rows, binary\n")
    assert outcome.err.endswith("saved here\n")


def test_a_run_folder_holds_all_that_is_needed_to_repeat_it(unstuck):
    document = unstuck("train xor --optimizer gd --epochs 3 --seed 5 --json --run here").json
    about = json.loads(Path("here/run.json").read_text())
    assert sorted(path.name for path in Path("here").iterdir()) == ["history.json", "model.safetensors", "run.json"]
    assert about["result"] == document
    assert about["seed"] == about["settings"]["seed"] == 5
    chosen = {"optimizer": "gd", "learning_rate": 5.0, "batch_size": 32, "loss": "bce", "output_activation": "sigmoid"}
    assert chosen.items() <= about["settings"].items()
    assert {"data": "xor", "epochs": 3, "hidden": [8], "engine": "auto", "monitor": None}.items() <= about[
        "settings"
    ].items()
    assert about["versions"] == {
        "unstuck": us.__version__,
        "numpy": np.__version__,
        "python": about["versions"]["python"],
    }
    assert about["threads"] == 1
    assert about["processors"] >= 1
    history = json.loads(Path("here/history.json").read_text())
    assert history["stopped"] == "all epochs are done"
    assert [row["epoch"] for row in history["epochs"]] == [1, 2, 3]


def test_the_saved_model_is_the_trained_one(unstuck):
    document = unstuck("train moons --epochs 20 --json --run here").json
    data = us.load_data("moons")
    scores = us.load_model("here").evaluate(data.test_inputs, data.test_targets)
    assert scores["loss"] == pytest.approx(document["scores"]["test"]["loss"])


def test_the_same_seed_gives_the_same_run_and_another_seed_another(unstuck):
    def loss(seed):
        return unstuck(f"train moons --epochs 5 --optimizer adam --json --seed {seed}").json["loss"]["train"]

    assert loss(3) == loss(3) != loss(4)


def test_every_task_trains(unstuck, monkeypatch):
    monkeypatch.setitem(TASKS, "mnist", TASKS["digits"])
    for task in [*TASKS, "parity:3"]:
        outcome = unstuck(f"train {task} --epochs 2 --json")
        assert outcome.status == 0, task
        assert outcome.json["epochs"] == 2


# ---------------------------------------------------------------------- options


def described(unstuck, line):
    """The line of the output that says how it is trained, and the JSON document."""
    outcome = unstuck(f"train {line} --json")
    assert outcome.status == 0, outcome.err
    training = next(row for row in outcome.err.splitlines() if ", seed " in row)
    return training, outcome.json


@pytest.mark.parametrize(
    ("line", "network"),
    [
        ("xor --hidden 5,3", "2-5-3-1 tanh, tanh, sigmoid"),
        ("xor --hidden none", "2-1 sigmoid"),
        ("xor --activation relu --output-activation tanh --loss mse", "2-8-1 relu, tanh"),
        ("xor --loss mse", "2-8-1 tanh, sigmoid"),
        ("xor --loss ce", "2-8-2 tanh, softmax"),
        ("xor --output-activation softmax", "2-8-2 tanh, softmax"),
        ("digits --loss mse", "64-64-10 relu, sigmoid"),
        ("digits --dropout 0.2", "64-64-10 relu, softmax"),
        ("xor --init orthogonal", "2-8-1 tanh, sigmoid"),
    ],
)
def test_networks(unstuck, line, network):
    assert described(unstuck, f"{line} --epochs 2")[1]["network"] == network


@pytest.mark.parametrize(
    ("line", "training"),
    [
        ("xor --optimizer gd", "gd (learning rate 5), all rows a step, up to 2 epochs, to a loss of 0.0009, seed 0"),
        (
            "xor --optimizer gd --learning-rate 0.1 --batch-size 1 --seed 7",
            "gd (learning rate 0.1), 1 row a step, up to 2 epochs, to a loss of 0.0009, seed 7",
        ),
        ("moons --optimizer lbfgs", "lbfgs, all rows a step, up to 2 epochs, seed 0"),
        (
            "digits --optimizer rmsprop --batch-size 100 --validation 0.25 --patience 3 --monitor f1",
            "rmsprop (learning rate 0.01), 100 rows a step, up to 2 epochs, 25% of the rows for validation, patience 3, best by f1, seed 0",
        ),
        ("digits --optimizer irprop-", "irprop-, all rows a step, up to 2 epochs, seed 0"),
        ("digits --batch-size full", "adam (learning rate 0.001), all rows a step, up to 2 epochs, seed 0"),
        (
            "digits --schedule cosine",
            "adam (learning rate 0.001), cosine schedule, 32 rows a step, up to 2 epochs, seed 0",
        ),
        ("moons --no-stop", "irprop-, all rows a step, up to 2 epochs, seed 0"),
    ],
)
def test_trainings(unstuck, line, training):
    assert described(unstuck, f"{line} --epochs 2")[0] == training


@pytest.mark.parametrize("option", ["--batch-size 1", "--learning-rate 0.05", "--schedule cosine", "--dropout 0.1"])
def test_adam_takes_over_where_the_usual_optimizer_does_not_go_with_an_option(unstuck, option):
    training, document = described(unstuck, f"xor {option} --epochs 2")
    assert document["optimizer"] == "adam"
    assert training.startswith("adam (learning rate 0.05), ")


@pytest.mark.parametrize(
    "line", ["xor --optimizer lbfgs", "xor --optimizer lm --loss mse", "xor --optimizer lm", "parity:3 --optimizer lm"]
)
def test_minimizers(unstuck, line):
    document = described(unstuck, line)[1]
    assert document["accuracy"]["train"] == 1
    assert document["loss"]["train"] < 1e-3


def test_per_sample_training(unstuck):
    document = described(unstuck, "xor --batch-size 1 --optimizer gd --learning-rate 0.5")[1]
    assert document["accuracy"]["train"] == 1
    assert document["stopped"] == "target-loss"


def test_float32(unstuck):
    outcome = unstuck("train xor --dtype float32 --run here")
    assert "33 parameters   float32   132 bytes\n" in outcome.out
    assert outcome.status == 0
    assert us.load_model("here").network.dtype == "float32"


def test_no_stop_runs_every_epoch(unstuck):
    document = unstuck("train xor --no-stop --epochs 50 --json").json
    assert document["epochs"] == 50
    assert document["loss"]["train"] < 9e-4
    assert document["stopped"] == "epochs"


@pytest.mark.parametrize(
    ("options", "stopped"),
    [
        ("--target-loss 0.5", "target-loss"),
        ("--tolerance 0.4", "tolerance"),
        ("--time-limit 1e-9", "time"),
        ("--patience 1 --monitor accuracy --validation 0.5", "patience"),
        ("--epochs 1", "epochs"),
    ],
)
def test_endings(unstuck, options, stopped):
    assert unstuck(f"train circles --json {options}").json["stopped"] == stopped


def test_penalties_clipping_weights_and_scaling_change_the_result(unstuck):
    def loss(option):
        return unstuck(f"train moons --epochs 3 --optimizer adam --json {option}").json["loss"]["train"]

    options = ["--l1 0.1", "--l2 0.1", "--max-norm 0.1", "--clip-norm 1e-3", "--clip-value 1e-4", "--scaling none"]
    options += ["--scaling minmax", "--scaling pixels", "--init normal", "--dropout 0.5", ""]
    losses = [loss(option) for option in options]
    assert len(set(losses)) == len(losses)


def test_class_weight(unstuck):
    Path("uneven.csv").write_text("x,y\n" + "".join(f"{x},{x % 5 == 0}\n" for x in range(40)), encoding="utf-8")
    line = "train uneven.csv --epochs 30 --hidden none --validation none --json"
    even, balanced = unstuck(line), unstuck(f"{line} --class-weight balanced")
    assert even.json["accuracy"]["train"] == 0.8  # it says no to everything
    assert balanced.json["scores"]["train"]["balanced_accuracy"] >= 0.5 != even.json["accuracy"]["train"]
    assert balanced.json["loss"] != even.json["loss"]


def test_engines(unstuck):
    documents = [unstuck(f"train xor --json --engine {engine}").json for engine in ("auto", "reference")]
    assert documents[0]["loss"] == documents[1]["loss"]


def test_threads_change_no_result_of_a_small_network(unstuck):
    documents = [unstuck(f"train xor --json --threads {threads}").json for threads in (1, 3)]
    assert documents[0]["loss"] == documents[1]["loss"]
    assert "--threads" in unstuck("train xor --threads 0 --json").err


def test_the_monitor_says_what_is_wrong(unstuck):
    outcome = unstuck("train moons --optimizer gd --learning-rate 1e-6 --epochs 40 --run here")
    assert outcome.err.startswith("not learning: after ")
    found = re.search(
        r"which hardly move. This may help: Take the learning rate (\S+): learning_rate=\1\.\n", outcome.err
    )
    assert 1e-3 < float(found[1]) < 1
    assert outcome.err.count("not learning") == 1
    assert not unstuck("train moons --run there").err


def test_stop_when_stuck(unstuck):
    command = "train moons --optimizer gd --learning-rate 1e-6 --epochs 20000 --stop-when-stuck --json"
    assert unstuck(command).json["epochs"] < 20000
    refused = unstuck(command + " --no-monitor")
    assert (refused.status, refused.out) == (2, "")
    assert "--stop-when-stuck and --no-monitor exclude each other." in refused.err


def test_every_option_is_tried_here_or_explained():
    """Each option of the command stands in this folder's tests."""
    tests = "".join(path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("test_*.py"))
    missing = [
        option.opts[0]
        for option in train.params
        if option.opts[0].startswith("--") and f"{option.opts[0]} " not in tests
    ]
    assert missing == []


# ---------------------------------------------------------------------- tables


def test_text_classes(unstuck, table):
    outcome = unstuck(f"train {table('multiclass')} --json --run here")
    assert outcome.err.startswith("table: 60 rows, multiclass\n")
    assert outcome.json["network"] == "2-16-3 tanh, softmax"
    assert list(outcome.json["scores"]) == ["train", "validation"]
    assert us.load_model("here").class_names == ("high", "low", "middle")
    assert outcome.json["accuracy"]["validation"] > 0.7


def test_regression_is_scored_in_the_unit_of_the_targets(unstuck, table):
    outcome = unstuck(f"train {table('regression')} --json")
    scores = outcome.json["scores"]
    assert scores["validation"]["r2"] > 0.98
    assert 0.1 < scores["validation"]["mae"] < 10
    assert outcome.json["accuracy"] == {"train": None, "validation": None, "test": None}


def test_scores_are_of_the_rows_they_say(unstuck, table):
    """The loss over training and validation rows is what the history says of the best epoch."""
    document = unstuck(f"train {table('binary')} --json --l2 0 --run here").json
    rows = json.loads(Path("here/history.json").read_text())["epochs"]
    best = min(row["validation_loss"] for row in rows)
    assert document["loss"]["validation"] == pytest.approx(best)
    model, data = us.load_model("here"), us.load_data("table.csv")
    whole = model.evaluate(data.inputs, data.targets)["loss"]
    assert (48 * document["loss"]["train"] + 12 * document["loss"]["validation"]) / 60 == pytest.approx(whole)


def test_counts_come_out_as_counts(unstuck, table):
    document = unstuck(f"train {table('counts', rows=300)} --loss poisson --kind regression --json").json
    assert document["network"] == "2-16-1 tanh, softplus"
    assert document["scores"]["train"]["r2"] > 0.2


def test_target_and_test_set(unstuck, table):
    document = unstuck(f"train {table('regression')} --target a --test 0.25 --epochs 5 --json").json
    assert list(document["scores"]) == ["train", "validation", "test"]
    assert document["network"] == "2-16-1 tanh, identity"


def test_several_targets(unstuck, table):
    document = unstuck(f"train {table('regression')} --target", "a, b", "--epochs", "2", "--json").json
    assert document["network"] == "1-16-2 tanh, identity"


def test_a_table_called_like_a_task(unstuck, table):
    outcome = unstuck(f"train {table('binary', name='and.csv')} --epochs 2 --json")
    assert outcome.json["network"] == "2-16-1 tanh, sigmoid"
    assert outcome.json["data"] == "and.csv"


def test_npz(unstuck):
    x = np.random.default_rng(0).normal(size=(40, 3))
    np.savez("data.npz", x_train=x[:30], y_train=x[:30] > 0, x_test=x[30:], y_test=x[30:] > 0)
    outcome = unstuck("train data.npz --json")
    assert outcome.err.startswith("data: 30 rows, multilabel\n")
    assert outcome.json["accuracy"]["test"] > 0.5


# ---------------------------------------------------------------------- not healthy


def test_a_loss_that_is_not_finite(unstuck):
    outcome = unstuck("train moons --optimizer gd --learning-rate 1e300 --json --run here")
    assert outcome.status == 1
    assert outcome.err.splitlines()[-3:] == [
        "not healthy: the loss is no longer a finite number.",
        "  Try a smaller --learning-rate (it was 1e+300).",
        "saved here",
    ]
    assert "epoch 1: the loss is no longer a finite number; the best parameters so far are kept\n" in outcome.err
    assert outcome.json["healthy"] is False
    assert outcome.json["stopped"] == "non-finite"
    assert json.loads(Path("here/history.json").read_text())["epochs"] == [{"epoch": 1, "loss": None}]
    assert np.isfinite(us.load_model("here").network.parameters).all()


def test_a_loss_that_ends_higher_than_it_began(unstuck):
    outcome = unstuck("train xor --optimizer gd --learning-rate 1e6 --epochs 20 --run here --no-monitor ")
    assert outcome.status == 1
    assert outcome.err == (
        "not healthy: the loss went up, from 0.69405 to 2.0691e+05.\n"
        "  Try a smaller --learning-rate (it was 1e+06) or --scaling standard.\n"
    )
    assert Path("here/model.safetensors").exists()


def test_a_loss_that_rises_in_the_first_steps_may_still_fall(unstuck):
    outcome = unstuck("train xor --optimizer gd --epochs 2 --json")
    assert outcome.json["loss"]["train"] > 0.9
    assert (outcome.status, outcome.json["healthy"]) == (0, True)


def test_float32_overflow(unstuck, table):
    outcome = unstuck(f"train {table('regression')} --optimizer gd --learning-rate 1e6 --dtype float32 --json")
    assert outcome.status == 1
    assert outcome.json["stopped"] == "non-finite"


# ---------------------------------------------------------------------- what is printed on the way


def test_report_every_prints_each_sample_of_small_data(unstuck):
    outcome = unstuck("train xor --report-every 10 --epochs 20 --no-stop")
    heads = [line.split("   ")[0] for line in outcome.out.splitlines() if line.startswith(("epoch", "outputs"))]
    assert heads == ["epoch 1", "epoch 10", "epoch 20", "outputs at the end"]
    assert outcome.err == ""


def test_report_every_prints_lines_for_larger_data(unstuck):
    outcome = unstuck("train moons --report-every 2 --epochs 5 --optimizer adam --validation 0.2 --no-monitor ")
    assert [line.split("  ")[0] for line in outcome.err.splitlines()] == ["epoch 1", "epoch 2", "epoch 4"]
    assert re.match(r"epoch 1  loss 0\.\d+  validation loss 0\.\d+\n", outcome.err)


def test_samples_of_a_regression_are_in_the_unit_of_the_table(unstuck):
    Path("squares.csv").write_text("x,y\n" + "".join(f"{x},{x * x}\n" for x in range(10)), encoding="utf-8")
    out = unstuck("train squares.csv").out
    sample = next(line for line in out.splitlines() if line.startswith("  [9] ->"))
    output, target = re.fullmatch(r"  \[9\] -> \[([\d.]+)\]  target \[(\d+)\]  cost [\d.e-]+", sample).groups()
    assert float(output) == pytest.approx(81, abs=2)
    assert target == "81"


def test_trace_prints_every_value_of_some_steps(unstuck):
    out = unstuck("train xor --trace 2 --hidden 2 --epochs 1").out
    assert "2 steps on row 3 alone (counted from 0), on a copy of the network\nstep 1   loss " in out
    names = [line.split()[0] for line in out.splitlines() if line.startswith("  layer")]
    assert names[:3] == ["layer1.input", "layer1.preactivation", "layer1.activation"]
    assert names[-1] == "layer1.biases.after"
    assert len(names) == 2 * (2 * 3 + 2 * 9)
    assert "\nstep 2   loss " in out


def test_help_names_every_task(unstuck):
    _, out, _ = unstuck("train --help")
    named = re.search(r"Tasks: (.*?)\.", " ".join(out.split())).group(1)
    assert named.replace("parity (parity:N)", "parity").split(", ") == sorted(TASKS)
