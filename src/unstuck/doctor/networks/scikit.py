"""scikit-learn's multi-layer perceptrons as setups: the same layers, loss, penalty, first weights and rule."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from unstuck.doctor.networks.own import hold_out
from unstuck.doctor.networks.setup import Setup
from unstuck.errors import OptionError
from unstuck.nets import Dense, Network
from unstuck.nets.initializers import Initializer
from unstuck.training.optimizers import LBFGS, Adam, GradientDescent

if TYPE_CHECKING:
    from unstuck.arrays import Matrix, Vector
    from unstuck.data.batches import BatchSize
    from unstuck.training.optimizers import Rule

_ACTIVATIONS = {"identity": "identity", "logistic": "sigmoid", "tanh": "tanh", "relu": "relu"}
_LARGEST_AUTO_BATCH = 200
_BINARY = 2


@dataclass(frozen=True)
class ScikitWeights(Initializer):
    """Uniform within sqrt(gain / (n_in + n_out)), weights and biases alike; the gain is 2 for logistic units, else 6."""

    gain: float = 6.0

    def weights(self, rng: np.random.Generator, n_in: int, n_out: int) -> Matrix:
        """Return weights of shape ``(n_in, n_out)``."""
        bound = math.sqrt(self.gain / (n_in + n_out))
        return rng.uniform(-bound, bound, (n_in, n_out))

    def biases(self, rng: np.random.Generator, n_in: int, n_out: int) -> Vector:
        """Return biases of shape ``(n_out,)``."""
        bound = math.sqrt(self.gain / (n_in + n_out))
        return rng.uniform(-bound, bound, n_out)


def is_scikit_net(target: Any) -> bool:
    """Whether it is an ``MLPClassifier`` or ``MLPRegressor``, without importing scikit-learn."""
    return any(
        cls.__name__ in ("MLPClassifier", "MLPRegressor") and cls.__module__.startswith("sklearn.")
        for cls in type(target).__mro__
    )


def setup_of_scikit(estimator: Any, inputs: Any, targets: Any) -> Setup:
    """Return the training that ``estimator.fit(inputs, targets)`` does; whether it has been fitted does not matter.

    Raises:
        OptionError: A setting that the estimator itself would refuse.
        ShapeError: Arrays that do not fit.
        DataError: Values that cannot be trained on.
    """
    x = np.asarray(inputs, np.float64)
    y, output, loss = _targets(estimator, targets)
    hidden = np.atleast_1d(estimator.hidden_layer_sizes).astype(int).tolist()
    if estimator.activation not in _ACTIVATIONS:
        raise OptionError(f"activation must be one of {', '.join(_ACTIVATIONS)}. Got {estimator.activation!r} instead.")
    batch = min(len(x), _LARGEST_AUTO_BATCH if estimator.batch_size == "auto" else int(estimator.batch_size))
    widths = [x.shape[1] if x.ndim > 1 else 1, *hidden, y.shape[1]]
    weights = ScikitWeights(2.0 if estimator.activation == "logistic" else 6.0)
    names = [_ACTIVATIONS[estimator.activation]] * len(hidden) + [output]
    layers = [
        Dense(n_in, n_out, name, initializer=weights)
        for n_in, n_out, name in zip(widths[:-1], widths[1:], names, strict=True)
    ]
    seed = estimator.random_state if isinstance(estimator.random_state, int) else 0
    network = Network(layers, loss, l2=float(estimator.alpha) / batch, seed=seed)
    rows = hold_out(*network.check(x, y))
    rule = _rule(estimator)
    batch_size: BatchSize = "full" if rule.full_batch_only else batch
    return Setup(network, *rows, rule, batch_size, int(estimator.max_iter), shuffles=bool(estimator.shuffle))


def _targets(estimator: Any, targets: Any) -> tuple[Matrix, str, str]:
    """Return targets as numbers, the output activation and the loss."""
    array = np.asarray(targets)
    if any(cls.__name__ == "MLPRegressor" for cls in type(estimator).__mro__):
        numbers = array.reshape(len(array), -1).astype(np.float64)
        return numbers, "identity", _loss_of_regressor(estimator, numbers.shape[1])
    if array.ndim > 1 and array.shape[1] > 1:
        return array.astype(np.float64), "sigmoid", "bce"
    classes, index = np.unique(array.reshape(-1), return_inverse=True)
    if len(classes) <= _BINARY:
        return index.reshape(-1, 1).astype(np.float64), "sigmoid", "bce"
    return np.eye(len(classes))[index], "softmax", "ce"


def _loss_of_regressor(estimator: Any, n_outputs: int) -> str:
    """Return the loss; that for counts takes the logarithms of the rates, so that the exponential behind the outputs is a part of it."""
    loss = getattr(estimator, "loss", "squared_error")
    if loss == "poisson" and n_outputs == 1:
        return "poisson"
    if loss != "squared_error":
        raise OptionError(
            f"the loss {loss!r} with {n_outputs} outputs is not known here. Known: squared_error, and poisson with one output."
        )
    return "half_sum"


def _rule(estimator: Any) -> Rule:
    rate = float(estimator.learning_rate_init)
    if estimator.solver == "adam":
        return Adam(rate, beta1=estimator.beta_1, beta2=estimator.beta_2, epsilon=estimator.epsilon)
    if estimator.solver == "sgd":
        has_momentum = estimator.momentum > 0
        return GradientDescent(
            rate, momentum=estimator.momentum, nesterov=bool(estimator.nesterovs_momentum and has_momentum)
        )
    if estimator.solver == "lbfgs":
        return LBFGS()
    raise OptionError(f"solver must be adam, sgd or lbfgs. Got {estimator.solver!r} instead.")
