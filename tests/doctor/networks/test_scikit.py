"""scikit-learn's estimators: the same network and training, the right finding, and a remedy that helps the estimator itself."""

import ast
import re
import warnings

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.compose import TransformedTargetRegressor
from sklearn.datasets import make_moons
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import unstuck as us
from unstuck.doctor.networks.scikit import is_scikit_net, setup_of_scikit
from unstuck.doctor.networks.setup import train

X, Y = make_moons(300, noise=0.1, random_state=0)
RNG = np.random.default_rng(0)
COLUMNS = RNG.normal(size=(300, 5))
NUMBERS = COLUMNS[:, 0] * 3 + np.sin(2 * COLUMNS[:, 1]) * 2 + 0.1 * RNG.normal(size=300)


@pytest.fixture(autouse=True)
def quiet_convergence():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        yield


def classifier(hidden=(16,), **settings):
    return MLPClassifier(hidden, **{"learning_rate_init": 0.01, "max_iter": 300, "random_state": 0, **settings})


def regressor(**settings):
    return MLPRegressor(hidden_layer_sizes=(32,), max_iter=300, random_state=0, **settings)


def finding_of(estimator, x, y):
    findings = us.diagnose(estimator, x, y).findings
    assert len(findings) <= 1
    return findings[0] if findings else None


@pytest.mark.parametrize(
    "settings",
    [
        {"solver": "sgd", "learning_rate_init": 0.1, "momentum": 0.9, "activation": "tanh"},
        {"solver": "sgd", "learning_rate_init": 0.1, "momentum": 0.0, "activation": "logistic"},
        {"solver": "adam", "activation": "relu", "alpha": 0.1, "epsilon": 1e-14},
        {"solver": "adam", "activation": "identity", "epsilon": 1e-14},
    ],
)
@pytest.mark.parametrize("kind", ["classes", "numbers", "counts"])
def test_a_setup_trains_as_the_estimator_does(settings, kind):
    """From the estimator's own first weights, all rows a step: the same weights after 20 epochs."""
    make = MLPClassifier if kind == "classes" else MLPRegressor
    x, classes = COLUMNS[:40], np.digitize(NUMBERS[:40], [-1, 1])
    y = NUMBERS[:40] / 3 if kind == "numbers" else classes
    if kind == "counts":
        settings = {**settings, "loss": "poisson"}
    common = {"hidden_layer_sizes": (6, 4), "batch_size": 40, "shuffle": False, "random_state": 1, "tol": 0, **settings}
    first = make(**{**common, "learning_rate_init": 1e-300}, max_iter=1).fit(x, y)  # does not move
    setup = setup_of_scikit(make(**common, max_iter=20, n_iter_no_change=1000), x, y)
    for views, weights, biases in zip(
        setup.network.layer_views(setup.network.parameters), first.coefs_, first.intercepts_, strict=True
    ):
        views["weights"][...], views["biases"][...] = weights, biases
    ours = train(setup).network
    theirs = make(**common, max_iter=20, n_iter_no_change=1000).fit(x, y)
    for views, weights, biases in zip(
        ours.layer_views(ours.parameters), theirs.coefs_, theirs.intercepts_, strict=True
    ):
        np.testing.assert_allclose(views["weights"], weights, rtol=0, atol=1e-6)
        np.testing.assert_allclose(views["biases"], biases, rtol=0, atol=1e-6)


def test_counts():
    counts = np.random.default_rng(0).poisson(np.exp(COLUMNS[:, 0])).astype(float)
    healthy = regressor(loss="poisson", alpha=0.01)
    assert us.diagnose(healthy, COLUMNS, counts).findings == ()
    stuck = MLPRegressor(
        hidden_layer_sizes=(8,), loss="poisson", solver="sgd", learning_rate_init=1e-9, max_iter=100, random_state=0
    )
    assert finding_of(stuck, COLUMNS, counts).fault == "step-too-small"
    with pytest.raises(us.OptionError, match="2 outputs"):
        us.diagnose(healthy, COLUMNS, np.column_stack([counts, counts]))


@pytest.mark.parametrize("fitted", [False, True])
def test_healthy_estimators_draw_nothing(fitted):
    for estimator, x, y in ((classifier(), X, Y), (regressor(learning_rate_init=0.01), COLUMNS, NUMBERS)):
        assert finding_of(estimator.fit(x, y) if fitted else estimator, x, y) is None


@pytest.mark.parametrize("scale", [1e-4, 1e6])
def test_input_scale(scale):
    finding = finding_of(classifier(), X * scale, Y)
    assert (finding.fault, finding.trial.proved) == ("input-scale", True)
    assert finding.remedies[0].summary == "Scale the inputs: make_pipeline(StandardScaler(), estimator)."
    remedied = make_pipeline(StandardScaler(), classifier()).fit(X * scale, Y).score(X * scale, Y)
    assert remedied > classifier().fit(X * scale, Y).score(X * scale, Y) + 0.1


def test_rate():
    estimator = classifier(solver="sgd", learning_rate_init=1e3)
    finding = finding_of(estimator, X, Y)
    assert (finding.fault, finding.trial.proved) == ("step-too-large", True)
    rate = float(finding.remedies[0].summary.rstrip(".").rpartition("=")[2])
    assert (
        classifier(solver="sgd", learning_rate_init=rate).fit(X, Y).score(X, Y) > estimator.fit(X, Y).score(X, Y) + 0.3
    )


def test_depth():
    deep = classifier((16,) * 8, activation="logistic", learning_rate_init=0.001)
    finding = finding_of(deep, X, Y)
    assert (finding.fault, finding.trial.proved) == ("vanishing", True)
    assert any(term in finding.remedies[0].summary for term in ("activation=", "hidden_layer_sizes="))
    narrow = finding_of(classifier((4,) * 30, learning_rate_init=0.001), X, Y)
    assert narrow.fault in ("vanishing", "dead-relu")
    assert narrow.trial.proved
    assert "hidden_layer_sizes=" in narrow.remedies[0].summary


def test_raw_targets():
    finding = finding_of(regressor(), COLUMNS, NUMBERS * 1e4 + 5e4)
    assert (finding.fault, finding.trial.proved) == ("target-scale", True)
    assert "TransformedTargetRegressor" in finding.remedies[0].summary


def remedied(estimator, summary):
    """Return the estimator that a remedy asks for, in scikit-learn's own terms."""
    if "StandardScaler(), estimator" in summary:
        return make_pipeline(StandardScaler(), estimator)
    if "TransformedTargetRegressor" in summary:
        return TransformedTargetRegressor(regressor=estimator, transformer=StandardScaler())
    name, value = re.search(r"(\w+)=(\S+)\.$", summary).groups()
    return clone(estimator).set_params(**{name: ast.literal_eval(value)})


@pytest.mark.parametrize(
    ("estimator", "x", "y"),
    [
        (classifier(solver="sgd", learning_rate_init=1e3), X, Y),
        (classifier(), X * 1e-4, Y),
        (classifier(), X * 1e6, Y),
        (classifier((16,) * 8, activation="logistic", learning_rate_init=0.001), X, Y),
        (classifier((4,) * 30, learning_rate_init=0.001), X, Y),
        (regressor(), COLUMNS, NUMBERS * 1e4 + 5e4),
    ],
    ids=["large rate", "small inputs", "large inputs", "eight logistic layers", "thirty narrow layers", "raw targets"],
)
def test_a_remedy_is_proved_on_the_estimator_itself(estimator, x, y):
    """From three seeds, scikit-learn's own training halves what is left of the error."""
    summary = finding_of(estimator, x, y).remedies[0].summary
    for seed in range(3):
        own = clone(estimator).set_params(random_state=seed)
        before, after = (1 - each.fit(x, y).score(x, y) for each in (own, remedied(clone(own), summary)))
        assert after < before / 2


def test_shuffled_labels():
    finding = finding_of(classifier(), X, np.random.default_rng(1).permutation(Y))
    assert (finding.fault, finding.remedies) == ("no-signal", ())


def test_kinds_of_targets():
    labels = np.column_stack([Y, 1 - Y])
    assert setup_of_scikit(classifier(), X, labels).network.loss == us.Network([us.Dense(2, 2, "sigmoid")]).loss
    assert setup_of_scikit(classifier(), X, np.where(Y, "up", "down")).targets.shape == (300, 1)
    assert setup_of_scikit(classifier(solver="lbfgs"), X, Y).batch_size == "full"


def test_only_perceptrons_are_taken():
    assert is_scikit_net(classifier())
    assert not is_scikit_net(StandardScaler())
