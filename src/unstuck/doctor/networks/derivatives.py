"""Whether the parts that a network is made of have the derivatives that they claim: layers, activations and losses of users as well."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from unstuck.doctor.findings import Finding
from unstuck.gradients import check_gradients

if TYPE_CHECKING:
    from unstuck.doctor.networks.setup import Setup
    from unstuck.gradients import GradientCheck

_ROWS = 16
_SAMPLES = 16


def check_derivatives(setup: Setup) -> GradientCheck:
    """Compare the network's gradient with differences of its loss, at weights drawn at random.

    The inputs are brought to sizes around 1 first, where differences are exact enough to tell, and no unit lies where its curve is flat.
    """
    network = setup.network.copy("float64")
    rng = np.random.default_rng(0)
    network.parameters[:] = rng.normal(0.0, 0.5, network.n_parameters)
    x = setup.inputs[:_ROWS].astype(np.float64)
    size = np.sqrt(np.square(x).mean(axis=0))
    return check_gradients(network, x / np.where(size > 0, size, 1.0), setup.targets[:_ROWS], samples=_SAMPLES)


def wrong_derivatives(setup: Setup, check: GradientCheck) -> list[Finding]:
    """Return a finding for the last layer whose gradient is wrong: what is wrong there goes back to all layers before it."""
    wrong = [each for each in check.parameters if each.verdict == "wrong"]
    if not wrong:
        return []
    last = max(int(each.name.partition(".")[0].removeprefix("layer")) for each in wrong)
    worst = max((each for each in wrong if each.name.startswith(f"layer{last}.")), key=lambda each: each.error)
    layer = setup.network.layers[last - 1]
    behind = (
        "its activation or the loss"
        if last == len(setup.network.layers)
        else "its activation, or layer " + str(last + 1)
    )
    return [
        Finding(
            "wrong-gradient",
            f"The gradient of {worst.name} ({layer.describe()}) is not the slope of the loss: check the derivative of {behind}.",
            None,
            {"relative error": worst.error, "given": worst.given, "measured": worst.measured},
            parameter=worst.name,
            severity="unproven",
        )
    ]
