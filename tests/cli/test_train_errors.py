"""What ``unstuck train`` refuses, in which words, and that nothing is left behind."""

from pathlib import Path

import pytest

TASKS = "and, circles, digits, mnist, moons, or, parity, spirals, xor"
ACTIVATIONS = (
    "elu, gelu, hard_sigmoid, identity, leaky_relu, relu, selu, sigmoid, silu, softmax, softplus, softsign, tanh"
)
OPTIMIZERS = "adagrad, adam, adamw, gd, irprop+, irprop-, lbfgs, lm, rmsprop, rprop+, rprop-"

REFUSED = {
    "train xro": f"'xro' is neither a built-in task nor a file. Did you mean 'xor'?\n  Tasks: {TASKS}\n  Files: a .csv or .npz file",
    "train table.csv": "table.csv does not exist.",
    "train .": ". is a folder, expected a file.",
    "train notes.txt": "notes.txt is neither a .csv nor an .npz file. These are the formats that can be read.",
    "train empty.csv": "empty.csv is empty.",
    "train head.csv": "head.csv has a header but no rows of data, expected at least two.",
    "train gap.csv": "gap.csv, line 3, column 'b' is empty, expected a value. Fill it in, or remove the row.",
    "train same.csv": (
        "same.csv: target column 'y' holds the same value in all 3 rows: 1, expected at least two classes.\n"
        "  If it is a quantity to be predicted, say so with --kind regression."
    ),
    "train two.csv --target z": "two.csv has no column 'z'.\n  Columns: a, y",
    "train two.csv --kind labels": (
        "unknown kind of targets 'labels'. Did you mean 'multilabel'?\n"
        "  Known: binary, multiclass, multilabel, regression"
    ),
    "train xor --kind binary": "--kind is for files. The task 'xor' has targets of its own. Leave it out.",
    "train xor --target y": "--target is for files. The task 'xor' has targets of its own. Leave it out.",
    "train xor --data-folder .": "--data-folder is for tasks that read files (mnist). 'xor' reads none. Leave it out.",
    "train two.csv --data-folder .": (
        "--data-folder is for tasks that read files (mnist). two.csv is a file itself. Leave it out."
    ),
    "train moons --test 0.2": (
        "data set 'moons' has a test set of its own (200 rows), so none can be split off. Leave --test out."
    ),
    "train xor --activation rellu": f"unknown activation 'rellu'. Did you mean 'relu'?\n  Known: {ACTIVATIONS}",
    "train xor --output-activation Sigmoid": (
        f"unknown activation 'Sigmoid'. Did you mean 'sigmoid'?\n  Known: {ACTIVATIONS}"
    ),
    "train xor --loss mes": (
        "unknown loss 'mes'. Did you mean 'mse'?\n  Known: bce, ce, focal, half_sum, huber, mae, mse, poisson, quantile"
    ),
    "train xor --init glorot": (
        "unknown initializer 'glorot'. Did you mean 'glorot_normal'?\n  Known: constant, glorot_normal, glorot_uniform, "
        "he_normal, he_uniform, lecun_normal, lecun_uniform, nguyen_widrow, normal, orthogonal, uniform"
    ),
    "train xor --optimizer adm": f"unknown optimizer 'adm'. Did you mean 'adam'?\n  Known: {OPTIMIZERS}",
    "train xor --schedule cosin": (
        "unknown schedule 'cosin'. Did you mean 'cosine'?\n  Known: constant, cosine, exponential, plateau, step, warm_up"
    ),
    "train xor --scaling minimax": "unknown scaling 'minimax'. Did you mean 'minmax'?\n  Known: minmax, none, pixels, standard",
    "train xor --monitor acuracy": (
        "unknown monitor 'acuracy'. Did you mean 'accuracy'?\n"
        "  Known: accuracy, balanced_accuracy, f1, log_loss, loss, mae, r2, rmse"
    ),
    "train two.csv --kind regression --monitor f1": (
        "metric f1 means nothing for a regression task.\n  Choose from: mae, r2, rmse"
    ),
    "train xor --optimizer irprop- --batch-size 2": (
        "irprop- needs the gradient over all rows, but --batch-size is 2.\n"
        "  Use --batch-size full, or an optimizer for mini-batches such as adam or rmsprop."
    ),
    "train xor --optimizer irprop- --learning-rate 0.1": (
        "irprop- has no learning rate. Leave --learning-rate out, or choose an optimizer that has one:\n"
        "  adagrad, adam, adamw, gd, rmsprop"
    ),
    "train xor --optimizer lbfgs --schedule cosine": (
        "lbfgs has no learning rate, so a schedule cannot change it.\n"
        "  Leave the schedule out, or choose gd, adagrad, rmsprop, adam or adamw."
    ),
    "train xor --optimizer irprop- --dropout 0.2": (
        "irprop- needs the same objective at every step, but layer 2 (Dropout 0.2) draws random numbers.\n"
        "  Take the layer out and use l2 instead, or an optimizer such as adam."
    ),
    "train xor --optimizer lm --loss bce": (
        "lm minimises squared errors, but the network's loss is bce.\n"
        "  Choose the loss mse or half_sum, or the optimizer lbfgs or irprop-."
    ),
    "train xor --optimizer lm --clip-norm 1": (
        "lm owns its steps, so --clip-norm cannot change their gradients.\n  Leave --clip-norm out, or choose another optimizer."
    ),
    "train xor --optimizer lbfgs --trace 1": (
        "lbfgs owns its steps, so there is no single gradient and update to show.\n"
        "  Trace with another optimizer, such as gd."
    ),
    "train xor --seed -1": "--seed must be a whole number from 0 to 2**63 - 1. Got -1 instead.",
    "train xor --dropout 2": "--dropout must be at least 0 and below 1. Got 2.0 instead.",
    "train xor --l2 -1": "--l2 must be a number of at least 0. Got -1.0 instead.",
    "train xor --max-norm 0": "--max-norm must be a number above 0. Got 0.0 instead.",
    "train xor --clip-value -1": "--clip-value must be a number above 0. Got -1.0 instead.",
    "train xor --target-loss nan": "--target-loss must be a finite number. Got nan instead.",
    "train xor --tolerance 0": "--tolerance must be a number above 0. Got 0.0 instead.",
    "train xor --time-limit -2": "--time-limit must be a number above 0. Got -2.0 instead.",
    "train xor --optimizer gd --learning-rate -1": "--learning-rate must be a number of at least 0. Got -1.0 instead.",
    "train xor --validation 0.01": (
        "cannot hold back 0.01 of 4 rows: that leaves no row to hold back.\n  Use more rows or another fraction."
    ),
    "train two.csv --kind regression --class-weight balanced": (
        "--class-weight needs one class for each row, but this is a regression task.\n  Use sample_weight instead."
    ),
}

MISUSED = {
    "train xor --hidden a": "Invalid value for '--hidden': 'a' is no list of sizes. Write --hidden 16,16, or --hidden none.",
    "train xor --hidden 0": "Invalid value for '--hidden': '0' is no list of sizes. Write --hidden 16,16, or --hidden none.",
    "train xor --hidden 4,,4": "Invalid value for '--hidden': '4,,4' is no list of sizes. Write --hidden 16,16, or --hidden none.",
    "train xor --batch-size 0": (
        "Invalid value for '--batch-size': '0' is neither 'full' nor a whole number of at least 1."
    ),
    "train xor --batch-size all": (
        "Invalid value for '--batch-size': 'all' is neither 'full' nor a whole number of at least 1."
    ),
    "train xor --validation 1": (
        "Invalid value for '--validation': '1' is no share of the rows. Write --validation 0.2, or --validation none."
    ),
    "train xor --validation some": (
        "Invalid value for '--validation': 'some' is no share of the rows. Write --validation 0.2, or --validation none."
    ),
    "train xor --test 0": (
        "Invalid value for '--test': '0' is no share of the rows. Write --test 0.2 for a fifth of them."
    ),
    "train xor --epochs 0": "Invalid value for '--epochs': 0 is below 1.",
    "train xor --epochs many": "Invalid value for '--epochs': 'many' is not a valid integer.",
    "train xor --engine fast": "Invalid value for '--engine': 'fast' is not one of 'auto', 'reference', 'compiled'.",
    "train xor --no-stop --patience 3": (
        "--no-stop runs every epoch, but --patience ends earlier. Leave one of them out."
    ),
    "train xor --no-stop --time-limit 3": (
        "--no-stop runs every epoch, but --time-limit ends earlier. Leave one of them out."
    ),
}


@pytest.fixture(autouse=True)
def files():
    for name, content in {
        "empty.csv": "",
        "head.csv": "a,b,y\n",
        "gap.csv": "a,b,y\n1,2,0\n3,,1\n",
        "same.csv": "a,y\n1,1\n2,1\n3,1\n",
        "two.csv": "a,y\n1,2\n2,3\n3,5\n",
        "notes.txt": "notes",
    }.items():
        Path(name).write_text(content, encoding="utf-8")


@pytest.mark.parametrize("line", REFUSED)
def test_what_the_library_refuses(unstuck, line):
    before = sorted(Path().rglob("*"))
    assert unstuck(line) == (2, "", f"Error: {REFUSED[line]}\n")
    assert sorted(Path().rglob("*")) == before


@pytest.mark.parametrize("line", MISUSED)
def test_what_the_command_line_refuses(unstuck, line):
    usage = "Usage: unstuck train [OPTIONS] DATA\nTry 'unstuck train --help' for help.\n"
    status, out, err = unstuck(line)
    assert (status, out) == (2, "")
    assert err.replace("-h'", "--help'") in (f"{usage}\nError: {MISUSED[line]}\n", f"Error: {MISUSED[line]}\n")


def test_a_missing_argument(unstuck):
    status, _, err = unstuck("train")
    assert status == 2
    assert err.endswith("\nError: Missing argument 'DATA'.\n")


def test_an_unknown_option(unstuck):
    status, _, err = unstuck("train xor --optimzer gd")
    assert status == 2
    assert "No such option" in err
    assert "--optimizer" in err


def test_mnist_that_is_not_there(unstuck):
    status, out, err = unstuck("train mnist --data-folder nowhere")
    assert (status, out) == (2, "")
    assert err.startswith("Error: the folder nowhere (given by --data-folder) does not exist.\n")
    assert "data_folder" not in err


def test_a_network_larger_than_the_memory(unstuck):
    status, out, err = unstuck("train xor --hidden 1000000,1000000")
    assert (status, out) == (3, "")
    assert err.startswith("Error: not enough memory: ")
    assert err.endswith("\n  Make the network or the data smaller.\n")
    assert not Path("runs").exists()
