"""Nesterov's momentum, where the loss depends on the velocity, which is no parameter for all that."""

import pytest

from unstuck.doctor.diagnose import diagnose_text
from unstuck.doctor.options import DiagnosisOptions

SCRIPT = """\
import numpy as np
rng = np.random.default_rng(0)
X = rng.normal(size=(40, 3))
y = np.tanh(X @ rng.normal(size=(3, 1)))
w = rng.normal(size=(3, 1))
v = np.zeros_like(w)
for step in range(300):
    ahead = w + 0.9 * v
    out = np.tanh(X @ ahead)
    loss = np.mean((out - y) ** 2)
    grad = X.T @ (2 * (out - y) * (1 - out ** 2)) / len(X)
    v = 0.9 * v - 0.05 * grad
    w = w + v
print(loss)
"""
WRONG = SCRIPT.replace(" * (1 - out ** 2)", "")


@pytest.mark.parametrize(("text", "update"), [(SCRIPT, "right"), (WRONG, "wrong")])
def test_the_weights_are_the_only_parameter(text, update):
    diagnosis = diagnose_text(text, DiagnosisOptions(trials=False))
    assert [(parameter.name, parameter.update) for parameter in diagnosis.parameters] == [("w", update)]
    assert [finding.fault for finding in diagnosis.findings] == ([] if update == "right" else ["wrong-gradient"])
