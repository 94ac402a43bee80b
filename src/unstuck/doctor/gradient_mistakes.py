"""The catalogue of mistakes in a hand-written backward pass: what makes a gradient wrong."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Mistake:
    """A mistake that makes a gradient wrong.

    Attributes:
        code: Its name, stable from version to version.
        title: What it is, in a phrase.
        summary: What that means, in one or two sentences.
    """

    code: str
    title: str
    summary: str


_MISTAKES = (
    Mistake(
        "missing-activation-derivative",
        "The derivative of an activation is missing",
        "The error is sent back through a layer as if that layer had no activation. It must also be multiplied with the slope "
        "of the activation at each unit.",
    ),
    Mistake(
        "derivative-of-activated-value",
        "The derivative is taken at the output of the activation instead of its input",
        "The derivative function applies the activation itself, so it wants the preactivation z. It was given the activation a, "
        "so the activation is applied twice.",
    ),
    Mistake(
        "derivative-of-preactivation",
        "A formula for the activation's output is applied to its input",
        "a(1 - a) and 1 - a² give the slope when a is the output of the activation. Here they were given z, its input.",
    ),
    Mistake(
        "wrong-activation-derivative",
        "The derivative belongs to another activation",
        "The forward pass uses one activation and the backward pass the derivative of another, such as a(1 - a) behind a tanh.",
    ),
    Mistake(
        "loss-value-for-derivative",
        "The value of the loss stands where its derivative belongs",
        "The backward pass starts from how large the error is, not from how the loss changes with the output. A squared error "
        "is never negative, so the direction is lost.",
    ),
    Mistake(
        "wrong-operand",
        "A product has the wrong array in it",
        "The gradient is built from an array that has the right shape but is another quantity, such as the preactivation in place "
        "of the activation.",
    ),
    Mistake(
        "missing-transpose",
        "A transpose is missing",
        "The error goes back through the weights the way it came, instead of through their transpose. With equal layer sizes "
        "NumPy does not notice.",
    ),
    Mistake(
        "bias-not-summed",
        "The gradient of a bias is not summed over the rows",
        "A bias acts on every row, so its gradient is the sum over the rows. Here it is that of one row, or every row moves "
        "a bias of its own.",
    ),
    Mistake(
        "softmax-diagonal",
        "Only the diagonal of the softmax derivative is used",
        "Each output of a softmax depends on all of its inputs, so its derivative is a matrix. s(1 - s) is the diagonal of it, "
        "and not the whole.",
    ),
    Mistake(
        "missing-output-derivative",
        "The derivative of the output activation is missing",
        "The error of the output is used as the delta of the last layer. That is right for cross-entropy behind a sigmoid or "
        "softmax, but not for the loss of this script.",
    ),
    Mistake(
        "extra-output-derivative",
        "The derivative of the output activation is there once too often",
        "With cross-entropy behind a sigmoid or softmax the derivative of the activation cancels, and the delta is output minus "
        "target. Here it was multiplied in again.",
    ),
    Mistake(
        "extra-factor",
        "There is a factor too many",
        "The gradient is multiplied with something that does not belong there and that differs from entry to entry, so that its "
        "direction is wrong.",
    ),
    Mistake(
        "missing-factor",
        "A factor is missing",
        "One of the factors of the chain rule, other than the slope of an activation, has been left out, such as the weights on "
        "the way back or a mask.",
    ),
    Mistake(
        "wrong-layer",
        "A value of another layer is used",
        "The step for one layer is built with the delta, the weights or the activation of its neighbour.",
    ),
    Mistake(
        "summed-over-wrong-axis",
        "A sum runs over the wrong axis",
        "The gradient is summed over the units where it must be summed over the rows, or the other way round.",
    ),
    Mistake(
        "sign-of-one-term",
        "One term has the wrong sign",
        "The gradient is a sum or a difference, and one part of it is added where it must be subtracted, or the other way round.",
    ),
    Mistake(
        "overwritten-gradient",
        "A gradient is overwritten before it is used",
        "A later line puts something else in its place instead of adding to it, so that only the last part of the gradient is left.",
    ),
)

MISTAKES: Mapping[str, Mistake] = {mistake.code: mistake for mistake in _MISTAKES}
"""Every mistake behind a ``wrong-gradient``, by its code."""
