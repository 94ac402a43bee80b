"""The built-in tasks are solved without any option, whatever the seed."""

import os
from statistics import median

import pytest

import unstuck as us
from unstuck.recipes import build_model, recipe_for

MNIST_FOLDER = os.environ.get("UNSTUCK_DATA")  # read here, since the tests themselves run without it


def trained(task, seed, **options):
    """Train as ``unstuck train`` does, and return history, scores and the loss."""
    data = us.load_data(task, seed=seed, data_folder=MNIST_FOLDER if task == "mnist" else None)
    recipe = recipe_for(data).with_options(**options)
    model = build_model(data, recipe, seed)
    history = us.train(
        model.network,
        model.inputs(data.inputs),
        model.targets(data.targets),
        epochs=recipe.epochs,
        optimizer=recipe.optimizer,
        learning_rate=recipe.learning_rate,
        batch_size=recipe.batch_size,
        schedule=recipe.schedule,
        target_loss=recipe.target_loss,
        seed=seed,
        history_every=100,
    )
    return history, model, model.evaluate(data.inputs, data.targets)


def is_solved(scores):
    return scores["accuracy"] == 1 and scores["loss"] < 1e-3


@pytest.mark.parametrize("seed", range(10))
def test_xor_without_options(unstuck, seed):
    document = unstuck(f"train xor --seed {seed} --json").json
    assert is_solved(document["scores"]["train"])


@pytest.mark.parametrize("task", ["and", "or", "parity", "parity:2"])
def test_other_bits(task):
    assert is_solved(trained(task, 0)[2])


@pytest.mark.slow
def test_xor_with_a_hundred_seeds():
    failed = [seed for seed in range(100) if not is_solved(trained("xor", seed)[2])]
    assert failed == []


@pytest.mark.slow
@pytest.mark.parametrize(("optimizer", "epochs"), [("gd", 5000), ("rmsprop", 5000), ("irprop-", 500)])
def test_a_small_sigmoid_network_with_a_hundred_seeds(optimizer, epochs):
    """2-5-1 as in a textbook; some seeds end in a flat place."""
    settings = {"hidden": (5,), "activation": "sigmoid", "optimizer": optimizer, "epochs": epochs}
    solved = [is_solved(trained("xor", seed, **settings)[2]) for seed in range(100)]
    assert sum(solved) >= 95


@pytest.mark.slow
@pytest.mark.parametrize("task", ["parity", "spirals"])
def test_harder_tasks_with_ten_seeds(task):
    failed = [seed for seed in range(10) if not is_solved(trained(task, seed)[2])]
    assert failed == []


needs_mnist = pytest.mark.skipif(not MNIST_FOLDER, reason="UNSTUCK_DATA names no folder with MNIST")


def median_test_accuracy(**options):
    """Train on MNIST with the seeds 0 to 4 and return the median accuracy on the 10,000 test digits."""
    data = us.load_data("mnist", data_folder=MNIST_FOLDER)
    models = [trained("mnist", seed, **options)[1] for seed in range(5)]
    return median(model.evaluate(data.test_inputs, data.test_targets)["accuracy"] for model in models)


@pytest.mark.slow
@needs_mnist
def test_mnist_with_sixteen_sigmoid_units():
    """784-16-10 with one-hot squared error."""
    assert median_test_accuracy(hidden=(16,), activation="sigmoid", output_activation="sigmoid", loss="mse") > 0.92


@pytest.mark.slow
@needs_mnist
def test_mnist_without_options():
    """784-128-10, ReLU, softmax, Adam, 15 epochs."""
    assert median_test_accuracy() >= 0.978
