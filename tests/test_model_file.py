"""Models as files: what was saved is loaded to the last bit, and anything else is refused."""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_array_equal
from safetensors.numpy import load_file, save_file

from unstuck.data.scaling import Scaling
from unstuck.errors import FileError, OptionError
from unstuck.model import Model
from unstuck.model_file import load_model, save_model
from unstuck.nets import LAYERS, Dense, Dropout, LayerNorm, Network
from unstuck.nets.activations import LeakyRelu
from unstuck.nets.losses import Focal
from unstuck.tensor_files import read_tensors
from unstuck.training.checkpoints import save_checkpoint
from unstuck.training.trainer import Trainer

X = np.random.default_rng(0).normal(5, 2, (20, 3))


def every_layer(dtype="float64"):
    layers = [
        Dense(3, 6, LeakyRelu(slope=0.3), initializer="he_normal"),
        LayerNorm(6, "silu", epsilon=1e-3),
        Dropout(0.25),
        Dense(6, 4, "selu", bias=False),
        Dense(4, 2, "sigmoid"),
    ]
    return Network(layers, Focal(gamma=1.5, alpha=0.3), l1=0.1, l2=0.2, max_norm=3.0, dtype=dtype, seed=8)


def simple(**settings):
    network = Network([Dense(3, 2, "tanh"), Dense(2, 1)], **settings)
    return Model(network, "regression", Scaling.standard(X), Scaling([3.0], [0.1]), (), ("a", "b", "c"))


@pytest.fixture
def path(tmp_path):
    return tmp_path / "model.safetensors"


def describe(path, tensors=None, **changes):
    """Write the file again with another description, or other tensors."""
    arrays, description = read_tensors(path)
    description = {name: value for name, value in (description | changes).items() if value is not None}
    save_file(arrays if tensors is None else tensors, path, {"unstuck": json.dumps(description)})


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_every_layer_is_loaded_to_the_last_bit(path, dtype):
    network = every_layer(dtype)
    network.parameters += np.random.default_rng(1).normal(size=network.n_parameters).astype(dtype)
    model = Model(
        network, "multilabel", Scaling.minmax(X), class_names=("left", "right"), feature_names=("a", "b", "c")
    )
    assert save_model(model, path) == path
    loaded = load_model(path)
    assert_array_equal(loaded.network.parameters, network.parameters)
    assert loaded.network.parameters.dtype == dtype
    assert_array_equal(loaded.outputs(X), model.outputs(X))
    assert_array_equal(loaded.predict(X), model.predict(X))
    assert loaded.network.layers == network.layers
    for name in ("loss", "l1", "l2", "max_norm", "dtype", "seed"):
        assert getattr(loaded.network, name) == getattr(network, name)
    assert (loaded.kind, loaded.class_names, loaded.feature_names) == ("multilabel", ("left", "right"), ("a", "b", "c"))


def test_a_scaled_regression_is_loaded_to_the_last_bit(path):
    model = simple(seed=2)
    loaded = load_model(save_model(model, path))
    assert_array_equal(loaded.predict(X), model.predict(X))
    y = np.linspace(0, 9, 20)
    assert loaded.evaluate(X, y) == model.evaluate(X, y)


def test_a_loaded_model_can_be_trained_on(path):
    model = simple()
    loaded = load_model(save_model(model, path))
    for each in (model, loaded):
        Trainer(each.network).fit(each.inputs(X), each.targets(X[:, :1]), 3)
    assert_array_equal(loaded.network.parameters, model.network.parameters)


def test_tensors_have_names_that_others_understand(path):
    model = simple()
    save_model(model, path)
    tensors = load_file(path)
    assert set(tensors) == {
        *model.network.named_parameters(),
        *("input.shift", "input.factor", "target.shift", "target.factor"),
    }
    assert_array_equal(tensors["layer1.weights"], model.network.named_parameters()["layer1.weights"])


def test_a_run_folder(path, error_of):
    model = simple()
    save_model(model, path)
    assert_array_equal(load_model(path.parent).predict(X), model.predict(X))
    assert_array_equal(load_model(str(path.parent)).predict(X), model.predict(X))
    empty = path.parent / "empty"
    empty.mkdir()
    assert error_of(FileError, load_model, empty) == f"{empty} is no run folder: it holds no model.safetensors."


def test_nothing_is_written_over_what_is_there(path, error_of):
    save_model(simple(seed=1), path)
    assert error_of(FileError, save_model, simple(seed=2), path) == (
        f"{path} already exists. Choose another name, or use --force (force=True) to replace it."
    )
    assert load_model(path).network.seed == 1
    save_model(simple(seed=2), path, force=True)
    assert load_model(path).network.seed == 2


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(path, error_of, monkeypatch):
    save_model(simple(seed=1), path)

    def fails(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", fails)
    assert error_of(FileError, save_model, simple(seed=2), path, force=True) == (
        f"cannot write {path}: No space left on device"
    )
    assert load_model(path).network.seed == 1
    assert list(path.parent.iterdir()) == [path]


# ---------------------------------------------------------------------- layers of one's own


@dataclass(frozen=True)
class Doubled(Dropout):
    """Twice its input."""

    is_random = False

    def transform(self, x, parameters, rng):
        return 2 * x, None

    def backward(self, x, memory, delta, parameters, gradients):
        return 2 * delta


def own():
    return Model(Network([Dense(3, 2), Doubled(), Dense(2, 1)]), "regression")


def test_a_layer_of_ones_own_has_to_be_registered(path, error_of):
    assert error_of(OptionError, save_model, own(), path) == (
        "layer Doubled is not registered, so it cannot be saved by name.\n"
        "  Call us.register('layer', 'its-name', Doubled) first."
    )
    assert list(path.parent.iterdir()) == []


def test_a_registered_layer_is_saved_and_loaded(path, monkeypatch, error_of):
    monkeypatch.setattr(LAYERS, "_classes", dict(LAYERS._classes))
    LAYERS.register("doubled", Doubled)
    model = own()
    save_model(model, path)
    assert_array_equal(load_model(path).predict(X), model.predict(X))
    monkeypatch.undo()
    assert error_of(FileError, load_model, path) == (
        f"{path} describes a model that cannot be rebuilt: unknown layer 'doubled'.\n  Known: dense, dropout, layer_norm"
    )


# ---------------------------------------------------------------------- what is no model


def test_missing_truncated_and_foreign(path, error_of):
    assert error_of(FileError, load_model, path) == f"{path} does not exist."
    save_file({"a": np.zeros(2)}, path)
    assert error_of(FileError, load_model, path) == (
        f"{path} is a safetensors file, but was not written by unstuck: it describes no network."
    )
    save_model(simple(), path, force=True)
    path.write_bytes(path.read_bytes()[:100])
    assert error_of(FileError, load_model, path) == (
        f"{path} is no readable safetensors file: it is truncated, damaged or something else."
    )


def test_a_checkpoint(path, error_of):
    save_checkpoint(Trainer(simple().network), path)
    assert error_of(FileError, load_model, path) == (
        f"{path} is a checkpoint, not a model. Load it with us.load_checkpoint."
    )


ANOTHER_KIND = (
    "{path} describes a model that cannot be rebuilt: "
    "the network has 1 output, but a multiclass task needs an output for each class."
)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"schema": 2}, "{path} holds no model this version can read (schema 2, expected 1)."),
        ({"schema": None}, "{path} holds no model this version can read (schema None, expected 1)."),
        ({"network": None}, "{path} holds no model this version can read (schema 1, expected 1)."),
        (
            {"network": {"loss": {"name": "mse"}}},
            "{path} describes a model that cannot be rebuilt: this is no description of a network: it has no 'layers'.",
        ),
        ({"kind": None}, "{path} describes a model that cannot be rebuilt: it has no kind."),
        ({"class_names": None}, "{path} describes a model that cannot be rebuilt: it has no class_names."),
        ({"kind": "multiclass"}, ANOTHER_KIND),
    ],
)
def test_a_description_that_makes_no_model(path, error_of, changes, message):
    save_model(simple(), path)
    describe(path, **changes)
    assert error_of(FileError, load_model, path) == message.format(path=path)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda tensors: tensors.pop("layer2.biases"), "it has no layer2.biases."),
        (lambda tensors: tensors.pop("input.factor"), "it has no input.factor."),
        (
            lambda tensors: tensors.update({"layer1.weights": np.zeros((2, 3))}),
            "layer1.weights has shape (2, 3), expected (3, 2).",
        ),
        (
            lambda tensors: tensors.update({"input.shift": np.zeros(4), "input.factor": np.ones(4)}),
            "input_scaling has 4 columns, but the network has 3.",
        ),
    ],
)
def test_tensors_that_do_not_fit(path, error_of, change, message):
    save_model(simple(), path)
    tensors = load_file(path)
    change(tensors)
    describe(path, tensors)
    assert error_of(FileError, load_model, path) == f"{path} describes a model that cannot be rebuilt: {message}"
