"""A remedy in the terms of the library whose network it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from unstuck.doctor.networks.suspicions import Change

Library: TypeAlias = Literal["unstuck", "scikit-learn", "torch"]

_SAYINGS: dict[str, dict[Library, str]] = {
    "rate": {
        "unstuck": "Take the learning rate {value:g}: learning_rate={value:g}.",
        "scikit-learn": "Take the learning rate {value:g}: learning_rate_init={value:g}.",
        "torch": "Take the learning rate {value:g}: lr={value:g} in the optimizer.",
    },
    "inputs": {
        "unstuck": "Scale every column of the inputs to mean 0 and standard deviation 1: X = (X - X.mean(0)) / X.std(0).",
        "scikit-learn": "Scale the inputs: make_pipeline(StandardScaler(), estimator).",
        "torch": "Scale every column of the inputs to mean 0 and standard deviation 1: X = (X - X.mean(0)) / X.std(0).",
    },
    "targets": {
        "unstuck": "Scale the targets ({value}), and scale predictions back.",
        "scikit-learn": "Scale the targets: TransformedTargetRegressor(regressor=estimator, transformer=StandardScaler()).",
        "torch": "Scale the targets ({value}), and scale predictions back.",
    },
    "weights": {
        "unstuck": "Draw the first weights as fits the activation: leave initializer= out, or net.reset().",
        "scikit-learn": "Draw the first weights anew: warm_start=False, or another random_state.",
        "torch": "Draw the first weights anew: layer.reset_parameters().",
    },
    "weights and rate": {
        "unstuck": "Draw the first weights as fits the activation, leaving initializer= out, and take learning_rate={value:g}.",
        "scikit-learn": "Draw the first weights anew, and take learning_rate_init={value:g}.",
        "torch": "Draw the first weights anew, layer.reset_parameters(), and take lr={value:g} in the optimizer.",
    },
    "activation": {
        "unstuck": "Give the hidden layers the activation {value}: Dense(..., '{value}').",
        "scikit-learn": "Give the hidden layers the activation {value}: activation='{value}'.",
        "torch": "Give the hidden layers the activation {value}.",
    },
    "width": {
        "unstuck": "Take {value} times as many hidden units.",
        "scikit-learn": "Take {value} times as many hidden units: hidden_layer_sizes=....",
        "torch": "Take {value} times as many hidden units in the nn.Linear layers.",
    },
    "depth": {
        "unstuck": "Take one hidden layer instead of many.",
        "scikit-learn": "Take one hidden layer instead of many: hidden_layer_sizes=(32,).",
        "torch": "Take one hidden nn.Linear layer instead of many.",
    },
    "epochs": {
        "unstuck": "Train longer: epochs={value}.",
        "scikit-learn": "Train longer: max_iter={value}.",
        "torch": "Train longer: {value} epochs.",
    },
    "output": {
        "unstuck": "End with {value}: Dense(..., {value!r}) and the loss that belongs to it.",
        "scikit-learn": "Scale the targets to what the outputs can reach.",
        "torch": "End with {value} and the loss that belongs to it.",
    },
    "seed": {
        "unstuck": "Draw other first weights: seed={value}.",
        "scikit-learn": "Draw other first weights: random_state={value}.",
        "torch": "Draw other first weights: torch.manual_seed({value}).",
    },
}


def say(change: Change, library: Library) -> str:
    """Return a remedy as a sentence."""
    name = "logistic" if (library, change.value) == ("scikit-learn", "sigmoid") else change.value
    return _SAYINGS[change.what][library].format(value=name)
