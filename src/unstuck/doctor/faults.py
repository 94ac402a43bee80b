"""The catalogue of faults: everything that the doctor can find, by a code that stays the same from version to version."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from unstuck.doctor.gradient_mistakes import MISTAKES, Mistake
from unstuck.errors import OptionError
from unstuck.registry import suggestion

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["FAULTS", "MISTAKES", "Fault", "Mistake", "describe"]


@dataclass(frozen=True)
class Fault:
    """A reason why a network does not learn.

    Attributes:
        code: Its name, stable from version to version.
        title: What it is, in a phrase.
        summary: What that means, in one or two sentences.
    """

    code: str
    title: str
    summary: str


_FAULTS = (
    # The step: from the loss to the update.
    Fault(
        "wrong-gradient",
        "A gradient is wrong",
        "A weight is moved by something that is not the slope of the loss, because a part of the backward pass is missing, "
        "doubled or mixed up. The loss may fall all the same, so it does not show it.",
    ),
    Fault(
        "ascends",
        "The update climbs the loss instead of descending it",
        "The gradient is right but for its sign, or it is added where it must be subtracted. Every step makes the loss larger.",
    ),
    Fault(
        "updated-weights",
        "A gradient is computed with weights that this step has already changed",
        "A layer was updated first, and its new weights then carry the error back to the layer below. All gradients of a step "
        "must belong to the same weights.",
    ),
    Fault(
        "stale-gradients",
        "Gradients of an earlier step are still in use",
        "The sum of the gradients is not set back to zero, or the gradient is not computed anew. Old gradients, of weights that "
        "are no more, are part of each update.",
    ),
    Fault(
        "stale-prediction",
        "The prediction belongs to older weights",
        "An output is computed from hidden values of before the update, or only once before the loop. The weights move, "
        "but what is compared with the targets does not follow.",
    ),
    Fault(
        "frozen-parameter",
        "A parameter never changes",
        "The output depends on it, but no step moves it: its update is always zero, is lost on a copy, or does not exist.",
    ),
    Fault(
        "unused-parameter",
        "A parameter is made but never used",
        "The script creates it, and perhaps even updates it, but the output does not depend on it.",
    ),
    Fault(
        "unused-setting",
        "A setting is made but never used",
        "A learning rate or another setting gets a value that no line reads. Changing it does nothing.",
    ),
    Fault(
        "loss-mismatch",
        "The reported loss is not the one that is descended",
        "The updates follow the gradient of one loss while the script reports another. The reported number may stand still "
        "or rise although the training does what it was told.",
    ),
    Fault(
        "step-too-large",
        "The steps are too large",
        "Each update jumps past the bottom of the valley, so the loss jumps up and down, grows, or the units saturate at once.",
    ),
    Fault(
        "step-too-small",
        "The steps are too small",
        "The direction is right, but the updates are so small against the weights that the loss hardly falls in the given time.",
    ),
    Fault(
        "sum-not-mean",
        "The gradient is summed over the rows, not averaged",
        "The update grows with the number of rows. With many rows an ordinary learning rate becomes far too large.",
    ),
    Fault(
        "optimizer-error",
        "The optimizer does not follow its own rule",
        "Momentum has the wrong sign, a running average is kept wrongly, Adam lacks its bias correction, "
        "or the state of one parameter is used for another.",
    ),
    # The weights: how they start and what becomes of them.
    Fault(
        "plateau-init",
        "The initial weights leave the network on a plateau",
        "The first weights are so small that the loss is flat around them, or so large that they must be undone first. "
        "Every gradient is right, and the training stays where it began.",
    ),
    Fault(
        "symmetric-init",
        "The units of a layer start equal and stay equal",
        "All units of a layer begin with the same weights, get the same gradient and remain copies of each other. "
        "The layer can do no more than a single unit.",
    ),
    Fault(
        "saturation",
        "Units are saturated",
        "The inputs of sigmoid or tanh units are so large that the curve is flat there. Its slope is almost zero, "
        "and with it every gradient that passes through.",
    ),
    Fault(
        "dead-relu",
        "ReLU units are dead",
        "Some ReLU units give 0 for every row. Their slope is 0 as well, so no gradient reaches their weights and they stay dead.",
    ),
    Fault(
        "vanishing",
        "The gradient vanishes on its way back",
        "Each layer shrinks the gradient, and almost nothing of it is left at the first layer. The first layers hardly learn.",
    ),
    Fault(
        "exploding",
        "The gradient explodes on its way back",
        "Each layer enlarges the gradient, and at the first layer it is huge. No learning rate suits all layers.",
    ),
    # The network: what it can express.
    Fault(
        "missing-bias",
        "A bias is missing",
        "Without a bias a unit cannot move its threshold away from zero. This task needs it to.",
    ),
    Fault(
        "no-hidden-layer",
        "The network is too small for the task",
        "There is no hidden layer, nothing nonlinear between the layers, or too few hidden units. "
        "The best that such a network can do is still bad.",
    ),
    Fault(
        "output-range",
        "The output cannot reach the targets",
        "The targets lie outside of what the last activation can give, such as targets up to 10 behind a sigmoid.",
    ),
    # The data: what goes in and what is asked for.
    Fault(
        "target-encoding",
        "The targets are written in a form that does not fit the loss",
        "The loss expects one form, such as one-hot rows, 0 and 1, or class numbers from 0. The targets have another.",
    ),
    Fault(
        "input-scale",
        "The inputs are on a bad scale",
        "Inputs are very large, very small, or differ much from column to column, so that no learning rate suits all weights.",
    ),
    Fault(
        "target-scale",
        "The targets are on a bad scale",
        "The targets are so far from zero, or spread so widely, that the outputs take most of the training to get there.",
    ),
    Fault(
        "misaligned-labels",
        "Inputs and targets are not in the same order",
        "Rows and targets have been shuffled, sorted or cut apart from each other. Each row is trained on the answer to another.",
    ),
    Fault(
        "no-signal",
        "The inputs do not tell what the targets are",
        "Equal rows have different targets, a column is constant, or the inputs have nothing to do with the targets. "
        "No network can do better than a constant guess, or than a certain floor.",
    ),
    Fault(
        "not-shuffled",
        "The rows are not shuffled",
        "The rows come sorted, so for a while every step sees one class only, and the network forgets the others meanwhile.",
    ),
    # The arrays: what NumPy does with them.
    Fault(
        "shape-mismatch",
        "The shapes of two arrays do not fit together",
        "A product or a sum joins arrays whose shapes do not match, often because samples are columns in one place and rows in another.",
    ),
    Fault(
        "broadcast",
        "NumPy stretches an array that was not meant to be stretched",
        "Arrays of shapes such as (n,) and (n, 1) become an (n, n) array without any error, and every row is compared with every target.",
    ),
    Fault(
        "integer-truncation",
        "Numbers are cut down to whole numbers",
        "Weights, inputs or results are kept in an integer array, so everything behind the decimal point is lost.",
    ),
    Fault(
        "aliasing",
        "Two names stand for the same array",
        "An assignment does not copy an array. Changing it under one name changes it under the other too.",
    ),
    # The training: how long, and how it is judged.
    Fault(
        "non-finite",
        "A value is no longer a finite number",
        "An overflow, a division by zero or the logarithm of zero made an inf or a NaN, and from then on everything that it touches.",
    ),
    Fault(
        "too-few-steps",
        "The training ends too early",
        "All is right and the loss is still falling when the script ends. It needs more steps.",
    ),
    Fault(
        "no-loop",
        "There is no training loop",
        "The script computes one step and ends. Learning takes hundreds or thousands of steps.",
    ),
    Fault(
        "evaluation",
        "The result is measured in the wrong way",
        "The accuracy or loss is computed wrongly, or on the rows of the training. It does not say what it seems to say.",
    ),
    # The script: why it does not run.
    Fault(
        "does-not-parse",
        "The script is not valid Python",
        "Python cannot read it: an indentation is lost, a bracket is open, or it is written for Python 2.",
    ),
    Fault(
        "wrong-import",
        "An import asks for something that is not there",
        "The module exists, but the name that is imported or used from it does not, or not any more.",
    ),
    Fault(
        "missing-module",
        "A module is not installed",
        "The script imports a module that this Python does not have.",
    ),
    Fault(
        "missing-file",
        "A file is missing",
        "The script opens a file that is not there, or not in the folder that it runs in.",
    ),
    Fault(
        "crash",
        "The script ends with an error",
        "Python raised an exception that nothing caught, and the training did not come to its end.",
    ),
)

FAULTS: Mapping[str, Fault] = {fault.code: fault for fault in _FAULTS}
"""Every fault by its code."""


def describe(code: str) -> Fault | Mistake:
    """Return the fault, or the mistake behind a ``wrong-gradient``, with that code.

    Raises:
        OptionError: There is none.

    >>> describe("no-loop").title
    'There is no training loop'
    >>> describe("missing-transpose").title
    'A transpose is missing'
    """
    found = FAULTS.get(code) or MISTAKES.get(code)
    if found is None:
        raise OptionError(
            f"unknown fault {code!r}.{suggestion(code, [*FAULTS, *MISTAKES])}\n  'unstuck explain' lists them all."
        )
    return found
