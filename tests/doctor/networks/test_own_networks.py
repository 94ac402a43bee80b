"""Our own networks: each silent failure draws its finding and a proved remedy, its healthy twin none."""

import numpy as np
import pytest

import unstuck as us
from unstuck.doctor.documents import schema
from unstuck.doctor.networks.own import setup_of
from unstuck.doctor.networks.setup import train
from unstuck.nets import ACTIVATIONS, Activation
from unstuck.nets.losses import Loss

MOONS = us.load_data("moons")
RNG = np.random.default_rng(0)
COLUMNS = RNG.normal(size=(200, 3))
NUMBERS = COLUMNS[:, :1] * 2 + np.sin(2 * COLUMNS[:, 1:2]) + 0.1 * RNG.normal(size=(200, 1))


def net(hidden=(16,), activation="relu", output="sigmoid", n_in=2):
    return us.Network(us.dense_layers(n_in, hidden, 1, activation=activation, output_activation=output))


def fault_of(network, x, y, **settings):
    diagnosis = us.diagnose(network, x, y, **{"epochs": 200, **settings})
    assert len(diagnosis.findings) <= 1
    for finding in diagnosis.findings:
        assert finding.evidence
        assert not finding.remedies or finding.trial.proved
        assert not finding.trial or max(finding.trial.with_remedy) <= 0.5 * min(finding.trial.as_written)
    return diagnosis.findings[0].fault if diagnosis.findings else None


@pytest.mark.parametrize(
    ("settings", "scale", "network"),
    [
        ({"learning_rate": 0.01}, 1.0, net()),
        ({"learning_rate": 0.01}, 1.0, net(activation="tanh")),
        ({"optimizer": "gd", "learning_rate": 0.5}, 1.0, net()),
        ({"optimizer": "irprop-"}, 1.0, net()),
    ],
)
def test_healthy_networks_draw_nothing(settings, scale, network):
    diagnosis = us.diagnose(network, MOONS.inputs * scale, MOONS.targets, epochs=200, **settings)
    assert (diagnosis.outcome, diagnosis.findings) == ("learns", ())
    assert {parameter.update for parameter in diagnosis.parameters} == {"right"}


@pytest.mark.parametrize(
    ("fault", "network", "x", "settings"),
    [
        ("step-too-large", net(), MOONS.inputs, {"optimizer": "gd", "learning_rate": 1e3}),
        ("step-too-small", net(), MOONS.inputs, {"optimizer": "gd", "learning_rate": 1e-5}),
        ("input-scale", net(), MOONS.inputs * 1e-4, {}),
        ("input-scale", net(activation="tanh"), MOONS.inputs * 1e6, {"learning_rate": 0.01}),
        ("vanishing", net((16,) * 8, "sigmoid"), MOONS.inputs, {}),
    ],
)
def test_silent_failures(fault, network, x, settings):
    assert fault_of(network, x, MOONS.targets, **settings) == fault


def test_thirty_narrow_layers_are_dead_or_too_deep():
    assert fault_of(net((3,) * 30), MOONS.inputs, MOONS.targets) in ("dead-relu", "vanishing")


def test_raw_regression_targets():
    assert fault_of(net(output="identity", n_in=3), COLUMNS, NUMBERS * 1e5 + 3e5) == "target-scale"
    assert fault_of(net(output="identity", n_in=3), COLUMNS, NUMBERS, learning_rate=0.01) is None


def test_targets_that_the_output_cannot_reach():
    assert fault_of(us.Network(net(n_in=3).layers, "mse"), COLUMNS, NUMBERS * 3, learning_rate=0.01) == "output-range"


@pytest.mark.parametrize("seed", [0, 1])
def test_shuffled_labels_have_no_signal_and_no_remedy(seed):
    shuffled = np.random.default_rng(seed).permutation(MOONS.targets)
    diagnosis = us.diagnose(net(), MOONS.inputs, shuffled, learning_rate=0.01, epochs=200)
    assert [(finding.fault, finding.remedies) for finding in diagnosis.findings] == [("no-signal", ())]


def test_weights_set_by_hand_are_where_it_starts():
    network = net(activation="tanh")
    network.parameters[:] = 0
    assert fault_of(network, MOONS.inputs, MOONS.targets, learning_rate=0.01) in ("symmetric-init", "plateau-init")
    assert not network.parameters.any()


def test_too_few_units():
    assert fault_of(net((1,), "tanh"), MOONS.inputs, MOONS.targets, optimizer="irprop-") == "no-hidden-layer"


def test_too_few_steps():
    assert (
        fault_of(net(activation="tanh"), MOONS.inputs, MOONS.targets, learning_rate=0.003, epochs=20) == "too-few-steps"
    )


def test_without_trials_only_what_was_observed():
    assert not us.diagnose(net(), MOONS.inputs * 1e-4, MOONS.targets, trials=False, epochs=50).findings
    huge = us.diagnose(
        net(output="identity"), MOONS.inputs, MOONS.targets, optimizer="gd", learning_rate=1e9, trials=False
    )
    assert [(finding.fault, finding.severity) for finding in huge.findings] == [("non-finite", "fatal")]
    assert huge.outcome == "diverges"


def test_a_derivative_of_ones_own_that_is_wrong():
    class Cube(Activation):
        def forward(self, z):
            return z**3

        def backward(self, z, a, grad):
            return grad * 2 * z**2

    network = us.Network([us.Dense(2, 8, Cube()), us.Dense(8, 1, "sigmoid")])
    diagnosis = us.diagnose(network, MOONS.inputs, MOONS.targets, epochs=5)
    assert [(finding.fault, finding.parameter[:6]) for finding in diagnosis.findings] == [("wrong-gradient", "layer1")]
    assert {parameter.name: parameter.update for parameter in diagnosis.parameters}["layer2.weights"] == "right"


def test_a_loss_of_ones_own_that_is_wrong():
    class Fourth(Loss):
        def rows(self, a, y):
            return ((a - y) ** 4).mean(axis=1)

        def gradient(self, a, y):
            return 3 * (a - y) ** 3 / a.shape[1] + 0.1

    network = us.Network([us.Dense(2, 8, "tanh"), us.Dense(8, 1)], Fourth())
    assert us.diagnose(network, MOONS.inputs, MOONS.targets, epochs=5).findings[0].fault == "wrong-gradient"


def test_the_document_and_the_report():
    jsonschema = pytest.importorskip("jsonschema")
    diagnosis = us.diagnose(net(), MOONS.inputs, MOONS.targets, optimizer="gd", learning_rate=1e3, epochs=200)
    jsonschema.validate(diagnosis.to_dict(), schema())
    text = str(diagnosis)
    assert "Remedy: Take the learning rate 1: learning_rate=1." in text
    assert "line" not in text.splitlines()[-8:][0]


def test_what_is_refused(error_of):
    assert "nothing that can be diagnosed" in error_of(us.UsageError, us.diagnose, 3, [[1.0]], [1.0])
    assert "us.diagnose(network, X, y)" in error_of(us.UsageError, us.diagnose, net())
    assert "Did you mean 'epochs'?" in error_of(
        us.OptionError, us.diagnose, net(), MOONS.inputs, MOONS.targets, epocs=3
    )
    assert "brings its own data" in error_of(us.UsageError, us.diagnose, "script.py", MOONS.inputs)
    assert "relu" in ACTIVATIONS.names()


def test_equal_rows_with_different_targets():
    rows, targets = np.ones((2, 5)), np.array([[0.0], [1.0]])
    (finding,) = us.diagnose(us.Network([us.Dense(5, 4), us.Dense(4, 1, "sigmoid")]), rows, targets).findings
    assert (finding.fault, finding.severity) == ("no-signal", "fatal")
    assert finding.evidence["share of the error that no function of the inputs can remove"] == 1


def test_a_plateau_that_takes_other_weights_and_a_larger_rate():
    small = us.initializers.Normal(0.01)
    layers = [us.Dense(2, 5, "sigmoid", initializer=small), us.Dense(5, 1, "sigmoid", initializer=small)]
    x, y = np.array([[0.0, 0], [0, 1], [1, 0], [1, 1]]), np.array([[0.0], [1], [1], [0]])
    settings = {"optimizer": "gd", "learning_rate": 0.03, "batch_size": "full", "epochs": 10_000}
    (finding,) = us.diagnose(us.Network(layers, "bce", seed=4), x, y, **settings).findings
    assert (finding.fault, finding.trial.proved) == ("plateau-init", True)
    assert "learning_rate=" in finding.remedies[0].summary
    assert max(finding.trial.with_remedy) < 0.01


def test_the_order_of_rows_and_the_schedule_are_those_of_the_training():
    x, y = np.array([[0.0, 0], [0, 1], [1, 0], [1, 1]]), np.array([[0.0], [1], [1], [0]])
    network = us.Network([us.Dense(2, 2, "sigmoid"), us.Dense(2, 1, "sigmoid")], "half_sum", seed=3)
    settings = {
        "optimizer": "gd",
        "learning_rate": 1.0,
        "batch_size": 1,
        "shuffle": False,
        "schedule": "cosine",
        "epochs": 300,
    }
    outcome = train(setup_of(network, x, y, **settings)).network
    own = network.copy()
    us.train(own, x, y, **settings)
    np.testing.assert_array_equal(outcome.parameters, own.parameters)
